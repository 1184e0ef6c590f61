// The Builder's expressions.

#include <algorithm>
#include <array>
#include <string>

#include "sql/grammar/builder.h"
#include "sql/grammar/characters.h"
#include "sql/grammar/keywords.h"

namespace kintsugi::sql {

Literal* Builder::literal(Location location, LiteralKind kind, Word text) {
  auto* node = make<Literal>(location);
  node->literal = kind;
  node->text = text;
  return node;
}

Literal* Builder::number_literal(Location location, std::int64_t value) {
  return literal(location, LiteralKind::kInteger, to_word(arena_.copy(std::to_string(value))));
}

Literal* Builder::join_strings(Literal* node, Word more, Location location) {
  std::string joined(node->text);
  joined += std::string_view(more);
  node->text = arena_.copy(joined);
  node->length = location.end - node->offset;
  return node;
}

Parameter* Builder::parameter(Location location) {
  auto* node = make<Parameter>(location);
  node->index = parameters_++;
  return node;
}

ColumnRef* Builder::column(Location location, Word schema, Word table, Word name) {
  auto* node = make<ColumnRef>(location);
  node->schema = schema;
  node->table = table;
  node->name = name;
  return node;
}

UserVariable* Builder::user_variable(Location location, Word name) {
  auto* node = make<UserVariable>(location);
  node->name = name;
  return node;
}

namespace {

struct VariablePart {
  std::string_view text;
  bool quoted;
};

// The first part of a system variable's name, taken off `rest` with the point after it.
VariablePart take_part(std::string_view& rest, Arena& arena) {
  VariablePart part{{}, rest.starts_with('`')};
  std::size_t end = 0;
  if (part.quoted) {
    std::string name;
    for (end = 1; rest[end] != '`' || rest.substr(end + 1).starts_with('`'); ++end) {
      if (rest[end] == '`') ++end;
      name += rest[end];
    }
    ++end;
    part.text = arena.copy(name);
  } else {
    end = std::min(rest.find('.'), rest.size());
    part.text = rest.substr(0, end);
  }
  rest.remove_prefix(std::min(rest.size(), end + 1));
  return part;
}

}  // namespace

SystemVariable* Builder::system_variable(Location location, Word text) {
  struct Scope {
    std::string_view word;
    VariableScope scope;
  };
  static constexpr Scope kScopes[] = {{"global", VariableScope::kGlobal},
                                      {"session", VariableScope::kSession},
                                      {"local", VariableScope::kLocal},
                                      {"persist", VariableScope::kPersist},
                                      {"persist_only", VariableScope::kPersistOnly}};
  auto* node = make<SystemVariable>(location);
  std::string_view rest = text;
  VariablePart part = take_part(rest, arena_);
  if (!rest.empty() && !part.quoted) {
    for (const Scope& scope : kScopes) {
      if (same_word(part.text, scope.word)) node->scope = scope.scope;
    }
    if (node->scope != VariableScope::kNone) part = take_part(rest, arena_);
  }
  node->name = part.text;
  if (!rest.empty()) {
    node->prefix = part.text;
    node->name = take_part(rest, arena_).text;
  }
  if (!rest.empty()) syntax_error(location);
  return node;
}

Expr* Builder::assign(Location location, UserVariable* target, Expr* value) {
  auto* node = make<Assign>(location);
  node->target = target;
  node->value = value;
  return node;
}

Expr* Builder::unary(Location location, UnaryOp op, Expr* operand) {
  auto* node = make<Unary>(location);
  node->op = op;
  node->operand = operand;
  return node;
}

Expr* Builder::binary(Location location, BinaryOp op, Expr* left, Expr* right) {
  auto* node = make<Binary>(location);
  node->op = op;
  node->left = left;
  node->right = right;
  return node;
}

Expr* Builder::logical(Location location, LogicalOp op, Expr* left, Expr* right) {
  auto chain = [op](Expr* expr) {
    auto* node = as<Logical>(expr);
    return node != nullptr && node->op == op ? node : nullptr;
  };
  Logical* node = chain(left);
  if (node == nullptr) {
    node = make<Logical>(location);
    node->op = op;
    node->operands.push_back(arena_, left);
  }
  widen(node, location);
  if (Logical* more = chain(right)) {
    for (Expr* operand : more->operands) node->operands.push_back(arena_, operand);
  } else {
    node->operands.push_back(arena_, right);
  }
  return node;
}

Expr* Builder::is(Location location, Expr* value, bool negated, int test) {
  auto* node = make<Is>(location);
  node->value = value;
  node->negated = negated;
  node->test = static_cast<IsTest>(test);
  return node;
}

Expr* Builder::quantified(Location location, int op, Expr* left, bool all, Query* query) {
  auto* node = make<Quantified>(location);
  node->op = static_cast<BinaryOp>(op);
  node->all = all;
  node->left = left;
  node->query = query;
  return node;
}

Expr* Builder::in_query(Location location, Expr* value, Query* query, bool negated) {
  auto* node = make<In>(location);
  node->value = value;
  node->query = query;
  node->negated = negated;
  return node;
}

Expr* Builder::in_list(Location location, Expr* value, List<Expr*> list, bool negated) {
  auto* node = make<In>(location);
  node->value = value;
  node->list = list;
  node->negated = negated;
  return node;
}

Expr* Builder::between(Location location, Expr* value, Expr* low, Expr* high, bool negated) {
  auto* node = make<Between>(location);
  node->value = value;
  node->low = low;
  node->high = high;
  node->negated = negated;
  return node;
}

Expr* Builder::like(Location location, Expr* value, Expr* pattern, Expr* escape, bool negated) {
  auto* node = make<Like>(location);
  node->value = value;
  node->pattern = pattern;
  node->escape = escape;
  node->negated = negated;
  return node;
}

Expr* Builder::interval(Location location, Expr* value, Word unit) {
  auto* node = make<Interval>(location);
  node->value = value;
  node->unit = unit;
  return node;
}

Expr* Builder::json_extract(Location location, ColumnRef* column, Literal* path, bool unquote) {
  auto* node = make<JsonExtract>(location);
  node->column = column;
  node->path = path;
  node->unquote = unquote;
  return node;
}

Expr* Builder::subquery(Location location, Query* query) {
  auto* node = make<Subquery>(location);
  node->query = query;
  return node;
}

// {d '2020-01-01'}, {t …}, {ts …} are literals; any other word says nothing.
Expr* Builder::odbc_escape(Location, Word word, Expr* value) {
  auto* text = as<Literal>(value);
  if (text == nullptr || text->literal != LiteralKind::kString || !text->charset.empty()) return value;
  std::string_view kind = lower(word);
  if (kind == "d") text->literal = LiteralKind::kDate;
  if (kind == "t") text->literal = LiteralKind::kTime;
  if (kind == "ts") text->literal = LiteralKind::kTimestamp;
  text->braces = text->literal != LiteralKind::kString;
  return value;
}

Expr* Builder::sequence_value(Location location, bool previous, TableName* name) {
  auto* node = make<SequenceValue>(location);
  node->previous = previous;
  node->sequence = name;
  return node;
}

When* Builder::when(Location location, Expr* condition, Expr* result) {
  auto* node = make<When>(location);
  node->condition = condition;
  node->result = result;
  return node;
}

Expr* Builder::cast(Location location, Expr* value, DataType* type, bool array, Expr* time_zone) {
  auto* node = make<Cast>(location);
  node->value = value;
  node->type = type;
  node->array = array;
  node->time_zone = time_zone;
  return node;
}

Expr* Builder::trim(Location location, int side, Expr* remove, Expr* value) {
  auto* node = make<Trim>(location);
  node->side = static_cast<TrimSide>(side);
  node->remove = remove;
  node->value = value;
  return node;
}

Expr* Builder::substring(Location location, Expr* text, Expr* start, Expr* length) {
  List<Expr*> args = prepend(text, list(start));
  if (length != nullptr) args.push_back(arena_, length);
  return plain_call(location, word("substring"), args);
}

Expr* Builder::position(Location location, Expr* part, Expr* text) {
  return plain_call(location, word("locate"), prepend(part, list(text)));
}

Expr* Builder::weight_string(Location location, Expr* value, Word as, std::int64_t size, Word levels) {
  auto* node = make<WeightString>(location);
  node->value = value;
  node->as = as;
  node->as_length = size;
  node->levels = levels;
  return node;
}

Expr* Builder::json_value(Location location, Expr* document, Expr* path, DataType* returning, JsonOns ons) {
  auto* node = make<JsonValue>(location);
  node->document = document;
  node->path = path;
  node->returning = returning;
  node->on_empty = ons.on_empty;
  node->on_error = ons.on_error;
  return node;
}

// ---- calls ----

namespace {

template <std::size_t N>
bool among(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 21> kAggregates = {
    "count",    "sum",     "avg",      "min",    "max",       "group_concat",   "json_arrayagg",
    "bit_and",  "bit_or",  "bit_xor",  "std",    "stddev",    "stddev_pop",     "stddev_samp",
    "variance", "var_pop", "var_samp", "median", "any_value", "json_objectagg", "st_collect"};
constexpr std::array<std::string_view, 2> kOrdered = {"group_concat", "json_arrayagg"};
constexpr std::array<std::string_view, 4> kDateArithmetic = {"date_add", "date_sub", "adddate", "subdate"};
constexpr std::array<std::string_view, 2> kUnitFirst = {"timestampadd", "timestampdiff"};
constexpr std::array<std::string_view, 9> kUnits = {"microsecond", "second", "minute",  "hour", "day",
                                                    "week",        "month",  "quarter", "year"};
constexpr std::array<std::string_view, 4> kFormatTypes = {"date", "time", "datetime", "timestamp"};

}  // namespace

// `count`(a) would call a stored function of that name, which only its database can tell from the server's
// own.
void Builder::check_call_name(Word name, Location location) {
  char first = sql_[location.begin];
  bool quoted = first == '`' || first == '"';
  if (quoted && is_builtin_function(lower(name))) syntax_error(location);
}

// timestampadd(day, …) and get_format(date, …) begin with a word that is no column.
void Builder::take_word_argument(FunctionCall* call) {
  bool unit = among(call->name, kUnitFirst);
  if (call->args.empty() || (!unit && call->name != "get_format")) return;
  auto* first = as<ColumnRef>(call->args.front());
  if (first == nullptr || !first->table.empty()) return;
  auto* keyword = make<Keyword>(place(first));
  keyword->word = lower(to_word(first->name));
  if (unit && keyword->word.starts_with("sql_tsi_")) keyword->word.remove_prefix(8);
  if (unit ? !among(keyword->word, kUnits) : !among(keyword->word, kFormatTypes)) syntax_error(place(first));
  call->args.front() = keyword;
}

FunctionCall* Builder::plain_call(Location location, Word name, List<Expr*> args) {
  auto* node = make<FunctionCall>(location);
  node->name = lower(name);
  node->args = args;
  return node;
}

Expr* Builder::call(Location location, Word name, bool distinct, List<Expr*> args, List<OrderItem*> order,
                    Literal* separator, Limit* limit, List<OrderItem*> within, bool ignore_nulls,
                    WindowSpec* over, Location distinct_location, Location order_location) {
  FunctionCall* node = plain_call(location, name, args);
  std::string_view function = node->name;
  if (distinct && !among(function, kAggregates)) syntax_error(distinct_location);
  bool ordered = !order.empty() || separator != nullptr || limit != nullptr;
  if (ordered && (!among(function, kOrdered) || !within.empty())) syntax_error(order_location);
  for (unsigned i = 0; i < args.count; ++i) {
    if (is_interval(args[i]) && (i != 1 || !among(function, kDateArithmetic))) syntax_error(place(args[i]));
  }
  take_word_argument(node);
  bool plain = !distinct && !ordered && within.empty() && !ignore_nulls && over == nullptr;
  if (function == "value" && args.count == 1 && as<ColumnRef>(args.front()) != nullptr && plain) {
    auto* values = make<ValuesOf>(location);
    values->column = static_cast<ColumnRef*>(args.front());
    values->value_word = true;
    return values;
  }
  node->distinct = distinct;
  node->order_by = within.empty() ? order : within;
  node->within_group = !within.empty();
  node->separator = separator;
  node->limit = limit;
  node->ignore_nulls = ignore_nulls;
  node->over = over;
  return node;
}

bool Builder::is_interval(const Expr* expr) { return expr->kind == NodeKind::kInterval; }

Expr* Builder::call_star(Location location, Word name, WindowSpec* over, Location star) {
  FunctionCall* node = plain_call(location, name, list(static_cast<Expr*>(make<Star>(star))));
  if (node->name != "count") syntax_error(star);
  node->over = over;
  return node;
}

Expr* Builder::routine_call(Location location, Word schema, Word name, List<Expr*> args) {
  auto* node = make<FunctionCall>(location);
  node->schema = schema;
  node->name = name;
  node->args = args;
  return node;
}

Expr* Builder::nth_value(Location location, Expr* value, Expr* n, bool from_last, bool ignore_nulls,
                         WindowSpec* over) {
  FunctionCall* node = plain_call(location, word("nth_value"), prepend(value, list(n)));
  node->from_last = from_last;
  node->ignore_nulls = ignore_nulls;
  node->over = over;
  return node;
}

WindowFrame* Builder::frame(Location location, int unit, FrameBound* start, FrameBound* end, Word exclude) {
  auto* node = make<WindowFrame>(location);
  node->unit = static_cast<FrameUnit>(unit);
  node->start = start;
  node->end = end;
  node->exclude = exclude;
  return node;
}

FrameBound* Builder::bound(Location location, FrameBoundKind kind, Expr* value) {
  auto* node = make<FrameBound>(location);
  node->bound = kind;
  node->value = value;
  return node;
}

}  // namespace kintsugi::sql
