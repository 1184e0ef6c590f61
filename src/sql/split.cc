#include "sql/grammar/builder.h"
#include "sql/grammar/characters.h"
#include "sql/lexer.h"
#include "sql_grammar.h"

namespace kintsugi::sql {
namespace {

// Whether the statement may hold others, so that its end is not its first `;`: CREATE PROCEDURE and its like,
// and MariaDB's BEGIN NOT ATOMIC, IF and their like, alone or after SET STATEMENT.
bool may_hold_statements(std::string_view sql, const LexerMode& mode) {
  constexpr int kTokensMax = 16;  // CREATE OR REPLACE DEFINER = user @host AGGREGATE FUNCTION …
  Lexer lexer(sql, mode);
  Token first = lexer.next();
  while (first.cls == TokenClass::kDirective) first = lexer.next();
  if (first.cls == TokenClass::kEnd || first.cls == TokenClass::kInvalid) return false;
  Token token = lexer.next();
  if (same_word(lexer.text(first), "begin")) return token.kind == TK_NOT;
  if (first.kind == TK_SET) return token.kind == TK_STATEMENT;
  for (int kind : {TK_IF, TK_CASE, TK_LOOP, TK_WHILE, TK_REPEAT, TK_FOR}) {
    if (first.kind == kind) return true;
  }
  if (first.kind != TK_CREATE && first.kind != TK_ALTER) return false;
  for (int i = 0; i < kTokensMax && token.cls != TokenClass::kEnd && token.cls != TokenClass::kInvalid; ++i) {
    if (token.kind == '(' || token.kind == ';') return false;
    for (std::string_view word : {"procedure", "function", "trigger", "event"}) {
      if (same_word(lexer.text(token), word)) return true;
    }
    token = lexer.next();
  }
  return false;
}

std::size_t end_by_grammar(std::string_view sql, const LexerMode& mode) {
  Arena arena;
  Builder builder(sql, arena, mode, Builder::Goal::kFirstStatement);
  kt_sql_parse(builder);
  return builder.error() || builder.consumed() == 0 ? sql.size() : builder.consumed();
}

std::size_t end_by_semicolon(std::string_view sql, const LexerMode& mode) {
  Lexer lexer(sql, mode);
  for (Token token = lexer.next();; token = lexer.next()) {
    if (token.cls == TokenClass::kEnd || token.cls == TokenClass::kInvalid) return sql.size();
    if (token.kind == ';') return token.offset + token.length;
  }
}

}  // namespace

std::size_t split_statement(std::string_view sql, const LexerMode& mode) {
  std::size_t end = may_hold_statements(sql, mode) ? end_by_grammar(sql, mode) : end_by_semicolon(sql, mode);
  if (end < sql.size()) {
    Lexer rest(sql, mode, static_cast<std::uint32_t>(end));
    if (rest.next().cls == TokenClass::kEnd) return sql.size();
  }
  return end;
}

}  // namespace kintsugi::sql
