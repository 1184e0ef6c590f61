#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "vschema/load_limits.h"
#include "vschema/vindex.h"

namespace kintsugi::vschema {

struct VindexSpec {
  std::string type;
  VindexParams params;
  std::string owner;  ///< the table whose rows keep a lookup's table up to date

  bool operator==(const VindexSpec&) const = default;
};

struct ColumnVindexSpec {
  std::vector<std::string> columns;  ///< at least one
  std::string vindex;                ///< its name in VSchema::vindexes

  bool operator==(const ColumnVindexSpec&) const = default;
};

struct AutoIncrementSpec {
  std::string column;
  /// Where ids come from. A table of type sequence ("seq", "commerce.seq"), as in Vitess; empty: a sequence
  /// in the topology with the table's name; "topology:name": one with that name.
  std::string sequence;

  bool operator==(const AutoIncrementSpec&) const = default;
};

/// What may be said of a column. Kintsugi knows the columns from the servers; these are kept for those who
/// bring them along.
struct ColumnSpec {
  std::string name;
  std::string type;  ///< "VARCHAR", "INT64", …: Vitess' words
  bool invisible = false;
  std::string default_value;
  std::string collation;
  int size = 0;
  int scale = 0;
  std::optional<bool> nullable;
  std::vector<std::string> values;

  bool operator==(const ColumnSpec&) const = default;
};

enum class TableType {
  ordinary,
  reference,  ///< the same rows on every shard
  sequence,   ///< gives out ids
};

/// A foreign key of a table in a sharded keyspace.
struct ForeignKeySpec {
  std::string name;
  std::vector<std::string> columns;
  std::string table;                        ///< the parent, in the same keyspace
  std::vector<std::string> parent_columns;  ///< as many
  std::string on_delete, on_update;         ///< "restrict", "no action", "cascade", "set null" or ""
  /// The servers have the constraint too, and keep it: parents and children lie together. Else gates keep it.
  bool on_servers = false;

  bool operator==(const ForeignKeySpec&) const = default;
};

/// A trigger of a table in a sharded keyspace that no server has: gates run its body for each row, since what
/// that touches may be on any shard.
struct TriggerSpec {
  std::string name;
  std::string time = "after";                         ///< or "before"
  std::string event;                                  ///< "insert", "update", "delete"
  std::string body;                                   ///< as it was written
  std::vector<std::string> old_columns, new_columns;  ///< that it names: OLD.x, NEW.x
  std::vector<std::string> set_columns;               ///< of new_columns: those that it may set
  // What it was created under.
  std::string definer;  ///< "user@host"
  std::string sql_mode;
  std::string character_set_client, collation_connection, database_collation;
  std::string created;  ///< "2026-11-26 10:00:00.00", in the time zone of the session that made it

  bool operator==(const TriggerSpec&) const = default;
};

struct TableSpec {
  TableType type = TableType::ordinary;
  std::vector<ColumnVindexSpec> column_vindexes;  ///< the first says where a row is; it must be unique
  std::optional<AutoIncrementSpec> auto_increment;
  std::vector<ColumnSpec> columns;
  bool column_list_authoritative = false;
  std::string pinned;  ///< hex of a keyspace id: the whole table is on its shard
  std::string source;  ///< of a reference table: where its rows are first, "keyspace.table"
  std::vector<ForeignKeySpec> foreign_keys;
  std::vector<TriggerSpec> triggers;  ///< those of one event in the order in which they run

  bool operator==(const TableSpec&) const = default;
};

/// What queries must know of a stored function of a sharded keyspace.
struct FunctionSpec {
  std::vector<std::string> tables;  ///< that it reads (or, in the gate, writes) itself
  std::vector<std::string> calls;   ///< functions that it calls, by their names in lower case
  bool aggregate = false;           ///< it makes one value of the rows of a group
  /// Gates run it, since it does what no server can do alone: it writes, locks rows, calls a procedure.
  bool in_gate = false;
  std::vector<std::string> only_read;  ///< of `tables`, if gates run it: those that it does not write

  bool operator==(const FunctionSpec&) const = default;
};

/// Whether costly statements may run: those that go to several shards, or copy rows to one server.
enum class Permission : std::uint8_t {
  allow,
  ask,  ///< those whose own directive says so
  forbid,
};
/// "allow", "ask", "forbid".
std::string_view name(Permission permission);
/// kInvalidArgument: none of the three.
Result<Permission> parse_permission(std::string_view text);

/// How a keyspace is sharded: what users write, in the JSON of Vitess. docs/vschema.md describes it. Names of
/// tables and vindexes are compared with case, names of columns without.
struct VSchema {
  bool sharded = false;
  std::map<std::string, VindexSpec> vindexes;
  std::map<std::string, TableSpec> tables;
  bool require_explicit_routing = false;  ///< its tables are found with their keyspace's name only
  std::string foreign_key_mode;           ///< "", "unspecified", "disallow", "unmanaged", "managed"
  Permission scatter = Permission::allow;
  Permission gather = Permission::allow;
  LoadLimits limits;  ///< fields of the vschema itself: connections_max, statements_max, rate_max
  /// By name in lower case. Functions that need nothing but their arguments have no entry.
  std::map<std::string, FunctionSpec> functions;

  bool operator==(const VSchema&) const = default;
};

/// Reads a vschema's JSON. kBadVSchema: line and column of a syntax error, or the path of a field that is
/// unknown or of the wrong type ("tables.customer.column_vindexes[0].column"). What the fields refer to is
/// for check().
Result<VSchema> parse_vschema(std::string_view json);
/// Writes it back, fields of no value left out; indented, with a newline at its end, if it is for people.
std::string to_json(const VSchema& vschema, bool indented);

/// Something that a vschema says and that cannot be.
struct Problem {
  std::string path;  ///< "tables.customer.column_vindexes[0].name"
  std::string message;

  std::string text() const { return path + ": " + message; }
};

/// All vschemas of a cluster, by keyspace.
using VSchemas = std::map<std::string, VSchema>;

/// What is wrong with a keyspace's vschema: unknown vindex types, references to vindexes, tables and
/// sequences that are not there, tables that nothing shards, … . `others` may hold the keyspace's former
/// vschema, which does not count. Empty: nothing.
std::vector<Problem> check(const std::string& keyspace, const VSchema& vschema, const VSchemas& others);
/// The same as one failure (kBadVSchema) with every problem's text.
Result<void> require_valid(const std::string& keyspace, const VSchema& vschema, const VSchemas& others);

/// A unique key of a sharded table that is unique on all shards, by a look-up table that Kintsugi makes and
/// keeps.
struct GlobalKey {
  std::string name;
  std::vector<std::string> columns;
  std::string vindex_type;  ///< that places an entry by its first column; empty: all are on the first shard
  bool write_only = false;  ///< its entries are kept, but not all are there yet

  bool operator==(const GlobalKey&) const = default;
};
/// The name of its look-up table, in the keyspace of its table.
std::string global_key_table(std::string_view table, std::string_view key);
/// Whether a table is one of these.
bool is_global_key_table(std::string_view name);

/// A table to be added by CREATE TABLE.
struct NewTable {
  std::string name;
  bool reference = false;
  std::string source;                 ///< as TableSpec::source
  std::vector<std::string> columns;   ///< the sharding key; unused for a reference table
  std::string vindex;                 ///< its name in the vschema; empty: as its type
  std::string vindex_type;            ///< the vindex is added with it if the vschema has none of that name
  std::string auto_increment_column;  ///< empty: none
  std::string sequence;               ///< as AutoIncrementSpec::sequence
  bool keep_existing = false;         ///< IF NOT EXISTS: leaves an entry of that name as it is
  std::vector<GlobalKey> global_keys;
  std::vector<ForeignKeySpec> foreign_keys;
};

/// Edits for DDL. Each leaves the vschema untouched if it fails. Adding a sharded table to an unsharded
/// keyspace is refused; in an unsharded keyspace only what has an AUTO_INCREMENT from a sequence needs an
/// entry. kTableExists, kBadVSchema.
Result<void> add_table(VSchema& vschema, const NewTable& table);
/// Its global keys go with it; other vindexes that no table uses any more stay. False: there was no entry.
bool drop_table(VSchema& vschema, const std::string& table);
/// The ids of its sequence go on under the old name; foreign keys follow it. kUnknownTable, kTableExists.
Result<void> rename_table(VSchema& vschema, const std::string& from, const std::string& to);
/// Ids of the column come from a sequence of the table's name now, or go on from the one that there is;
/// empty: no column's do. kUnknownTable.
Result<void> set_ids(VSchema& vschema, const std::string& table, const std::string& column);
/// Of the sharding key and of what has ids; the case of a name does not count. kUnknownTable.
Result<void> rename_column(VSchema& vschema, const std::string& table, std::string_view from,
                           const std::string& to);
/// Of a sharded table that is there; one that is write_only may be added again. kUnknownTable, kBadVSchema.
Result<void> add_global_key(VSchema& vschema, const std::string& table, const GlobalKey& key);
/// It is not write_only any more. kBadVSchema: there is no such key.
Result<void> use_global_key(VSchema& vschema, const std::string& table, std::string_view key);
/// False: there was none.
bool drop_global_key(VSchema& vschema, const std::string& table, std::string_view key);
/// Whether a vindex of its table is the global key of that name.
bool is_global_key(std::string_view vindex, std::string_view key);
/// Of a reference table. kUnknownTable; kBadVSchema: it is none.
Result<void> set_source(VSchema& vschema, const std::string& table, const std::string& source);
/// kUnknownTable; kBadVSchema: it has one of that name.
Result<void> add_foreign_key(VSchema& vschema, const std::string& table, const ForeignKeySpec& key);
/// False: there was none of that name, whose case does not count.
bool drop_foreign_key(VSchema& vschema, const std::string& table, std::string_view key);
/// By its name, in which case counts; null: there is none.
const TriggerSpec* find_trigger(const std::vector<TriggerSpec>& triggers, std::string_view name);
/// Behind all triggers of its event, or right before or behind the one called `neighbour`. kUnknownTable;
/// kBadVSchema: there is no such neighbour, or one of its name already, in any table.
Result<void> add_trigger(VSchema& vschema, const std::string& table, const TriggerSpec& trigger,
                         std::string_view neighbour, bool before);
/// False: no table has one of that name.
bool drop_trigger(VSchema& vschema, std::string_view trigger);
/// Adds what the function may use to what is known of it: until it is certain which of two definitions
/// servers have.
void widen_function(VSchema& vschema, std::string_view name, const FunctionSpec& spec);
/// Functions and triggers that `known` has stay, where the vschema says nothing of functions, or of a table's
/// triggers: they are made and dropped by SQL.
void keep_routines(VSchema& vschema, const VSchema& known);
/// An empty `spec` takes the entry away.
void set_function(VSchema& vschema, std::string_view name, const FunctionSpec& spec);

}  // namespace kintsugi::vschema
