#include "plan/called_rows.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "plan/pass/called_columns.h"
#include "plan/pass/gate_calls.h"
#include "plan/pass/rules.h"
#include "sql/conditional.h"

// Pass "calls": stored functions that gates run, called for rows of a query, or in a condition of a write.
// One query block is cut in two: what finds the rows, without the calls, and what is done with them and with
// what the calls gave. The rest is planned when it runs, so that other blocks come in their turn.
//
// Of a block without groups, the rows are those of FROM and of the conditions that call nothing; so they are
// of one with groups, where the calls are in what makes the groups or in aggregates. Else they are the
// groups. If calls stand in the select list alone, they are made for the rows that LIMIT leaves.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

/// 0: it is too large.
std::size_t number_of(std::string_view digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() ? number : 0;
}

/// The clauses of a block, whatever its statement is.
struct Clauses {
  sql::Node* node = nullptr;
  sql::Select* select = nullptr;  ///< null: a write
  sql::With** with = nullptr;
  sql::List<sql::TableRef*>* from = nullptr;
  sql::Expr** where = nullptr;
  sql::List<sql::OrderItem*>* order_by = nullptr;
};

Clauses clauses_of(sql::Node& node) {
  if (auto* select = sql::as<sql::Select>(&node))
    return {&node, select, &select->with, &select->from, &select->where, &select->order_by};
  if (auto* update = sql::as<sql::Update>(&node))
    return {&node, nullptr, &update->with, &update->tables, &update->where, &update->order_by};
  if (auto* remove = sql::as<sql::Delete>(&node))
    return {&node, nullptr, &remove->with, &remove->from, &remove->where, &remove->order_by};
  return {};
}

/// Where the WITH of a statement, or of its query, stands; null: it can have none.
sql::With** with_slot(sql::Statement& statement) {
  sql::Node* node = &statement;
  if (auto* insert = sql::as<sql::Insert>(node)) node = insert->source;
  if (auto* create = sql::as<sql::CreateTable>(node)) node = create->query;
  if (node == nullptr) return nullptr;
  if (sql::is_query(node->kind)) return &static_cast<sql::Query*>(node)->with;
  return clauses_of(*node).with;
}

const sql::With* with_of(const sql::Statement& statement) {
  sql::With** slot = with_slot(const_cast<sql::Statement&>(statement));
  return slot == nullptr ? nullptr : *slot;
}

bool holds(const sql::Node& node, const sql::Node* wanted) {
  bool found = &node == wanted;
  sql::for_each_child(node, [&](const sql::Node& child) { found = found || holds(child, wanted); });
  return found;
}

/// Whether anything reads the common table.
bool is_used(const Draft& draft, const sql::CommonTable& table) {
  return std::ranges::any_of(draft.blocks,
                             [&table](const auto& block) { return block->node == table.query; });
}

class Cutter : private CalledColumns {
 public:
  Cutter(Draft& draft, Block& block) : CalledColumns(draft, block) {}

  Result<CalledRows> run() {
    if (std::string why = obstacle(); !why.empty()) return failure(kUnsupportedYet, std::move(why));
    made_.table = free_name();
    sql::Statement* rest = copy(&draft_.statement);
    name_answers(*rest);
    leave_out_unused(*rest);
    at_ = clauses_of(*copied(block_.node));
    if (at_.select != nullptr) group();
    take_from();
    if (at_.select == nullptr) {
      find_written_rows();
    } else {
      cut_select();
    }
    if (failed_) return failure(*failed_);
    finish();
    made_.rest = rest;
    return std::move(made_);
  }

 private:
  // What cannot be cut.

  std::string obstacle() const {
    std::string why;
    for (const Source* source : block_.sources) {
      const bool common = source->kind != Source::Kind::kTable && !is_derived(*source);
      if (common && with_of(draft_.statement) == nullptr) why = "a table whose columns are not known";
    }
    return why;
  }

  bool is_derived(const Source& source) const {
    return std::ranges::any_of(block_.source_of, [&source](const auto& known) {
      return known.second == &source && known.first->kind == NodeKind::kDerivedTable;
    });
  }

  // The rows.

  void take_from() {
    rows_->with = common_tables();
    std::vector<sql::Expr*> conditions = take_joined();
    for (const sql::Expr* condition : conjuncts(*at_.where))
      conditions.push_back(const_cast<sql::Expr*>(condition));
    for (sql::TableRef* table : *at_.from) rows_->from.push_back(arena_, copy(table));
    for (sql::Expr* condition : conditions) {
      if (find_gates_call(draft_.context, *condition) != nullptr) {
        where_ = sql::both(where_, condition, arena_);
      } else {
        rows_->where = sql::both(rows_->where, copy(condition), arena_);
      }
    }
  }

  /// No server evaluates common tables that nobody reads, and so none calls what they call.
  void leave_out_unused(sql::Statement& rest) {
    const sql::With* said = with_of(draft_.statement);
    if (said == nullptr) return;
    sql::With*& with = *with_slot(rest);
    sql::List<sql::CommonTable*> used{};
    for (std::size_t i = 0; i < said->tables.size(); ++i) {
      const bool calls = find_gates_call(draft_.context, *said->tables[i]) != nullptr;
      if (!calls || is_used(draft_, *said->tables[i])) used.push_back(arena_, with->tables[i]);
    }
    with->tables = used;
    if (used.empty()) with = nullptr;
  }

  /// Those that the block may name: of a WITH that the block is in, the ones before it.
  sql::With* common_tables() {
    const sql::With* with = with_of(draft_.statement);
    if (with == nullptr) return nullptr;
    sql::With* made = copy(with);
    made->tables = {};
    for (const sql::CommonTable* table : with->tables) {
      if (holds(*table, block_.node)) break;
      if (is_used(draft_, *table)) made->tables.push_back(arena_, copy(table));
    }
    return made->tables.empty() ? nullptr : made;
  }

  /// Conditions of inner joins that call are as good as those of WHERE.
  std::vector<sql::Expr*> take_joined() {
    std::vector<sql::Expr*> taken;
    bool outer = false;
    for (sql::TableRef* table : *at_.from) take_joined(*table, outer, taken);
    if (outer && !taken.empty()) fail("a function that the gate runs, in ON of a query with outer joins");
    return taken;
  }

  void take_joined(sql::TableRef& table, bool& outer, std::vector<sql::Expr*>& taken) {
    auto* join = sql::as<sql::Join>(&table);
    if (join == nullptr) return;
    outer = outer || join->join == sql::JoinKind::kLeft || join->join == sql::JoinKind::kRight;
    take_joined(*join->left, outer, taken);
    take_joined(*join->right, outer, taken);
    if (join->on == nullptr || find_gates_call(draft_.context, *join->on) == nullptr) return;
    for (const sql::Expr* condition : conjuncts(join->on)) taken.push_back(const_cast<sql::Expr*>(condition));
    join->on = nullptr;
  }

  // SELECT.

  /// Finds out whether the calls are made for rows or for groups.
  void group() {
    sql::Select& select = *at_.select;
    grouped_ = !select.group_by.empty() || aggregates(*block_.node);
    if (!grouped_) return;
    for (sql::OrderItem* item : select.group_by) item->value = expanded(*item->value, false);
    bool for_rows = calls_in_aggregate(*block_.node);
    if (select.where != nullptr) for_rows = for_rows || finder_.has(*select.where);
    for (const sql::TableRef* table : select.from) for_rows = for_rows || finder_.has(*table);
    for (const sql::OrderItem* item : select.group_by) {
      finder_.find(*item->value, group_calls_);
      for_rows = for_rows || finder_.has(*item->value);
    }
    by_groups_ = !for_rows;
  }

  /// Whether the block itself, and not a query in it, has groups of rows.
  static bool aggregates(const sql::Node& node) {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    bool found = call != nullptr && is_aggregate(*call) && call->over == nullptr;
    sql::for_each_child(node, [&found](const sql::Node& child) {
      found = found || (!sql::is_query(child.kind) && child.kind != NodeKind::kWith && aggregates(child));
    });
    return found;
  }

  bool calls_in_aggregate(const sql::Node& node) const {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    if (call != nullptr && is_aggregate(*call) && call->over == nullptr) return finder_.has(node);
    bool found = false;
    sql::for_each_child(node, [&](const sql::Node& child) {
      found =
          found || (!sql::is_query(child.kind) && child.kind != NodeKind::kWith && calls_in_aggregate(child));
    });
    return found;
  }

  /// With what a name or number of a select item stands for in its place.
  sql::Expr* expanded(sql::Expr& value, bool name_first) {
    const auto* column = sql::as<sql::ColumnRef>(&value);
    const auto* literal = sql::as<sql::Literal>(&value);
    const sql::SelectItem* meant = nullptr;
    if (column != nullptr && column->table.empty() &&
        (name_first || source_of(*column, &block_) == nullptr)) {
      for (const sql::SelectItem* item : at_.select->items) {
        if (meant == nullptr && same_column(item->alias, column->name)) meant = item;
      }
    } else if (literal != nullptr && literal->literal == sql::LiteralKind::kInteger) {
      const std::size_t number = number_of(literal->text);
      if (number > 0 && number <= at_.select->items.size()) meant = at_.select->items[number - 1];
    }
    return meant == nullptr || meant->value->kind == NodeKind::kStar ? &value : copy(meant->value);
  }

  sql::Node* expand_names(sql::Node& node) {
    if (node.kind == NodeKind::kColumnRef) return expanded(static_cast<sql::Expr&>(node), true);
    if (sql::is_query(node.kind)) return &node;
    sql::rewrite_children(node, [this](sql::Node& child) { return expand_names(child); });
    return &node;
  }

  void cut_select() {
    sql::Select& select = *at_.select;
    name_items(select.items);
    const bool late = is_late();
    if (by_groups_) take_groups();
    if (late) take_order();
    if (!late && !grouped_) copy_order();
    rows_->locking = select.locking;
    select.locking = {};
    rows_->hints = select.hints;
    sql::Expr* condition = where_;
    if (by_groups_ && select.having != nullptr) {
      condition = static_cast<sql::Expr*>(expand_names(*select.having));
      select.having = nullptr;
    }
    select.where = nullptr;
    conditions_first_ = condition != nullptr && !(grouped_ && !by_groups_);
    if (condition != nullptr) select.where = condition_over_table(condition);
    select.from = {};
    select.from.push_back(arena_, called_table());
    for (sql::SelectItem* item : select.items) item->value = over_table(item->value);
    for (sql::OrderItem* item : select.group_by) item->value = over_table_for_rows(item->value);
    if (select.having != nullptr) select.having = over_table(select.having);
    for (sql::WindowSpec*& window : select.windows) over_table_children(*window);
    for (sql::OrderItem* item : select.order_by) {
      if (!is_item_name(*item->value)) item->value = over_table(item->value);
    }
    if (late) order_by_number();
  }

  /// Whether the calls are made for what is left when the rows are ordered and limited.
  bool is_late() const {
    const sql::Select& select = *at_.select;
    const auto ordered_by_call = [&](const sql::OrderItem* item) {
      return names_call(draft_.context, select, *item->value);
    };
    const bool windows = !select.windows.empty() || holds_window(select);
    return where_ == nullptr && (by_groups_ || !grouped_) && !select.distinct && !windows &&
           (select.having == nullptr ||
            (by_groups_ && !names_call(draft_.context, select, *select.having))) &&
           (select.options & sql::kCalcFoundRows) == 0 && select.procedure == nullptr &&
           std::ranges::none_of(select.order_by, ordered_by_call);
  }

  void take_groups() {
    sql::Select& select = *at_.select;
    rows_->group_by = select.group_by;
    rows_->with_rollup = select.with_rollup;
    select.group_by = {};
    select.with_rollup = false;
    if (select.having == nullptr || names_call(draft_.context, select, *select.having)) return;
    rows_->having = static_cast<sql::Expr*>(expand_names(*select.having));
    select.having = nullptr;
  }

  void take_order() {
    sql::Select& select = *at_.select;
    for (sql::OrderItem* item : select.order_by) {
      item->value = expanded(*item->value, true);
      rows_->order_by.push_back(arena_, item);
    }
    rows_->limit = select.limit;
    select.order_by = {};
    select.limit = nullptr;
  }

  /// Calls are made in the order of the rows, if it does not depend on them.
  void copy_order() {
    const auto calls = [this](const sql::OrderItem* item) {
      return names_call(draft_.context, *at_.select, *item->value);
    };
    if (std::ranges::any_of(at_.select->order_by, calls)) return;
    for (const sql::OrderItem* said : at_.select->order_by) {
      sql::OrderItem* item = copy(said);
      item->value = expanded(*item->value, true);
      if (!holds_window(*item->value)) rows_->order_by.push_back(arena_, item);
    }
  }

  static bool holds_window(const sql::Node& node) {
    return find_call(node, [](const sql::FunctionCall& call) { return call.over != nullptr; }) != nullptr;
  }

  bool is_item_name(const sql::Expr& value) const {
    const auto* column = sql::as<sql::ColumnRef>(&value);
    if (column == nullptr) return value.kind == NodeKind::kLiteral;
    return column->table.empty() &&
           std::ranges::any_of(at_.select->items, [column](const sql::SelectItem* item) {
             return same_column(item->alias, column->name);
           });
  }

  void order_by_number() {
    made_.number = "_kintsugi_nr";
    auto* item = sql::make_node<sql::OrderItem>(arena_);
    item->value = of_table(made_.number);
    at_.select->order_by.push_back(arena_, item);
  }

  // UPDATE and DELETE: what is written are the rows that have the keys.

  void find_written_rows() {
    auto* keys = sql::make_node<sql::Row>(arena_);
    auto* found = sql::make_node<sql::Select>(arena_);
    for (Source* source : block_.sources) {
      const std::size_t named = keys->items.size();
      for (const std::string& column :
           source->table == nullptr ? std::vector<std::string>() : source->table->primary_key) {
        keys->items.push_back(arena_, reference(*source, column));
        found->items.push_back(arena_, item_of(kept(*source, column), {}));
      }
      if (keys->items.size() == named || source->nullable)
        fail("a condition with a function that the gate runs, in a write of '" + std::string(source->alias) +
             "', whose rows have no primary key here");
    }
    for (const sql::OrderItem* item : *at_.order_by) {
      if (finder_.has(*item->value)) fail("ORDER BY a function that the gate runs, in a write");
    }
    if (failed_ || where_ == nullptr) return;
    auto* lock = sql::make_node<sql::Locking>(arena_);
    lock->strength = sql::LockStrength::kUpdate;
    rows_->locking.push_back(arena_, lock);
    found->from.push_back(arena_, called_table());
    found->where = condition_over_table(where_);
    auto* in = sql::make_node<sql::In>(arena_);
    in->value = keys->items.size() == 1 ? keys->items.front() : keys;
    in->query = found;
    *at_.where = sql::both(rows_->where == nullptr ? nullptr : copy(rows_->where), in, arena_);
  }

  Clauses at_;                  ///< in the rest
  sql::Expr* where_ = nullptr;  ///< conditions that call
};

/// Whether a query inside of the block uses columns of the queries around it, or the block itself does.
bool uses_outer(const Draft& draft, Block& block) {
  std::map<const sql::Node*, Block*> blocks;
  for (const auto& known : draft.blocks) blocks.emplace(known->node, known.get());
  const auto is_outer = [&block](const Block* other) {
    for (const Block* outer = block.parent; outer != nullptr; outer = outer->parent) {
      if (outer == other) return true;
    }
    return false;
  };
  bool found = false;
  const auto look = [&](const sql::Node& node, Block* at, const auto& self) -> void {
    if (const auto known = blocks.find(&node); known != blocks.end()) at = known->second;
    if (const auto* column = sql::as<sql::ColumnRef>(&node)) {
      const Source* source = resolve_column(*column, at).source;
      found = found || (source != nullptr && is_outer(source->block));
    }
    sql::for_each_child(node, [&](const sql::Node& child) { self(child, at, self); });
  };
  look(*block.node, &block, look);
  return found;
}

/// Whether queries in its FROM or conditions, or common tables before it, make calls: these are cut first.
bool waits_for_others(const Draft& draft, const Block& block, const Clauses& clauses) {
  const auto calls = [&draft](const sql::Node& node) {
    return find_gates_call(draft.context, node) != nullptr;
  };
  if (const sql::With* with = with_of(draft.statement)) {
    for (const sql::CommonTable* table : with->tables) {
      if (holds(*table, block.node)) break;
      if (calls(*table) && is_used(draft, *table)) return true;
    }
  }
  const bool within = std::ranges::any_of(block.sources, [&](const Source* source) {
    return source->query != nullptr && calls(*source->query->node);
  });
  bool nested = false;
  const auto look = [&](const sql::Node& node, const auto& self) -> void {
    nested = nested || (sql::is_query(node.kind) && calls(node));
    if (!nested) sql::for_each_child(node, [&](const sql::Node& child) { self(child, self); });
  };
  if (*clauses.where != nullptr) look(**clauses.where, look);
  for (const sql::TableRef* table : *clauses.from) look(*table, look);
  return within || nested;
}

/// The first block that makes calls and can be cut; null: there is none.
Block* find_calling(const Draft& draft) {
  const CallFinder finder(draft.context);
  std::set<const sql::Node*> seen;  // of a common table that is read twice, there are two
  for (const auto& block : draft.blocks) {
    if (!seen.insert(block->node).second) continue;
    const Clauses clauses = clauses_of(const_cast<sql::Node&>(*block->node));
    if (clauses.node == nullptr || block->sources.empty()) continue;
    const bool calls = clauses.select != nullptr ? finder.has(*block->node)
                                                 : block->where != nullptr && finder.has(*block->where);
    if (calls && !waits_for_others(draft, *block, clauses) && !uses_outer(draft, *block)) return block.get();
  }
  return nullptr;
}

}  // namespace

Result<void> cut_at_calls(Draft& draft) {
  if (draft.gates_call == nullptr) return {};
  Block* block = find_calling(draft);
  if (block == nullptr && draft.returns_elsewhere) return {};
  if (block == nullptr) return failure(refuse_for_rows(draft));
  if (Result<void> made = make_session(draft); !made) return made;
  auto& session = static_cast<Session&>(*draft.plan->root);
  session.calls_functions = true;
  draft.done = true;
  Result<CalledRows> rows = Cutter(draft, *block).run();
  if (!rows) return failure(rows.error());
  session.rows = std::make_shared<const CalledRows>(std::move(*rows));
  return {};
}

}  // namespace kintsugi::plan::pass
