#include "plan/pass/push_down.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/lower_case.h"
#include "plan/pass/searches.h"

namespace kintsugi::plan::pass {

namespace {

using sql::JoinKind;

/// An expression of this source's columns and constants alone whose outcome is nobody's surprise: comparisons
/// and what joins them. Nothing that has an effect, a warning or another value each time.
class Plain {
 public:
  Plain(Draft& draft, const Source& source) : draft_(draft), source_(source) {}

  bool condition(const sql::Expr* expr) {
    if (const auto* logical = sql::as<sql::Logical>(expr)) {
      return std::ranges::all_of(logical->operands,
                                 [this](const sql::Expr* each) { return condition(each); });
    }
    if (is_search(expr)) return true;
    if (const auto* binary = sql::as<sql::Binary>(expr)) {
      return sql::is_comparison(binary->op) && value(binary->left) && value(binary->right);
    }
    if (const auto* between = sql::as<sql::Between>(expr)) {
      return value(between->value) && value(between->low) && value(between->high);
    }
    if (const auto* in = sql::as<sql::In>(expr)) {
      if (in->query != nullptr) return values(in->value) && query(*in->query);
      return value(in->value) &&
             std::ranges::all_of(in->list, [this](const sql::Expr* each) { return value(each); });
    }
    if (const auto* exists = sql::as<sql::Exists>(expr)) return query(*exists->query);
    if (const auto* negation = sql::as<sql::Unary>(expr))
      return negation->op == sql::UnaryOp::kNot && condition(negation->operand);
    if (const auto* like = sql::as<sql::Like>(expr)) {
      return like->escape == nullptr && value(like->value) && value(like->pattern);
    }
    const auto* is = sql::as<sql::Is>(expr);
    return is != nullptr && value(is->value);
  }

 private:
  bool value(const sql::Expr* expr) {
    if (const auto* column = sql::as<sql::ColumnRef>(expr)) {
      return resolve_column(*column, source_.block).source == &source_;
    }
    return constant(expr) || part_of_text(expr) || is_search(expr);
  }

  /// Of this source's rows, which only their shard knows how to search.
  bool is_search(const sql::Expr* expr) {
    const auto* match = sql::as<sql::Match>(expr);
    return match != nullptr && searched_table(*match, source_.block) == &source_;
  }

  /// A value, or several in parentheses.
  bool values(const sql::Expr* expr) {
    const auto* row = sql::as<sql::Row>(expr);
    if (row == nullptr) return value(expr);
    return std::ranges::all_of(row->items, [this](const sql::Expr* each) { return value(each); });
  }

  bool query(const sql::Query& query) {
    return (!draft_.plan->locks || !query.locking.empty()) && is_local_query(draft_, source_, query);
  }

  /// Functions that take a part of a text, whatever it is.
  bool part_of_text(const sql::Expr* expr) {
    static constexpr std::string_view kNames[] = {"left",  "right", "substr", "substring",  "lower",
                                                  "upper", "lcase", "ucase",  "char_length"};
    const auto* call = sql::as<sql::FunctionCall>(expr);
    if (call == nullptr || !call->schema.empty() || call->args.empty()) return false;
    if (std::ranges::find(kNames, call->name) == std::end(kNames)) return false;
    return is_text(call->args.front()) &&
           std::all_of(call->args.begin() + 1, call->args.end(),
                       [this](const sql::Expr* each) { return constant_operand(each, draft_).has_value(); });
  }

  bool is_text(const sql::Expr* expr) {
    const auto* column = sql::as<sql::ColumnRef>(expr);
    if (column == nullptr || !value(column)) return false;
    const Column* known = source_.table == nullptr ? nullptr : source_.table->find(column->name);
    return known != nullptr && known->type_class == ColumnClass::kText;
  }

  /// Of constants, sums and differences only: dates that are so many days apart.
  bool constant(const sql::Expr* expr) {
    if (constant_operand(expr, draft_)) return true;
    const auto* binary = sql::as<sql::Binary>(expr);
    if (binary == nullptr) return false;
    if (binary->op != sql::BinaryOp::kAdd && binary->op != sql::BinaryOp::kSubtract) return false;
    return constant(binary->left) && (constant(binary->right) || constant_interval(binary->right));
  }

  bool constant_interval(const sql::Expr* expr) {
    const auto* interval = sql::as<sql::Interval>(expr);
    return interval != nullptr && constant(interval->value);
  }

  Draft& draft_;
  const Source& source_;
};

/// Finds the source in a tree of joins, and on the way back which ONs its rows must fulfil.
class OnConditions {
 public:
  explicit OnConditions(const Source& source) : source_(source) {}

  std::vector<const sql::Expr*> take() {
    for (const sql::TableRef* ref : source_.block->from) visit(*ref);
    return std::move(found_);
  }

 private:
  struct Place {
    bool here = false;
    bool nullable = false;  ///< as a row of NULLs too, so that a condition is no condition on its rows
  };

  Place visit(const sql::TableRef& ref) {
    const auto* join = sql::as<sql::Join>(&ref);
    if (join == nullptr) {
      const auto found = source_.block->source_of.find(&ref);
      return {.here = found != source_.block->source_of.end() && found->second == &source_};
    }
    const Place left = visit(*join->left);
    const Place right = visit(*join->right);
    if (!left.here && !right.here) return {};
    const bool kept_whole = left.here ? join->join == JoinKind::kLeft : join->join == JoinKind::kRight;
    const bool nulls_added = left.here ? join->join == JoinKind::kRight : join->join == JoinKind::kLeft;
    const bool was_nullable = left.here ? left.nullable : right.nullable;
    if (!kept_whole && !was_nullable) {
      for (const sql::Expr* condition : conjuncts(join->on)) found_.push_back(condition);
    }
    return {.here = true, .nullable = was_nullable || nulls_added};
  }

  const Source& source_;
  std::vector<const sql::Expr*> found_;
};

sql::Expr* joined(sql::LogicalOp op, const std::vector<sql::Expr*>& operands, sql::Arena& arena) {
  if (operands.size() == 1) return operands.front();
  auto* logical = sql::make_node<sql::Logical>(arena);
  logical->op = op;
  for (sql::Expr* operand : operands) logical->operands.push_back(arena, operand);
  return logical;
}

/// What the condition says of the source alone; of an OR, that is what each of its sides says. Null: nothing.
sql::Expr* implied_condition(const sql::Expr& condition, Plain& plain, sql::Arena& arena) {
  if (plain.condition(&condition)) return sql::clone(&condition, arena);
  std::vector<sql::Expr*> sides;
  for (const sql::Expr* side : alternatives(condition)) {
    std::vector<sql::Expr*> said;
    for (const sql::Expr* each : conjuncts(side)) {
      if (sql::Expr* implied = implied_condition(*each, plain, arena)) said.push_back(implied);
    }
    if (said.empty()) return nullptr;
    sides.push_back(joined(sql::LogicalOp::kAnd, said, arena));
  }
  return sides.empty() ? nullptr : joined(sql::LogicalOp::kOr, sides, arena);
}

/// What values are compared as.
enum class Kind : std::uint8_t { kUnknown, kNumber, kText, kMoment };

Kind kind_of(const Column& column) {
  static constexpr std::string_view kNumbers[] = {"decimal", "double", "float", "year"};
  if (column.type_class == ColumnClass::kInteger ||
      std::ranges::find(kNumbers, column.type) != std::end(kNumbers))
    return Kind::kNumber;
  if (column.type_class == ColumnClass::kText) return Kind::kText;
  const bool moment =
      column.type_class == ColumnClass::kDate || column.type == "datetime" || column.type == "timestamp";
  return moment ? Kind::kMoment : Kind::kUnknown;
}

/// Of all columns with this name, wherever the name may mean which of them.
Kind kind_of(std::string_view name, std::span<const TableEntry> tables) {
  Kind kind = Kind::kUnknown;
  for (const TableEntry& entry : tables) {
    const Column* column = entry.schema == nullptr ? nullptr : entry.schema->find(name);
    if (column == nullptr) continue;
    if (kind != Kind::kUnknown && kind != kind_of(*column)) return Kind::kUnknown;
    kind = kind_of(*column);
  }
  return kind;
}

}  // namespace

std::vector<const sql::Expr*> alternatives(const sql::Expr& condition) {
  const auto* logical = sql::as<sql::Logical>(&condition);
  if (logical == nullptr || logical->op != sql::LogicalOp::kOr) return {};
  return {logical->operands.begin(), logical->operands.end()};
}

std::vector<const sql::Expr*> conditions_of(const Source& source) {
  std::vector<const sql::Expr*> found;
  // Of a row of NULLs, a WHERE says nothing before the join.
  if (!source.nullable) found = conjuncts(source.block->where);
  for (const sql::Expr* condition : OnConditions(source).take()) found.push_back(condition);
  return found;
}

namespace {

/// The count of LIMIT 0, which leaves nothing of what the statement asks for; null: it has none.
const sql::Literal* none_wanted(const sql::Statement& statement) {
  const sql::Statement* asked = &statement;
  if (const auto* create = sql::as<sql::CreateTable>(asked)) asked = create->query;
  if (asked == nullptr || !sql::is_query(asked->kind)) return nullptr;
  const auto* select = sql::as<sql::Select>(asked);
  const sql::Limit* limit = static_cast<const sql::Query*>(asked)->limit;
  if (limit == nullptr || (select != nullptr && (select->options & sql::kCalcFoundRows) != 0)) return nullptr;
  const auto* count = sql::as<sql::Literal>(limit->count);
  return count != nullptr && count->text == "0" ? count : nullptr;
}

}  // namespace

std::vector<const sql::Expr*> conditions_before_copy(Draft& draft, const Source& source) {
  if (const sql::Literal* none = none_wanted(draft.statement)) {
    if (none->ordinal >= 0) draft.plan->pinned_literals.push_back(static_cast<std::uint32_t>(none->ordinal));
    auto* never = sql::make_node<sql::Literal>(draft.plan->arena);
    never->literal = sql::LiteralKind::kFalse;
    return {never};
  }
  std::vector<const sql::Expr*> found;
  Plain plain(draft, source);
  for (const sql::Expr* condition : conditions_of(source)) {
    if (const sql::Expr* implied = implied_condition(*condition, plain, draft.plan->arena))
      found.push_back(implied);
  }
  return found;
}

std::set<std::string> joined_columns(const sql::Statement& statement, std::span<const TableEntry> tables) {
  std::set<std::string> names;
  const auto add = [&](std::string_view left, std::string_view right) {
    const Kind kind = kind_of(left, tables);
    if (kind == Kind::kUnknown || kind != kind_of(right, tables)) return;
    names.insert(lower_case(left));
    names.insert(lower_case(right));
  };
  const auto compare = [&add](const sql::Expr* left, const sql::Expr* right) {
    const auto* a = sql::as<sql::ColumnRef>(left);
    const auto* b = sql::as<sql::ColumnRef>(right);
    if (a != nullptr && b != nullptr) add(a->name, b->name);
  };
  sql::walk(statement, [&](const sql::Node& node) {
    const auto* binary = sql::as<sql::Binary>(&node);
    if (binary != nullptr && binary->op == sql::BinaryOp::kEqual) compare(binary->left, binary->right);
    if (const auto* in = sql::as<sql::In>(&node); in != nullptr && in->query != nullptr) {
      const auto* select = sql::as<sql::Select>(in->query);
      if (select != nullptr && select->items.size() == 1) compare(in->value, select->items[0]->value);
    }
    if (const auto* join = sql::as<sql::Join>(&node)) {
      for (const std::string_view column : join->using_columns) add(column, column);
    }
    return true;
  });
  return names;
}

bool is_indexable(const Column& column) {
  constexpr std::uint64_t kLengthMax = 190;  // 4 bytes each: under every storage engine's bound
  switch (column.type_class) {
    case ColumnClass::kInteger:
    case ColumnClass::kDate:
      return true;
    case ColumnClass::kText:
    case ColumnClass::kBinary:
      return !column.type.ends_with("text") && !column.type.ends_with("blob") && column.length <= kLengthMax;
    default:
      return column.type == "decimal" || column.type == "datetime" || column.type == "timestamp";
  }
}

}  // namespace kintsugi::plan::pass
