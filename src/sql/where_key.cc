#include "sql/where_key.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/lower_case.h"
#include "sql/grammar/keywords.h"

namespace kintsugi::sql {
namespace {

bool is_reserved_word(const Token& token, std::string_view text) {
  const KeywordEntry* keyword = token.cls == TokenClass::kKeyword ? find_keyword(text) : nullptr;
  return keyword != nullptr && keyword->use == KeywordUse::k_reserved;
}

/// RETURNING may be a name too: a condition that names a column so is known by what comes before.
bool ends_condition(const Token& token, std::string_view text) {
  static constexpr std::array<std::string_view, 11> kWords = {"except",    "for",       "group", "having",
                                                              "intersect", "into",      "limit", "lock",
                                                              "order",     "returning", "union"};
  if (token.cls != TokenClass::kKeyword) return token.kind == ';';
  return std::ranges::find(kWords, lower_case(text)) != kWords.end();
}

/// Whether from this token on the text ends in FOR UPDATE, without NOWAIT, SKIP LOCKED or WAIT.
bool is_for_update(Lexer& lexer, Token token) {
  std::string word, last;
  for (; token.cls != TokenClass::kEnd && token.cls != TokenClass::kInvalid && token.kind != ';';
       token = lexer.next()) {
    last = std::exchange(word, lower_case(lexer.text(token)));
  }
  return token.cls != TokenClass::kInvalid && last == "for" && word == "update";
}

}  // namespace

std::optional<WhereKey> where_key(std::string_view sql, const LexerMode& mode) {
  WhereKey key;
  bool inside = false;
  int depth = 0;
  Lexer lexer(sql, mode);
  Token token = lexer.next();
  for (; token.cls != TokenClass::kEnd && token.cls != TokenClass::kInvalid; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    if (token.kind == '(') ++depth;
    if (token.kind == ')') --depth;
    const bool word = is_reserved_word(token, text);
    const std::string lower = word ? lower_case(text) : std::string();
    if (depth == 0 && word && !inside && lower == "where") {
      inside = true;
      continue;
    }
    if (depth == 0 && inside && ends_condition(token, text)) {
      key.for_update = is_for_update(lexer, token);
      break;
    }
    if (token.cls == TokenClass::kParameter) ++(inside ? key.parameters : key.first_parameter);
    if (!inside || token.cls == TokenClass::kDirective || token.cls == TokenClass::kHint) continue;
    if (!key.text.empty()) key.text += ' ';
    key.text += word ? std::string_view(lower) : text;
  }
  if (!inside || key.text.empty() || token.cls == TokenClass::kInvalid) return std::nullopt;
  return key;
}

}  // namespace kintsugi::sql
