#pragma once

#include <string>

#include "sql/lexer.h"
#include "sql/tree.h"

namespace kintsugi::sql {

struct PrintOptions {
  enum class Clauses : std::uint8_t {
    kPlain,    ///< SHARD BY and REFERENCE as we read them
    kComment,  ///< in /*!kintsugi … */: any server may read it
    kOmit,     ///< left out, directives too: what is sent to a server
  };
  Clauses clauses = Clauses::kPlain;
  bool no_backslash_escapes = false;  ///< the reader's sql_mode: how strings are written
  bool ansi_quotes = false;           ///< quoted names as "x"
  bool pipes_as_concat = false;       ///< print || for a concatenation; else as concat(a, b)
  bool high_not_precedence = false;   ///< the reader takes NOT as !
  bool all_parentheses = false;       ///< around every operation: shows precedence in tests
};

/// Those under which what is printed is read again under `mode`.
PrintOptions print_options(const LexerMode& mode);

/// The SQL of a statement or any part of one: keywords in lower case, names quoted only where they must be,
/// parentheses only where they must be. The inverse of `parse`: under the same modes parse(print(x)) equals
/// x, and printing that again gives the same text.
std::string print(const Node& node, const PrintOptions& options = {});
void print_to(std::string& out, const Node& node, const PrintOptions& options = {});

/// A name as it may stand in SQL, quoted if it must be; a string as a literal.
void print_name(std::string& out, std::string_view name, const PrintOptions& options = {});
void print_string(std::string& out, std::string_view value, const PrintOptions& options = {});

}  // namespace kintsugi::sql
