#include <charconv>
#include <set>

#include "base/lower_case.h"
#include "plan/pass/draft.h"
#include "sql/parser.h"

// Columns to sources, and the little that is understood of expressions.

namespace kintsugi::plan::pass {

bool same_column(std::string_view a, std::string_view b) { return equal_names(a, b); }

int key_position(const Source& source, std::string_view column) {
  for (std::size_t i = 0; i < source.keys.size(); ++i) {
    if (!source.keys[i].name.empty() && same_column(source.keys[i].name, column)) return static_cast<int>(i);
  }
  return -1;
}

namespace {

enum class Has { kYes, kNo, kMaybe };

Has has_column(const Source& source, std::string_view name) {
  switch (source.kind) {
    case Source::Kind::kTable:
      if (source.table == nullptr || source.table->view) return Has::kMaybe;
      return source.table->find(name) != nullptr ? Has::kYes : Has::kNo;
    case Source::Kind::kDerived:
      if (!source.columns.empty()) {
        for (const std::string_view column : source.columns) {
          if (same_column(column, name)) return Has::kYes;
        }
        return Has::kNo;
      }
      for (const Output& output : source.query->outputs) {
        if (same_column(output.name, name)) return Has::kYes;
      }
      return source.query->outputs_known ? Has::kNo : Has::kMaybe;
    case Source::Kind::kOpaque:
      return Has::kMaybe;
  }
  return Has::kMaybe;
}

bool qualifies(const sql::ColumnRef& column, const Source& source) {
  if (column.table != source.alias) return false;
  return column.schema.empty() || column.schema == source.schema;
}

}  // namespace

ResolvedColumn resolve_column(const sql::ColumnRef& column, Block* block) {
  for (; block != nullptr; block = block->parent) {
    bool maybe = false;
    for (Source* source : block->sources) {
      if (!column.table.empty() && !qualifies(column, *source)) continue;
      switch (has_column(*source, column.name)) {
        case Has::kYes:
          return {source, column.name};
        case Has::kMaybe:
          if (!column.table.empty()) return {source, column.name};
          maybe = true;
          break;
        case Has::kNo:
          if (!column.table.empty()) return {};  // the server says that there is no such column
          break;
      }
    }
    if (maybe) return {};
  }
  return {};
}

namespace {

// No integer that a client writes has them.
constexpr char kReadMark = '\x04';
constexpr char kSetMark = '\x05';

sql::Literal* row_mark(char kind, std::size_t column, sql::Arena& arena) {
  auto* mark = sql::make_node<sql::Literal>(arena);
  mark->literal = sql::LiteralKind::kInteger;
  mark->text = arena.copy(kind + std::to_string(column));
  return mark;
}

}  // namespace

sql::Literal* read_mark(std::size_t column, sql::Arena& arena) { return row_mark(kReadMark, column, arena); }
sql::Literal* set_mark(std::size_t column, sql::Arena& arena) { return row_mark(kSetMark, column, arena); }

bool is_row_mark(const sql::Literal& literal) {
  return literal.literal == sql::LiteralKind::kInteger &&
         (literal.text.starts_with(kReadMark) || literal.text.starts_with(kSetMark));
}

bool has_row_mark(const sql::Node& node) {
  bool found = false;
  sql::walk(node, [&found](const sql::Node& child) {
    const auto* literal = sql::as<sql::Literal>(&child);
    found = found || (literal != nullptr && is_row_mark(*literal));
    return !found;
  });
  return found;
}

std::optional<Operand> constant_operand(const sql::Expr* expr, Draft& draft) {
  bool negated = false;
  while (const auto* sign = sql::as<sql::Unary>(expr)) {
    if (sign->op == sql::UnaryOp::kNegate) {
      negated = !negated;
    } else if (sign->op != sql::UnaryOp::kPlus) {
      return std::nullopt;
    }
    expr = sign->operand;
  }
  Operand operand;
  operand.negated = negated;
  if (const auto* parameter = sql::as<sql::Parameter>(expr)) {
    operand.from = Operand::From::kParameter;
    operand.index = static_cast<std::uint32_t>(parameter->index);
    return operand;
  }
  const auto* literal = sql::as<sql::Literal>(expr);
  if (literal == nullptr) return std::nullopt;
  if (is_row_mark(*literal)) {
    operand.from = literal->text.front() == kSetMark ? Operand::From::kSet : Operand::From::kRead;
    std::from_chars(literal->text.data() + 1, literal->text.data() + literal->text.size(), operand.index);
    return operand;
  }
  operand.charset = literal->literal == sql::LiteralKind::kNational ? std::string_view("utf8mb3")
                                                                    : draft.keep(literal->charset);
  if (literal->ordinal >= 0) {
    operand.from = Operand::From::kLiteral;
    operand.index = static_cast<std::uint32_t>(literal->ordinal);
    return operand;
  }
  operand.constant = literal_value(literal->literal, draft.keep(literal->text));
  return operand;
}

std::optional<Operand> default_operand(const Column& column, Draft& draft, sql::Arena& arena) {
  if (column.default_sql.empty()) return std::nullopt;
  const Result<sql::Expr*> parsed = sql::parse_expression(column.default_sql, arena);
  return parsed ? constant_operand(*parsed, draft) : std::nullopt;
}

std::optional<Value> zero_of(const Column& column) {
  static const std::set<std::string_view> kNumbers = {"tinyint", "smallint", "mediumint", "int",  "bigint",
                                                      "decimal", "float",    "double",    "year", "bit"};
  if (kNumbers.contains(column.type)) return Value{ValueKind::kInteger, "0", {}};
  if (column.type_class == ColumnClass::kText || column.type_class == ColumnClass::kBinary ||
      column.type == "set") {
    return Value{ValueKind::kString, "", {}};
  }
  if (column.type == "date") return Value{ValueKind::kString, "0000-00-00", {}};
  if (column.type == "datetime") return Value{ValueKind::kString, "0000-00-00 00:00:00", {}};
  if (column.type == "time") return Value{ValueKind::kString, "00:00:00", {}};
  return std::nullopt;
}

sql::Expr* exact_column(const Source& source, std::string_view column, sql::Arena& arena) {
  auto* reference = sql::make_node<sql::ColumnRef>(arena);
  reference->table = arena.copy(source.alias);
  reference->name = arena.copy(column);
  const Column* known = source.table == nullptr ? nullptr : source.table->find(column);
  if (known == nullptr || known->type != "float") return reference;
  auto* zero = sql::make_node<sql::Literal>(arena);
  zero->literal = sql::LiteralKind::kFloat;
  zero->text = "0e0";
  auto* sum = sql::make_node<sql::Binary>(arena);
  sum->op = sql::BinaryOp::kAdd;
  sum->left = reference;
  sum->right = zero;
  return sum;
}

Result<std::shared_ptr<const Plan>> plan_read(Draft& draft, const sql::Query& query) {
  PlanContext context = draft.context;
  context.own_text = false;
  Result<Planned> planned = plan::plan(query, {}, context);
  if (!planned) return failure(planned.error());
  draft.missing.insert(draft.missing.end(), planned->missing.begin(), planned->missing.end());
  if (planned->plan == nullptr) return nullptr;
  Plan& plan = *draft.plan;
  plan.cacheable = plan.cacheable && planned->plan->cacheable;
  const auto& pinned = planned->plan->pinned_literals;
  plan.pinned_literals.insert(plan.pinned_literals.end(), pinned.begin(), pinned.end());
  return planned->plan;
}

std::string full_name(const TableEntry& entry) {
  return quoted_name(entry.keyspace) + "." + quoted_name(entry.server_name);
}

sql::Limit* limit_of(std::string_view rows, sql::Arena& arena) {
  auto* limit = sql::make_node<sql::Limit>(arena);
  auto* count = sql::make_node<sql::Literal>(arena);
  count->literal = sql::LiteralKind::kInteger;
  count->text = rows;
  limit->count = count;
  return limit;
}

bool uses_variables(const sql::Node& node) {
  bool found = false;
  sql::walk(node, [&found](const sql::Node& child) {
    found = found || child.kind == sql::NodeKind::kUserVariable;
    return !found;
  });
  return found;
}

std::vector<const sql::Expr*> conjuncts(const sql::Expr* condition) {
  if (condition == nullptr) return {};
  const auto* logical = sql::as<sql::Logical>(condition);
  if (logical == nullptr || logical->op != sql::LogicalOp::kAnd) return {condition};
  return {logical->operands.begin(), logical->operands.end()};
}

}  // namespace kintsugi::plan::pass
