#include "sql/grammar/builder.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "sql/grammar/characters.h"
#include "sql/parser.h"
#include "sql_grammar.h"

namespace kintsugi::sql {

namespace {

// Whether the lexer has no more to give after this one.
bool is_last(const Token& token) {
  return token.cls == TokenClass::kEnd || token.cls == TokenClass::kInvalid;
}

}  // namespace

Builder::Builder(std::string_view sql, Arena& arena, const LexerMode& mode, Goal goal)
    : sql_(sql), arena_(arena), mode_(mode), goal_(goal), lexer_(sql, mode) {}

// ---- tokens ----

Token Builder::pull() {
  if (ahead_count_ > 0) {
    Token token = ahead_[0];
    std::copy(ahead_ + 1, ahead_ + ahead_count_, ahead_);
    --ahead_count_;
    return token;
  }
  for (;;) {
    Token token = lexer_.next();
    if (lexer_.in_comment() != (comment_edges_.size() % 2 == 1)) comment_edges_.push_back(token.offset);
    if (token.cls != TokenClass::kDirective) return token;
    std::string_view text = token_value(sql_, token, mode_, arena_);
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    directives_.push_back(arena_, text);
  }
}

Token& Builder::ahead(int n) {
  static_assert(std::size(decltype(ahead_){}) >= 6);
  while (ahead_count_ <= n) {
    bool over = ahead_count_ > 0 && is_last(ahead_[ahead_count_ - 1]);
    int last = ahead_count_;
    if (over) {
      ahead_[last] = ahead_[last - 1];
      ++ahead_count_;
      continue;
    }
    // pull() takes from the queue first, so it is set aside while the lexer is asked.
    ahead_count_ = 0;
    Token token = pull();
    ahead_[last] = token;
    ahead_count_ = last + 1;
  }
  return ahead_[n];
}

bool Builder::ahead_is(int n, std::string_view word) {
  const Token& token = ahead(n);
  return (token.cls == TokenClass::kName || token.cls == TokenClass::kKeyword) &&
         same_word(lexer_.text(token), word);
}

// Takes `extra` tokens that were looked at into the one before them.
int Builder::merge(int kind, Location& location, int extra) {
  for (; extra > 0; --extra) {
    Token token = pull();
    location.end = token.offset + token.length;
  }
  return kind;
}

// Two words that only together tell the parser where it is.
int Builder::pair(const Token& token, Location& location) {
  switch (token.kind) {
    case TK_WITH:
      if (ahead_is(0, "rollup")) return merge(TK_WITH_ROLLUP, location, 1);
      return ahead_is(0, "system") && ahead_is(1, "versioning")
                 ? merge(TK_WITH_SYSTEM_VERSIONING, location, 2)
                 : token.kind;
    case TK_FOR:
      if (ahead_is(0, "system_time")) return merge(TK_FOR_SYSTEM_TIME, location, 1);
      return ahead_is(0, "portion") && ahead_is(1, "of") ? merge(TK_FOR_PORTION, location, 1) : token.kind;
    case TK_IN:
      return ahead_is(0, "reverse") && ahead(1).kind != '(' ? merge(TK_IN_REVERSE, location, 1) : token.kind;
    case TK_AS:
      return ahead_is(0, "of") ? merge(TK_AS_OF, location, 1) : token.kind;
    case TK_NEXT:
      return ahead_is(0, "value") && ahead_is(1, "for") ? merge(TK_NEXT_VALUE, location, 1) : token.kind;
    case TK_NAME:
      return name_pair(lexer_.text(token), location);
    case TK_GLOBAL:
      return ahead_is(0, "unique") ? merge(TK_GLOBAL_UNIQUE, location, 1) : token.kind;
    case TK_NOT:
    case TK_NOT2:
      return previous_ == TK_BEGIN && ahead_is(0, "atomic") ? merge(TK_NOT_ATOMIC, location, 1) : token.kind;
    case TK_PACKAGE: {
      bool place = previous_ == TK_SHOW || previous_ == TK_CREATE;
      return place && ahead_is(0, "body") ? merge(TK_PACKAGE_BODY, location, 1) : token.kind;
    }
    case TK_DELETE:
      return is_delete_history() ? merge(TK_DELETE_HISTORY, location, 1) : token.kind;
    default:
      return token.kind;
  }
}

// The same for first words that are no keywords.
int Builder::name_pair(std::string_view text, Location& location) {
  if (same_word(text, "previous") && ahead_is(0, "value") && ahead_is(1, "for")) {
    return merge(TK_PREVIOUS_VALUE, location, 1);
  }
  if (same_word(text, "system") && ahead_is(0, "versioning")) return merge(TK_SYSTEM_VERSIONING, location, 1);
  if (same_word(text, "period") && begins_period()) return merge(TK_PERIOD_FOR, location, 1);
  bool altered = previous_ == TK_ADD || previous_ == TK_DROP;
  if (same_word(text, "period") && altered && ahead_is(0, "if")) return TK_PERIOD_IF;
  return TK_NAME;
}

// PERIOD FOR p (a, b) in a table's definition, and not FROM period FOR UPDATE.
bool Builder::begins_period() {
  bool place = previous_ == '(' || previous_ == ',' || previous_ == TK_ADD || previous_ == TK_DROP;
  return place && ahead_is(0, "for") && !ahead_is(1, "update") && !ahead_is(1, "share");
}

// DELETE HISTORY FROM t …, and not DELETE history FROM history JOIN ….
bool Builder::is_delete_history() {
  if (!ahead_is(0, "history") || !ahead_is(1, "from")) return false;
  int next = ahead(3).kind == '.' ? 5 : 3;
  int kind = ahead(next).kind;
  return kind == TK_YYEOF || kind == ';' || kind == TK_BEFORE || kind == TK_PARTITION;
}

int Builder::lex(KT_SQL_STYPE& value, Location& location) {
  ++tokens_;
  if (goal_ == Goal::kExpression && !started_) {
    started_ = true;
    location = {0, 0};
    return TK_START_EXPRESSION;
  }
  if (raw_) return raw_text(value, location);
  Token token = pull();
  location = {token.offset, token.offset + token.length};
  if (is_last(token)) return token.kind;
  if (token.kind == ';') semicolon_end_ = location.end;
  value.text = to_word(token_value(sql_, token, mode_, arena_));
  int kind = pair(token, location);
  previous_ = kind;
  return kind;
}

int Builder::raw_text(KT_SQL_STYPE& value, Location& location) {
  raw_ = false;
  std::string text;
  Token& first = ahead(0);
  location = {first.offset, first.offset};
  std::uint32_t end = first.offset;
  while (!is_last(ahead(0)) && ahead(0).kind != ';') {
    Token token = pull();
    bool dashes = text.ends_with('-') && token.kind == '-';  // -- may begin a comment
    if (!text.empty() && (token.offset != end || dashes)) text += ' ';
    text += lexer_.text(token);
    end = token.offset + token.length;
  }
  location.end = end;
  value.text = to_word(arena_.copy(text));
  return TK_RAW_TEXT;
}

bool Builder::at_semicolon() {
  consumed_ = semicolon_end_;
  return goal_ == Goal::kFirstStatement;
}

void Builder::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

void Builder::fail_at(Location location, const char* message) {
  if (error_) return;
  if (message != nullptr) {
    fail(Error(kTooDeep, fmt::format("the statement is nested too deeply near {}", location.begin)));
  } else {
    fail(syntax_error_at(location));
  }
}

Error Builder::syntax_error_at(Location location) const {
  constexpr std::size_t kNearBytes = 80;
  std::size_t begin = std::min<std::size_t>(location.begin, sql_.size());
  std::string_view near = sql_.substr(begin);
  if (near.size() > kNearBytes) {
    std::size_t cut = kNearBytes;
    while (cut > 0 && (static_cast<unsigned char>(near[cut]) & 0xc0) == 0x80) --cut;
    near = near.substr(0, cut);
  }
  auto line = 1 + std::count(sql_.begin(), sql_.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
  return Error(kSyntaxError,
               fmt::format("You have an error in your SQL syntax; check the manual that corresponds "
                           "to your server version for the right syntax to use near '{}' at line {}",
                           near, line));
}

// ---- small things ----

List<Expr*> Builder::prepend(Expr* first, List<Expr*> rest) {
  List<Expr*> all{};
  all.push_back(arena_, first);
  for (Expr* item : rest) all.push_back(arena_, item);
  return all;
}

Word Builder::lower(Word text) {
  std::string_view view = text;
  if (std::none_of(view.begin(), view.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) return text;
  char* to = static_cast<char*>(arena_.allocate(view.size(), 1));
  std::transform(view.begin(), view.end(), to, [](char c) { return sql::lower(c); });
  return {to, text.size};
}

Word Builder::not_empty(Word text, Location location) {
  if (text.size == 0) syntax_error(location);
  return text;
}

Word Builder::bare(Word name, Location location) {
  // Of the words that servers reserve these are options all the same.
  std::string_view option = lower(name);
  bool known = option.starts_with("stats_") || option == "page_checksum";
  if (!is_bare_name(name) || (needs_quotes(name) && !known)) syntax_error(location);
  return name;
}

Word Builder::one_of(Word text, Location location, std::initializer_list<std::string_view> words) {
  Word folded = lower(text);
  if (std::find(words.begin(), words.end(), std::string_view(folded)) == words.end()) syntax_error(location);
  return folded;
}

// Whether `offset`, of a token that was handed over, is inside an executable comment.
bool Builder::in_comment(std::uint32_t offset) const {
  auto after = std::upper_bound(comment_edges_.begin(), comment_edges_.end(), offset);
  return (after - comment_edges_.begin()) % 2 == 1;
}

Word Builder::normalised(Location location) {
  std::string text;
  Lexer lexer(sql_.substr(0, location.end), mode_, location.begin, in_comment(location.begin));
  for (Token token = lexer.next(); !is_last(token); token = lexer.next()) {
    if (token.cls == TokenClass::kDirective) continue;
    if (!text.empty() && token.kind != ',') text += ' ';
    text += lexer.text(token);
  }
  return lower(to_word(arena_.copy(text)));
}

Word Builder::concat(Word a, const char* b) {
  return to_word(arena_.copy(std::string(std::string_view(a)) + b));
}

DataType* Builder::take_type(Location location, std::string_view name, std::int64_t size) {
  DataType* node = type_;
  widen(node, location);
  node->name = name;
  node->size = size;
  if (node->zerofill) node->is_unsigned = true;
  return node;
}

DataType* Builder::type(Location location, std::string_view name, std::int64_t size) {
  begin_type();
  return take_type(location, name, size);
}

std::int64_t Builder::to_integer(Word digits, Location location) {
  std::int64_t value = 0;
  std::string_view text = digits;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) syntax_error(location);
  return value;
}

}  // namespace kintsugi::sql
