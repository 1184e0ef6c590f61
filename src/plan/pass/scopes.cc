#include <algorithm>

#include "plan/pass/rules.h"

// Pass "scopes": the query blocks of a statement on a sharded keyspace, what stands in their FROMs, the
// queries nested in their expressions, and the columns they yield.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

/// A statement of more blocks is not analysed: common tables that use one another grow exponentially.
constexpr std::size_t kBlocksMax = 1000;

/// The common tables that are visible, innermost last.
struct CommonScope {
  const CommonScope* outer = nullptr;
  const sql::With* with = nullptr;
  std::size_t count = 0;  ///< how many of `with` are visible

  struct Found {
    const sql::CommonTable* table = nullptr;
    const CommonScope* scope = nullptr;
    std::size_t position = 0;
  };
  Found find(std::string_view name) const {
    for (std::size_t i = with == nullptr ? 0 : count; i-- > 0;) {
      if (with->tables[i]->name == name) return {with->tables[i], this, i};
    }
    return outer == nullptr ? Found{} : outer->find(name);
  }
};

class Builder {
 public:
  explicit Builder(Draft& draft) : draft_(draft) {}

  Result<Block*> query(const sql::Query& query, Block* parent, const CommonScope& outer) {
    CommonScope scope{&outer, query.with, query.with == nullptr ? 0 : query.with->tables.size()};
    Block* block = add_block(query, parent);
    if (block == nullptr) return failure(kUnsupportedYet, "the statement has more than 1000 query blocks");
    switch (query.kind) {
      case NodeKind::kSelect:
        return select(static_cast<const sql::Select&>(query), block, scope);
      case NodeKind::kSetOperation:
        return set_operation(static_cast<const sql::SetOperation&>(query), block, scope);
      case NodeKind::kNestedQuery: {
        auto inner = this->query(*static_cast<const sql::NestedQuery&>(query).inner, parent, scope);
        if (!inner) return inner;
        block->arms.push_back(*inner);
        block->outputs = (*inner)->outputs;
        block->outputs_known = (*inner)->outputs_known;
        return around(query, block, scope).map([block] { return block; });
      }
      case NodeKind::kTableQuery:
        return table_query(static_cast<const sql::TableQuery&>(query), block, scope);
      default:
        block->outputs_known = false;  // VALUES
        return nested(query, block, scope).map([block] { return block; });
    }
  }

  Result<Block*> change(const sql::Node& statement, const sql::With* with,
                        std::span<sql::TableRef* const> tables, const sql::Expr* where) {
    CommonScope scope{nullptr, with, with == nullptr ? 0 : with->tables.size()};
    Block* block = add_block(statement, nullptr);
    block->from = tables;
    block->where = where;
    if (Result<void> done = from(block, scope); !done) return failure(done.error());
    return nested(statement, block, scope).map([block] { return block; });
  }

 private:
  Block* add_block(const sql::Node& node, Block* parent) {
    if (draft_.blocks.size() >= kBlocksMax) return nullptr;
    auto block = std::make_unique<Block>();
    block->node = &node;
    block->parent = parent;
    draft_.blocks.push_back(std::move(block));
    return draft_.blocks.back().get();
  }

  Source* add_source(Block* block, const sql::TableRef* ref, Source::Kind kind) {
    auto source = std::make_unique<Source>();
    source->kind = kind;
    source->block = block;
    draft_.sources.push_back(std::move(source));
    Source* added = draft_.sources.back().get();
    block->sources.push_back(added);
    if (ref != nullptr) block->source_of[ref] = added;
    return added;
  }

  Result<Block*> select(const sql::Select& select, Block* block, const CommonScope& scope) {
    block->from = {select.from.begin(), select.from.end()};
    block->where = select.where;
    if (Result<void> done = from(block, scope); !done) return failure(done.error());
    if (Result<void> done = nested(select, block, scope); !done) return failure(done.error());
    for (const sql::SelectItem* item : select.items) add_outputs(*item, block);
    return block;
  }

  Result<Block*> set_operation(const sql::SetOperation& operation, Block* block, const CommonScope& scope) {
    block->union_all = true;
    for (const sql::SetArm* arm : operation.arms) {
      auto inner = query(*arm->query, block->parent, scope);
      if (!inner) return inner;
      block->arms.push_back(*inner);
      if (arm->op != sql::SetOp::kNone && !(arm->op == sql::SetOp::kUnion && arm->all))
        block->union_all = false;
    }
    for (const Output& output : block->arms.front()->outputs)
      block->outputs.push_back({output.name, nullptr, {}});
    block->outputs_known = block->arms.front()->outputs_known;
    return around(operation, block, scope).map([block] { return block; });
  }

  Result<Block*> table_query(const sql::TableQuery& query, Block* block, const CommonScope& scope) {
    if (Result<void> done = named(*query.table, query.table->name, nullptr, block, scope); !done) {
      return failure(done.error());
    }
    add_star(block->sources.front(), block);
    return block;
  }

  Result<void> from(Block* block, const CommonScope& scope) {
    for (const sql::TableRef* ref : block->from) {
      if (Result<void> done = table_ref(*ref, block, scope); !done) return done;
    }
    return {};
  }

  Result<void> table_ref(const sql::TableRef& ref, Block* block, const CommonScope& scope) {
    switch (ref.kind) {
      case NodeKind::kJoin: {
        const auto& join = static_cast<const sql::Join&>(ref);
        if (Result<void> done = table_ref(*join.left, block, scope); !done) return done;
        return table_ref(*join.right, block, scope);
      }
      case NodeKind::kNamedTable: {
        const auto& table = static_cast<const sql::NamedTable&>(ref);
        return named(*table.name, table.alias.empty() ? table.name->name : table.alias, &table, block, scope);
      }
      case NodeKind::kDerivedTable: {
        const auto& derived = static_cast<const sql::DerivedTable&>(ref);
        // Its columns may be the block's own only if it is lateral; and those of outer blocks always.
        auto inner = query(*derived.query, derived.lateral ? block : block->parent, scope);
        if (!inner) return failure(inner.error());
        Source* source = add_source(block, &ref, Source::Kind::kDerived);
        source->alias = derived.alias;
        source->query = *inner;
        source->lateral = derived.lateral;
        source->columns.assign(derived.columns.begin(), derived.columns.end());
        return {};
      }
      default:
        add_source(block, &ref, Source::Kind::kOpaque)->alias = static_cast<const sql::JsonTable&>(ref).alias;
        return {};
    }
  }

  Result<void> named(const sql::TableName& name, std::string_view alias, const sql::TableRef* ref,
                     Block* block, const CommonScope& scope) {
    if (name.schema.empty()) {
      if (const CommonScope::Found common = scope.find(name.name); common.table != nullptr) {
        return common_table(common, alias, ref, block);
      }
    }
    const TableEntry* entry = draft_.entry(&name);
    Source* source = add_source(block, ref, Source::Kind::kTable);
    source->alias = alias;
    if (alias == name.name) source->schema = entry->keyspace;
    source->table = entry->schema;
    source->routing = entry->routing;
    return {};
  }

  Result<void> common_table(const CommonScope::Found& common, std::string_view alias,
                            const sql::TableRef* ref, Block* block) {
    if (std::ranges::find(open_, common.table) != open_.end()) {  // the recursion's own reference
      add_source(block, ref, Source::Kind::kOpaque)->alias = alias;
      block->not_exact = "a recursive common table";
      return {};
    }
    CommonScope scope = *common.scope;
    scope.count = scope.with->recursive ? scope.count : common.position;
    open_.push_back(common.table);
    auto inner = query(*common.table->query, nullptr, scope);
    open_.pop_back();
    if (!inner) return failure(inner.error());
    Source* source = add_source(block, ref, Source::Kind::kDerived);
    source->alias = alias;
    source->query = *inner;
    source->columns.assign(common.table->columns.begin(), common.table->columns.end());
    return {};
  }

  /// The queries in the block's expressions: everything but what stands in FROM as a table.
  Result<void> nested(const sql::Node& node, Block* block, const CommonScope& scope) {
    std::vector<const sql::Node*> pending;
    sql::for_each_child(node, [&](const sql::Node& child) {
      if (child.kind != NodeKind::kWith) pending.push_back(&child);
    });
    return nested(std::move(pending), block, scope);
  }

  /// The queries in the ORDER BY and LIMIT of a set operation.
  Result<void> around(const sql::Query& query, Block* block, const CommonScope& scope) {
    std::vector<const sql::Node*> pending(query.order_by.begin(), query.order_by.end());
    if (query.limit != nullptr) pending.push_back(query.limit);
    return nested(std::move(pending), block, scope);
  }

  Result<void> nested(std::vector<const sql::Node*> pending, Block* block, const CommonScope& scope) {
    while (!pending.empty()) {
      const sql::Node& next = *pending.back();
      pending.pop_back();
      if (next.kind == NodeKind::kDerivedTable) continue;
      if (sql::is_query(next.kind)) {
        auto inner = query(static_cast<const sql::Query&>(next), block, scope);
        if (!inner) return failure(inner.error());
        block->nested.push_back({*inner, in_value(static_cast<const sql::Query&>(next), block)});
        continue;
      }
      sql::for_each_child(next, [&](const sql::Node& child) { pending.push_back(&child); });
    }
    return {};
  }

  /// The left side, if the query is that of a `value IN (query)` which every row must fulfil.
  static const sql::Expr* in_value(const sql::Query& query, const Block* block) {
    for (const sql::Expr* condition : conjuncts(block->where)) {
      const auto* in = sql::as<sql::In>(condition);
      if (in != nullptr && in->query == &query && !in->negated) return in->value;
    }
    return nullptr;
  }

  void add_outputs(const sql::SelectItem& item, Block* block) {
    if (const auto* star = sql::as<sql::Star>(item.value)) {
      for (Source* source : block->sources) {
        if (!star->table.empty() && star->table != source->alias) continue;
        add_star(source, block);
      }
      if (star->table.empty() && merges_columns(*block)) block->outputs_known = false;
      return;
    }
    Output output;
    const auto* column = sql::as<sql::ColumnRef>(item.value);
    output.name = !item.alias.empty() ? item.alias : column != nullptr ? column->name : item.source.text;
    if (column != nullptr) {
      const ResolvedColumn resolved = resolve_column(*column, block);
      if (resolved.source != nullptr && resolved.source->block == block) {
        output.source = resolved.source;
        output.column = resolved.name;
      }
    }
    block->outputs.push_back(output);
  }

  static void add_star(Source* source, Block* block) {
    if (source->kind == Source::Kind::kTable && source->table != nullptr) {
      for (const Column& column : source->table->columns) {
        if (!column.invisible) block->outputs.push_back({column.name, source, column.name});
      }
    } else if (source->kind == Source::Kind::kDerived) {
      for (std::size_t i = 0; i < source->query->outputs.size(); ++i) {
        const std::string_view name =
            i < source->columns.size() ? source->columns[i] : source->query->outputs[i].name;
        block->outputs.push_back({name, source, name});
      }
      if (!source->query->outputs_known) block->outputs_known = false;
    } else {
      block->outputs_known = false;
    }
  }

  Draft& draft_;
  std::vector<const sql::CommonTable*> open_;
};

}  // namespace

bool merges_columns(const Block& block) {
  bool merges = false;
  for (const sql::TableRef* ref : block.from) {
    sql::walk(*ref, [&merges](const sql::Node& node) {
      const auto* join = sql::as<sql::Join>(&node);
      merges |= join != nullptr && (join->natural || !join->using_columns.empty());
      return !sql::is_query(node.kind);
    });
  }
  return merges;
}

Result<void> build_scopes(Draft& draft) {
  if (draft.course != Course::kSharded && draft.course != Course::kSeveral) return {};
  const CommonScope none;
  Builder builder(draft);
  Result<Block*> top = nullptr;
  if (sql::is_query(draft.statement.kind)) {
    top = builder.query(static_cast<const sql::Query&>(draft.statement), nullptr, none);
  } else if (const auto* update = sql::as<sql::Update>(&draft.statement)) {
    top =
        builder.change(*update, update->with, {update->tables.begin(), update->tables.end()}, update->where);
  } else if (const auto* remove = sql::as<sql::Delete>(&draft.statement)) {
    top = builder.change(*remove, remove->with, {remove->from.begin(), remove->from.end()}, remove->where);
  } else if (const auto* create = sql::as<sql::CreateTable>(&draft.statement)) {
    top = builder.query(*create->query, nullptr, none);
  } else if (const auto* insert = sql::as<sql::Insert>(&draft.statement)) {
    if (draft.returns_elsewhere) {
      auto* table = sql::make_node<sql::NamedTable>(draft.plan->arena);
      table->name = insert->table;
      sql::TableRef* const written[] = {table};
      top = builder.change(*insert, nullptr, written, nullptr);
      (*top)->from = {};
    } else if (is_about_temporary(draft)) {
      top = builder.change(*insert, nullptr, {}, nullptr);
    } else if (insert->source != nullptr && insert->source->kind != NodeKind::kValues) {
      top = builder.query(*insert->source, nullptr, none);
    }
  } else if (draft.statement.kind == NodeKind::kDo || draft.statement.kind == NodeKind::kSet) {
    top = builder.change(draft.statement, nullptr, {}, nullptr);
  }
  if (!top) return failure(top.error());
  draft.top = *top;
  return {};
}

}  // namespace kintsugi::plan::pass
