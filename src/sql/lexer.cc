#include "sql/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sql/grammar/builder.h"
#include "sql/grammar/characters.h"
#include "sql/grammar/keywords.h"
#include "sql_grammar.h"

namespace kintsugi::sql {
namespace {

/// MariaDB leaves the numbers from MySQL 5.7 to 9 in executable comments to MySQL.
constexpr std::uint32_t kMysqlVersionOfMariadb = 50699;
constexpr std::uint32_t kMariadbVersions = 100000;

}  // namespace

void LexerMode::follow_server(std::string_view version) {
  constexpr std::string_view kOldPrefix = "5.5.5-";
  bool mariadb = version.find("MariaDB") != std::string_view::npos;
  if (mariadb && version.starts_with(kOldPrefix)) version.remove_prefix(kOldPrefix.size());
  std::uint32_t number = 0;
  for (int part = 0; part < 3; ++part) {
    std::uint32_t value = 0;
    const char* begin = version.data();
    const char* end = begin + version.size();
    std::from_chars_result read = std::from_chars(begin, end, value);
    if (read.ec != std::errc() || value > 99) return;
    number = number * 100 + value;
    version.remove_prefix(static_cast<std::size_t>(read.ptr - begin));
    if (part < 2 && !version.starts_with('.')) return;
    if (part < 2) version.remove_prefix(1);
  }
  mysql_version = mariadb ? kMysqlVersionOfMariadb : number;
  mariadb_version = mariadb ? number : 0;
}

Token Lexer::finish(std::uint32_t start, TokenClass cls, int kind, bool plain) {
  return {kind, cls, plain, start, at_ - start};
}

Token Lexer::invalid(std::uint32_t start) {
  at_ = static_cast<std::uint32_t>(sql_.size());
  return {TK_KT_SQL_UNDEF, TokenClass::kInvalid, true, start, at_ - start};
}

Token Lexer::next() {
  Token token;
  if (!skip_blank(token)) {
    bool dot_before = after_dot_;
    after_dot_ = false;
    if (ended()) {
      token = in_comment_ ? invalid(at_) : finish(at_, TokenClass::kEnd, TK_YYEOF);
    } else if (dot_before && is_word(peek()) && sql_[at_ - 1] == '.') {
      std::uint32_t start = at_;
      while (is_word(peek())) ++at_;
      token = finish(start, TokenClass::kName, TK_NAME);
    } else {
      token = scan();
    }
  }
  if (token.cls != TokenClass::kDirective) previous_ = token.kind;
  return token;
}

// Skips white space and comments. True if one of the comments is a token, put in `found`.
bool Lexer::skip_blank(Token& found) {
  for (;;) {
    char c = peek();
    if (is_space(c) && !ended()) {
      ++at_;
    } else if (c == '#' || (c == '-' && peek(1) == '-' && (at_ + 2 >= sql_.size() || is_control(peek(2))))) {
      std::size_t end = sql_.find('\n', at_);
      at_ = static_cast<std::uint32_t>(end == std::string_view::npos ? sql_.size() : end + 1);
    } else if (c == '/' && peek(1) == '*') {
      if (skip_comment(found)) return true;
    } else if (in_comment_ && c == '*' && peek(1) == '/') {
      in_comment_ = false;
      at_ += 2;
    } else {
      return false;
    }
  }
}

bool Lexer::skip_comment(Token& found) {
  std::uint32_t start = at_;
  if (peek(2) == '!' || (peek(2) == 'M' && peek(3) == '!' && mode_.mariadb_version != 0)) {
    if (!in_comment_ && enter_executable_comment()) return false;
    if (!close_comment()) {
      found = invalid(start);
      return true;
    }
    return false;
  }
  at_ += 2;
  bool hint = peek() == '+' && (previous_ == TK_SELECT || previous_ == TK_INSERT || previous_ == TK_REPLACE ||
                                previous_ == TK_UPDATE || previous_ == TK_DELETE);
  bool directive =
      (sql_.substr(at_).starts_with("kintsugi") && !is_word(peek(8))) || sql_.substr(at_).starts_with("vt+");
  std::size_t end = sql_.find("*/", at_);
  if (end == std::string_view::npos) {
    found = invalid(start);
    return true;
  }
  at_ = static_cast<std::uint32_t>(end + 2);
  if (!hint && !directive) return false;
  found =
      hint ? finish(start, TokenClass::kHint, TK_HINT) : finish(start, TokenClass::kDirective, TK_DIRECTIVE);
  return true;
}

// Passes the head of an executable comment whose text is to be executed; else moves nothing.
bool Lexer::enter_executable_comment() {
  bool mariadb = peek(2) == 'M';
  std::uint32_t at = at_ + (mariadb ? 4 : 3);
  std::uint32_t version = 0;
  std::uint32_t digits = 0;
  while (digits < 6 && at + digits < sql_.size() && is_digit(sql_[at + digits])) {
    version = version * 10 + static_cast<std::uint32_t>(sql_[at + digits++] - '0');
  }
  if (digits >= 5) {
    bool of_mariadb = mariadb || version >= kMariadbVersions;
    if (version > (of_mariadb ? mode_.mariadb_version : mode_.mysql_version)) return false;
    at += digits;
  } else if (sql_.substr(at).starts_with("kintsugi") && (at + 8 >= sql_.size() || !is_word(sql_[at + 8]))) {
    at += 8;
  }
  at_ = at;
  in_comment_ = true;
  return true;
}

// Passes a comment that is not executed, with the comments inside of it.
bool Lexer::close_comment() {
  int depth = 0;
  while (at_ + 1 < sql_.size()) {
    if (sql_[at_] == '/' && sql_[at_ + 1] == '*') {
      ++depth;
      at_ += 2;
    } else if (sql_[at_] == '*' && sql_[at_ + 1] == '/') {
      at_ += 2;
      if (--depth == 0) return true;
    } else {
      ++at_;
    }
  }
  return false;
}

Token Lexer::scan() {
  bool name_dot = std::exchange(name_dot_, false);
  char c = peek();
  switch (c) {
    case '\'':
      return quoted('\'', TokenClass::kString, TK_STRING_LIT, at_);
    case '"':
      if (mode_.ansi_quotes) return quoted('"', TokenClass::kName, TK_NAME, at_);
      return quoted('"', TokenClass::kString, TK_STRING_LIT, at_);
    case '`':
      return quoted('`', TokenClass::kName, TK_NAME, at_);
    case '@':
      return variable();
    case 'x':
    case 'X':
      if (peek(1) == '\'') return digits_in_quotes(TokenClass::kHexString, TK_HEX_STRING_LIT, true);
      return word();
    case 'b':
    case 'B':
      if (peek(1) == '\'') return digits_in_quotes(TokenClass::kBit, TK_BIT_LIT, false);
      return word();
    case 'n':
    case 'N':
      if (peek(1) == '\'') {
        std::uint32_t start = at_++;
        return quoted('\'', TokenClass::kNational, TK_NATIONAL_LIT, start);
      }
      return word();
    default:
      if (is_digit(c) || (c == '.' && is_digit(peek(1)) && !name_dot)) return number();
      if (is_word(c)) return word();
      return punctuation();
  }
}

// Whether a string, or hexadecimal or binary digits, come next after blanks and comments.
bool Lexer::string_follows() const {
  Lexer ahead = *this;
  Token comment;
  while (ahead.skip_blank(comment)) {
    if (comment.cls != TokenClass::kDirective) return false;
  }
  std::string_view rest = sql_.substr(ahead.at_, 2);
  bool quote = rest.starts_with('\'') || (rest.starts_with('"') && !mode_.ansi_quotes);
  bool digits_in_quotes =
      rest.size() == 2 && rest[1] == '\'' && std::string_view("xXbB").find(rest[0]) != std::string_view::npos;
  return quote || digits_in_quotes || rest == "0x" || rest == "0b";
}

// Whether a function's name is at its parenthesis: with ignore_space, blanks may stand between them.
bool Lexer::parenthesis_touches() const {
  std::uint32_t next = at_;
  while (mode_.ignore_space && next < sql_.size() && is_space(sql_[next])) ++next;
  return next < sql_.size() && sql_[next] == '(';
}

bool Lexer::parenthesis_follows() const {
  Lexer ahead = *this;
  Token comment{};
  return !ahead.skip_blank(comment) && ahead.peek() == '(';
}

Token Lexer::word() {
  std::uint32_t start = at_;
  while (is_word(peek())) ++at_;
  // A word before a point that a name follows is a name, whatever it means elsewhere.
  name_dot_ = peek() == '.' && is_word(peek(1));
  if (name_dot_) return finish(start, TokenClass::kName, TK_NAME);
  std::string_view text = sql_.substr(start, at_ - start);
  if (text[0] == '_' && is_charset(text.substr(1))) {
    if (string_follows()) return finish(start, TokenClass::kIntroducer, TK_INTRODUCER);
  }
  const KeywordEntry* keyword = find_keyword(text);
  if (keyword == nullptr || keyword->token == 0) return finish(start, TokenClass::kName, TK_NAME);
  if (keyword->use == KeywordUse::k_function || keyword->use == KeywordUse::k_spaced_function) {
    bool called =
        keyword->use == KeywordUse::k_spaced_function ? parenthesis_follows() : parenthesis_touches();
    if (!called) return finish(start, TokenClass::kName, TK_NAME);
  }
  int kind = keyword->token;
  if (kind == TK_NOT && mode_.high_not_precedence) kind = TK_NOT2;
  return finish(start, TokenClass::kKeyword, kind);
}

Token Lexer::number() {
  std::uint32_t start = at_;
  if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'b')) {
    bool hex = peek(1) == 'x';
    std::uint32_t at = at_ + 2;
    while (at < sql_.size() && (hex ? is_hex(sql_[at]) : sql_[at] == '0' || sql_[at] == '1')) ++at;
    if (at > at_ + 2 && (at >= sql_.size() || !is_word(sql_[at]))) {
      at_ = at;
      return finish(start, hex ? TokenClass::kHexNumber : TokenClass::kBit,
                    hex ? TK_HEX_NUMBER_LIT : TK_BIT_LIT);
    }
  }
  while (is_digit(peek())) ++at_;
  bool point = peek() == '.' && peek(1) != '.';  // 1..10 is a range
  if (point) {
    ++at_;
    while (is_digit(peek())) ++at_;
  }
  if (peek() == 'e' || peek() == 'E') {
    std::uint32_t digits = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    if (is_digit(peek(digits))) {
      std::uint32_t end = at_ + digits;
      while (end < sql_.size() && is_digit(sql_[end])) ++end;
      at_ = end;
      return finish(start, TokenClass::kFloat, TK_FLOAT_LIT);
    }
  }
  if (point) return finish(start, TokenClass::kDecimal, TK_DECIMAL_LIT);
  if (!is_word(peek())) return finish(start, TokenClass::kInteger, TK_INTEGER_LIT);
  while (is_word(peek())) ++at_;  // 2fast is a name
  return finish(start, TokenClass::kName, TK_NAME);
}

Token Lexer::quoted(char quote, TokenClass cls, int kind, std::uint32_t start) {
  bool escapes = !mode_.no_backslash_escapes && cls != TokenClass::kName && quote != '`';
  bool plain = true;
  std::size_t at = at_ + 1;
  for (;;) {
    at = escapes ? sql_.find_first_of(quote == '"' ? "\"\\" : "'\\", at) : sql_.find(quote, at);
    if (at == std::string_view::npos) return invalid(start);
    if (sql_[at] == '\\') {
      at += 2;
    } else if (at + 1 < sql_.size() && sql_[at + 1] == quote) {
      at += 2;
    } else {
      break;
    }
    plain = false;
  }
  at_ = static_cast<std::uint32_t>(at + 1);
  if (cls == TokenClass::kName && at_ - start == 2) return invalid(start);  // `` names nothing
  return finish(start, cls, kind, plain);
}

Token Lexer::digits_in_quotes(TokenClass cls, int kind, bool hex) {
  std::uint32_t start = at_;
  at_ += 2;
  while (hex ? is_hex(peek()) : peek() == '0' || peek() == '1') ++at_;
  if (peek() != '\'' || (hex && (at_ - start) % 2 != 0)) return invalid(start);
  ++at_;
  return finish(start, cls, kind);
}

// @name, @'name', @@name, @@global.name
Token Lexer::variable() {
  std::uint32_t start = at_++;
  if (peek() != '@') {
    char c = peek();
    if (c == '\'' || c == '"' || c == '`')
      return quoted(c, TokenClass::kUserVariable, TK_USER_VARIABLE, start);
    while (is_word(peek()) || peek() == '.') ++at_;
    if (at_ == start + 1) return invalid(start);
    return finish(start, TokenClass::kUserVariable, TK_USER_VARIABLE);
  }
  bool plain = true;
  do {
    ++at_;
    std::uint32_t part = at_;
    if (peek() == '`') {
      Token name = quoted('`', TokenClass::kName, TK_NAME, at_);
      if (name.cls == TokenClass::kInvalid) return invalid(start);
      plain = false;
    } else {
      while (is_word(peek())) ++at_;
    }
    if (at_ == part) return invalid(start);
  } while (peek() == '.');
  return finish(start, TokenClass::kSystemVariable, TK_SYSTEM_VARIABLE, plain);
}

Token Lexer::punctuation() {
  struct Operator {
    std::string_view text;
    int kind;
  };
  static constexpr Operator kOperators[] = {
      {"<=>", TK_NULL_SAFE_EQUAL}, {"->>", TK_ARROW_TEXT}, {"<=", TK_LE},          {"<>", TK_NE},
      {"<<", TK_SHIFT_LEFT},       {">=", TK_GE},          {">>", TK_SHIFT_RIGHT}, {"!=", TK_NE},
      {":=", TK_ASSIGN},           {"||", TK_OR2},         {"&&", TK_AND2},        {"->", TK_ARROW},
      {"..", TK_DOT_DOT}};
  std::uint32_t start = at_;
  std::string_view rest = sql_.substr(at_, 3);
  for (const Operator& op : kOperators) {
    if (!rest.starts_with(op.text)) continue;
    at_ += static_cast<std::uint32_t>(op.text.size());
    int kind = op.kind == TK_OR2 && mode_.pipes_as_concat ? static_cast<int>(TK_CONCAT) : op.kind;
    return finish(start, TokenClass::kOperator, kind);
  }
  char c = rest[0];
  if (c == '\\' && rest.starts_with("\\N")) {
    at_ += 2;
    return finish(start, TokenClass::kKeyword, TK_NULL);
  }
  if (std::string_view("()+-*/%,.;:=<>!^&|~?{}").find(c) == std::string_view::npos) return invalid(start);
  ++at_;
  if (c == '?') return finish(start, TokenClass::kParameter, TK_PARAMETER);
  after_dot_ = c == '.';
  return finish(start, TokenClass::kOperator, c);
}

namespace {

char unescape(char c) {
  switch (c) {
    case '0':
      return '\0';
    case 'b':
      return '\b';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'Z':
      return '\x1a';
    default:
      return c;
  }
}

// The inner text of a quoted token with its escapes resolved, written to `to`, which has room for as much as
// `inner`. Returns how much it wrote.
std::size_t resolve(std::string_view inner, char quote, bool escapes, char* to) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    char c = inner[i];
    if (c == quote) {
      ++i;
    } else if (c == '\\' && escapes && i + 1 < inner.size()) {
      c = inner[++i];
      // LIKE's own escapes stay as they are.
      if (c == '%' || c == '_') to[size++] = '\\';
      c = unescape(c);
    }
    to[size++] = c;
  }
  return size;
}

}  // namespace

std::string_view token_value(std::string_view sql, const Token& token, const LexerMode& mode, Arena& arena) {
  std::string_view text = sql.substr(token.offset, token.length);
  switch (token.cls) {
    case TokenClass::kHexNumber:
      return text.substr(2);
    case TokenClass::kHexString:
      return text.substr(2, text.size() - 3);
    case TokenClass::kBit:
      return text[0] == '0' ? text.substr(2) : text.substr(2, text.size() - 3);
    case TokenClass::kNational:
    case TokenClass::kUserVariable:
      text.remove_prefix(1);
      break;
    case TokenClass::kIntroducer:
      return text.substr(1);
    case TokenClass::kSystemVariable:
      return text.substr(2);
    case TokenClass::kHint:
      return text.substr(3, text.size() - 5);
    case TokenClass::kDirective: {
      const std::size_t head = text.starts_with("/*vt+") ? 5 : 10;
      return text.substr(head, text.size() - head - 2);
    }
    case TokenClass::kString:
    case TokenClass::kName:
      break;
    default:
      return text;
  }
  char quote = text.empty() ? '\0' : text[0];
  if (quote != '\'' && quote != '"' && quote != '`') return text;
  std::string_view inner = text.substr(1, text.size() - 2);
  if (token.plain) return inner;
  bool escapes = !mode.no_backslash_escapes && token.cls != TokenClass::kName && quote != '`';
  char* to = static_cast<char*>(arena.allocate(inner.size() + 1, 1));
  return {to, resolve(inner, quote, escapes, to)};
}

void append_token_value(std::string_view sql, const Token& token, const LexerMode& mode, std::string& out) {
  if (token.plain || (token.cls != TokenClass::kString && token.cls != TokenClass::kNational)) {
    Arena none;  // a plain token's value is a part of `sql`
    out += token_value(sql, token, mode, none);
    return;
  }
  std::size_t prefix = token.cls == TokenClass::kNational ? 1 : 0;
  std::string_view text = sql.substr(token.offset + prefix, token.length - prefix);
  std::string_view inner = text.substr(1, text.size() - 2);
  std::size_t before = out.size();
  out.resize(before + inner.size());
  out.resize(before + resolve(inner, text[0], !mode.no_backslash_escapes, out.data() + before));
}

namespace {

// Whether the lexer takes all of `name` for one word, and not for a number or an introducer. 1e5, 0x1f and
// 0b1 would be numbers; any leading digit is cheap to quote.
bool is_one_word(std::string_view name) {
  if (name.empty() || is_digit(name[0]) || !std::all_of(name.begin(), name.end(), is_word)) return false;
  return name[0] != '_' || !is_charset(name.substr(1));
}

}  // namespace

bool is_bare_name(std::string_view name) {
  if (!is_one_word(name)) return false;
  const KeywordEntry* keyword = find_keyword(name);
  return keyword == nullptr || keyword->token == 0;
}

bool needs_quotes(std::string_view name) {
  if (!is_one_word(name)) return true;
  const KeywordEntry* keyword = find_keyword(name);
  return keyword != nullptr && keyword->quoted;
}

}  // namespace kintsugi::sql
