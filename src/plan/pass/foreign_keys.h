#pragma once

#include "plan/pass/draft.h"

// Foreign keys of tables in sharded keyspaces: who keeps them, and what writes must know of those that the
// gate keeps.

namespace kintsugi::plan::pass {

struct KeptOf {
  std::shared_ptr<const KeptKey> key;
  const vschema::ForeignKeySpec* spec;  ///< in the plan's routing
};

/// The table's own keys that the gate keeps.
std::vector<KeptOf> kept_parents(const Draft& draft, const TableEntry& entry);

/// What becomes of rows that are referred to.
enum class Change { kUpdate, kMove, kDelete };
/// Keys that refer to the table, and that the gate must mind.
std::vector<KeptOf> kept_children(const Draft& draft, const TableEntry& entry, Change change);

/// Why an UPDATE of the column, or a DELETE (no column), needs the gate for foreign keys; empty: it does not.
std::string foreign_key_of(const Draft& draft, const vschema::Table& table, std::string_view column);

/// "CONSTRAINT `name` FOREIGN KEY (`a`) REFERENCES `parent` (`id`) ON DELETE CASCADE", as servers show it.
std::string constraint_text(const vschema::ForeignKeySpec& key);
/// The same with the child in front, as errors tell it.
std::string full_constraint_text(std::string_view keyspace, std::string_view child,
                                 const vschema::ForeignKeySpec& key);

/// An error that a server would tell.
Error table_error(std::uint16_t code, const char* state, const std::string& text);

/// Of CREATE TABLE or ALTER TABLE: takes the keys that no server can keep out of the statement, and leaves
/// the indexes that they imply. Borrows all that it is given.
class ForeignKeyDdl {
 public:
  ForeignKeyDdl(Draft& draft, Ddl& node, sql::Arena& arena) : draft_(draft), node_(node), arena_(arena) {}

  /// Null: the statement may go as it is.
  Result<const sql::CreateTable*> create(const sql::CreateTable& create, VSchemaEdit& edit);
  /// The same; what changes of the vschema goes to the node's edits.
  Result<const sql::AlterTable*> alter(const sql::AlterTable& alter, const vschema::Table& table);
  /// That an index which a key needs stays, or another one serves.
  void require_index(const sql::DropIndex& drop);
  /// That nothing else refers to a table that is dropped or emptied; `with` are dropped with it.
  void require_unreferred(const sql::TableName& table, const sql::List<sql::TableName*>* with);

 private:
  struct Written;
  Result<vschema::ForeignKeySpec> spec_of(const Written& written, const VSchemaEdit& edit);
  Result<void> check_parent(const Written& written, const VSchemaEdit& edit, vschema::ForeignKeySpec& key);
  bool on_servers(const vschema::ForeignKeySpec& key, const VSchemaEdit& edit) const;
  std::string new_name(const Written& written, const VSchemaEdit& edit);
  Result<bool> add_keys(sql::AlterAction& action, const sql::TableName& name, const vschema::Table& table);
  Result<void> check_action(const sql::AlterAction& action, const vschema::Table& table);
  void require_indexes(const sql::AlterTable& alter, const vschema::Table& table);
  void guard_index(const std::string& table, const std::vector<std::string>& dropped,
                   const std::vector<std::string>& columns);
  void check_rows(const sql::TableName& name, const vschema::ForeignKeySpec& key);

  Draft& draft_;
  Ddl& node_;
  sql::Arena& arena_;
  int named_ = 0;  ///< the highest number in a name that was made
};

}  // namespace kintsugi::plan::pass
