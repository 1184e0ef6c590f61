#include <algorithm>
#include <optional>
#include <utility>

#include "plan/pass/push_down.h"
#include "plan/pass/rules.h"

// Equalities of two sources' columns that the rows of one must fulfil to be needed: by them a copy is
// narrowed to the values of an earlier one.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

struct TableColumn {
  const Source* source = nullptr;  ///< null: it is none of a table that is known
  const Column* column = nullptr;
};

TableColumn table_column(const Source* source, std::string_view name) {
  if (source == nullptr || source->table == nullptr || source->table->view) return {};
  const Column* column = source->table->find(name);
  return column == nullptr ? TableColumn{} : TableColumn{source, column};
}

TableColumn table_column(const sql::Expr* expr, Block& block) {
  const auto* ref = sql::as<sql::ColumnRef>(expr);
  if (ref == nullptr) return {};
  const ResolvedColumn resolved = resolve_column(*ref, &block);
  return table_column(resolved.source, resolved.name);
}

/// Whether equality of values of both is equality with the values as constants. A text's constant is compared
/// by the column's collation, so both must have one; a TIMESTAMP's may mean two instants, a float's has other
/// digits.
bool is_linkable(const Column& a, const Column& b) {
  if (a.type_class == ColumnClass::kInteger) return b.type_class == ColumnClass::kInteger;
  if (a.type != b.type || !is_indexable(a) || !is_indexable(b)) return false;
  if (a.type_class == ColumnClass::kDate) return true;
  if (a.type == "decimal" || a.type == "datetime") return a.declared == b.declared;
  const bool text = a.type == "char" || a.type == "varchar";
  return (text && !a.collation.empty() && a.collation == b.collation) || a.type == "varbinary" ||
         (a.type == "binary" && a.declared == b.declared);
}

/// Ties of one source, gathered from what is known of its block.
class Tier {
 public:
  explicit Tier(const Source& source) : source_(source) {}

  std::vector<Tie> find() {
    for (const sql::Expr* condition : conditions_of(source_)) {
      for (const Tie& tie : by(*condition)) ties_.push_back(tie);
    }
    by_query_around();
    return std::move(ties_);
  }

 private:
  /// The ties that a condition makes; an OR makes those of all its sides.
  std::vector<Tie> by(const sql::Expr& condition) const {
    std::vector<Tie> ties;
    if (const auto* binary = sql::as<sql::Binary>(&condition)) {
      if (binary->op != sql::BinaryOp::kEqual) return ties;
      if (const std::optional<Tie> tie = by_equality(*binary->left, *binary->right, *source_.block))
        ties.push_back(*tie);
      return ties;
    }
    if (const auto* in = sql::as<sql::In>(&condition)) {
      if (in->query != nullptr && !in->negated) by_in(*in, ties);
      return ties;
    }
    if (const auto* exists = sql::as<sql::Exists>(&condition)) {
      by_exists(*exists, ties);
      return ties;
    }
    bool first = true;
    for (const sql::Expr* side : alternatives(condition)) {
      std::vector<Tie> of_side;
      for (const sql::Expr* each : conjuncts(side)) {
        for (const Tie& tie : by(*each)) of_side.push_back(tie);
      }
      if (first) ties = std::move(of_side);
      if (!first)
        std::erase_if(ties, [&](const Tie& tie) { return std::ranges::find(of_side, tie) == of_side.end(); });
      first = false;
    }
    return ties;
  }

  std::optional<Tie> tie(TableColumn a, TableColumn b) const {
    if (a.source != &source_) std::swap(a, b);
    if (a.source != &source_ || b.source == nullptr || b.source == &source_) return std::nullopt;
    if (!is_linkable(*a.column, *b.column)) return std::nullopt;
    return Tie{b.source, a.column, b.column};
  }

  std::optional<Tie> by_equality(const sql::Expr& left, const sql::Expr& right, Block& block) const {
    return tie(table_column(&left, block), table_column(&right, block));
  }

  static const Block* nested_block(const Block& block, const sql::Query& query) {
    const auto found = std::ranges::find_if(
        block.nested, [&query](const NestedBlock& nested) { return nested.block->node == &query; });
    return found == block.nested.end() ? nullptr : found->block;
  }

  /// What the query yields, if rows that are left out for another value of its column change none of those
  /// with this one.
  static TableColumn yielded(const Block* block) {
    const auto* select = block == nullptr ? nullptr : sql::as<sql::Select>(block->node);
    if (select == nullptr || !is_by_row(*select) || block->outputs.size() != 1 || !block->outputs_known)
      return {};
    const Output& output = block->outputs.front();
    if (output.source == nullptr || output.source->nullable) return {};
    const TableColumn column = table_column(output.source, output.column);
    if (select->group_by.empty()) return holds_own_aggregate(*select) ? TableColumn{} : column;
    const bool key = std::ranges::any_of(select->group_by, [&](const sql::OrderItem* item) {
      const TableColumn grouped = table_column(item->value, const_cast<Block&>(*block));
      return grouped.source == column.source && grouped.column == column.column;
    });
    return key ? column : TableColumn{};
  }

  /// Nothing in it counts rows or looks at those beside.
  static bool is_by_row(const sql::Select& select) {
    bool by_row = select.limit == nullptr && !select.with_rollup && select.windows.empty() &&
                  select.procedure == nullptr && select.options == 0;
    sql::walk(select, [&by_row](const sql::Node& node) {
      const auto* call = sql::as<sql::FunctionCall>(&node);
      by_row &= (call == nullptr || call->over == nullptr) && node.kind != NodeKind::kAssign;
      return by_row;
    });
    return by_row;
  }

  /// In its select list, ORDER BY or HAVING, which make one row of all.
  static bool holds_own_aggregate(const sql::Select& select) {
    const auto holds = [](const auto* item) { return holds_aggregate(*item); };
    return select.having != nullptr || std::ranges::any_of(select.items, holds) ||
           std::ranges::any_of(select.order_by, holds);
  }

  void by_in(const sql::In& in, std::vector<Tie>& ties) const {
    const TableColumn inner = yielded(nested_block(*source_.block, *in.query));
    const std::optional<Tie> found = tie(table_column(in.value, *source_.block), inner);
    if (found) ties.push_back(*found);
  }

  /// A row that is needed is one for which the query has a row: it fulfils the query's equalities.
  void by_exists(const sql::Exists& exists, std::vector<Tie>& ties) const {
    const Block* block = nested_block(*source_.block, *exists.query);
    const auto* select = block == nullptr ? nullptr : sql::as<sql::Select>(block->node);
    if (select == nullptr || !is_by_row(*select)) return;
    if (select->group_by.empty() && holds_own_aggregate(*select)) return;
    for (const sql::Expr* condition : conjuncts(block->where)) {
      const auto* binary = sql::as<sql::Binary>(condition);
      if (binary == nullptr || binary->op != sql::BinaryOp::kEqual) continue;
      const std::optional<Tie> found = by_equality(*binary->left, *binary->right, const_cast<Block&>(*block));
      if (found && found->other->block == block) ties.push_back(*found);
    }
  }

  /// Of a query `value IN (query)`: only rows with the values of the rows around it count.
  void by_query_around() {
    Block* around = source_.block->parent;
    if (around == nullptr) return;
    for (const NestedBlock& nested : around->nested) {
      if (nested.block != source_.block || nested.in_value == nullptr) continue;
      const std::optional<Tie> found = tie(yielded(nested.block), table_column(nested.in_value, *around));
      if (found) ties_.push_back(*found);
    }
  }

  const Source& source_;
  std::vector<Tie> ties_;
};

}  // namespace

std::vector<Tie> ties_of(const Source& source) { return Tier(source).find(); }

}  // namespace kintsugi::plan::pass
