#include <algorithm>

#include "base/lower_case.h"
#include "plan/pass/foreign_keys.h"

// What foreign keys that gates keep have against statements that drop something.

namespace kintsugi::plan::pass {

// DROP TABLE and TRUNCATE TABLE.

void ForeignKeyDdl::require_unreferred(const sql::TableName& name, const sql::List<sql::TableName*>* with) {
  const vschema::Table* table = draft_.found->find_table(name.name);
  if (table == nullptr || node_.referred) return;
  for (const vschema::ReferringKey& referring : table->referred_by) {
    if (referring.key.on_servers || referring.child == table->name) continue;
    const auto goes = [&](const sql::TableName* other) { return other->name == referring.child; };
    if (with != nullptr && std::ranges::any_of(*with, goes)) continue;
    const std::string constraint = full_constraint_text(draft_.keyspace, referring.child, referring.key);
    node_.referred =
        with != nullptr
            ? table_error(
                  1451, "23000",
                  "Cannot delete or update a parent row: a foreign key constraint fails (" + constraint + ")")
            : table_error(
                  1701, "42000",
                  "Cannot truncate a table referenced in a foreign key constraint (" + constraint + ")");
  }
}

// DROP INDEX.

namespace {

bool same_columns(const sql::KeyDef& key, const std::vector<std::string>& columns) {
  if (key.key == sql::KeyKind::kForeign || key.parts.size() < columns.size()) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const sql::KeyPart& part = *key.parts[i];
    if (part.expression != nullptr || part.length >= 0 || !same_column(part.column, columns[i])) return false;
  }
  return true;
}

/// Whether the statement makes an index that serves.
bool adds_index(const sql::AlterTable& alter, const std::vector<std::string>& columns) {
  return std::ranges::any_of(alter.actions, [&columns](const sql::AlterAction* action) {
    return std::ranges::any_of(action->keys,
                               [&columns](const sql::KeyDef* key) { return same_columns(*key, columns); });
  });
}

/// A row, if all indexes that begin with these columns are among those that are dropped.
std::string lost_indexes(std::string_view keyspace, std::string_view table,
                         const std::vector<std::string>& dropped, const std::vector<std::string>& columns) {
  std::string positions, names;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    positions +=
        (i > 0 ? ", (" : "(") + std::to_string(i + 1) + ", " + quoted_text(lower_case(columns[i])) + ")";
  }
  for (const std::string& name : dropped)
    names += (names.empty() ? "" : ", ") + quoted_text(lower_case(name));
  return "select 1 from (select lower(index_name) as name from information_schema.statistics where "
         "table_schema = " +
         quoted_text(keyspace) + " and table_name = " + quoted_text(table) +
         " and sub_part is null and (seq_in_index, lower(column_name)) in (" + positions +
         ") group by index_name having count(*) = " + std::to_string(columns.size()) +
         ") as serving having count(*) > 0 and sum(name not in (" + names + ")) = 0";
}

}  // namespace

void ForeignKeyDdl::guard_index(const std::string& table, const std::vector<std::string>& dropped,
                                const std::vector<std::string>& columns) {
  node_.guards.push_back(
      {lost_indexes(draft_.keyspace, table, dropped, columns),
       table_error(1553, "HY000",
                   "Cannot drop index '" + dropped.front() + "': needed in a foreign key constraint")});
}

void ForeignKeyDdl::require_index(const sql::DropIndex& drop) {
  const vschema::Table* table = draft_.found->find_table(drop.table->name);
  if (table == nullptr) return;
  const std::vector<std::string> dropped = {std::string(drop.name)};
  for (const vschema::ForeignKeySpec& key : table->foreign_keys) {
    if (!key.on_servers) guard_index(table->name, dropped, key.columns);
  }
  for (const vschema::ReferringKey& referring : table->referred_by) {
    if (!referring.key.on_servers) guard_index(table->name, dropped, referring.key.parent_columns);
  }
}

/// Foreign keys that go with the same statement need none.
void ForeignKeyDdl::require_indexes(const sql::AlterTable& alter, const vschema::Table& table) {
  std::vector<std::string> dropped;
  for (const sql::AlterAction* action : alter.actions) {
    if (action->action == sql::AlterKind::kDropKey || action->action == sql::AlterKind::kDropConstraint)
      dropped.emplace_back(action->name);
  }
  if (dropped.empty()) return;
  const auto goes = [this](const vschema::ForeignKeySpec& key) {
    return std::ranges::any_of(node_.edits, [&key](const VSchemaEdit& edit) {
      return edit.kind == VSchemaEdit::Kind::kDropForeignKey && same_column(edit.new_name, key.name);
    });
  };
  for (const vschema::ForeignKeySpec& key : table.foreign_keys) {
    if (!key.on_servers && !goes(key) && !adds_index(alter, key.columns))
      guard_index(table.name, dropped, key.columns);
  }
  for (const vschema::ReferringKey& referring : table.referred_by) {
    const std::vector<std::string>& columns = referring.key.parent_columns;
    if (!referring.key.on_servers && !(referring.child == table.name && goes(referring.key)) &&
        !adds_index(alter, columns)) {
      guard_index(table.name, dropped, columns);
    }
  }
}

Error table_error(std::uint16_t code, const char* state, const std::string& text) {
  return Error::from_server(code, state, text);
}

}  // namespace kintsugi::plan::pass
