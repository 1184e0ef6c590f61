// Any bytes: tokens stay inside of the text and go forward, every reader of tokens ends, and a skim tells the
// same as the lexer.

#include <cstdlib>

#include "sql/fingerprint.h"
#include "sql/lexer.h"
#include "sql/testing/skim_fault.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace kintsugi::sql;
  if (size == 0) return 0;
  LexerMode mode;
  mode.ansi_quotes = (data[0] & 1) != 0;
  mode.no_backslash_escapes = (data[0] & 2) != 0;
  mode.ignore_space = (data[0] & 4) != 0;
  std::string_view sql(reinterpret_cast<const char*>(data + 1), size - 1);
  Lexer lexer(sql, mode);
  Arena arena;
  std::uint32_t at = 0;
  for (Token token = lexer.next(); token.cls != TokenClass::kEnd; token = lexer.next()) {
    if (token.cls == TokenClass::kInvalid) break;
    if (token.offset < at || token.length == 0 || token.offset + token.length > sql.size()) std::abort();
    at = token.offset + token.length;
    std::string value;
    if (is_literal(token.cls)) append_token_value(sql, token, mode, value);
    if (is_literal(token.cls) && value != token_value(sql, token, mode, arena)) std::abort();
  }
  Fingerprint f;
  fingerprint(sql, mode, f);
  std::string value;
  for (const LiteralToken& literal : f.literals) literal_value(sql, literal, mode, value);
  Fingerprints fingerprints;
  if (!skim_fault(fingerprints, sql, mode).empty()) std::abort();
  if (!skim_fault(fingerprints, with_other_values(sql, f, data[0]), mode).empty()) std::abort();
  std::size_t end = split_statement(sql, mode);
  if (end > sql.size() || (end == 0 && !sql.empty())) std::abort();
  return 0;
}
