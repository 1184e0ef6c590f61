#include "sql/shape.h"

#include <utility>
#include <vector>

#include <xxhash.h>

#include "base/lower_case.h"
#include "sql/grammar/keywords.h"

namespace kintsugi::sql {
namespace {

struct Piece {
  std::string text;
  enum class Kind : std::uint8_t {
    word,      // reserved, or another that is no name
    name,      // a name or a variable
    value,     // literal or parameter
    constant,  // NULL, TRUE, FALSE: a value in a list of values
    symbol,
  } kind;
};
using Kind = Piece::Kind;
using Pieces = std::vector<Piece>;

/// Without quotes where none are needed.
std::string name_text(std::string_view text, const Token& token) {
  const bool quoted = text.front() == '`' || text.front() == '"';
  if (!quoted) return std::string(text);
  if (!token.plain) return text.front() == '`' ? std::string(text) : "`...`";
  const std::string_view inner = text.substr(1, text.size() - 2);
  if (is_bare_name(inner) && !needs_quotes(inner)) return std::string(inner);
  return '`' + std::string(inner) + '`';
}

Piece word_piece(std::string_view text, bool first) {
  const KeywordEntry* keyword = find_keyword(text);
  const bool may_be_name = !first && keyword != nullptr && keyword->use != KeywordUse::k_reserved &&
                           keyword->use != KeywordUse::k_function &&
                           keyword->use != KeywordUse::k_spaced_function;
  if (may_be_name) return {std::string(text), Kind::name};
  std::string lower = lower_case(text);
  const bool constant = lower == "null" || lower == "true" || lower == "false";
  const bool function = keyword != nullptr && keyword->use != KeywordUse::k_reserved && !first;
  return {std::move(lower), constant ? Kind::constant : function ? Kind::name : Kind::word};
}

/// Whether a minus or plus behind it is a value's sign.
bool may_precede_sign(const Pieces& pieces) {
  if (pieces.empty()) return false;
  const Piece& last = pieces.back();
  return last.kind == Kind::word || (last.kind == Kind::symbol && last.text != ")");
}

void take_sign(Pieces& pieces) {
  const std::string& last = pieces.back().text;
  if (pieces.back().kind != Kind::symbol || (last != "-" && last != "+")) return;
  Piece sign = std::move(pieces.back());
  pieces.pop_back();
  if (!may_precede_sign(pieces)) pieces.push_back(std::move(sign));
}

Pieces pieces_of(std::string_view sql, const LexerMode& mode) {
  Pieces pieces;
  Lexer lexer(sql, mode);
  bool after_string = false, semicolon = false;
  Token token = lexer.next();
  for (; token.cls != TokenClass::kEnd && token.cls != TokenClass::kInvalid; token = lexer.next()) {
    if (semicolon) pieces.push_back({";", Kind::symbol});
    semicolon = token.kind == ';';
    const bool joined = after_string && token.cls == TokenClass::kString;
    if (semicolon || joined || token.cls == TokenClass::kDirective) continue;
    after_string = token.cls == TokenClass::kString;
    const std::string_view text = lexer.text(token);
    if (is_literal(token.cls) || token.cls == TokenClass::kParameter) {
      if (!pieces.empty()) take_sign(pieces);
      pieces.push_back({"?", Kind::value});
    } else if (token.cls == TokenClass::kName) {
      pieces.push_back({name_text(text, token), Kind::name});
    } else if (token.cls == TokenClass::kKeyword) {
      pieces.push_back(word_piece(text, pieces.empty()));
    } else if (token.cls == TokenClass::kUserVariable || token.cls == TokenClass::kSystemVariable) {
      pieces.push_back({std::string(text), Kind::name});
    } else if (token.cls == TokenClass::kHint) {
      pieces.push_back({std::string(text), Kind::word});
    } else {
      const bool introducer = token.cls == TokenClass::kIntroducer;
      pieces.push_back({std::string(text), introducer ? Kind::word : Kind::symbol});
    }
  }
  if (token.cls == TokenClass::kInvalid) pieces.push_back({"...", Kind::word});
  return pieces;
}

bool is(const Pieces& pieces, std::size_t at, std::string_view text) {
  return at < pieces.size() && pieces[at].kind != Kind::name && pieces[at].text == text;
}

/// Behind the parenthesis that closes the one at `at`; 0: none does.
std::size_t end_of_group(const Pieces& pieces, std::size_t at) {
  int depth = 0;
  for (; at < pieces.size(); ++at) {
    if (is(pieces, at, "(")) ++depth;
    if (is(pieces, at, ")") && --depth == 0) return at + 1;
  }
  return 0;
}

bool is_value_list(const Pieces& pieces, std::size_t from, std::size_t to) {
  bool any = false;
  for (; from < to; ++from) {
    const Piece& piece = pieces[from];
    const bool value = piece.kind == Kind::value || piece.kind == Kind::constant;
    any |= value;
    if (!value && piece.text != "," && piece.text != "(" && piece.text != ")") return false;
  }
  return any;
}

void append(std::string& out, const Pieces& pieces, std::size_t at, bool values) {
  const Piece& piece = pieces[at];
  const bool tight_before = piece.text == "," || piece.text == ")" || piece.text == "." ||
                            piece.text == ";" ||
                            (piece.text == "(" && at > 0 && pieces[at - 1].kind == Kind::name);
  const bool after_dot = out.ends_with('.') && !out.ends_with("...");
  const bool tight = out.empty() || out.back() == '(' || after_dot || tight_before;
  if (!tight) out += ' ';
  out += values && piece.kind == Kind::constant ? "?" : piece.text;
}

/// A list of IN that begins at `at`; gives where it ends.
std::size_t append_list(std::string& out, const Pieces& pieces, std::size_t at, std::size_t end) {
  if (is(pieces, at + 1, "(")) {
    const std::size_t first = end_of_group(pieces, at + 1);
    append(out, pieces, at, true);
    for (std::size_t i = at + 1; i < first; ++i) append(out, pieces, i, true);
    out += ", ...)";
  } else {
    out += " (?, ...)";
  }
  return end;
}

std::string group_text(const Pieces& pieces, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) append(text, pieces, i, true);
  return text;
}

/// The rows of VALUES, of which the first begins at `at`; gives where they end.
std::size_t append_rows(std::string& out, const Pieces& pieces, std::size_t at) {
  std::string before;
  bool shortened = false;
  for (;;) {
    const std::size_t end = end_of_group(pieces, at);
    if (end == 0) return at;
    std::string row = group_text(pieces, at, end);
    if (row != before) {
      out += before.empty() ? " " : ", ";
      out += row;
      before = std::move(row);
      shortened = false;
    } else if (!std::exchange(shortened, true)) {
      out += ", ...";
    }
    if (!is(pieces, end, ",") || !is(pieces, end + 1, "(")) return end;
    at = end + 1;
  }
}

}  // namespace

std::string shape_text(std::string_view sql, const LexerMode& mode) {
  const Pieces pieces = pieces_of(sql, mode);
  std::string out;
  for (std::size_t i = 0; i < pieces.size();) {
    append(out, pieces, i, false);
    const bool in = is(pieces, i, "in");
    const bool values = is(pieces, i, "values") || is(pieces, i, "value");
    ++i;
    if ((!in && !values) || !is(pieces, i, "(")) continue;
    const std::size_t end = end_of_group(pieces, i);
    if (values && end != 0) {
      i = append_rows(out, pieces, i);
    } else if (in && end != 0 && is_value_list(pieces, i, end)) {
      i = append_list(out, pieces, i, end);
    }
  }
  return out;
}

std::uint64_t shape_id(std::string_view shape_text) {
  return XXH3_64bits(shape_text.data(), shape_text.size());
}

}  // namespace kintsugi::sql
