#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/errors.h"
#include "plan/lookup.h"
#include "plan/mapping.h"
#include "plan/planner.h"
#include "sql/tree.h"
#include "vschema/snapshot.h"

// What the passes work on.
namespace kintsugi::plan::pass {

struct Block;

/// One item of a FROM, by the name that columns are qualified with.
struct Source {
  enum class Kind {
    kTable,
    kDerived,  ///< a derived table or a common table: `query`
    kOpaque,   ///< JSON_TABLE, a recursive reference: columns unknown
  };
  Kind kind = Kind::kOpaque;
  Block* block = nullptr;   ///< whose FROM it stands in
  std::string_view schema;  ///< of an unaliased table: its keyspace
  std::string_view alias;
  const Table* table = nullptr;             ///< of kTable
  const vschema::Table* routing = nullptr;  ///< of kTable
  Block* query = nullptr;                   ///< of kDerived
  bool lateral = false;
  std::vector<std::string_view> columns;  ///< of kDerived: names given after the alias
  /// May be a row of NULLs: it is on the inner side of an outer join.
  bool nullable = false;

  // Filled by placement, for sources that hold sharded rows.
  int rows = -1;  ///< which rows: an index of Placement; -1: the same on every shard
  const vschema::Vindex* vindex = nullptr;
  struct Key {
    std::string_view name;  ///< of the column; empty: the derived table does not show it
    KeyColumn column;
    std::string collation;
  };
  std::vector<Key> keys;  ///< one for each column of the vindex
};

/// A column that a query yields.
struct Output {
  std::string_view name;
  Source* source = nullptr;  ///< where it is a plain column: of this source,
  std::string_view column;   ///< by this name
};

/// A query where an expression stands.
struct NestedBlock {
  Block* block = nullptr;
  /// Set for `value IN (query)` that rows must fulfil: the left side.
  const sql::Expr* in_value = nullptr;
};

/// One SELECT, or the FROM and WHERE of an UPDATE or DELETE; or a set operation of such.
struct Block {
  const sql::Node* node = nullptr;
  Block* parent = nullptr;  ///< whose columns it may use too

  // Of a set operation or a query in parentheses; then what follows the arms is empty but for outputs.
  std::vector<Block*> arms;
  bool union_all = false;

  std::span<sql::TableRef* const> from;
  const sql::Expr* where = nullptr;
  std::vector<Source*> sources;
  std::map<const sql::TableRef*, Source*> source_of;
  std::vector<NestedBlock> nested;
  std::vector<Output> outputs;
  bool outputs_known = true;

  // Filled by placement.
  /// What it reads of sharded tables is, for each row of the outer block, on that row's shard.
  bool attached = false;
  std::vector<int> rows;  ///< which rows it reads, arms, derived tables and nested blocks included
  /// Why the rows of its FROM and WHERE are not those of each shard, put together; empty: they are.
  std::string rows_apart;
  /// Why its answer on each shard, put together, is not its answer; empty: it is.
  std::string not_exact;
  /// Of what `not_exact` says, only the order and the number of rows are meant: a LIMIT, an ORDER BY.
  bool exact_but_order = false;
  /// Of what `not_exact` says, only that, and that rows which several shards have are one: DISTINCT.
  bool exact_but_distinct = false;
  bool aggregated_from_inside = false;  ///< a nested query aggregates over columns of this one
};

/// A table of the statement.
struct TableEntry {
  const sql::TableName* name = nullptr;
  TableUse::Access access = TableUse::Access::kRead;
  std::string keyspace;
  std::string server_name;                   ///< other than name->name where a routing rule renames
  const vschema::Keyspace* found = nullptr;  ///< null: one of the server's own databases
  const vschema::Table* routing = nullptr;
  const Table* schema = nullptr;
  const TemporaryTable* temporary = nullptr;  ///< of the session
  /// Of a reference table that is written, and has a source: all that have its rows. The entry is of the
  /// source then.
  const vschema::ReferenceGroup* group = nullptr;
};

/// Which way a statement goes.
enum class Course {
  kUndecided,
  kNoTables,   ///< any server
  kSystem,     ///< the server's own databases
  kUnsharded,  ///< one keyspace of one shard
  kSharded,
  kSeveral,  ///< a query of tables of several keyspaces
  kShard,    ///< the session chose a shard
};

/// Rows tied together: those of several sources that lie on one shard for each combination that counts.
struct Placement {
  std::vector<int> parent;  ///< union-find
  std::vector<std::vector<Constraint>> constraints;

  int add();
  int root(int rows) const;
  /// Ties both; the constraints of both hold.
  void merge(int a, int b);
  /// Rows `inner` lie with `outer` wherever they count; constraints of `inner` do not hold for `outer`.
  void attach(int inner, int outer);
};

/// A call of a function that gates run, for each row that is read.
struct RowCall {
  const sql::FunctionCall* call = nullptr;
  const sql::Expr* guard = nullptr;  ///< not null: it is called where this is true, and else gives NULL
};

/// A view with CHECK OPTION that a statement writes through, and the statement as it names the view.
struct CheckedView {
  std::string name;
  const sql::Statement* said = nullptr;
  std::map<std::string, std::string> columns;  ///< the view's names, by those of the table in lower case
};

struct Draft {
  const sql::Statement& statement;
  std::string_view text;
  const PlanContext& context;
  std::shared_ptr<Plan> plan;
  std::vector<TableKey> missing;

  std::vector<TableEntry> tables;
  /// Why stored functions that it calls need all rows (functions.h); empty: none does.
  std::string functions;
  std::string functions_keyspace;             ///< where they are
  const sql::FunctionCall* called = nullptr;  ///< the first stored function whose keyspace is written
  std::vector<const sql::TableName*>
      function_tables;  ///< that they read, and no shard has whole: in `tables`
  /// Of functions that gates run, for each row that is read: marks stand for them in the statement.
  std::vector<RowCall> row_calls;
  bool with_views =
      false;  ///< queries stand in the places of views: the text names what the statement has not
  std::optional<CheckedView> checked;
  bool returns_elsewhere = false;                 ///< RETURNING asks for what a row's own shard does not have
  const sql::FunctionCall* gates_call = nullptr;  ///< the first one that is made for rows otherwise
  Course course = Course::kUndecided;
  std::string keyspace;  ///< where it runs; may be empty of kNoTables and kSystem
  const vschema::Keyspace* found = nullptr;

  std::vector<std::unique_ptr<Block>> blocks;
  std::vector<std::unique_ptr<Source>> sources;
  Block* top = nullptr;
  Placement placement;
  bool done = false;  ///< the plan is complete: no pass runs any more

  const TableEntry* entry(const sql::TableName* name) const;
  /// As a copy in the plan's arena.
  std::string_view keep(std::string_view passing) { return plan->arena.copy(passing); }
};

/// Where a column comes from; no source: not known.
struct ResolvedColumn {
  Source* source = nullptr;
  std::string_view name;
};
ResolvedColumn resolve_column(const sql::ColumnRef& column, Block* block);
/// The position among the source's keys, or -1.
int key_position(const Source& source, std::string_view column);
bool same_column(std::string_view a, std::string_view b);

/// The value an expression has wherever it is evaluated: a literal or parameter, maybe with a sign.
std::optional<Operand> constant_operand(const sql::Expr* expr, Draft& draft);
/// That of a column's DEFAULT, if it is a plain one.
std::optional<Operand> default_operand(const Column& column, Draft& draft, sql::Arena& arena);
/// What stands in a statement for a column of the row that is read before it is written.
sql::Literal* read_mark(std::size_t column, sql::Arena& arena);
/// And for a column of it that BEFORE triggers set: by RowTriggers::set.
sql::Literal* set_mark(std::size_t column, sql::Arena& arena);
/// Either of them.
bool is_row_mark(const sql::Literal& literal);
/// Whether one is in it.
bool has_row_mark(const sql::Node& node);
/// Plans a query that is asked before the draft's own statement writes. Null: tables must be known first
/// (Draft::missing).
Result<std::shared_ptr<const Plan>> plan_read(Draft& draft, const sql::Query& query);
/// The operands of a chain of AND, or the condition alone.
std::vector<const sql::Expr*> conjuncts(const sql::Expr* condition);

// The passes. Each ends early with a failure, and the last one leaves the plan's root set.
Result<void> find_tables(Draft& draft);
Result<void> build_scopes(Draft& draft);
Result<void> cut_at_calls(Draft& draft);
Result<void> cut_at_returning(Draft& draft);
Result<void> place_rows(Draft& draft);
Result<void> choose_route(Draft& draft);
Result<void> gather_information(Draft& draft);
Result<void> write_text(Draft& draft);
Result<void> merge_streams(Draft& draft);
Result<void> gather_parts(Draft& draft);
Result<void> gather_rest(Draft& draft);

// What choose_route does for the statements that are no queries.
Result<void> plan_insert(Draft& draft, const sql::Insert& insert);
Result<void> plan_change(Draft& draft);  ///< UPDATE and DELETE
/// What writes rows like the one of an INSERT, in which marks stand for the fields of a file; `computed` gets
/// the expressions of them for which the marks that follow stand.
Result<std::unique_ptr<Insert>> plan_pattern(Draft& draft, const sql::Insert& insert, std::size_t fields,
                                             std::vector<Text>& computed);
Result<void> plan_load(Draft& draft, const sql::LoadData& load);  ///< LOAD DATA
/// UPDATE and DELETE by the keys of rows that are read first. Fails where rows have no primary key, and the
/// like.
Result<std::unique_ptr<KeyedWrite>> plan_keyed_write(Draft& draft, std::span<const Source* const> written,
                                                     std::string reason);
/// The look-ups that a write of the table's rows keeps in step, or verifies. kUnknownTable: a look-up table
/// is not there. May ask for tables to be known first (Draft::missing).
Result<std::vector<std::shared_ptr<OwnedLookup>>> owned_lookups(Draft& draft, const TableEntry& entry);
/// What a column that takes no NULL holds if it is given nothing and the session is not strict; nothing: only
/// its server knows.
std::optional<Value> zero_of(const Column& column);
/// As text, a float has fewer digits than it needs: the expression that a column of a source is read by.
sql::Expr* exact_column(const Source& source, std::string_view column, sql::Arena& arena);
/// A function that gives another value on each server, if there is one.
const sql::FunctionCall* find_unrepeatable(const sql::Node& node);
/// A table that a query in it reads and whose rows are not all where a row of `written` is; null: there is
/// none.
const sql::TableName* find_read_elsewhere(const Draft& draft, const sql::Node& node,
                                          const TableEntry& written);
/// Whether it reads or assigns a user variable.
bool uses_variables(const sql::Node& node);
/// Fails with kCopiesWouldDiffer if a function in it gives another value on each server.
Result<void> require_repeatable(const sql::Node& node);
/// The session's temporary table of that name; null: there is none.
const TemporaryTable* find_temporary(const PlanContext& context, const sql::TableName& name);
/// Notes that the statement is about a temporary table. kTemporaryTableLost, kReadOnlyTarget; kCrossKeyspace
/// if it writes to those of several servers.
Result<void> use_temporary(Draft& draft, const TemporaryTable& table);
/// Whether it makes, drops or alters temporary tables.
bool changes_temporary(const Draft& draft);
Result<void> plan_temporary_change(Draft& draft);
/// Whether it reads or writes temporary tables, and writes to no others.
bool is_about_temporary(const Draft& draft);
/// What is about temporary tables runs on their server, over copies of what is not there.
Result<void> plan_beside_temporary(Draft& draft);
Result<void> plan_ddl(Draft& draft);
/// The statement, with the clause that a plain comment of it has as if it were written; lives as long as the
/// plan.
Result<const sql::CreateTable*> with_shard_clause(Draft& draft, const sql::CreateTable& create);
/// Tables that a statement reads, by the names that it says, those of WITH left out.
std::vector<const sql::TableName*> tables_named(const sql::Statement& statement);
/// Which rows a table's are, and by what they are found.
void place_table(Placement& placement, Source& source);
/// A column of CREATE TABLE; null: it has none of that name.
const sql::ColumnDef* created_column(const sql::CreateTable& create, std::string_view name);
/// The first column of its primary key; empty: it has none.
std::string_view first_key_column(const sql::CreateTable& create);
/// Of CREATE TABLE … GLOBAL UNIQUE: what makes the look-up tables; the edit is told of the keys.
Result<std::vector<Text>> make_global_keys(Draft& draft, const sql::CreateTable& create, VSchemaEdit& edit);
/// What is done with the tables of a table's global keys too.
void append_global_keys(Draft& draft, std::string_view table, const std::string& verb, std::vector<Text>& to);
/// A name, and a text, as SQL.
std::string quoted_name(std::string_view name);
std::string full_name(const TableEntry& entry);
std::string quoted_text(std::string_view text);
Result<void> plan_show(Draft& draft, const sql::Show& show);
Result<void> plan_explain(Draft& draft, const sql::Explain& explain);

bool is_ddl(sql::NodeKind kind);
/// A statement that goes to one place as it is.
Result<void> route_whole(Draft& draft);
/// A statement that the gate's session runs.
Result<void> make_session(Draft& draft);
/// CREATE TRIGGER in a sharded keyspace. kUnsupportedYet where neither servers nor gates can run it.
Result<void> plan_trigger(Draft& draft, const sql::CreateTrigger& create, Ddl& node);
/// CALL and compound statements.
Result<void> plan_routine_call(Draft& draft);
/// Functions of locks by name: those of a keyspace are on its first shard.
bool is_lock_function(std::string_view name);
/// LAST_INSERT_ID(value).
bool sets_last_insert_id(const sql::FunctionCall& call);
/// SET of user variables alone, by queries of tables or functions of locks: it goes where they are.
bool assigns_from_elsewhere(const Draft& draft);
/// Statements that a session does itself, whatever they name.
bool is_session_statement(const Draft& draft);
/// Of compound statements: whether it works on its own variables only, so that one server may run it whole.
bool is_self_contained(const sql::Statement& statement);

/// A new Route for the draft's keyspace and tablet type.
std::unique_ptr<Route> new_route(const Draft& draft, Destination::Reach reach);
/// Where the rows of the draft's blocks are.
Destination destination_of_rows(Draft& draft);
/// More than one shard is no route, for this reason, unless there is an earlier one.
void refuse_several(Destination& destination, std::string why);

/// A statement or a part of one as text, in pieces: with holes for its values and for what the session knows,
/// and tables by the names that servers know them by.
Text make_text(Draft& draft, const sql::Node& node);
/// The same with another name for each table that `names` has, dropped what belongs to the table itself
/// (partitions, index hints), and columns and stars without their keyspace.
using TableNames = std::map<const sql::TableName*, std::string>;
Text make_text(Draft& draft, const sql::Node& node, const TableNames& names);
/// And with a copy's columns in the place of full-text searches (searches.h).
struct SearchColumn;
using SearchColumns = std::map<const sql::Match*, SearchColumn>;
Text make_text(Draft& draft, const sql::Node& node, const TableNames& names, const SearchColumns& searches);
/// By which alias the item's column has the name that it has in the client's own text; empty: without one. A
/// name with literals in it holds for these only: they are pinned.
std::string_view alias_of(const sql::SelectItem& item, Draft& draft);
void append_text(Text& to, std::string_view text, Draft& draft);
/// Appends what is before the mark, and behind it.
void split_at(std::string_view mark, const Text& text, Text& head, Text& tail, Draft& draft);
/// Whether its tables may be called otherwise than it says: nothing but their names depends on that.
bool can_rename(const sql::Node& statement);
/// LIMIT of so many rows, in digits.
sql::Limit* limit_of(std::string_view rows, sql::Arena& arena);

/// What a dump shows after a pass.
std::string describe(const Draft& draft);

}  // namespace kintsugi::plan::pass
