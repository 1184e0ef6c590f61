#pragma once

#include "sql/tree/dml.h"

namespace kintsugi::sql {

/// name [=] value, of tables, partitions, keys, databases, sequences, views, servers, events, accounts, …
/// `name` is lower case with single spaces ("data directory"); `value` is a Literal, a Keyword, a Default, a
/// Row of ColumnRef (UNION), or nullptr for a word alone ("not deterministic").
struct Option : Node {
  std::string_view name{};
  Expr* value = nullptr;
  KINTSUGI_SQL_FIELDS(Option, name, value)
};

enum class ReferenceAction : std::uint8_t { kNone, kRestrict, kCascade, kSetNull, kNoAction, kSetDefault };
enum class ReferenceMatch : std::uint8_t { kNone, kFull, kPartial, kSimple };

/// REFERENCES table (columns) …
struct Reference : Node {
  TableName* table = nullptr;
  List<std::string_view> columns{};
  ReferenceMatch match{};
  ReferenceAction on_delete{};
  ReferenceAction on_update{};
  KINTSUGI_SQL_FIELDS(Reference, table, columns, match, on_delete, on_update)
};

enum class Tristate : std::uint8_t { kUnset, kNo, kYes };

/// [CONSTRAINT name] CHECK (condition) [[NOT] ENFORCED]
struct Check : Node {
  std::string_view name{};
  bool if_not_exists = false;
  Expr* condition = nullptr;
  Tristate enforced{};
  KINTSUGI_SQL_FIELDS(Check, name, if_not_exists, condition, enforced)
};

enum class ColumnKey : std::uint8_t { kNone, kPrimary, kUnique };
enum class Generated : std::uint8_t { kNo, kVirtual, kStored, kUnspecified, kRowStart, kRowEnd };

/// One column. Its attributes stand in any order in SQL.
struct ColumnDef : Node {
  std::string_view name{};
  DataType* type = nullptr;
  Generated generated{};
  Expr* expression = nullptr;  ///< of a generated column
  Tristate nullable{};         ///< kNo: NOT NULL, kYes: NULL
  Expr* default_value = nullptr;
  bool default_expression = false;  ///< DEFAULT (…): to MySQL another thing than without parentheses
  Expr* on_update = nullptr;
  bool auto_increment = false;
  ColumnKey key{};
  bool unique_too = false;  ///< UNIQUE beside PRIMARY KEY
  Literal* comment = nullptr;
  Reference* reference = nullptr;
  List<Check*> checks{};
  bool invisible = false;
  Tristate versioned{};     ///< WITH / WITHOUT SYSTEM VERSIONING
  List<Option*> options{};  ///< column_format, storage, srid, engine_attribute, visible, …
  KINTSUGI_SQL_FIELDS(ColumnDef, name, type, generated, expression, nullable, default_value,
                      default_expression, on_update, auto_increment, key, unique_too, comment, reference,
                      checks, invisible, versioned, options)
};

/// Whether MySQL takes `value` after DEFAULT without parentheses: a literal, which may have a sign, or the
/// current time.
bool is_plain_default(const Expr& value);

/// A column or an expression of a key, with its prefix length.
struct KeyPart : Node {
  std::string_view column{};
  std::int64_t length = -1;
  Expr* expression = nullptr;  ///< instead of `column`
  bool descending = false;
  KINTSUGI_SQL_FIELDS(KeyPart, column, length, expression, descending)
};

enum class KeyKind : std::uint8_t { kPlain, kPrimary, kUnique, kFulltext, kSpatial, kForeign };

/// A key of CREATE TABLE, ALTER TABLE ADD, CREATE INDEX.
struct KeyDef : Node {
  KeyKind key{};
  std::string_view constraint{};  ///< CONSTRAINT name
  std::string_view name{};
  bool if_not_exists = false;
  std::string_view algorithm{};  ///< USING btree|hash|rtree
  List<KeyPart*> parts{};
  std::string_view without_overlaps{};  ///< MariaDB: the period in (…, period WITHOUT OVERLAPS)
  List<Option*> options{};
  Reference* reference = nullptr;  ///< of kForeign
  KINTSUGI_SQL_FIELDS(KeyDef, key, constraint, name, if_not_exists, algorithm, parts, without_overlaps,
                      options, reference)
};

/// PERIOD FOR name (start, end), of MariaDB.
struct Period : Node {
  std::string_view name{};  ///< system_time or an application's
  bool if_not_exists = false;
  std::string_view start{};
  std::string_view end{};
  KINTSUGI_SQL_FIELDS(Period, name, if_not_exists, start, end)
};

enum class PartitionMethod : std::uint8_t {
  kNone,
  kHash,
  kKey,
  kRange,
  kRangeColumns,
  kList,
  kListColumns,
  kSystemTime,
};
enum class PartitionValues : std::uint8_t { kNone, kLessThan, kMaxValue, kIn, kDefault, kHistory, kCurrent };

struct PartitionDef : Node {
  std::string_view name{};
  PartitionValues values{};
  List<Expr*> items{};  ///< of kLessThan (one, or one a column) and kIn; a Row holds several columns
  List<Option*> options{};
  List<PartitionDef*> subpartitions{};
  KINTSUGI_SQL_FIELDS(PartitionDef, name, values, items, options, subpartitions)
};

/// PARTITION BY …, and as `sub` SUBPARTITION BY ….
struct PartitionBy : Node {
  PartitionMethod method{};
  bool linear = false;
  std::int64_t algorithm = -1;
  Expr* expression = nullptr;        ///< of hash, range, list
  List<std::string_view> columns{};  ///< of key, range columns, list columns
  std::int64_t count = -1;
  Expr* interval = nullptr;  ///< of system_time: INTERVAL, or LIMIT rows as a Literal
  Expr* interval_start = nullptr;
  bool auto_add = false;
  PartitionBy* sub = nullptr;
  List<PartitionDef*> partitions{};
  KINTSUGI_SQL_FIELDS(PartitionBy, method, linear, algorithm, expression, columns, count, interval,
                      interval_start, auto_add, sub, partitions)
};

/// Kintsugi's own: SHARD BY vindex(columns), SHARD BY (columns), or REFERENCE (a copy on every shard), whose
/// rows may be those of another table: REFERENCE FROM keyspace.table.
struct ShardBy : Node {
  bool reference = false;
  TableName* source = nullptr;
  std::string_view vindex{};  ///< empty: the default one
  List<std::string_view> columns{};
  List<std::string_view> global_keys{};  ///< GLOBAL UNIQUE: unique keys of the table, by name
  KINTSUGI_SQL_FIELDS(ShardBy, reference, source, vindex, columns, global_keys)
};

struct CreateTable : Statement {
  bool or_replace = false;
  bool temporary = false;
  bool if_not_exists = false;
  TableName* table = nullptr;
  TableName* like = nullptr;  ///< CREATE TABLE t LIKE other: all below is empty but temporary tables' words
  List<ColumnDef*> columns{};
  List<KeyDef*> keys{};
  List<Check*> checks{};
  List<Period*> periods{};
  List<Option*> options{};
  ShardBy* shard_by = nullptr;
  PartitionBy* partition_by = nullptr;
  OnDuplicate duplicates{};
  Query* query = nullptr;  ///< AS query
  KINTSUGI_SQL_FIELDS(CreateTable, or_replace, temporary, if_not_exists, table, like, columns, keys, periods,
                      checks, options, shard_by, partition_by, duplicates, query, directives)
};

enum class AlterKind : std::uint8_t {
  kAddColumns,    // columns, keys, checks, periods; placement of one column
  kDropColumn,    // name
  kModifyColumn,  // column, placement
  kChangeColumn,  // name, column, placement
  kAlterColumn,   // name; value (SET DEFAULT), nullptr: DROP DEFAULT; or option: visible, invisible
  kRenameColumn,  // name, new_name
  kDropKey,       // name
  kDropPrimaryKey,
  kDropForeignKey,   // name
  kDropConstraint,   // name, of word check or constraint
  kAlterIndex,       // name, option
  kRenameIndex,      // name, new_name
  kAlterCheck,       // name, option: enforced, not enforced
  kDropPeriod,       // name
  kRenameTable,      // table
  kOption,           // option: table options, algorithm, lock, validation
  kConvertCharset,   // new_name: the character set, name: the collation
  kOrderBy,          // order_by
  kWord,             // option: force, enable keys, disable keys, discard tablespace, add system versioning, …
  kShardBy,          // shard_by
  kAddGlobalUnique,  // names: unique keys of the table
  kDropGlobalUnique,  // names
  kAddPartition,      // partitions or count
  kDropPartition,     // names
  kPartitionVerb,  // option: analyze, check, optimize, repair, rebuild, truncate, discard, import; names or
                   // ALL
  kCoalescePartition,    // count
  kReorganizePartition,  // names, partitions
  kExchangePartition,    // name, table, option: with / without validation
  kConvertPartition,     // MariaDB: CONVERT PARTITION name TO TABLE table
  kConvertTable,         // MariaDB: CONVERT TABLE table TO partition
  kPartitionBy,          // partition_by
};

/// One action of ALTER TABLE; which members it uses stands beside its kind.
struct AlterAction : Node {
  AlterKind action{};
  bool if_exists = false;
  bool if_not_exists = false;
  std::string_view name{};
  std::string_view new_name{};
  ColumnDef* column = nullptr;
  bool first = false;
  std::string_view after{};
  List<ColumnDef*> columns{};
  List<KeyDef*> keys{};
  List<Check*> checks{};
  List<Period*> periods{};
  Expr* value = nullptr;
  bool value_expression = false;  ///< SET DEFAULT (…)
  Option* option = nullptr;
  TableName* table = nullptr;
  List<OrderItem*> order_by{};
  ShardBy* shard_by = nullptr;
  List<std::string_view> names{};
  List<PartitionDef*> partitions{};
  std::int64_t count = -1;
  PartitionBy* partition_by = nullptr;
  bool no_write_to_binlog = false;
  bool is_constraint = false;  ///< kDropConstraint: CONSTRAINT rather than CHECK
  KINTSUGI_SQL_FIELDS(AlterAction, action, if_exists, if_not_exists, name, new_name, column, first, after,
                      columns, keys, checks, periods, value, value_expression, option, table, order_by,
                      shard_by, names, partitions, count, partition_by, no_write_to_binlog, is_constraint)
};

struct AlterTable : Statement {
  bool online = false;
  bool ignore = false;
  bool if_exists = false;
  TableName* table = nullptr;
  Expr* wait_s = nullptr;  ///< WAIT n
  bool nowait = false;
  List<AlterAction*> actions{};
  KINTSUGI_SQL_FIELDS(AlterTable, online, ignore, if_exists, table, wait_s, nowait, actions, directives)
};

enum class TableKind : std::uint8_t { kTable, kView, kSequence };

/// DROP TABLE, DROP VIEW, DROP SEQUENCE.
struct DropTables : Statement {
  TableKind object{};
  bool temporary = false;
  bool if_exists = false;
  List<TableName*> tables{};
  std::string_view behaviour{};  ///< restrict, cascade or empty
  Expr* wait_s = nullptr;
  bool nowait = false;
  KINTSUGI_SQL_FIELDS(DropTables, object, temporary, if_exists, tables, behaviour, wait_s, nowait, directives)
};

struct RenamePair : Node {
  TableName* from = nullptr;
  Expr* wait_s = nullptr;
  bool nowait = false;
  TableName* to = nullptr;
  KINTSUGI_SQL_FIELDS(RenamePair, from, wait_s, nowait, to)
};

struct RenameTables : Statement {
  bool if_exists = false;
  List<RenamePair*> pairs{};
  KINTSUGI_SQL_FIELDS(RenameTables, if_exists, pairs, directives)
};

struct TruncateTable : Statement {
  TableName* table = nullptr;
  Expr* wait_s = nullptr;
  bool nowait = false;
  KINTSUGI_SQL_FIELDS(TruncateTable, table, wait_s, nowait, directives)
};

struct CreateIndex : Statement {
  bool or_replace = false;
  KeyDef* key = nullptr;
  TableName* table = nullptr;
  Expr* wait_s = nullptr;
  bool nowait = false;
  List<Option*> options{};  ///< algorithm, lock
  KINTSUGI_SQL_FIELDS(CreateIndex, or_replace, key, table, wait_s, nowait, options, directives)
};

struct DropIndex : Statement {
  bool if_exists = false;
  std::string_view name{};
  TableName* table = nullptr;
  Expr* wait_s = nullptr;
  bool nowait = false;
  List<Option*> options{};
  KINTSUGI_SQL_FIELDS(DropIndex, if_exists, name, table, wait_s, nowait, options, directives)
};

/// An account `user@host`, a role, or CURRENT_USER.
struct Account : Node {
  bool current_user = false;
  bool current_role = false;
  bool user_call = false;  ///< USER(), of ALTER USER
  std::string_view user{};
  bool has_host = false;
  std::string_view host{};
  KINTSUGI_SQL_FIELDS(Account, current_user, current_role, user_call, user, has_host, host)
};

enum class CheckOption : std::uint8_t { kNone, kCascaded, kLocal };

/// CREATE VIEW and ALTER VIEW.
struct CreateView : Statement {
  bool alter = false;
  bool or_replace = false;
  bool if_not_exists = false;
  std::string_view algorithm{};
  Account* definer = nullptr;
  std::string_view security{};  ///< definer, invoker or empty
  TableName* name = nullptr;
  List<std::string_view> columns{};
  Query* query = nullptr;
  CheckOption check_option{};
  KINTSUGI_SQL_FIELDS(CreateView, alter, or_replace, if_not_exists, algorithm, definer, security, name,
                      columns, query, check_option, directives)
};

struct CreateDatabase : Statement {
  bool or_replace = false;
  bool if_not_exists = false;
  std::string_view name{};
  List<Option*> options{};
  Literal* shards = nullptr;  ///< Kintsugi's own: SHARDS n
  KINTSUGI_SQL_FIELDS(CreateDatabase, or_replace, if_not_exists, name, options, shards, directives)
};

/// Vitess' ALTER VSCHEMA. `action` says which, and hence what is set: "create vindex", "drop vindex", "add
/// table", "drop table", "add sequence", "drop sequence" of `object`; of the table that `object` is "add
/// table vindex", "drop table vindex", "add auto_increment", "drop auto_increment".
struct AlterVSchema : Statement {
  std::string_view action{};
  TableName* object = nullptr;
  std::string_view name{};           ///< of the table's vindex, or its AUTO_INCREMENT column
  List<std::string_view> columns{};  ///< of the table's vindex
  std::string_view type{};           ///< USING: the vindex's type
  List<Option*> params{};            ///< WITH: its parameters
  TableName* sequence = nullptr;     ///< USING: where ids come from
  KINTSUGI_SQL_FIELDS(AlterVSchema, action, object, name, columns, type, params, sequence, directives)
};

struct AlterDatabase : Statement {
  std::string_view name{};  ///< may be empty: the current one
  List<Option*> options{};
  KINTSUGI_SQL_FIELDS(AlterDatabase, name, options, directives)
};

/// CREATE SEQUENCE and ALTER SEQUENCE, of MariaDB.
struct CreateSequence : Statement {
  bool alter = false;
  bool or_replace = false;
  bool temporary = false;
  bool if_not_exists = false;  ///< of ALTER: IF EXISTS
  TableName* name = nullptr;
  List<Option*> options{};
  KINTSUGI_SQL_FIELDS(CreateSequence, alter, or_replace, temporary, if_not_exists, name, options, directives)
};

struct CreateTrigger : Statement {
  bool or_replace = false;
  Account* definer = nullptr;
  bool if_not_exists = false;
  TableName* name = nullptr;
  std::string_view time{};   ///< before, after
  std::string_view event{};  ///< insert, update, delete
  TableName* table = nullptr;
  std::string_view order{};  ///< follows, precedes or empty
  std::string_view other{};
  Statement* body = nullptr;
  KINTSUGI_SQL_FIELDS(CreateTrigger, or_replace, definer, if_not_exists, name, time, event, table, order,
                      other, body, directives)
};

struct RoutineParameter : Node {
  std::string_view mode{};  ///< in, out, inout or empty
  std::string_view name{};
  DataType* type = nullptr;
  KINTSUGI_SQL_FIELDS(RoutineParameter, mode, name, type)
};

/// CREATE PROCEDURE, CREATE FUNCTION, and a loadable function's CREATE FUNCTION … SONAME.
struct CreateRoutine : Statement {
  bool or_replace = false;
  Account* definer = nullptr;
  bool function = false;
  bool aggregate = false;
  bool if_not_exists = false;
  TableName* name = nullptr;
  List<RoutineParameter*> parameters{};
  DataType* returns = nullptr;
  List<Option*> options{};    ///< comment, deterministic, reads sql data, sql security, …
  Literal* soname = nullptr;  ///< a loadable function: no body
  Statement* body = nullptr;
  KINTSUGI_SQL_FIELDS(CreateRoutine, or_replace, definer, function, aggregate, if_not_exists, name,
                      parameters, returns, options, soname, body, directives)
};

struct AlterRoutine : Statement {
  bool function = false;
  TableName* name = nullptr;
  List<Option*> options{};
  KINTSUGI_SQL_FIELDS(AlterRoutine, function, name, options, directives)
};

/// CREATE EVENT and ALTER EVENT.
struct CreateEvent : Statement {
  bool alter = false;
  bool or_replace = false;
  Account* definer = nullptr;
  bool if_not_exists = false;  ///< of ALTER: IF EXISTS
  TableName* name = nullptr;
  Expr* at = nullptr;
  Interval* every = nullptr;
  Expr* starts = nullptr;
  Expr* ends = nullptr;
  Tristate preserve{};  ///< ON COMPLETION [NOT] PRESERVE
  TableName* rename_to = nullptr;
  std::string_view status{};  ///< enable, disable, disable on slave or empty
  Literal* comment = nullptr;
  Statement* body = nullptr;
  KINTSUGI_SQL_FIELDS(CreateEvent, alter, or_replace, definer, if_not_exists, name, at, every, starts, ends,
                      preserve, rename_to, status, comment, body, directives)
};

/// DROP of what has no more to say than its name.
struct DropObject : Statement {
  std::string_view object{};  ///< database, trigger, procedure, function, event, server, package, …
  bool if_exists = false;
  TableName* name = nullptr;
  KINTSUGI_SQL_FIELDS(DropObject, object, if_exists, name, directives)
};

}  // namespace kintsugi::sql
