#include <algorithm>
#include <set>

#include "plan/pass/draft.h"
#include "plan/pass/rules.h"

// Pass "placement": which rows of the statement lie together, and what is known of where they are.
//
// Every source with sharded rows begins as rows of its own. An equality of sharding keys that every row must
// fulfil ties two of them: on each shard, the join of their parts is its part of their join. On the inner
// side of an outer join, and in a nested query, an equality only says where the inner rows are that count; it
// attaches them to the outer ones and says nothing of those. A comparison of a sharding key with constants
// narrows the shards; a comparison that is false for NULL may be taken as narrowing whatever side of an outer
// join it is about.

namespace kintsugi::plan::pass {

int Placement::add() {
  parent.push_back(static_cast<int>(parent.size()));
  constraints.emplace_back();
  return parent.back();
}

int Placement::root(int rows) const {
  while (parent[static_cast<std::size_t>(rows)] != rows) rows = parent[static_cast<std::size_t>(rows)];
  return rows;
}

void Placement::merge(int a, int b) {
  a = root(a);
  b = root(b);
  if (a == b) return;
  parent[static_cast<std::size_t>(b)] = a;
  auto& to = constraints[static_cast<std::size_t>(a)];
  auto& from = constraints[static_cast<std::size_t>(b)];
  to.insert(to.end(), from.begin(), from.end());
  from.clear();
}

void Placement::attach(int inner, int outer) {
  inner = root(inner);
  outer = root(outer);
  if (inner == outer) return;
  constraints[static_cast<std::size_t>(inner)].clear();
  parent[static_cast<std::size_t>(inner)] = outer;
}

namespace {

using Conditions = std::vector<const sql::Expr*>;

bool same_vindex(const Source& a, const Source& b) {
  // One keyspace, one instance of each vindex: two names for one type could be told equal by their
  // parameters, but nobody writes that.
  return a.vindex != nullptr && a.vindex == b.vindex && a.keys.size() == b.keys.size();
}

/// Equalities between the keys of two sources, seen so far.
struct KeyPair {
  Source* a;
  Source* b;
  std::set<int> equal;  ///< positions of keys
};

class Placer {
 public:
  explicit Placer(Draft& draft) : draft_(draft), rows_(draft.placement) {}

  void place(Block* block) {
    for (Block* arm : block->arms) {
      place(arm);
      collect(block, arm);
    }
    for (Source* source : block->sources) begin(block, source);
    for (const sql::TableRef* ref : block->from) join(block, *ref, false);
    const Conditions conditions = conjuncts(block->where);
    tie(block->sources, conditions);
    for (Source* source : block->sources) narrow(block, source, conditions);
    attach_to_outer(block, conditions);
    for (Source* source : block->sources) {
      if (source->lateral) place_inner(block, source->query);
      if (source->rows >= 0) block->rows.push_back(source->rows);
    }
    for (const NestedBlock& nested : block->nested) place_nested(block, nested);
    find_inexact(draft_, *block);
  }

 private:
  static void collect(Block* block, const Block* inner) {
    block->rows.insert(block->rows.end(), inner->rows.begin(), inner->rows.end());
  }

  void place_inner(Block* block, Block* inner) {
    place(inner);
    collect(block, inner);
  }

  std::vector<int> roots(const std::vector<int>& rows) const {
    std::vector<int> roots;
    for (int row : rows) {
      if (const int root = rows_.root(row); std::ranges::find(roots, root) == roots.end())
        roots.push_back(root);
    }
    return roots;
  }

  void begin(Block* block, Source* source) {
    if (source->kind == Source::Kind::kTable) place_table(rows_, *source);
    if (source->kind == Source::Kind::kDerived && !source->lateral) {
      place(source->query);
      begin_derived(block, source);
    }
  }

  /// The keys of a derived table are the outputs that are keys inside.
  void begin_derived(Block* block, Source* source) {
    const Block* inner = source->query;
    const std::vector<int> inner_roots = roots(inner->rows);
    collect(block, inner);
    if (inner_roots.size() != 1 || !inner->not_exact.empty()) return;
    source->rows = inner_roots.front();
    for (std::size_t i = 0; i < inner->outputs.size(); ++i) {
      const Output& output = inner->outputs[i];
      if (output.source == nullptr || output.source->rows < 0 || output.source->nullable) continue;
      const int position = key_position(*output.source, output.column);
      if (position < 0) continue;
      if (source->vindex == nullptr) {
        source->vindex = output.source->vindex;
        source->keys = output.source->keys;
        for (Source::Key& key : source->keys) key.name = {};
      }
      if (source->vindex != output.source->vindex) continue;
      const std::string_view name = i < source->columns.size() ? source->columns[i] : output.name;
      source->keys[static_cast<std::size_t>(position)].name = name;
    }
  }

  /// Ties what a FROM item joins; the sources in it.
  std::vector<Source*> join(Block* block, const sql::TableRef& ref, bool nullable) {
    const auto* join_ref = sql::as<sql::Join>(&ref);
    if (join_ref == nullptr) {
      Source* source = block->source_of.at(&ref);
      source->nullable |= nullable;
      return {source};
    }
    const bool left_outer = join_ref->join == sql::JoinKind::kLeft;
    const bool right_outer = join_ref->join == sql::JoinKind::kRight;
    std::vector<Source*> left = join(block, *join_ref->left, nullable || right_outer);
    std::vector<Source*> right = join(block, *join_ref->right, nullable || left_outer);
    const Conditions conditions = conjuncts(join_ref->on);
    std::vector<KeyPair> pairs = shared_columns(*join_ref, left, right);
    std::vector<Source*> all = left;
    all.insert(all.end(), right.begin(), right.end());
    if (!left_outer && !right_outer) {
      find_pairs(all, conditions, pairs);
      for (const KeyPair& pair : pairs) tie(pair);
      for (Source* source : all) narrow(block, source, conditions);
      return all;
    }
    outer_join(block, left_outer ? left : right, left_outer ? right : left, conditions, std::move(pairs));
    return all;
  }

  void outer_join(Block* block, const std::vector<Source*>& outer, const std::vector<Source*>& inner,
                  const Conditions& conditions, std::vector<KeyPair> pairs) {
    std::vector<Source*> all = outer;
    all.insert(all.end(), inner.begin(), inner.end());
    find_pairs(all, conditions, pairs);
    const auto has = [](const std::vector<Source*>& side, const Source* source) {
      return std::ranges::find(side, source) != side.end();
    };
    const auto sharded = [](const Source* source) { return source->rows >= 0; };
    if (std::ranges::any_of(inner, sharded) && std::ranges::none_of(outer, sharded)) {
      block->not_exact = "an outer join whose outer side is the same on every shard";
    }
    for (int root : roots_of(inner)) {
      const KeyPair* found = nullptr;
      for (const KeyPair& pair : pairs) {
        const bool forth = has(inner, pair.a) && rows_.root(pair.a->rows) == root && has(outer, pair.b);
        const bool back = has(inner, pair.b) && rows_.root(pair.b->rows) == root && has(outer, pair.a);
        if ((forth || back) && complete(pair)) found = &pair;
      }
      if (found != nullptr) {
        rows_.attach(root, has(outer, found->a) ? found->a->rows : found->b->rows);
        continue;
      }
      for (Source* source : inner) {
        if (source->rows >= 0 && rows_.root(source->rows) == root) narrow(block, source, conditions);
      }
    }
  }

  std::vector<int> roots_of(const std::vector<Source*>& sources) const {
    std::vector<int> rows;
    for (const Source* source : sources) {
      if (source->rows >= 0) rows.push_back(source->rows);
    }
    return roots(rows);
  }

  static bool complete(const KeyPair& pair) { return pair.equal.size() == pair.a->keys.size(); }

  static void add_pair(std::vector<KeyPair>& pairs, Source* a, int position_a, Source* b, int position_b) {
    if (a == nullptr || b == nullptr || a == b || position_a < 0 || position_a != position_b ||
        !same_vindex(*a, *b)) {
      return;
    }
    const auto& key_a = a->keys[static_cast<std::size_t>(position_a)];
    const auto& key_b = b->keys[static_cast<std::size_t>(position_b)];
    if (!same_placement(key_a.column, key_a.collation, key_b.column, key_b.collation)) return;
    for (KeyPair& pair : pairs) {
      if ((pair.a == a && pair.b == b) || (pair.a == b && pair.b == a)) {
        pair.equal.insert(position_a);
        return;
      }
    }
    pairs.push_back({a, b, {position_a}});
  }

  /// The equalities that NATURAL and USING stand for.
  static std::vector<KeyPair> shared_columns(const sql::Join& join, const std::vector<Source*>& left,
                                             const std::vector<Source*>& right) {
    std::vector<KeyPair> pairs;
    for (Source* a : left) {
      for (Source* b : right) {
        if (!same_vindex(*a, *b)) continue;
        for (const Source::Key& key : a->keys) {
          const bool named = std::ranges::any_of(
              join.using_columns, [&](std::string_view name) { return same_column(name, key.name); });
          if (key.name.empty() || !(named || join.natural)) continue;
          add_pair(pairs, a, key_position(*a, key.name), b, key_position(*b, key.name));
        }
      }
    }
    return pairs;
  }

  /// Equalities `key = key` between sources of the list, in the conditions.
  void find_pairs(const std::vector<Source*>& sources, const Conditions& conditions,
                  std::vector<KeyPair>& pairs) {
    for (const sql::Expr* condition : conditions) {
      const auto* equal = sql::as<sql::Binary>(condition);
      if (equal == nullptr || equal->op != sql::BinaryOp::kEqual) continue;
      for_each_equality(*equal->left, *equal->right, [&](const sql::ColumnRef& a, const sql::ColumnRef& b) {
        const ResolvedColumn left = resolve_column(a, sources.empty() ? nullptr : sources.front()->block);
        const ResolvedColumn right = resolve_column(b, sources.empty() ? nullptr : sources.front()->block);
        if (std::ranges::find(sources, left.source) == sources.end()) return;
        if (std::ranges::find(sources, right.source) == sources.end()) return;
        if (left.source->rows < 0 || right.source->rows < 0) return;
        add_pair(pairs, left.source, key_position(*left.source, left.name), right.source,
                 key_position(*right.source, right.name));
      });
    }
  }

  /// a = b, and (a, b) = (c, d) column by column.
  template <class F>
  static void for_each_equality(const sql::Expr& left, const sql::Expr& right, F f) {
    const auto* row_a = sql::as<sql::Row>(&left);
    const auto* row_b = sql::as<sql::Row>(&right);
    if (row_a != nullptr && row_b != nullptr && row_a->items.size() == row_b->items.size()) {
      for (std::size_t i = 0; i < row_a->items.size(); ++i)
        for_each_equality(*row_a->items[i], *row_b->items[i], f);
      return;
    }
    const auto* a = sql::as<sql::ColumnRef>(&left);
    const auto* b = sql::as<sql::ColumnRef>(&right);
    if (a != nullptr && b != nullptr) f(*a, *b);
  }

  void tie(const KeyPair& pair) {
    if (complete(pair)) rows_.merge(pair.a->rows, pair.b->rows);
  }

  void tie(const std::vector<Source*>& sources, const Conditions& conditions) {
    std::vector<KeyPair> pairs;
    find_pairs(sources, conditions, pairs);
    for (const KeyPair& pair : pairs) tie(pair);
  }

  void narrow(Block* block, Source* source, const Conditions& conditions) {
    if (source->rows < 0 || source->keys.empty()) return;
    auto& constraints = rows_.constraints[static_cast<std::size_t>(rows_.root(source->rows))];
    const std::size_t known = constraints.size();
    find_constraints(draft_, block, *source, conditions, constraints);
    const bool placed = std::any_of(
        constraints.begin() + static_cast<std::ptrdiff_t>(known), constraints.end(),
        [](const Constraint& constraint) { return constraint.kind == Constraint::Kind::kValues; });
    if (!placed) find_lookup(draft_, block, *source, conditions, constraints);
  }

  /// `key = outer key`: the rows of the block that count are where those of the outer block are.
  void attach_to_outer(Block* block, const Conditions& conditions) {
    if (block->parent == nullptr) return;
    std::vector<KeyPair> pairs;
    for (const sql::Expr* condition : conditions) {
      const auto* equal = sql::as<sql::Binary>(condition);
      if (equal == nullptr || equal->op != sql::BinaryOp::kEqual) continue;
      for_each_equality(*equal->left, *equal->right, [&](const sql::ColumnRef& a, const sql::ColumnRef& b) {
        ResolvedColumn left = resolve_column(a, block);
        ResolvedColumn right = resolve_column(b, block);
        if (left.source == nullptr || right.source == nullptr) return;
        if (left.source->block != block) std::swap(left, right);
        if (left.source->block != block || right.source->block == block) return;
        if (left.source->rows < 0 || right.source->rows < 0) return;
        add_pair(pairs, left.source, key_position(*left.source, left.name), right.source,
                 key_position(*right.source, right.name));
      });
    }
    std::vector<int> local;
    for (const KeyPair& pair : pairs) local.push_back(rows_.root(pair.a->rows));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (!complete(pairs[i]) || attached_.contains(local[i])) continue;
      rows_.attach(local[i], pairs[i].b->rows);
      attached_.insert(local[i]);
    }
    bool any = false;
    for (Source* source : block->sources) {
      if (source->rows < 0) continue;
      if (!is_attached(source->rows)) return;
      any = true;
    }
    block->attached = any;
  }

  bool is_attached(int rows) const {
    for (; rows_.parent[static_cast<std::size_t>(rows)] != rows;
         rows = rows_.parent[static_cast<std::size_t>(rows)]) {
      if (attached_.contains(rows)) return true;
    }
    return attached_.contains(rows);
  }

  void place_nested(Block* block, const NestedBlock& nested) {
    place(nested.block);
    attach_in(block, nested);
    collect(block, nested.block);
  }

  /// `key IN (SELECT key …)`: only the rows of the inner query that are where the outer row is can be equal
  /// to it.
  void attach_in(Block* block, const NestedBlock& nested) {
    const Block& inner = *nested.block;
    const std::vector<int> inner_roots = roots(inner.rows);
    if (nested.in_value == nullptr || !inner.not_exact.empty() || inner_roots.size() != 1) return;
    const auto* row = sql::as<sql::Row>(nested.in_value);
    const std::size_t width = row == nullptr ? 1 : row->items.size();
    if (inner.outputs.size() != width || !inner.outputs_known) return;
    std::vector<KeyPair> pairs;
    for (std::size_t i = 0; i < width; ++i) {
      const auto* column = sql::as<sql::ColumnRef>(row == nullptr ? nested.in_value : row->items[i]);
      const Output& output = inner.outputs[i];
      if (column == nullptr || output.source == nullptr || output.source->rows < 0) continue;
      const ResolvedColumn outer = resolve_column(*column, block);
      if (outer.source == nullptr || outer.source->block != block || outer.source->rows < 0) continue;
      add_pair(pairs, output.source, key_position(*output.source, output.column), outer.source,
               key_position(*outer.source, outer.name));
    }
    for (const KeyPair& pair : pairs) {
      if (complete(pair)) return rows_.attach(inner_roots.front(), pair.b->rows);
    }
  }

  Draft& draft_;
  Placement& rows_;
  std::set<int> attached_;  ///< rows that a nested query's equality has attached to outer ones
};

}  // namespace

void place_table(Placement& placement, Source& source) {
  const vschema::Table* routing = source.routing;
  if (routing == nullptr || routing->kind != vschema::Table::Kind::sharded) return;
  source.rows = placement.add();
  if (routing->pinned) {
    Constraint constraint;
    constraint.kind = Constraint::Kind::kPinned;
    constraint.pinned = *routing->pinned;
    placement.constraints.back().push_back(std::move(constraint));
    return;
  }
  if (routing->vindexes.empty() || source.table == nullptr) return;
  const vschema::TableVindex& vindex = routing->vindexes.front();
  source.vindex = vindex.vindex;
  for (const std::string& name : vindex.columns) {
    const Column* column = source.table->find(name);
    Source::Key key;
    if (column != nullptr)
      key = {column->name, key_column(*column, *vindex.vindex, source.keys.size()), column->collation};
    if (column == nullptr) key.column.exact = false;
    source.keys.push_back(std::move(key));
  }
}

Result<void> place_rows(Draft& draft) {
  if (draft.top != nullptr) Placer(draft).place(draft.top);
  return {};
}

}  // namespace kintsugi::plan::pass
