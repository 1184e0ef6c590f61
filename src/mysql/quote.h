#pragma once

#include <string>
#include <string_view>

#include "mysql/value.h"

/// Values and names as SQL text that means exactly them, whatever is in them.
namespace kintsugi::mysql {

struct QuoteOptions {
  /// The session's sql_mode has NO_BACKSLASH_ESCAPES: see status::kNoBackslashEscapes.
  bool no_backslash_escapes = false;
  /// The session's character_set_client, which the statement is in.
  std::string_view charset = "utf8mb4";
};

/// 'it''s' or 'it\'s'. In character sets whose characters contain quotes or backslashes as bytes (gbk, …):
/// _gbk X'…'.
void append_quoted(std::string& out, std::string_view text, const QuoteOptions& options = {});
std::string quoted(std::string_view text, const QuoteOptions& options = {});

/// _binary'…'.
void append_quoted_binary(std::string& out, std::string_view bytes, const QuoteOptions& options = {});

/// `na``me`; always with backquotes.
void append_identifier(std::string& out, std::string_view name);
std::string quoted_identifier(std::string_view name);

/// A bound parameter as the literal that a server would put in its place: numbers bare (DOUBLE with an
/// exponent, so that it stays one), decimals bare, times quoted, blobs with _binary, NULL.
void append_literal(std::string& out, const Value& value, FieldType type, const QuoteOptions& options = {});

}  // namespace kintsugi::mysql
