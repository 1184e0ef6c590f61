#pragma once

#include "sql/tree/ddl.h"

namespace kintsugi::sql {

enum class SetKind : std::uint8_t {
  kVariable,      ///< a system variable, or a variable of the stored program: scope, prefix, name, value
  kUserVariable,  ///< @name = value
  kNames,         ///< SET NAMES value [COLLATE name]; value is a Literal or a Default
  kCharset,       ///< SET CHARACTER SET value
};

struct SetItem : Node {
  SetKind item{};
  VariableScope scope{};
  bool at_at = false;  ///< written @@scope.name rather than scope name
  std::string_view prefix{};
  std::string_view name{};
  Expr* value = nullptr;  ///< Default and Keyword (on, all, binary, row, system) may stand here
  KINTSUGI_SQL_FIELDS(SetItem, item, scope, at_at, prefix, name, value)
};

/// SET a = 1, …; SET STATEMENT a = 1, … FOR statement.
struct Set : Statement {
  List<SetItem*> items{};
  Statement* statement = nullptr;
  KINTSUGI_SQL_FIELDS(Set, items, statement, directives)
};

enum class Isolation : std::uint8_t {
  kUnset,
  kReadUncommitted,
  kReadCommitted,
  kRepeatableRead,
  kSerializable,
};
enum class AccessMode : std::uint8_t { kUnset, kReadWrite, kReadOnly };

/// SET [GLOBAL | SESSION] TRANSACTION. Scope kNone: the next transaction only.
struct SetTransaction : Statement {
  VariableScope scope{};
  Isolation isolation{};
  AccessMode access{};
  KINTSUGI_SQL_FIELDS(SetTransaction, scope, isolation, access, directives)
};

struct SetPassword : Statement {
  Account* account = nullptr;
  std::string_view function{};  ///< password, old_password of PASSWORD('…'); empty of '…'
  bool to_random = false;
  Literal* password = nullptr;
  Literal* replace = nullptr;  ///< REPLACE 'current'
  bool retain = false;         ///< RETAIN CURRENT PASSWORD
  KINTSUGI_SQL_FIELDS(SetPassword, account, function, to_random, password, replace, retain, directives)
};

/// SET ROLE r, … | NONE | DEFAULT | ALL [EXCEPT r, …]; SET DEFAULT ROLE … TO / FOR users.
struct SetRole : Statement {
  bool default_role = false;
  std::string_view word{};  ///< none, default, all or empty
  List<Account*> roles{};   ///< with `word` all: those excepted
  List<Account*> users{};
  bool for_user = false;  ///< MariaDB's FOR rather than TO
  KINTSUGI_SQL_FIELDS(SetRole, default_role, word, roles, users, for_user, directives)
};

/// SHOW in all its forms. `what` says which, lower case with single spaces: "databases", "tables", "table
/// status", "columns", "index", "create table", "variables", "status", "warnings", "errors", "count
/// warnings", "processlist", "engine status", "grants", "replica status", "binlog events", …
struct Show : Statement {
  std::string_view what{};
  bool full = false;
  bool extended = false;
  VariableScope scope{};        ///< of variables and status
  TableName* name = nullptr;    ///< the table of columns and index, the object of create …
  std::string_view database{};  ///< FROM / IN database; the engine of "engine …"; the log of "binlog events"
  Account* account = nullptr;   ///< of grants and create user
  List<Account*> roles{};       ///< of grants … USING
  Expr* like = nullptr;
  Expr* where = nullptr;
  List<OrderItem*> order_by{};  ///< of the gate's own tables
  Limit* limit = nullptr;
  Expr* number = nullptr;          ///< of profile FOR QUERY n, explain FOR n, binlog events FROM n
  List<std::string_view> words{};  ///< of profile: its kinds, lower case; a channel or connection name
  bool if_not_exists = false;      ///< CREATE DATABASE IF NOT EXISTS
  std::string_view format{};       ///< of explain and analyze FOR n
  KINTSUGI_SQL_FIELDS(Show, what, full, extended, scope, name, database, account, roles, like, where,
                      order_by, limit, number, words, if_not_exists, format, directives)
};

/// USE target. A target is `keyspace`, `keyspace/shard`, `keyspace:shard`, with `@type` at its end: text, not
/// yet taken apart.
struct Use : Statement {
  std::string_view target{};
  KINTSUGI_SQL_FIELDS(Use, target, directives)
};

enum class ExplainVerb : std::uint8_t { kExplain, kAnalyze, kVexplain };

/// EXPLAIN, DESCRIBE, ANALYZE (statement): of a statement, a table, or a connection.
struct Explain : Statement {
  ExplainVerb verb{};
  bool extended = false;
  bool partitions = false;
  bool analyze = false;
  std::string_view format{};  ///< lower case: json, tree, traditional; of VEXPLAIN its kind: plan, queries, …
  std::string_view into{};    ///< INTO @variable
  std::string_view schema{};  ///< FOR SCHEMA
  Statement* statement = nullptr;
  TableName* table = nullptr;
  std::string_view column{};   ///< DESCRIBE t column
  Literal* pattern = nullptr;  ///< DESCRIBE t 'pattern'
  Expr* connection = nullptr;  ///< FOR CONNECTION n
  KINTSUGI_SQL_FIELDS(Explain, verb, extended, partitions, analyze, format, into, schema, statement, table,
                      column, pattern, connection, directives)
};

/// BEGIN, START TRANSACTION.
struct Begin : Statement {
  bool snapshot = false;  ///< WITH CONSISTENT SNAPSHOT
  AccessMode access{};
  KINTSUGI_SQL_FIELDS(Begin, snapshot, access, directives)
};

struct Commit : Statement {
  Tristate chain{};
  Tristate release{};
  KINTSUGI_SQL_FIELDS(Commit, chain, release, directives)
};

struct Rollback : Statement {
  std::string_view to_savepoint{};  ///< empty: the whole transaction
  Tristate chain{};
  Tristate release{};
  KINTSUGI_SQL_FIELDS(Rollback, to_savepoint, chain, release, directives)
};

struct Savepoint : Statement {
  std::string_view name{};
  KINTSUGI_SQL_FIELDS(Savepoint, name, directives)
};

struct ReleaseSavepoint : Statement {
  std::string_view name{};
  KINTSUGI_SQL_FIELDS(ReleaseSavepoint, name, directives)
};

/// XA START | END | PREPARE | COMMIT | ROLLBACK xid, XA RECOVER.
struct Xa : Statement {
  std::string_view verb{};  ///< start (BEGIN too), end, prepare, commit, rollback, recover
  Literal* gtrid = nullptr;
  Literal* bqual = nullptr;
  Literal* format_id = nullptr;
  std::string_view
      suffix{};  ///< join, resume, suspend, suspend for migrate, one phase, convert xid, format='sql'
  KINTSUGI_SQL_FIELDS(Xa, verb, gtrid, bqual, format_id, suffix, directives)
};

struct LockedTable : Node {
  TableName* table = nullptr;
  std::string_view alias{};
  std::string_view lock{};  ///< read, read local, write, low_priority write, write concurrent
  KINTSUGI_SQL_FIELDS(LockedTable, table, alias, lock)
};

struct LockTables : Statement {
  List<LockedTable*> tables{};
  Expr* wait_s = nullptr;
  bool nowait = false;
  KINTSUGI_SQL_FIELDS(LockTables, tables, wait_s, nowait, directives)
};

struct UnlockTables : Statement {
  KINTSUGI_SQL_FIELDS(UnlockTables, directives)
};

enum class KillWhat : std::uint8_t { kConnection, kQuery, kQueryId };

struct Kill : Statement {
  KillWhat what{};
  std::string_view force{};  ///< hard, soft or empty
  Expr* id = nullptr;
  Account* user = nullptr;  ///< KILL … USER account
  KINTSUGI_SQL_FIELDS(Kill, what, force, id, user, directives)
};

struct Prepare : Statement {
  std::string_view name{};
  Expr* from = nullptr;  ///< a string, a user variable; any expression in MariaDB
  KINTSUGI_SQL_FIELDS(Prepare, name, from, directives)
};

struct Execute : Statement {
  std::string_view name{};
  Expr* immediate = nullptr;  ///< EXECUTE IMMEDIATE expr: no name
  List<Expr*> arguments{};
  KINTSUGI_SQL_FIELDS(Execute, name, immediate, arguments, directives)
};

struct Deallocate : Statement {
  std::string_view name{};
  KINTSUGI_SQL_FIELDS(Deallocate, name, directives)
};

/// FLUSH [LOCAL] what, …; FLUSH TABLES t, … [WITH READ LOCK | FOR EXPORT].
struct Flush : Statement {
  bool no_write_to_binlog = false;
  List<std::string_view> what{};  ///< "tables", "privileges", "binary logs", …
  List<TableName*> tables{};
  std::string_view lock{};     ///< with read lock, for export, with read lock and disable checkpoint
  Literal* channel = nullptr;  ///< of "relay logs" and "slave"
  KINTSUGI_SQL_FIELDS(Flush, no_write_to_binlog, what, tables, lock, channel, directives)
};

/// ANALYZE, CHECK, CHECKSUM, OPTIMIZE, REPAIR TABLE.
struct TableMaintenance : Statement {
  std::string_view verb{};
  bool no_write_to_binlog = false;
  bool view = false;  ///< CHECK VIEW, REPAIR VIEW of MariaDB
  List<TableName*> tables{};
  std::string_view options{};  ///< "quick extended", "for upgrade", …; lower case
  KINTSUGI_SQL_FIELDS(TableMaintenance, verb, no_write_to_binlog, view, tables, options, directives)
};

/// An account with how it proves itself. `auth` keeps the clauses after the account, as printed:
/// IDENTIFIED BY …, IDENTIFIED WITH plugin AS ….
struct AccountSpec : Node {
  Account* account = nullptr;
  std::string_view plugin{};       ///< IDENTIFIED WITH / VIA plugin
  Literal* password = nullptr;     ///< BY 'password', USING PASSWORD('…')
  Literal* auth_string = nullptr;  ///< AS / USING 'hash', BY PASSWORD 'hash'
  bool random_password = false;
  bool password_keyword = false;      ///< BY PASSWORD, USING PASSWORD(…)
  List<Option*> options{};            ///< replace 'current', retain current password, discard old password, …
  List<AccountSpec*> alternatives{};  ///< MariaDB: VIA a OR b; MySQL: AND IDENTIFIED …, 2 FACTOR …
  // Of an alternative:
  bool alternative_or = false;  ///< is one of MariaDB's
  std::string_view change{};    ///< initial authentication; add, modify, drop, unregister, … of a factor
  std::int64_t factor = 0;
  KINTSUGI_SQL_FIELDS(AccountSpec, account, plugin, password, auth_string, random_password, password_keyword,
                      options, alternatives, alternative_or, change, factor)
};

/// CREATE USER, ALTER USER, CREATE ROLE.
struct CreateUser : Statement {
  bool alter = false;
  bool role = false;
  bool or_replace = false;
  bool if_exists = false;  ///< IF NOT EXISTS of CREATE, IF EXISTS of ALTER
  List<AccountSpec*> accounts{};
  Account* admin = nullptr;         ///< MariaDB: CREATE ROLE … WITH ADMIN
  std::string_view default_role{};  ///< the word: none, all; or "to"
  List<Account*> default_roles{};
  List<Option*> tls{};        ///< require none | ssl | x509 | cipher '…' …
  List<Option*> resources{};  ///< WITH max_queries_per_hour n …
  List<Option*> options{};    ///< account lock, password expire, comment, attribute, …
  KINTSUGI_SQL_FIELDS(CreateUser, alter, role, or_replace, if_exists, accounts, admin, default_role,
                      default_roles, tls, resources, options, directives)
};

struct DropUser : Statement {
  bool role = false;
  bool if_exists = false;
  List<Account*> accounts{};
  KINTSUGI_SQL_FIELDS(DropUser, role, if_exists, accounts, directives)
};

/// RENAME USER: pairs, one after the other.
struct RenameUser : Statement {
  List<Account*> accounts{};  ///< from, to, from, to, …
  KINTSUGI_SQL_FIELDS(RenameUser, accounts, directives)
};

/// `select (a, b)`, `all`, `backup_admin`.
struct GrantPrivilege : Node {
  std::string_view name{};  ///< lower case, single spaces
  List<std::string_view> columns{};
  KINTSUGI_SQL_FIELDS(GrantPrivilege, name, columns)
};

/// What GRANT and REVOKE share: privileges on an object, roles, or PROXY.
struct GrantBase : Statement {
  List<GrantPrivilege*> privileges{};
  List<Account*> roles{};     ///< GRANT role TO …: no privileges
  Account* proxy = nullptr;   ///< GRANT PROXY ON account
  std::string_view object{};  ///< table, function, procedure, package or empty
  TableName* on = nullptr;    ///< `*` as a name stands for all
  List<AccountSpec*> to{};    ///< REVOKE: from
  bool grant_option = false;  ///< WITH GRANT OPTION; REVOKE: GRANT OPTION is among the privileges
  bool admin_option = false;
};

struct Grant : GrantBase {
  List<Option*> tls{};
  List<Option*> resources{};
  Account* as_user = nullptr;  ///< AS user [WITH ROLE …]
  std::string_view as_role{};
  List<Account*> as_roles{};
  KINTSUGI_SQL_FIELDS(Grant, privileges, roles, proxy, object, on, to, tls, resources, grant_option,
                      admin_option, as_user, as_role, as_roles, directives)
};

struct Revoke : GrantBase {
  bool if_exists = false;
  bool ignore_unknown_user = false;
  bool all_grants = false;  ///< REVOKE ALL PRIVILEGES, GRANT OPTION FROM …
  KINTSUGI_SQL_FIELDS(Revoke, if_exists, privileges, roles, proxy, object, on, to, all_grants, admin_option,
                      ignore_unknown_user, directives)
};

/// One `NAME = value` of SIGNAL, one `target = NAME` of GET DIAGNOSTICS.
struct DiagnosticsItem : Node {
  std::string_view name{};  ///< lower case
  Expr* value = nullptr;
  KINTSUGI_SQL_FIELDS(DiagnosticsItem, name, value)
};

/// SIGNAL and RESIGNAL.
struct Signal : Statement {
  bool resignal = false;
  Literal* sqlstate = nullptr;
  std::string_view condition{};
  List<DiagnosticsItem*> set{};
  KINTSUGI_SQL_FIELDS(Signal, resignal, sqlstate, condition, set, directives)
};

struct GetDiagnostics : Statement {
  std::string_view area{};    ///< current, stacked or empty
  Expr* condition = nullptr;  ///< CONDITION n
  List<DiagnosticsItem*> items{};
  KINTSUGI_SQL_FIELDS(GetDiagnostics, area, condition, items, directives)
};

/// A statement that Kintsugi knows by its first words only: replication, plugins, tablespaces, HELP, ….
/// The grammar names each of them; what it does not name is a syntax error.
struct Raw : Statement {
  std::string_view verb{};  ///< lower case: "change master", "install plugin"
  std::string_view text{};  ///< the rest as written, comments and white space normalised
  KINTSUGI_SQL_FIELDS(Raw, verb, text, directives)
};

}  // namespace kintsugi::sql
