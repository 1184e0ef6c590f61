#include "plan/pass/push_down.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/lower_case.h"

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
    if (const auto* binary = sql::as<sql::Binary>(expr)) {
      return sql::is_comparison(binary->op) && value(binary->left) && value(binary->right);
    }
    if (const auto* between = sql::as<sql::Between>(expr)) {
      return value(between->value) && value(between->low) && value(between->high);
    }
    if (const auto* in = sql::as<sql::In>(expr)) {
      return in->query == nullptr && value(in->value) &&
             std::ranges::all_of(in->list, [this](const sql::Expr* each) { return value(each); });
    }
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
    return constant(expr);
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

struct IntegerColumn {
  const Source* source = nullptr;  ///< null: it is none
  const Column* column = nullptr;
};

IntegerColumn integer_column(const sql::Expr* expr, Block& block) {
  const auto* ref = sql::as<sql::ColumnRef>(expr);
  if (ref == nullptr) return {};
  const ResolvedColumn resolved = resolve_column(*ref, &block);
  if (resolved.source == nullptr || resolved.source->table == nullptr) return {};
  const Column* column = resolved.source->table->find(resolved.name);
  if (column == nullptr || column->type_class != ColumnClass::kInteger) return {};
  return {resolved.source, column};
}

std::vector<const sql::Expr*> alternatives(const sql::Expr& condition) {
  const auto* logical = sql::as<sql::Logical>(&condition);
  if (logical == nullptr || logical->op != sql::LogicalOp::kOr) return {};
  return {logical->operands.begin(), logical->operands.end()};
}

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

std::optional<Tie> tie_by(const sql::Binary& equality, const Source& source) {
  IntegerColumn own = integer_column(equality.left, *source.block);
  IntegerColumn other = integer_column(equality.right, *source.block);
  if (own.source != &source) std::swap(own, other);
  if (own.source != &source || other.source == nullptr || other.source == &source) return std::nullopt;
  return Tie{other.source, own.column, other.column};
}

/// The ties that a condition makes; an OR makes those of all its sides.
std::vector<Tie> ties_by(const sql::Expr& condition, const Source& source) {
  std::vector<Tie> ties;
  const auto* binary = sql::as<sql::Binary>(&condition);
  if (binary != nullptr && binary->op == sql::BinaryOp::kEqual) {
    if (const std::optional<Tie> tie = tie_by(*binary, source)) ties.push_back(*tie);
    return ties;
  }
  bool first = true;
  for (const sql::Expr* side : alternatives(condition)) {
    std::vector<Tie> of_side;
    for (const sql::Expr* each : conjuncts(side)) {
      for (const Tie& tie : ties_by(*each, source)) of_side.push_back(tie);
    }
    if (first) ties = std::move(of_side);
    if (!first)
      std::erase_if(ties, [&](const Tie& tie) { return std::ranges::find(of_side, tie) == of_side.end(); });
    first = false;
  }
  return ties;
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

std::vector<const sql::Expr*> conditions_of(const Source& source) {
  std::vector<const sql::Expr*> found;
  // Of a row of NULLs, a WHERE says nothing before the join.
  if (!source.nullable) found = conjuncts(source.block->where);
  for (const sql::Expr* condition : OnConditions(source).take()) found.push_back(condition);
  return found;
}

std::vector<const sql::Expr*> conditions_before_copy(Draft& draft, const Source& source) {
  std::vector<const sql::Expr*> found;
  Plain plain(draft, source);
  for (const sql::Expr* condition : conditions_of(source)) {
    if (const sql::Expr* implied = implied_condition(*condition, plain, draft.plan->arena))
      found.push_back(implied);
  }
  return found;
}

std::vector<Tie> ties_of(const Source& source) {
  std::vector<Tie> ties;
  for (const sql::Expr* condition : conditions_of(source)) {
    for (const Tie& tie : ties_by(*condition, source)) ties.push_back(tie);
  }
  return ties;
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
