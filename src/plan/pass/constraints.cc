#include <algorithm>

#include "plan/pass/rules.h"

// What conditions say of the values of one column: always a superset of those that fulfil them.

namespace kintsugi::plan::pass {

namespace {

/// More alternatives than these are not worth mapping one by one.
constexpr std::size_t kAlternativesMax = 10'000;

using Operands = std::vector<Operand>;

class Values {
 public:
  Values(Draft& draft, Block* block, const Source& source, std::string_view key)
      : draft_(draft), block_(block), source_(source), key_(key) {}

  /// The values that the column may have where the condition is true; none: any.
  std::optional<Operands> of(const sql::Expr* condition) {
    if (const auto* binary = sql::as<sql::Binary>(condition)) return of_comparison(*binary);
    if (const auto* in = sql::as<sql::In>(condition)) return of_in(*in);
    const auto* logical = sql::as<sql::Logical>(condition);
    if (logical == nullptr) return std::nullopt;
    return logical->op == sql::LogicalOp::kAnd ? of_all(*logical) : of_any(*logical);
  }

  bool is_key(const sql::Expr* expr) {
    const auto* column = sql::as<sql::ColumnRef>(expr);
    if (column == nullptr || !same_column(column->name, key_)) return false;
    return resolve_column(*column, block_).source == &source_;
  }

 private:
  std::optional<Operands> of_comparison(const sql::Binary& binary) {
    if (binary.op == sql::BinaryOp::kNullSafeEqual) {
      // <=> NULL finds the rows that = NULL does not.
      std::optional<Operand> value = equal(*binary.left, *binary.right);
      if (!value || value->from != Operand::From::kLiteral) return std::nullopt;
      return Operands{*value};
    }
    if (binary.op != sql::BinaryOp::kEqual) return std::nullopt;
    const std::optional<Operand> value = equal(*binary.left, *binary.right);
    return value ? std::optional(Operands{*value}) : std::nullopt;
  }

  std::optional<Operand> equal(const sql::Expr& left, const sql::Expr& right) {
    if (is_key(&left)) return constant_operand(&right, draft_);
    if (is_key(&right)) return constant_operand(&left, draft_);
    const auto* row_a = sql::as<sql::Row>(&left);
    const auto* row_b = sql::as<sql::Row>(&right);
    if (row_a == nullptr || row_b == nullptr || row_a->items.size() != row_b->items.size())
      return std::nullopt;
    for (std::size_t i = 0; i < row_a->items.size(); ++i) {
      if (auto value = equal(*row_a->items[i], *row_b->items[i])) return value;
    }
    return std::nullopt;
  }

  std::optional<Operands> of_in(const sql::In& in) {
    if (in.negated || in.query != nullptr || in.list.size() > kAlternativesMax) return std::nullopt;
    Operands values;
    for (const sql::Expr* item : in.list) {
      const std::optional<Operand> value = equal(*in.value, *item);
      if (!value) return std::nullopt;
      values.push_back(*value);
    }
    return values;
  }

  std::optional<Operands> of_all(const sql::Logical& logical) {
    std::optional<Operands> fewest;
    for (const sql::Expr* operand : logical.operands) {
      std::optional<Operands> values = of(operand);
      if (values && (!fewest || values->size() < fewest->size())) fewest = std::move(values);
    }
    return fewest;
  }

  std::optional<Operands> of_any(const sql::Logical& logical) {
    Operands all;
    for (const sql::Expr* operand : logical.operands) {
      std::optional<Operands> values = of(operand);
      if (!values || all.size() + values->size() > kAlternativesMax) return std::nullopt;
      all.insert(all.end(), values->begin(), values->end());
    }
    return all;
  }

  Draft& draft_;
  Block* block_;
  const Source& source_;
  std::string_view key_;
};

/// The vindex's name as text and its columns, without values.
Constraint empty_constraint(const Source& source, Constraint::Kind kind, std::size_t columns) {
  Constraint constraint;
  constraint.kind = kind;
  constraint.vindex = source.vindex;
  for (std::size_t i = 0; i < columns; ++i) constraint.columns.push_back(source.keys[i].column);
  return constraint;
}

void add_single(Draft& draft, Block* block, const Source& source,
                const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out) {
  Values values(draft, block, source, source.keys.front().name);
  for (const sql::Expr* condition : conditions) {
    const std::optional<Operands> found = values.of(condition);
    if (!found) continue;
    Constraint constraint = empty_constraint(source, Constraint::Kind::kValues, 1);
    for (const Operand& value : *found) constraint.tuples.push_back({value});
    out.push_back(std::move(constraint));
  }
}

/// Of a vindex over several columns: the combinations of what is known of each, up to the first of which
/// nothing is.
void add_combined(Draft& draft, Block* block, const Source& source,
                  const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out) {
  std::vector<Operands> known;
  for (const Source::Key& key : source.keys) {
    if (key.name.empty() || !key.column.exact) break;
    std::optional<Operands> fewest = values_of(draft, block, source, key.name, conditions);
    if (!fewest) break;
    known.push_back(std::move(*fewest));
  }
  if (known.empty()) return;
  Constraint constraint = empty_constraint(source, Constraint::Kind::kValues, known.size());
  constraint.tuples.emplace_back();
  for (const Operands& alternatives : known) {
    std::vector<Operands> longer;
    for (const Operands& tuple : constraint.tuples) {
      for (const Operand& value : alternatives) {
        longer.push_back(tuple);
        longer.back().push_back(value);
      }
    }
    if (longer.size() > kAlternativesMax) return;
    constraint.tuples = std::move(longer);
  }
  out.push_back(std::move(constraint));
}

struct Bounds {
  std::optional<Operand> low, high;

  void set(std::optional<Operand>& bound, const std::optional<Operand>& value) {
    if (!bound && value) bound = value;
  }
};

void find_bounds(Draft& draft, Values& values, const sql::Expr* condition, Bounds& bounds) {
  if (const auto* between = sql::as<sql::Between>(condition)) {
    if (between->negated || !values.is_key(between->value)) return;
    bounds.set(bounds.low, constant_operand(between->low, draft));
    bounds.set(bounds.high, constant_operand(between->high, draft));
    return;
  }
  const auto* binary = sql::as<sql::Binary>(condition);
  if (binary == nullptr) return;
  const bool less = binary->op == sql::BinaryOp::kLess || binary->op == sql::BinaryOp::kLessEqual;
  const bool greater = binary->op == sql::BinaryOp::kGreater || binary->op == sql::BinaryOp::kGreaterEqual;
  if (!less && !greater) return;
  const bool forth = values.is_key(binary->left);
  if (!forth && !values.is_key(binary->right)) return;
  const auto value = constant_operand(forth ? binary->right : binary->left, draft);
  bounds.set(forth == less ? bounds.high : bounds.low, value);
}

void add_range(Draft& draft, Block* block, const Source& source,
               const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out) {
  if (!source.vindex->type().ranges || source.keys.size() != 1) return;
  if (source.keys.front().column.type_class != ColumnClass::kInteger) return;
  Values values(draft, block, source, source.keys.front().name);
  Bounds bounds;
  for (const sql::Expr* condition : conditions) find_bounds(draft, values, condition, bounds);
  if (!bounds.low && !bounds.high) return;
  Constraint constraint = empty_constraint(source, Constraint::Kind::kRange, 1);
  constraint.tuples.resize(2);
  if (bounds.low) constraint.tuples[0].push_back(*bounds.low);
  if (bounds.high) constraint.tuples[1].push_back(*bounds.high);
  out.push_back(std::move(constraint));
}

}  // namespace

std::optional<std::vector<Operand>> values_of(Draft& draft, Block* block, const Source& source,
                                              std::string_view column,
                                              const std::vector<const sql::Expr*>& conditions) {
  Values values(draft, block, source, column);
  std::optional<Operands> fewest;
  for (const sql::Expr* condition : conditions) {
    std::optional<Operands> found = values.of(condition);
    if (found && (!fewest || found->size() < fewest->size())) fewest = std::move(found);
  }
  return fewest;
}

void find_constraints(Draft& draft, Block* block, const Source& source,
                      const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out) {
  if (!source.keys.front().column.exact || source.keys.front().name.empty()) {
    return;
  }
  if (source.keys.size() > 1) return add_combined(draft, block, source, conditions, out);
  add_single(draft, block, source, conditions, out);
  add_range(draft, block, source, conditions, out);
}

}  // namespace kintsugi::plan::pass
