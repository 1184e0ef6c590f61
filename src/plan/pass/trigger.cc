#include <algorithm>
#include <set>

#include "plan/pass/draft.h"
#include "plan/pass/functions.h"
#include "plan/pass/row_triggers.h"

// CREATE TRIGGER in a sharded keyspace. A server runs it for each row that it changes, and its statements on
// that server: they may read and write rows only that are on the shard of the row itself. Others are run by
// the gate, as far as that can (row_triggers.h).

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;
using Kind = vschema::Table::Kind;
using Conditions = std::vector<const sql::Expr*>;

void find_named(const sql::TableRef& ref, std::vector<const sql::NamedTable*>& out) {
  if (const auto* table = sql::as<sql::NamedTable>(&ref)) out.push_back(table);
  if (const auto* join = sql::as<sql::Join>(&ref)) {
    find_named(*join->left, out);
    find_named(*join->right, out);
  }
}

constexpr const char* kAssignsVariable = "assigns a user variable, which the session would not see";

bool is_kept_by_gates(const vschema::ForeignKeySpec& key) { return !key.on_servers; }

class Check {
 public:
  Check(const Draft& draft, const sql::CreateTrigger& create, const vschema::Table& table)
      : draft_(draft), create_(create), table_(table) {}

  Result<void> run() {
    if (std::ranges::any_of(table_.foreign_keys, is_kept_by_gates))
      fail("is of a table with a foreign key over shards, whose actions fire no triggers");
    if (table_.kind == Kind::reference && find_unrepeatable(*create_.body) != nullptr)
      fail("would give each shard's copy of the row another value");
    sql::walk(*create_.body, [this](const sql::Node& node) {
      look_at(node);
      return wrong_.empty();
    });
    if (wrong_.empty()) return {};
    return failure(kUnsupportedYet,
                   "a trigger that " + wrong_ +
                       ": it runs on the row's own shard, so tables in it must be found there by " +
                       own_key() + " (and be sharded alike), or be REFERENCE and only read");
  }

 private:
  void fail(std::string wrong) {
    if (wrong_.empty()) wrong_ = std::move(wrong);
  }

  /// How the row's shard is said in the trigger.
  std::string own_key() const {
    std::string key;
    if (table_.vindexes.empty()) return "the row's own key";
    const std::string row = create_.event == "delete" ? "OLD." : "NEW.";
    for (const std::string& column : table_.vindexes.front().columns)
      key += (key.empty() ? "" : ", ") + row + column;
    return key;
  }

  void look_at(const sql::Node& node) {
    switch (node.kind) {
      case NodeKind::kSetItem:
        return assigns(static_cast<const sql::SetItem&>(node));
      case NodeKind::kAssign:
        return fail(kAssignsVariable);
      case NodeKind::kInto: {
        const auto& variables = static_cast<const sql::Into&>(node).variables;
        if (std::ranges::any_of(variables,
                                [](const sql::Expr* each) { return sql::is<sql::UserVariable>(each); }))
          fail(kAssignsVariable);
        return;
      }
      case NodeKind::kInsert:
        return inserts(static_cast<const sql::Insert&>(node));
      case NodeKind::kUpdate: {
        const auto& update = static_cast<const sql::Update&>(node);
        return changes(update.tables, update.where, &update.set);
      }
      case NodeKind::kDelete: {
        const auto& remove = static_cast<const sql::Delete&>(node);
        return changes(remove.from, remove.where, nullptr);
      }
      case NodeKind::kSelect: {
        const auto& select = static_cast<const sql::Select&>(node);
        return reads(select.from, select.where);
      }
      case NodeKind::kCall:
        return fail("calls a procedure");
      case NodeKind::kFunctionCall:
        return calls(static_cast<const sql::FunctionCall&>(node));
      case NodeKind::kSequenceValue:
        return fail("takes a value of a sequence");
      case NodeKind::kTableName: {
        const auto& name = static_cast<const sql::TableName&>(node);
        if (!found_.contains(&name)) reads_all(name);
        return;
      }
      default:
        return;
    }
  }

  void calls(const sql::FunctionCall& call) {
    const bool here = call.schema.empty() || call.schema == draft_.keyspace;
    const std::string why = here ? why_spanning(*draft_.found, call.name) : std::string();
    if (!why.empty()) fail("calls function '" + std::string(call.name) + "', which " + why);
  }

  void assigns(const sql::SetItem& item) {
    if (item.item == sql::SetKind::kUserVariable) return fail(kAssignsVariable);
    if (!same_column(item.prefix, "new")) return;
    for (const vschema::TableVindex& vindex : table_.vindexes) {
      if (std::ranges::any_of(vindex.columns,
                              [&](const std::string& column) { return same_column(column, item.name); }))
        fail("sets '" + std::string(item.name) + "', by which rows are found");
    }
  }

  const vschema::Table* find(const sql::TableName& name) {
    found_.insert(&name);
    const bool here = name.schema.empty() || name.schema == draft_.keyspace;
    const vschema::Table* table = here ? draft_.found->find_table(name.name) : nullptr;
    if (table == nullptr)
      fail("uses table '" + std::string(name.name) + "', which the keyspace's vschema does not have");
    return table;
  }

  void reads_all(const sql::TableName& name) {
    const vschema::Table* table = find(name);
    if (table != nullptr && table->kind != Kind::reference)
      fail("reads table '" + std::string(name.name) + "' on whatever shard");
  }

  /// A column of the row at hand that is part of its sharding key, in that place.
  bool is_own_key(const sql::Expr* expr, std::size_t place) const {
    const auto* column = sql::as<sql::ColumnRef>(expr);
    if (column == nullptr || !(same_column(column->table, "new") || same_column(column->table, "old")))
      return false;
    return same_column(column->name, table_.vindexes.front().columns[place]);
  }

  bool is_sharded_alike(const vschema::Table& table) const {
    return table.kind == Kind::sharded && !table.vindexes.empty() && !table_.vindexes.empty() &&
           table.vindexes.front().name == table_.vindexes.front().name;
  }

  static std::string vindex_of(const vschema::Table& table) {
    return table.vindexes.empty() ? "no vindex" : "vindex '" + table.vindexes.front().name + "'";
  }

  bool is_spread_alike(const vschema::Table& table) {
    if (is_sharded_alike(table)) return true;
    fail("uses table '" + table.name + "', whose rows are spread by " + vindex_of(table) + " and not by " +
         vindex_of(table_) + " as those of '" + table_.name + "'");
    return false;
  }

  bool is_pinned(const sql::NamedTable& named, const vschema::Table& table, const Conditions& conditions,
                 bool alone) const {
    const std::string_view alias = named.alias.empty() ? named.name->name : named.alias;
    const std::vector<std::string>& key = table.vindexes.front().columns;
    for (std::size_t i = 0; i < key.size(); ++i) {
      const auto names_it = [&](const sql::Expr* expr) {
        const auto* column = sql::as<sql::ColumnRef>(expr);
        return column != nullptr && same_column(column->name, key[i]) &&
               (column->table.empty() ? alone : same_column(column->table, alias));
      };
      const bool said = std::ranges::any_of(conditions, [&](const sql::Expr* condition) {
        const auto* equal = sql::as<sql::Binary>(condition);
        if (equal == nullptr || equal->op != sql::BinaryOp::kEqual) return false;
        return (names_it(equal->left) && is_own_key(equal->right, i)) ||
               (names_it(equal->right) && is_own_key(equal->left, i));
      });
      if (!said) return false;
    }
    return true;
  }

  void reads(const sql::List<sql::TableRef*>& from, const sql::Expr* where) {
    std::vector<const sql::NamedTable*> named;
    for (const sql::TableRef* ref : from) find_named(*ref, named);
    const Conditions conditions = conjuncts(where);
    for (const sql::NamedTable* each : named) {
      const vschema::Table* table = find(*each->name);
      if (table == nullptr || table->kind == Kind::reference || !is_spread_alike(*table)) continue;
      if (!is_pinned(*each, *table, conditions, named.size() == 1))
        fail("reads table '" + std::string(each->name->name) + "' on whatever shard");
    }
  }

  void changes(const sql::List<sql::TableRef*>& tables, const sql::Expr* where,
               const sql::List<sql::Assignment*>* set) {
    std::vector<const sql::NamedTable*> named;
    for (const sql::TableRef* ref : tables) find_named(*ref, named);
    if (named.size() != 1) return fail("changes several tables in one statement");
    const vschema::Table* table = find(*named.front()->name);
    if (table == nullptr || !may_write(*table) || !is_spread_alike(*table)) return;
    if (!is_pinned(*named.front(), *table, conjuncts(where), true))
      return fail("changes rows of table '" + table->name + "' on whatever shard");
    if (set != nullptr) sets_no_key(*table, *set);
  }

  void sets_no_key(const vschema::Table& table, const sql::List<sql::Assignment*>& set) {
    for (const sql::Assignment* assignment : set) {
      const auto& key = table.vindexes.front().columns;
      if (std::ranges::any_of(
              key, [&](const std::string& name) { return same_column(name, assignment->column->name); }))
        fail("changes the sharding key of table '" + table.name + "'");
    }
  }

  /// What only a gate could keep in step is not to be written behind its back.
  bool may_write(const vschema::Table& table) {
    if (table.kind == Kind::reference) {
      fail("writes to table '" + table.name + "', of which every shard has a copy");
    } else if (std::ranges::any_of(table.vindexes, &vschema::TableVindex::owned)) {
      fail("writes to table '" + table.name + "', whose look-ups gates keep in step");
    } else if (std::ranges::any_of(table.foreign_keys, is_kept_by_gates) ||
               std::ranges::any_of(table.referred_by,
                                   [](const auto& by) { return is_kept_by_gates(by.key); })) {
      fail("writes to table '" + table.name + "', whose foreign keys over shards gates keep");
    }
    return wrong_.empty();
  }

  void inserts(const sql::Insert& insert) {
    const vschema::Table* table = find(*insert.table);
    if (table == nullptr || !may_write(*table) || !is_spread_alike(*table)) return;
    const auto* values = sql::as<sql::Values>(insert.source);
    const bool placed = values != nullptr && std::ranges::all_of(values->rows, [&](const sql::Row* row) {
                          return has_own_key(insert, *table, *row);
                        });
    if (!placed)
      return fail("inserts into table '" + table->name + "' without the row's own sharding key by name");
    if (table->auto_increment && place_of(insert, table->auto_increment->column) < 0)
      return fail("inserts into table '" + table->name + "', whose ids a gate gives out");
    sets_no_key(*table, insert.on_duplicate);
  }

  static int place_of(const sql::Insert& insert, std::string_view column) {
    int place = 0;
    for (const sql::ColumnRef* each : insert.columns) {
      if (same_column(each->name, column)) return place;
      ++place;
    }
    return -1;
  }

  bool has_own_key(const sql::Insert& insert, const vschema::Table& table, const sql::Row& row) const {
    const std::vector<std::string>& key = table.vindexes.front().columns;
    for (std::size_t i = 0; i < key.size(); ++i) {
      const int place = place_of(insert, key[i]);
      const auto at = static_cast<std::size_t>(place);
      if (place < 0 || at >= row.items.size() || !is_own_key(row.items[at], i)) return false;
    }
    return true;
  }

  const Draft& draft_;
  const sql::CreateTrigger& create_;
  const vschema::Table& table_;
  std::set<const sql::TableName*> found_;
  std::string wrong_;
};

}  // namespace

Result<void> plan_trigger(Draft& draft, const sql::CreateTrigger& create, Ddl& node) {
  const vschema::Table* table = draft.found->find_table(create.table->name);
  if (table == nullptr) {
    return failure(kNotInVSchema, "the vschema of keyspace '" + draft.keyspace + "' does not know table '" +
                                      std::string(create.table->name) + "'");
  }
  Result<void> checked = Check(draft, create, *table).run();
  // All behind one that gates run are run by gates, or their order would be another.
  const bool behind = create.time == "after" && std::ranges::any_of(table->triggers, [&](const auto& known) {
                        return known.event == create.event && known.time == "after";
                      });
  const bool asked = parse_directives(draft.statement.directives).in_gate.value_or(false);
  if (checked && !behind && !asked) return create_beside_row_triggers(draft, create, node);
  const Error refused = !checked ? Error(checked.error())
                        : asked
                            ? Error(kUnsupportedYet, "in_gate of a trigger of a table that is not sharded")
                            : Error(kUnsupportedYet, "a trigger behind one that the gate runs");
  return create_row_trigger(draft, create, *table, refused, node);
}

}  // namespace kintsugi::plan::pass
