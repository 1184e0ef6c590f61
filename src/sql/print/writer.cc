#include "sql/print/writer.h"

#include <algorithm>
#include <utility>

#include "sql/grammar/characters.h"
#include "sql/grammar/keywords.h"
#include "sql/lexer.h"

namespace kintsugi::sql {

namespace {

void quote(std::string& out, std::string_view name, const PrintOptions& options) {
  char mark = options.ansi_quotes ? '"' : '`';
  out += mark;
  for (char c : name) {
    if (c == mark) out += mark;
    out += c;
  }
  out += mark;
}

}  // namespace

void print_name(std::string& out, std::string_view name, const PrintOptions& options) {
  if (needs_quotes(name)) {
    quote(out, name, options);
  } else {
    out += name;
  }
}

void print_string(std::string& out, std::string_view value, const PrintOptions& options) {
  out += '\'';
  for (char c : value) {
    if (c == '\'') {
      out += "''";
    } else if (options.no_backslash_escapes) {
      out += c;
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c == '\0') {
      out += "\\0";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\x1a') {
      out += "\\Z";
    } else {
      out += c;
    }
  }
  out += '\'';
}

void print_to(std::string& out, const Node& node, const PrintOptions& options) {
  Writer(out, options).node(node);
}

PrintOptions print_options(const LexerMode& mode) {
  PrintOptions options;
  options.no_backslash_escapes = mode.no_backslash_escapes;
  options.ansi_quotes = mode.ansi_quotes;
  options.pipes_as_concat = mode.pipes_as_concat;
  options.high_not_precedence = mode.high_not_precedence;
  return options;
}

std::string print(const Node& node, const PrintOptions& options) {
  std::string out;
  print_to(out, node, options);
  return out;
}

void Writer::node(const Node& node) {
  if (is_expr(node.kind)) return expr(static_cast<const Expr&>(node));
  if (is_statement(node.kind)) directives(static_cast<const Statement&>(node));
  visit(const_cast<Node&>(node), [this](auto& n) { write(n); });
}

void Writer::directives(const Statement& statement) {
  if (options_.clauses == PrintOptions::Clauses::kOmit) return;
  for (std::string_view text : statement.directives) {
    word("/*kintsugi ");
    raw(text);
    raw(" */");
  }
}

void Writer::space() {
  if (std::exchange(tight_, false) || out_.empty()) return;
  char last = out_.back();
  if (last != '(' && last != ' ') out_ += ' ';
}

void Writer::word(std::string_view text) {
  space();
  out_ += text;
}

void Writer::name(std::string_view name) {
  space();
  print_name(out_, name, options_);
}

void Writer::strict_name(std::string_view name) {
  const KeywordEntry* keyword = find_keyword(name);
  bool taken =
      keyword != nullptr && (keyword->use == KeywordUse::k_no_alias || keyword->use == KeywordUse::k_start);
  if (taken) return quoted_name(name);
  space();
  print_name(out_, name, options_);
}

void Writer::charset_name(std::string_view charset) {
  if (charset == "binary") return word(charset);
  name(charset);
}

void Writer::parenthesise(std::size_t at) {
  out_.insert(at, 1, '(');
  out_ += ')';
}

void Writer::string(std::string_view value) {
  space();
  print_string(out_, value, options_);
}

void Writer::quoted_name(std::string_view name) {
  space();
  quote(out_, name, options_);
}

void Writer::number(std::int64_t value) { word(std::to_string(value)); }

void Writer::names(const List<std::string_view>& names) {
  for (unsigned i = 0; i < names.count; ++i) {
    if (i != 0) raw(",");
    name(names[i]);
  }
}

void Writer::name_list(const List<std::string_view>& list) {
  space();
  raw("(");
  names(list);
  raw(")");
}

}  // namespace kintsugi::sql
