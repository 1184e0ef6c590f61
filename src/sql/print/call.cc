// Calls, those with words of their own too, windows and types.

#include <algorithm>
#include <iterator>

#include "sql/grammar/keywords.h"
#include "sql/lexer.h"
#include "sql/print/writer.h"

namespace kintsugi::sql {

namespace {

// Words of the grammar that are functions all the same; other words are stored functions, which a server
// takes in quotes only.
constexpr std::string_view kNativeWords[] = {"coalesce",    "collation", "format",  "log",
                                             "microsecond", "quarter",   "reverse", "week"};

bool callable(const FunctionCall& call) {
  const std::string_view name = call.name;
  if (name == "nth_value" && call.over == nullptr)
    return false;  // a name that is quoted is none of a window function
  if (is_builtin_function(name)) return true;
  if (find_keyword(name) == nullptr) return !needs_quotes(name);
  return std::find(std::begin(kNativeWords), std::end(kNativeWords), name) != std::end(kNativeWords);
}

}  // namespace

void Writer::call_name(const FunctionCall& n) {
  space();
  if (!n.schema.empty()) {
    print_name(out_, n.schema, options_);
    raw(".");
    return print_name(out_, n.name, options_);
  }
  backtick_unless(callable(n), n.name);
}

void Writer::write(const FunctionCall& n) {
  if (n.bare) return word(n.name);
  call_name(n);
  raw("(");
  word_if(n.distinct, "distinct");
  list(n.args);
  if (!n.within_group) order_by(n.order_by);
  literal_clause("separator", n.separator);
  limit(n.limit);
  if (!n.charset.empty()) {
    word("using");
    charset_name(n.charset);
  }
  raw(")");
  if (n.within_group) {
    word("within group (");
    order_by(n.order_by);
    raw(")");
  }
  word_if(n.from_last, "from last");
  word_if(n.ignore_nulls, "ignore nulls");
  if (n.over == nullptr) return;
  word("over");
  write(*n.over);
}

void Writer::write(const Extract& n) {
  word("extract(");
  raw(n.unit);
  word("from");
  expr(*n.value);
  raw(")");
}

void Writer::write(const Trim& n) {
  word("trim(");
  word_if(n.side == TrimSide::kLeading, "leading");
  word_if(n.side == TrimSide::kTrailing, "trailing");
  if (n.remove != nullptr) expr(*n.remove);
  word_if(n.remove != nullptr || n.side != TrimSide::kBoth, "from");
  expr(*n.value);
  raw(")");
}

void Writer::write(const WeightString& n) {
  word("weight_string(");
  expr(*n.value);
  if (!n.as.empty()) {
    word("as");
    word(n.as);
    raw("(");
    raw(std::to_string(n.as_length));
    raw(")");
  }
  if (!n.levels.empty()) {
    word("level");
    word(n.levels);
  }
  raw(")");
}

void Writer::write(const Match& n) {
  static constexpr std::string_view kModes[] = {"", "in natural language mode",
                                                "in natural language mode with query expansion",
                                                "in boolean mode", "with query expansion"};
  word("match");
  parenthesised(n.columns);
  word("against (");
  expr(*n.against, Level::kBitOr);
  word_if(n.mode != MatchMode::kNone, kModes[static_cast<int>(n.mode)]);
  raw(")");
}

void Writer::write(const ValuesOf& n) {
  word(n.value_word ? "value(" : "values(");
  write(*n.column);
  raw(")");
}

void Writer::write(const DefaultOf& n) {
  word("default(");
  write(*n.column);
  raw(")");
}

void Writer::write(const Default&) { word("default"); }
void Writer::write(const IgnoreValue&) { word("ignore"); }
void Writer::write(const Keyword& n) { word(n.word); }

void Writer::write(const JsonExtract& n) {
  expr(*n.column, Level::kPrimary);
  word(n.unquote ? "->>" : "->");
  write(*n.path);
}

void Writer::json_on(const JsonOn* on, std::string_view event) {
  if (on == nullptr) return;
  write(*on);
  word("on");
  word(event);
}

void Writer::write(const JsonOn& n) {
  word(n.action == JsonOnAction::kNull ? "null" : n.action == JsonOnAction::kError ? "error" : "default");
  if (n.value != nullptr) signed_literal(*n.value);
}

void Writer::write(const JsonValue& n) {
  word("json_value(");
  expr(*n.document);
  raw(",");
  expr(*n.path);
  if (n.returning != nullptr) {
    word("returning");
    write(*n.returning);
  }
  json_on(n.on_empty, "empty");
  json_on(n.on_error, "error");
  raw(")");
}

void Writer::write(const SequenceValue& n) {
  word(n.previous ? "previous value for" : "next value for");
  write(*n.sequence);
}

void Writer::write(const OrderItem& n) {
  expr(*n.value);
  word_if(n.descending, "desc");
}

void Writer::write(const FrameBound& n) {
  static constexpr std::string_view kBounds[] = {"unbounded preceding", "preceding", "current row",
                                                 "following", "unbounded following"};
  if (n.value != nullptr) expr(*n.value);
  word(kBounds[static_cast<int>(n.bound)]);
}

void Writer::write(const WindowFrame& n) {
  word(n.unit == FrameUnit::kRows ? "rows" : n.unit == FrameUnit::kRange ? "range" : "groups");
  word_if(n.end != nullptr, "between");
  write(*n.start);
  if (n.end != nullptr) {
    word("and");
    write(*n.end);
  }
  if (!n.exclude.empty()) {
    word("exclude");
    word(n.exclude);
  }
}

void Writer::write(const WindowSpec& n) {
  if (!n.name.empty()) {
    name(n.name);
    word("as");
  }
  if (n.bare) return name(n.base);
  word("(");
  if (!n.base.empty()) strict_name(n.base);
  if (!n.partition_by.empty()) {
    word("partition by");
    list(n.partition_by);
  }
  order_by(n.order_by);
  if (n.frame != nullptr) write(*n.frame);
  raw(")");
}

void Writer::write(const DataType& n) {
  word(n.name);
  if (n.of != nullptr) write(*n.of);
  if (!n.row_fields.empty()) parenthesised(n.row_fields);
  if (!n.values.empty()) {
    raw("(");
    list(n.values);
    raw(")");
  }
  if (n.size >= 0) {
    raw("(");
    raw(std::to_string(n.size));
    if (n.scale >= 0) {
      raw(", ");
      raw(std::to_string(n.scale));
    }
    raw(")");
  }
  word_if(n.is_unsigned, "unsigned");
  word_if(n.zerofill, "zerofill");
  word_if(n.compressed, "compressed");
  if (!n.charset.empty()) {
    word("character set");
    charset_name(n.charset);
  }
  word_if(n.binary, "binary");
  if (!n.collation.empty()) {
    word("collate");
    charset_name(n.collation);
  }
}

}  // namespace kintsugi::sql
