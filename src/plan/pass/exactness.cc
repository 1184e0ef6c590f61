#include <algorithm>
#include <set>

#include "plan/pass/rules.h"

// Whether the answers of a block on each shard, put one after the other, are its answer.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

/// Calls `f` with each node of the block's own expressions: nested queries and derived tables left out.
template <class F>
void walk_own(const sql::Node& node, F&& f) {
  sql::for_each_child(node, [&f](const sql::Node& child) {
    if (sql::is_query(child.kind) || child.kind == NodeKind::kWith) return;
    f(child);
    walk_own(child, f);
  });
}

bool has_own_aggregate(const sql::Node& node) {
  bool found = false;
  walk_own(node, [&found](const sql::Node& child) {
    const auto* call = sql::as<sql::FunctionCall>(&child);
    found |= call != nullptr && call->over == nullptr && is_aggregate(*call);
  });
  return found;
}

class Judge {
 public:
  Judge(Draft& draft, Block& block) : draft_(draft), block_(block) {}

  std::string reason() {
    if (!block_.arms.empty()) return of_arms();
    if (!block_.rows_apart.empty()) return block_.rows_apart;
    switch (block_.node->kind) {
      case NodeKind::kSelect:
        return of_select(static_cast<const sql::Select&>(*block_.node));
      case NodeKind::kUpdate:
        return of_change(static_cast<const sql::Update&>(*block_.node).limit,
                         !static_cast<const sql::Update&>(*block_.node).order_by.empty());
      case NodeKind::kDelete:
        return of_change(static_cast<const sql::Delete&>(*block_.node).limit,
                         !static_cast<const sql::Delete&>(*block_.node).order_by.empty());
      default:
        return sql::is_query(block_.node->kind) ? of_query(static_cast<const sql::Query&>(*block_.node)) : "";
    }
  }

  /// That all sharded rows of the block lie together.
  std::string of_rows() const {
    std::set<int> roots;
    for (int rows : block_.rows) roots.insert(draft_.placement.root(rows));
    const bool own =
        std::ranges::any_of(block_.sources, [](const Source* source) { return source->rows >= 0; });
    for (const Source* source : block_.sources) {
      if (source->query != nullptr && !source->query->rows.empty() && !source->query->not_exact.empty()) {
        return source->query->not_exact;
      }
    }
    if (roots.size() > 1) return "rows of several tables that are not joined on their sharding keys";
    if (!own) return "a subquery over sharded rows, of a query over rows that are the same on every shard";
    for (const NestedBlock& nested : block_.nested) {
      if (!nested.block->rows.empty() && !nested.block->not_exact.empty()) return nested.block->not_exact;
      if (!nested.block->rows.empty() && !nested.block->attached && !is_in(nested)) {
        return "a subquery over sharded rows that is not tied to the outer rows by the sharding key";
      }
    }
    if (block_.aggregated_from_inside) return "an aggregate function over several shards";
    return {};
  }

 private:
  std::string of_arms() const {
    const auto& query = static_cast<const sql::Query&>(*block_.node);
    if (query.kind == NodeKind::kSetOperation) {
      if (!block_.union_all) return "UNION, EXCEPT or INTERSECT over several shards";
      for (const Block* arm : block_.arms) {
        if (arm->rows.empty()) return "UNION ALL of sharded rows with rows that are the same on every shard";
      }
    }
    for (const Block* arm : block_.arms) {
      if (!arm->not_exact.empty()) return arm->not_exact;
    }
    if (!block_.nested.empty()) return "a subquery in the ORDER BY of a set operation";
    return of_query(query);
  }

  static bool is_in(const NestedBlock& nested) { return nested.in_value != nullptr; }

  std::string of_query(const sql::Query& query) const {
    block_.exact_but_order = query.into == nullptr;
    if (query.limit != nullptr) return "LIMIT over several shards";
    if (!query.order_by.empty() && order_matters(query)) return "ORDER BY over several shards";
    if (query.into != nullptr) return "SELECT … INTO over several shards";
    return {};
  }

  /// The order of a derived table without a LIMIT is not kept by servers either.
  bool order_matters(const sql::Query& query) const {
    const bool by_null = std::ranges::all_of(query.order_by, [](const sql::OrderItem* item) {
      const auto* literal = sql::as<sql::Literal>(item->value);
      return literal != nullptr && literal->literal == sql::LiteralKind::kNull;
    });
    return !by_null && is_outermost();
  }

  bool is_outermost() const {
    const Block* outermost = draft_.top;
    if (&block_ == outermost) return true;
    while (outermost->arms.size() == 1) {
      outermost = outermost->arms.front();
      if (&block_ == outermost) return true;
    }
    return false;
  }

  std::string of_select(const sql::Select& select) {
    if (select.with_rollup) return "WITH ROLLUP over several shards";
    if (select.procedure != nullptr) return "PROCEDURE over several shards";
    if (!select.group_by.empty()) {
      if (!has_key(select.group_by, &select)) return "GROUP BY over several shards without the sharding key";
    } else if (has_own_aggregate(select)) {
      return "an aggregate function over several shards";
    } else if (select.having != nullptr) {
      return "HAVING over several shards";
    }
    const bool foreign = has_foreign_window(select);
    if (select.distinct && !distinct_has_key(select)) {
      block_.exact_but_distinct = !foreign && select.into == nullptr;
      return "DISTINCT over several shards without the sharding key";
    }
    if (foreign) return "a window function over several shards";
    return of_query(select);
  }

  static std::string of_change(const sql::Limit* limit, bool ordered) {
    if (limit != nullptr) return "LIMIT of a write on several shards";
    if (ordered) return "ORDER BY of a write on several shards";
    return {};
  }

  /// Whether the expressions hold all columns of the sharding key of one table of the block, so that rows
  /// that are equal in them are on one shard.
  bool has_key(const sql::List<sql::OrderItem*>& items, const sql::Select* select) {
    std::vector<const sql::Expr*> exprs;
    for (const sql::OrderItem* item : items)
      exprs.push_back(select == nullptr ? item->value : grouped(*item, *select));
    return has_key(exprs);
  }

  bool has_key(const std::vector<const sql::Expr*>& exprs) {
    for (const Source* source : block_.sources) {
      if (source->rows < 0 || source->nullable || source->keys.empty()) continue;
      std::set<int> found;
      for (const sql::Expr* expr : exprs) {
        const auto* column = sql::as<sql::ColumnRef>(expr);
        if (column == nullptr) continue;
        const ResolvedColumn resolved = resolve_column(*column, &block_);
        if (resolved.source != source) continue;
        const int position = key_position(*source, resolved.name);
        if (position >= 0 && source->keys[static_cast<std::size_t>(position)].column.exact)
          found.insert(position);
      }
      if (found.size() == source->keys.size()) return true;
    }
    return false;
  }

  /// What GROUP BY 2 and GROUP BY alias stand for.
  const sql::Expr* grouped(const sql::OrderItem& item, const sql::Select& select) {
    if (const auto* literal = sql::as<sql::Literal>(item.value);
        literal != nullptr && literal->literal == sql::LiteralKind::kInteger) {
      if (literal->ordinal >= 0)
        draft_.plan->pinned_literals.push_back(static_cast<std::uint32_t>(literal->ordinal));
      const std::string text(literal->text);
      const std::size_t position = text.size() < 6 ? static_cast<std::size_t>(std::stoul(text)) : 0;
      return position >= 1 && position <= select.items.size() ? select.items[position - 1]->value : nullptr;
    }
    const auto* column = sql::as<sql::ColumnRef>(item.value);
    if (column == nullptr || !column->table.empty() || resolve_column(*column, &block_).source != nullptr) {
      return item.value;
    }
    for (const sql::SelectItem* selected : select.items) {
      if (same_column(selected->alias, column->name)) return selected->value;
    }
    return item.value;
  }

  bool distinct_has_key(const sql::Select& select) {
    std::vector<const sql::Expr*> exprs;
    for (const sql::SelectItem* item : select.items) {
      if (const auto* star = sql::as<sql::Star>(item->value)) {
        for (const Source* source : block_.sources) {
          const bool named = star->table.empty() || star->table == source->alias;
          const bool shows_key =
              std::ranges::none_of(source->keys, [](const auto& key) { return key.name.empty(); });
          const bool exact =
              std::ranges::all_of(source->keys, [](const auto& key) { return key.column.exact; });
          if (named && source->rows >= 0 && !source->nullable && !source->keys.empty() && shows_key &&
              exact) {
            return true;
          }
        }
      }
      exprs.push_back(item->value);
    }
    return has_key(exprs);
  }

  bool has_foreign_window(const sql::Select& select) {
    bool foreign = false;
    walk_own(select, [&](const sql::Node& node) {
      const auto* call = sql::as<sql::FunctionCall>(&node);
      if (call == nullptr || call->over == nullptr) return;
      const sql::WindowSpec* window = call->over;
      for (const sql::WindowSpec* named : select.windows) {
        if (window->bare && named->name == window->base) window = named;
      }
      foreign |= !has_key(window->partition_by, nullptr);
    });
    return foreign;
  }

  Draft& draft_;
  Block& block_;
};

}  // namespace

bool is_aggregate(const sql::FunctionCall& call) {
  static const std::set<std::string_view> kNames = {
      "avg",          "bit_and",       "bit_or",         "bit_xor",     "count",
      "group_concat", "json_arrayagg", "json_objectagg", "max",         "min",
      "std",          "stddev",        "stddev_pop",     "stddev_samp", "sum",
      "var_pop",      "var_samp",      "variance",       "st_collect",  "any_value"};
  return call.schema.empty() && kNames.contains(call.name);
}

void find_inexact(Draft& draft, Block& block) {
  // An aggregate over columns of an outer block alone is the outer block's.
  if (block.node->kind == NodeKind::kSelect) {
    walk_own(*block.node, [&block](const sql::Node& node) {
      const auto* call = sql::as<sql::FunctionCall>(&node);
      if (call == nullptr || call->over != nullptr || !is_aggregate(*call)) return;
      walk_own(*call, [&block](const sql::Node& argument) {
        const auto* column = sql::as<sql::ColumnRef>(&argument);
        if (column == nullptr) return;
        const ResolvedColumn resolved = resolve_column(*column, &block);
        if (resolved.source != nullptr && resolved.source->block != &block) {
          resolved.source->block->aggregated_from_inside = true;
        }
      });
    });
  }
  block.rows_apart = block.not_exact;
  if (block.rows.empty() || !block.not_exact.empty()) return;
  if (block.arms.empty()) block.rows_apart = Judge(draft, block).of_rows();
  if (block.attached) {
    std::set<int> roots;
    for (int rows : block.rows) roots.insert(draft.placement.root(rows));
    if (roots.size() == 1) return;
  }
  block.not_exact = Judge(draft, block).reason();
}

}  // namespace kintsugi::plan::pass
