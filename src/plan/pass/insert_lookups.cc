#include "plan/pass/insert_lookups.h"

#include <algorithm>

#include "plan/pass/functions.h"
#include "plan/pass/gate_calls.h"
#include "plan/pass/whole_row.h"
#include "sql/printer.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan::pass {

namespace {

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::ranges::any_of(columns, [name](const std::string& each) { return same_column(each, name); });
}

bool is_kept(const vschema::TableVindex& vindex) {
  const vschema::Lookup* lookup = vindex.vindex->lookup();
  return lookup != nullptr && (vindex.owned || lookup->verify);
}

/// The columns that a query of rows in conflict yields, and where in its rows they are.
class ConflictColumns {
 public:
  Operand add(std::string column) {
    Operand operand;
    operand.from = Operand::From::kRead;
    operand.index = static_cast<std::uint32_t>(columns_.size());
    columns_.push_back(std::move(column));
    return operand;
  }
  std::string text() const {
    std::string out;
    for (const std::string& column : columns_) out += (out.empty() ? "" : ", ") + column;
    return out;
  }

 private:
  std::vector<std::string> columns_;
};

}  // namespace

bool keeps(const sql::Assignment& assignment) {
  const sql::Expr* value = assignment.value;
  if (const auto* call = sql::as<sql::FunctionCall>(value);
      call != nullptr && call->name == "last_insert_id" && call->args.size() == 1) {
    value = call->args[0];
  }
  const auto* column = sql::as<sql::ColumnRef>(value);
  return column != nullptr && same_column(column->name, assignment.column->name);
}

bool InsertLookups::fires() const { return on_insert_ || on_update_ || on_delete_; }

bool InsertLookups::any() const {
  return fires() || moves() || reads_elsewhere() || has_lookups() || !parents_.empty() ||
         (!children_.empty() && meets_rows());
}

bool InsertLookups::moves() const {
  if (entry_.routing == nullptr || entry_.routing->vindexes.empty() || entry_.schema->primary_key.empty())
    return false;
  const std::vector<std::string>& key = entry_.routing->vindexes.front().columns;
  return std::ranges::any_of(statement_.on_duplicate, [&key](const sql::Assignment* assignment) {
    return has(key, assignment->column->name) && !keeps(*assignment);
  });
}

bool InsertLookups::updates_apart() const {
  return moves() || on_update_ || reads_elsewhere() || (!statement_.on_duplicate.empty() && has_untold());
}

/// Whether ON DUPLICATE KEY UPDATE asks for rows that are not all on the shard of the row that is met, or
/// calls functions that the gate runs.
bool InsertLookups::reads_elsewhere() const {
  return std::ranges::any_of(statement_.on_duplicate, [this](const sql::Assignment* assignment) {
    return find_gates_call(draft_.context, *assignment->value) != nullptr ||
           find_call_over_copies(draft_, *assignment->value) != nullptr ||
           find_read_elsewhere(draft_, *assignment->value, entry_) != nullptr;
  });
}

/// Whether a look-up is unique, and its columns are no unique key of the table.
bool InsertLookups::has_untold() const {
  return has_lookups() && std::ranges::any_of(entry_.routing->vindexes, [this](const auto& vindex) {
           return is_kept(vindex) && vindex.owned && vindex.vindex->type().unique &&
                  !is_unique_key(vindex.columns);
         });
}

bool InsertLookups::has_lookups() const {
  return entry_.routing != nullptr && entry_.routing->kind == vschema::Table::Kind::sharded &&
         std::ranges::any_of(entry_.routing->vindexes, is_kept);
}

bool InsertLookups::meets_rows() const {
  return statement_.ignore || statement_.replace || !statement_.on_duplicate.empty();
}

/// A row may refer to one that the same statement has inserted before it.
bool InsertLookups::one_by_one() const {
  return meets_rows() || fires() ||
         std::ranges::any_of(parents_, [](const KeptOf& kept) { return kept.key->of_itself; });
}

bool InsertLookups::asks_for(std::string_view column) const {
  if (std::ranges::any_of(parents_, [column](const KeptOf& kept) { return has(kept.spec->columns, column); }))
    return true;
  if (!any() || !one_by_one()) return false;
  if (new_place(before(), column)) return true;
  if (updates_apart() && names_value_of(column)) return true;
  return has(entry_.schema->primary_key, column) ||
         std::ranges::any_of(entry_.schema->unique_keys,
                             [column](const std::vector<std::string>& key) { return has(key, column); });
}

Result<void> InsertLookups::find(Insert& node) {
  if (!any()) return {};
  auto lookups = owned_lookups(draft_, entry_);
  if (!lookups) return failure(lookups.error());
  node.lookups.assign(lookups->begin(), lookups->end());
  for (const vschema::TableVindex& vindex : entry_.routing->vindexes) {
    if (!has_lookups() || !is_kept(vindex)) continue;
    columns_.push_back(vindex.columns);
    const auto id = std::ranges::find_if(
        vindex.columns, [&](const std::string& column) { return same_column(column, node.id_column); });
    node.id_in_lookup.push_back(id == vindex.columns.end() ? -1
                                                           : static_cast<int>(id - vindex.columns.begin()));
  }
  return one_by_one() ? find_conflicts(node) : Result<void>();
}

Result<void> InsertLookups::find_conflicts(Insert& node) {
  auto conflicts = std::make_shared<Conflicts>();
  conflicts->delete_triggers = on_delete_;
  auto triggers = row_triggers(draft_, entry_, "after", "insert");
  if (!triggers) return failure(triggers.error());
  if (!before_) return failure(before_.error());
  node.before_triggers = *before_;
  if (const auto id = new_place(before(), node.id_column)) node.id_in_before = static_cast<int>(*id);
  node.triggers = std::move(*triggers);
  if (Result<void> done = check_keys(node); !done) return done;
  if (Result<void> done = check_reassigned(*conflicts); !done) return done;
  conflicts->owner = quoted_name(entry_.keyspace) + "." + quoted_name(entry_.server_name);
  ConflictColumns columns;
  conflicts->whole_row = entry_.schema->primary_key.empty();
  for (const std::string& column : row_columns()) {
    conflicts->primary_columns.push_back(column);
    conflicts->primary.push_back(columns.add(column));
  }
  for (const KeyColumn& column : node.columns)
    conflicts->key.push_back(columns.add(quoted_name(column.name)));
  for (const auto& lookup : node.lookups) {
    std::vector<Operand> values;
    for (const std::string& column : lookup->owner_columns) values.push_back(columns.add(column));
    conflicts->values.push_back(std::move(values));
    conflicts->told.push_back(is_unique_key(columns_[conflicts->told.size()]));
  }
  find_foreign_keys(*conflicts, [&columns](std::string column) { return columns.add(std::move(column)); });
  conflicts->select = "select " + columns.text() + " from " + conflicts->owner + " where ";
  node.conflicts = std::move(conflicts);
  node.own_text = false;
  return {};
}

/// What tells a row of the table from others, as SQL.
std::vector<std::string> InsertLookups::row_columns() const {
  std::vector<std::string> columns;
  for (const std::string& column : entry_.schema->primary_key) columns.push_back(quoted_name(column));
  if (!columns.empty()) return columns;
  sql::Arena arena;
  for (const sql::Expr* value : whole_row(*entry_.schema, {}, arena)) columns.push_back(sql::print(*value));
  return columns;
}

/// That a row which is in conflict can be told by the servers too.
Result<void> InsertLookups::check_keys(const Insert& node) const {
  const std::string what =
      "IGNORE, REPLACE and ON DUPLICATE KEY UPDATE of table '" + entry_.server_name +
      "', which has look-up vindexes or foreign keys that the gate keeps, or triggers that it runs,";
  if (node.vindex == nullptr && reads_elsewhere()) {
    return failure(kUnsupportedYet, "ON DUPLICATE KEY UPDATE, by what other tables hold, of table '" +
                                        entry_.server_name + "', whose rows no sharding key places");
  }
  if (node.vindex == nullptr) return failure(kUnsupportedYet, what + " and no sharding key");
  if (reads_elsewhere() && entry_.schema->triggers) {
    return failure(kUnsupportedYet, "ON DUPLICATE KEY UPDATE, by what other tables hold, of table '" +
                                        entry_.server_name + "', which has triggers that the servers run");
  }
  if (on_update_ && entry_.schema->triggers) {
    return failure(kUnsupportedYet,
                   "ON DUPLICATE KEY UPDATE of table '" + entry_.server_name +
                       "', which has triggers that the servers run, and some of UPDATE that the "
                       "gate runs");
  }
  if (updates_apart() && !statement_.returning.empty())
    return failure(kUnsupportedYet, what + " and updates rows that servers would not meet, with RETURNING");
  return {};
}

Result<void> InsertLookups::check_reassigned(Conflicts& conflicts) const {
  conflicts.updates = !statement_.on_duplicate.empty();
  if (updates_apart()) return {};
  bool primary = false;
  for (const sql::Assignment* assignment : statement_.on_duplicate) {
    conflicts.reassigns |= is_lookup_column(assignment->column->name);
    primary |= has(entry_.schema->primary_key, assignment->column->name);
  }
  if (conflicts.reassigns && entry_.schema->primary_key.empty()) {
    return failure(kUnsupportedYet,
                   "ON DUPLICATE KEY UPDATE of a column of a look-up vindex or foreign key, of a "
                   "table that has no primary key");
  }
  if (!conflicts.reassigns || !primary) return {};
  return failure(kUnsupportedYet,
                 "ON DUPLICATE KEY UPDATE of the primary key and of a column of a look-up vindex at once");
}

/// Columns whose change must be known.
bool InsertLookups::is_lookup_column(std::string_view column) const {
  const auto is_child = [column](const KeptOf& kept) { return has(kept.spec->columns, column); };
  const auto is_parent = [column](const KeptOf& kept) { return has(kept.spec->parent_columns, column); };
  if (std::ranges::any_of(parents_, is_child) || std::ranges::any_of(children_, is_parent)) return true;
  return std::ranges::any_of(
      columns_, [column](const std::vector<std::string>& of_one) { return has(of_one, column); });
}

bool InsertLookups::is_unique_key(const std::vector<std::string>& columns) const {
  const auto same = [&columns](const std::vector<std::string>& key) {
    return key.size() == columns.size() &&
           std::ranges::all_of(key, [&](const std::string& column) { return has(columns, column); });
  };
  return same(entry_.schema->primary_key) || std::ranges::any_of(entry_.schema->unique_keys, same);
}

Result<void> InsertLookups::add(const Insert& node, const ValueOf& value_of, Insert::Row& row) {
  for (const std::vector<std::string>& columns : columns_) {
    std::vector<Operand> values;
    for (const std::string& column : columns) {
      const Result<Operand> value =
          same_column(column, node.id_column) ? Result<Operand>(row.id) : value_of(column);
      if (!value) return failure(value.error());
      values.push_back(*value);
    }
    row.lookups.push_back(std::move(values));
  }
  if (Result<void> done = add_parents(node, value_of, row); !done) return done;
  if (node.conflicts == nullptr) return {};
  Result<void> done = add_new_row(node, value_of, row);
  if (done && (meets_rows() || !parents_.empty())) done = write_conflict(node, value_of, row);
  for (std::size_t i = 0; i < columns_.size() && done; ++i) {
    row.elsewhere.emplace_back();
    if (node.lookups[i]->unique)
      done = write_condition(node, value_of, row, columns_[i], row.elsewhere.back());
  }
  return done;
}

/// The row is found again by its primary key.
Result<void> InsertLookups::add_new_row(const Insert& node, const ValueOf& value_of, Insert::Row& row) {
  if (node.triggers == nullptr) return {};
  const Result<std::string> select = select_new_row(*node.triggers, entry_);
  if (!select) return failure(select.error());
  if (select->empty()) return {};
  append_text(row.new_row, *select + " where ", draft_);
  return write_condition(node, value_of, row, entry_.schema->primary_key, row.new_row);
}

bool InsertLookups::names_value_of(std::string_view column) const {
  bool found = false;
  for (const sql::Assignment* assignment : statement_.on_duplicate) {
    sql::walk(*assignment, [&](const sql::Node& node) {
      const auto* value = sql::as<sql::ValuesOf>(&node);
      found |= value != nullptr && same_column(value->column->name, column);
      return !found;
    });
  }
  return found;
}

/// VALUES(column) is what the row gives the column. `without` gets the name of one of which that is not
/// known.
sql::Node* InsertLookups::with_values(sql::Node& node, const ExprOf& expr_of, std::string& without,
                                      sql::Arena& arena) const {
  if (const auto* value = sql::as<sql::ValuesOf>(&node)) {
    const sql::Expr* given = expr_of(value->column->name);
    if (given != nullptr && given->kind != sql::NodeKind::kDefault) return sql::clone(given, arena);
    const Column* column = entry_.schema->find(value->column->name);
    if (column == nullptr || column->auto_increment) without = value->column->name;
    auto* standard = sql::make_node<sql::DefaultOf>(arena);
    standard->column = value->column;
    return standard;
  }
  sql::rewrite_children(node, [&](sql::Node& child) { return with_values(child, expr_of, without, arena); });
  return &node;
}

/// As an UPDATE of its own: that knows how to move rows.
Result<void> InsertLookups::add_update(const Insert& node, const ExprOf& expr_of, Insert::Row& row) {
  if (node.conflicts == nullptr || !updates_apart()) return {};
  sql::Arena arena;
  auto* update = sql::make_node<sql::Update>(arena);
  auto* table = sql::make_node<sql::NamedTable>(arena);
  table->name = sql::make_node<sql::TableName>(arena);
  table->name->schema = arena.copy(entry_.keyspace);
  table->name->name = arena.copy(entry_.server_name);
  update->tables.push_back(arena, table);
  update->ignore = statement_.ignore;
  std::string without;
  for (const sql::Assignment* assignment : statement_.on_duplicate) {
    auto* made = sql::clone(assignment, arena);
    made->value = static_cast<sql::Expr*>(with_values(*made->value, expr_of, without, arena));
    made->column->schema = made->column->table = {};
    update->set.push_back(arena, made);
  }
  if (!without.empty())
    return failure(kUnroutableValue,
                   "VALUES(" + without + ") with ON DUPLICATE KEY UPDATE of the sharding key");
  row.update = make_text(draft_, *update);
  append_text(row.update, " where ", draft_);
  return {};
}

/// Of several rows that it meets, servers update the one of the first key.
Result<void> InsertLookups::write_conflict(const Insert& node, const ValueOf& value_of, Insert::Row& row) {
  std::vector<std::vector<std::string>> keys = entry_.schema->unique_keys;
  if (!entry_.schema->primary_key.empty()) keys.insert(keys.begin(), entry_.schema->primary_key);
  if (keys.empty()) return {};
  for (const std::string_view separator : {" or ", " desc, "}) {
    if (separator != " or ") append_text(row.conflict, " order by ", draft_);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) append_text(row.conflict, separator, draft_);
      if (Result<void> done = write_condition(node, value_of, row, keys[i], row.conflict); !done) return done;
    }
  }
  append_text(row.conflict, " desc", draft_);
  return {};
}

void InsertLookups::find_foreign_keys(Conflicts& conflicts,
                                      const std::function<Operand(std::string)>& read) const {
  const auto all = [&read](const std::vector<std::string>& columns) {
    std::vector<Operand> operands;
    for (const std::string& column : columns) operands.push_back(read(quoted_name(column)));
    return operands;
  };
  for (const KeptOf& kept : parents_)
    conflicts.parents.push_back({kept.key, all(kept.spec->columns), {}, {}});
  for (const KeptOf& kept : children_)
    conflicts.children.push_back({kept.key, all(kept.spec->parent_columns), {}});
}

Result<Operand> InsertLookups::value_in(const Insert& node, const ValueOf& value_of, const Insert::Row& row,
                                        const std::string& column) {
  return same_column(column, node.id_column) ? Result<Operand>(row.id) : value_of(column);
}

/// The parents that the row needs.
Result<void> InsertLookups::add_parents(const Insert& node, const ValueOf& value_of, Insert::Row& row) const {
  for (const KeptOf& kept : parents_) {
    ParentCheck check{kept.key, {}, {}, {}};
    for (const std::string& column : kept.spec->columns) {
      const Result<Operand> value = value_in(node, value_of, row, column);
      if (!value) return failure(value.error());
      check.values.push_back(*value);
    }
    for (const std::string& column : kept.spec->parent_columns) {
      if (!kept.key->of_itself) break;
      const Result<Operand> value = value_in(node, value_of, row, column);
      if (!value) return failure(value.error());
      check.own.push_back(*value);
    }
    row.parents.push_back(std::move(check));
  }
  return {};
}

/// That a row has the values of this one in these columns.
Result<void> InsertLookups::write_condition(const Insert& node, const ValueOf& value_of,
                                            const Insert::Row& row, const std::vector<std::string>& columns,
                                            Text& to) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    append_text(to, (i > 0 ? " and " : "(") + quoted_name(columns[i]) + " = ", draft_);
    if (same_column(columns[i], node.id_column)) {
      to.push_back({TextPiece::Kind::kGenerated, {}, {}, row.id});
      continue;
    }
    const Result<Operand> value = value_of(columns[i]);
    if (!value) return failure(value.error());
    to.push_back({TextPiece::Kind::kOperand, {}, {}, *value});
  }
  append_text(to, ")", draft_);
  return {};
}

}  // namespace kintsugi::plan::pass
