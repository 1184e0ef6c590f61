#include "sql/testing/mutator.h"

#include <algorithm>
#include <iterator>

#include "sql/grammar/keywords.h"

namespace kintsugi::sql {
namespace {

constexpr std::string_view kNames[] = {"a b",    "a`b", "a\"b",  "_utf8",  "1e5", "0x1",   "1",
                                       "x",      "*",   "A",     "a.b",    "a\\", "Ünï",   "$a",
                                       "none",   "all", "a--b",  "a/*b*/", "'",   "a ",    "NAMES",
                                       "period", "of",  "value", "next",   "new", "system"};
constexpr std::string_view kLiterals[] = {"1",          "0",        "007",      "18446744073709551616",
                                          "1.",         ".5",       "1.5",      "1e5",
                                          "1.e-3",      "''",       "'a'",      "'it''s'",
                                          "'a\\'b'",    "'\\\\'",   "'a\\n'",   "'\\%\\_'",
                                          "\"a\"",      "N'a'",     "x'41'",    "x''",
                                          "0x4d",       "b'01'",    "b''",      "0b1",
                                          "null",       "true",     "_utf8'a'", "_binary x'41'",
                                          "'a' 'b'",    "?",        "@a",       "@`a b`",
                                          "@''",        "@a.b",     "@@a",      "@@global.a",
                                          "@@`a``b`.c", "date '1'", "{ts '1'}", "\\N"};
constexpr std::string_view kExpressions[] = {"(1)",
                                             "- -1",
                                             "--1",
                                             "+ -a",
                                             "!a",
                                             "not a",
                                             "~ -a",
                                             "a or b",
                                             "a and b",
                                             "a xor b",
                                             "a || b",
                                             "a = b",
                                             "a <=> b",
                                             "a is null",
                                             "a is true",
                                             "a in (1)",
                                             "a in (1, 2)",
                                             "a like b",
                                             "a like b escape c",
                                             "a between b and c",
                                             "a regexp b",
                                             "a | b",
                                             "a & b",
                                             "a << b",
                                             "a + b",
                                             "a - b",
                                             "a * b",
                                             "a div b",
                                             "a mod b",
                                             "a ^ b",
                                             "a collate b",
                                             "binary a",
                                             "@a := 1",
                                             "(select 1)",
                                             "exists (select 1)",
                                             "row(1, 2)",
                                             "(1, 2)",
                                             "interval 1 day + a",
                                             "a + interval b day",
                                             "f(a)",
                                             "count(*)",
                                             "count(distinct a)",
                                             "a -> 'b'",
                                             "case when a then b end",
                                             "a > all (select 1)",
                                             "a sounds like b",
                                             "a member of (b)",
                                             "cast(a as char)",
                                             "convert(a using utf8)",
                                             "values(a)",
                                             "default(a)",
                                             "now()",
                                             "a.b.c",
                                             "current_user",
                                             "sum(a) over (order by b)",
                                             "match a against (b)",
                                             "interval(1, 2)",
                                             "next value for a"};
constexpr std::string_view kOperators[] = {"(", ")", ",", ".", "*", "=", ":=", "+",
                                           "-", "!", "~", "<", ";", "{", "}"};

template <std::size_t N>
std::string_view one_of(const std::string_view (&list)[N], std::mt19937& random) {
  return list[std::uniform_int_distribution<std::size_t>(0, N - 1)(random)];
}

std::vector<std::string> cut(std::string_view sql, const LexerMode& mode) {
  std::vector<std::string> tokens;
  Lexer lexer(sql, mode);
  std::uint32_t end = 0;
  for (Token token = lexer.next(); token.cls != TokenClass::kEnd; token = lexer.next()) {
    // What touched stays together: f( and a.b and @@a are other tokens apart.
    bool touches = !tokens.empty() && token.offset == end;
    if (!touches && !tokens.empty()) tokens.back() += ' ';
    tokens.emplace_back(lexer.text(token));
    end = token.offset + token.length;
    if (token.cls == TokenClass::kInvalid) break;
  }
  return tokens;
}

std::string join(const std::vector<std::string>& tokens) {
  std::string sql;
  for (const std::string& token : tokens) sql += token;
  return sql;
}

bool is_name(std::string_view token) {
  return token[0] == '`' || token[0] == '"' || token[0] == '_' || (token[0] >= 'A' && token[0] <= 'Z') ||
         (token[0] >= 'a' && token[0] <= 'z');
}

}  // namespace

unsigned Mutator::pick(std::size_t n) {
  return static_cast<unsigned>(std::uniform_int_distribution<std::size_t>(0, n - 1)(random_));
}

std::string Mutator::mutate(std::string_view sql, const LexerMode& mode) {
  quote_ = mode.ansi_quotes && pick(2) == 0 ? '"' : '`';
  Tokens tokens = cut(sql, mode);
  if (tokens.empty()) tokens.push_back(any_token());
  for (unsigned changes = 1 + pick(2) * pick(3); changes > 0; --changes) change(tokens);
  return join(tokens);
}

std::string Mutator::cross(std::string_view sql, std::string_view other, const LexerMode& mode) {
  Tokens tokens = cut(sql, mode);
  Tokens more = cut(other, mode);
  if (tokens.empty() || more.empty()) return std::string(sql);
  constexpr std::size_t kTokensMax = 12;
  std::size_t from = place(more);
  std::size_t count = 1 + pick(std::min(kTokensMax, more.size() - from));
  std::size_t at = place(tokens);
  std::size_t gone = pick(std::min(kTokensMax, tokens.size() - at) + 1);
  auto begin = more.begin() + static_cast<std::ptrdiff_t>(from);
  std::vector<std::string> taken(begin, begin + static_cast<std::ptrdiff_t>(count));
  taken.back() += ' ';
  auto place_of = tokens.begin() + static_cast<std::ptrdiff_t>(at);
  place_of = tokens.erase(place_of, place_of + static_cast<std::ptrdiff_t>(gone));
  tokens.insert(place_of, taken.begin(), taken.end());
  return join(tokens);
}

void Mutator::change(Tokens& tokens) {
  std::size_t at = place(tokens);
  auto here = tokens.begin() + static_cast<std::ptrdiff_t>(at);
  switch (pick(10)) {
    case 0:
      tokens.insert(here, any_token() + " ");
      return;
    case 1:
      if (tokens.size() > 1) tokens.erase(here);
      return;
    case 2:
      tokens[at] = any_token() + " ";
      return;
    case 3:
      wrap_in_comment(tokens, at);
      return;
    case 4: {
      std::string again = tokens[place(tokens)];
      tokens.insert(here, again);
      return;
    }
    case 5:
    case 6: {
      auto first = tokens[at][0];
      bool literal = (first >= '0' && first <= '9') || first == '\'';
      if (literal) tokens[at] = std::string(one_of(kLiterals, random_)) + " ";
      if (!literal && is_name(tokens[at])) tokens[at] = std::string(one_of(kExpressions, random_)) + " ";
      return;
    }
    default:
      // Most classes of faults are of names: the next name is another.
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::string& token = tokens[(at + i) % tokens.size()];
        if (is_name(token)) return change_name(token);
      }
  }
}

// Keeps the space after it, and the point or parenthesis that touches it.
void Mutator::change_name(std::string& token) {
  bool space = token.ends_with(' ');
  token = name();
  if (space) token += ' ';
}

void Mutator::wrap_in_comment(Tokens& tokens, std::size_t at) {
  static constexpr std::string_view kComments[] = {"/**/", "/*kintsugi a*/", "/*!99999 a*/",
                                                   "#a\n", "-- a\n",         "/*+ a*/"};
  if (pick(2) == 0) {
    tokens[at] += one_of(kComments, random_);
    return;
  }
  std::size_t end = at + pick(tokens.size() - at);
  tokens[at].insert(0, pick(2) == 0 ? "/*!40101 " : "/*M! ");
  tokens[end] += " */";
}

// A word of the grammar or an odd name, mostly in quotes.
std::string Mutator::name() {
  std::string_view word = pick(3) == 0 ? one_of(kNames, random_) : keyword_at(pick(keyword_count())).word;
  if (pick(4) == 0) return std::string(word);
  std::string quoted(1, quote_);
  for (char c : word) {
    if (c == quote_) quoted += c;
    quoted += c;
  }
  return quoted + quote_;
}

std::string Mutator::any_token() {
  switch (pick(4)) {
    case 0:
      return std::string(one_of(kLiterals, random_));
    case 1:
      return std::string(one_of(kExpressions, random_));
    case 2:
      return std::string(one_of(kOperators, random_));
    default:
      return pick(2) == 0 ? name() : std::string(keyword_at(pick(keyword_count())).word);
  }
}

}  // namespace kintsugi::sql
