#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plan/called_routine.h"
#include "plan/directives.h"
#include "plan/foreign_keys.h"
#include "plan/reference_fill.h"
#include "plan/row_triggers.h"
#include "plan/schema.h"
#include "plan/sequence_ref.h"
#include "plan/value.h"
#include "plan/vschema_edit.h"
#include "sql/arena.h"
#include "sql/tree/node.h"
#include "topo/key_range.h"
#include "topo/names.h"
#include "vschema/vschema.h"

namespace kintsugi::vschema {
class Vindex;
class Snapshot;
struct Shard;
}  // namespace kintsugi::vschema

/// A plan says how a statement runs: a tree of nodes, made once for all statements that differ in their
/// values only, and run by exec. Immutable; any thread.
namespace kintsugi::plan {

struct Plan;
struct LookupRead;
struct OwnedLookup;
struct Conflicts;
struct CalledRows;
class TemporaryTables;

/// What a node is. A new one is a struct here (or in a header of its own), a line in node_name(), and an
/// operator in exec's table.
enum class NodeKind : std::uint8_t {
  kRoute,
  kInsert,
  kDdl,
  kSession,
  kExplanation,
  kGather,
  kKeyedWrite,
  kMerge,
  kLoad,
};
std::string_view node_name(NodeKind kind);

/// A value that only the gate's session knows, since a pooled server connection would tell its own.
enum class SessionValue : std::uint8_t {
  kLastInsertId,
  kRowCount,
  kFoundRows,
  kConnectionId,
  kDatabase,
  kUser,         ///< USER(): as the client connected
  kCurrentUser,  ///< CURRENT_USER(): as it was authenticated
  kVariable,     ///< @@name: TextPiece::text is the name, lower case
};

/// Text that is sent to servers, in pieces where values of the execution come in.
struct TextPiece {
  enum class Kind : std::uint8_t {
    kText,
    kOperand,    ///< the value of `operand`
    kSum,        ///< `operand` and `other`, whole numbers, added up
    kGenerated,  ///< the next id of the plan's sequence, or `operand` where it says a value of its own
    kSession,
  };
  Kind kind = Kind::kText;
  SessionValue session{};
  std::string_view text{};  ///< of kText; name of a kVariable. In the plan's arena.
  Operand operand{};
  Operand other{};
  bool operator==(const TextPiece&) const = default;
};
using Text = std::vector<TextPiece>;

/// How the values of a column are taken to the vindex, without ever taking two that the server holds for
/// equal to different places (plan/mapping.h).
struct KeyColumn {
  std::string name;
  ColumnClass type_class = ColumnClass::kOther;
  bool is_unsigned = false;
  bool fixed_length = false;  ///< binary(n)
  bool pad_space = false;     ///< trailing spaces do not count when values are compared
  /// Whether values that compare as equal have the same keyspace id; if not, looking up by value goes to all
  /// shards, and only inserting uses the vindex.
  bool exact = true;
  int integer_bits = 64;
  std::uint64_t length = 0;
  bool operator==(const KeyColumn&) const = default;
};

/// Rows of one or more sharded tables that lie where these values do.
struct Constraint {
  enum class Kind : std::uint8_t { kValues, kRange, kPinned, kLookup };
  Kind kind = Kind::kValues;
  /// Constraints of one group are about the same rows: all of them hold. Groups are about rows that no
  /// condition ties together.
  int group = 0;
  const vschema::Vindex* vindex = nullptr;  ///< in the plan's routing snapshot
  std::vector<KeyColumn> columns;
  /// kValues: alternatives, each with one value for each column, or fewer: a prefix. None: no row matches.
  /// kRange: one alternative for the lower and one for the upper bound, empty if open.
  std::vector<std::vector<Operand>> tuples;
  topo::KeyspaceId pinned;  ///< kPinned: all rows are where this id is
  /// kLookup: rows are where the ids are that it finds; without its answer, anywhere.
  std::shared_ptr<const LookupRead> lookup;
  bool operator==(const Constraint&) const = default;
};

/// Which shards a node's text goes to.
struct Destination {
  enum class Reach : std::uint8_t {
    kAnyServer,  ///< any shard of any keyspace: nothing of the statement depends on where it runs
    kAnyShard,   ///< any one shard of the keyspace (the only one of an unsharded keyspace)
    kAllShards,
    kShard,  ///< the one that is named
    kByKey,  ///< where `constraints` say
  };
  Reach reach = Reach::kAnyShard;
  std::string keyspace;
  std::string shard;
  topo::TabletType type = topo::TabletType::primary;
  /// Of kByKey; of `groups` groups. A group without a constraint has rows on all shards. Several groups must
  /// be on the same one shard, unless several_refused is unset.
  std::vector<Constraint> constraints;
  int groups = 1;
  /// Why the answers of several shards, put one after the other, would not be the answer of one server.
  /// Unset: they are.
  std::optional<Error> several_refused;
  /// The first of the shards is enough: EXPLAIN.
  bool one_will_do = false;
};

struct Node {
  explicit Node(NodeKind node_kind) : kind(node_kind) {}
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const NodeKind kind;
  std::string_view decided_by{};  ///< the pass that made it (planner.h)
  std::vector<std::unique_ptr<Node>> inputs;
};

/// One text for some shards; their answers one after the other.
struct Route : Node {
  Route() : Node(NodeKind::kRoute) {}

  Destination destination;
  /// The client's own text (or prepared statement with its parameters) goes out unchanged; else `text`.
  bool own_text = true;
  Text text;
  bool write = false;
  /// Every shard is sent the same write of the same rows (reference tables): the answer is that of one shard.
  bool copies = false;
  /// Of SHOW CREATE TABLE: lines of the table that servers do not have.
  std::string constraints;
};

/// Another keyspace that has a reference table's rows, and what is sent there, under the name that it has.
struct Copy {
  std::string keyspace;
  Text text;
};

/// Functions that gates run, called for each row that is read: their values stand in front of what is read.
struct RowCalls {
  std::vector<Text> texts;  ///< queries of one value, in turn: each may use those before it
};

/// Rows to shards, each by its vindex; one INSERT for each shard, with its rows in the order they were
/// written. Its input, if it has one, is the Route that serves executions whose values lead to one shard.
struct Insert : Node {
  Insert() : Node(NodeKind::kInsert) {}

  struct Row {
    std::vector<Operand> key;  ///< one for each column of the primary vindex
    /// What was written for the AUTO_INCREMENT column; NULL (and 0, but under NO_AUTO_VALUE_ON_ZERO) gets an
    /// id.
    Operand id{};
    Text text;  ///< with its parentheses
    /// The values of each of `lookups`; what is NULL where the AUTO_INCREMENT column is meant gets the id.
    std::vector<std::vector<Operand>> lookups;
    Text conflict;                ///< a condition, and an order: rows on its shard that have one of its keys
    Text update;                  ///< up to WHERE: what is done with the row that it meets, if that may move
    std::vector<Text> elsewhere;  ///< by look-up: rows that have its values; empty of one that is not unique
    std::vector<ParentCheck> parents;
    Text new_row;  ///< a query of triggers->new_columns; empty: they name none
    /// Of before_triggers->new_columns: what they find in them.
    std::vector<Operand> before_row;
  };

  Destination destination;  ///< its keyspace and type; kByKey, or kAllShards of a reference table
  std::string table;
  bool replace = false;                     ///< REPLACE
  bool ignore = false;                      ///< INSERT IGNORE
  const vschema::Vindex* vindex = nullptr;  ///< null for a reference table
  std::vector<KeyColumn> columns;
  /// Which of `columns` is the AUTO_INCREMENT column, so that the key is the id.
  int id_in_key = -1;
  std::string id_column;  ///< the AUTO_INCREMENT column; empty: none
  /// Where its ids come from. Unset: a row without an id of its own is refused.
  std::optional<SequenceRef> sequence;
  Text head;                 ///< up to and with VALUES
  std::vector<Copy> copies;  ///< their heads
  std::vector<Row> rows;
  Text tail;  ///< ON DUPLICATE KEY UPDATE …, RETURNING …
  /// Where all rows go to one shard and none of them is given an id, the client's own text does.
  bool own_text = true;
  /// Not null: a query that is asked first, in the same transaction. Operands that are read are of its rows.
  std::shared_ptr<const Plan> read;
  std::size_t read_columns = 0;  ///< of `read`, or the server would have said kColumnCount
  RowCalls calls;                ///< of `row_for_each`
  /// `rows` is one: the pattern of what is written for each row that is read. Else `read` yields one row, of
  /// values for all of `rows`.
  bool row_for_each = false;
  /// Look-ups that are kept in step, and which of their columns is the AUTO_INCREMENT one (or -1).
  std::vector<std::shared_ptr<const OwnedLookup>> lookups;
  std::vector<int> id_in_lookup;
  Text shape;  ///< where rows are read first: a query without rows whose columns are RETURNING's
  /// Not null: rows are written one by one, each after those that it conflicts with have been found.
  std::shared_ptr<const Conflicts> conflicts;
  /// That gates run before a row is inserted, and when it was. Not null: `conflicts` is not, either.
  std::shared_ptr<const RowTriggers> before_triggers, triggers;
  /// Which of before_triggers->new_columns is the AUTO_INCREMENT column: a row that waits for an id has 0.
  int id_in_before = -1;
};

/// UPDATE and DELETE of rows that no route finds: `read` finds and locks them, then each is written by its
/// primary key on its shard, all in one transaction. Its input, if it has one, is the Route that serves
/// executions whose values lead to one shard.
struct KeyedWrite : Node {
  KeyedWrite() : Node(NodeKind::kKeyedWrite) {}

  /// What is done with the rows of one table. Operands and texts are of the row that was read.
  struct Target {
    std::string table;        ///< for people: "customer.corder"
    Destination destination;  ///< of all of its rows; kByKey of a sharded table: `vindex` tells
    const vschema::Vindex* vindex = nullptr;
    std::vector<KeyColumn> columns;
    std::vector<Operand> key;       ///< one for each column of the vindex
    Operand presence{};             ///< NULL: an outer join has no row of the table
    std::vector<Operand> identity;  ///< what no two rows have alike, or all of a row
    Text head;                      ///< UPDATE … WHERE (
    std::vector<Copy> copies;       ///< their heads
    /// Rows may be alike in all columns: each that is read is a statement, which writes one of them.
    bool one_by_one = false;
    /// Not empty: a row may have been read several times, and those alike are counted by this query first.
    Text count;
    Text row;               ///< what finds one row
    std::string separator;  ///< between those of several rows
    Text tail;              ///< ) ORDER BY …
    /// Rows that differ in these cannot be written by one statement.
    std::vector<Operand> values;
    /// An UPDATE of the sharding key: where its row lies afterwards. Empty: it stays.
    std::vector<Operand> new_key;
    Text insert, remove;            ///< put the old row onto another shard, and take it away from its own
    bool servers_triggers = false;  ///< servers run some, so that no row may be put onto another
    /// Look-ups that are kept in step.
    std::vector<std::shared_ptr<const OwnedLookup>> lookups;
    Text shape;  ///< a query without rows whose columns are RETURNING's
    // Foreign keys that the gate keeps.
    std::vector<ParentCheck> parents;
    std::vector<ChildChange> children;
    // Triggers that gates run before a row is written, and when it was: null: there are none.
    std::shared_ptr<const RowTriggers> before_triggers, triggers;
    std::vector<Operand> before_old;  ///< of before_triggers->old_columns
    std::vector<Operand> before_new;  ///< of before_triggers->new_columns: what they find in them
    std::vector<Operand> old_row;     ///< of triggers->old_columns
    Text new_row;                     ///< a query of triggers->new_columns; empty: they name none
  };

  std::string reason;  ///< why no route does
  std::shared_ptr<const Plan> read;
  RowCalls calls;
  std::vector<Target> targets;
  bool update = false, ignore = false;
  /// Rows are written in the order in which they were read.
  bool ordered = false;
  bool returns_rows = false;  ///< RETURNING
};

/// A change of schema: first on one shard, so that a mistake shows before anything has changed, then on the
/// others; then the vschema.
struct Ddl : Node {
  Ddl() : Node(NodeKind::kDdl) {}

  Destination destination;
  bool own_text = true;
  Text text;  ///< empty, and not own_text: servers have nothing to change
  /// Of tables that belong to this one (those of global keys): on each shard before it, and after it.
  std::vector<Text> before, after;
  bool each_own = false;                 ///< shards have rows of their own: those affected are added up
  std::vector<Copy> copies;              ///< after them, on each shard of other keyspaces
  std::vector<VSchemaEdit> edits_first;  ///< before servers are asked: no gate may be behind these
  std::vector<VSchemaEdit> edits;
  std::optional<ReferenceFill> fill;  ///< after the edits
  /// Not to be done while foreign_key_checks is on: a foreign key refers to a table that would go.
  std::optional<Error> referred;
  struct Check {
    std::string query;    ///< of what must not be
    Error broken;         ///< if it is
    bool always = false;  ///< whether foreign_key_checks is on or not
  };
  std::vector<Check> guards;  ///< before all, while foreign_key_checks is on: of the first shard's schema
  /// After the edits, while it is on: of rows that break a foreign key; then new keys are undone.
  std::vector<Check> checks;
  std::vector<Text> undo;  ///< on each shard, if one of them does, or a fill fails
  /// Entries of a unique key that comes to hold over all shards, of the rows that are there. After the edits,
  /// by which those of new rows are written.
  struct KeyFill {
    std::shared_ptr<const OwnedLookup> lookup;
    std::shared_ptr<const vschema::Vindex> placing;  ///< what `lookup` places entries by, or null
    const vschema::Vindex* vindex = nullptr;         ///< of the rows,
    std::vector<KeyColumn> columns;                  ///< by these
    std::vector<Operand> key;                        ///< of the row that is read
    std::vector<Operand> identity;              ///< its primary key; empty: a shard's rows are read at once
    std::vector<std::string> identity_columns;  ///< as SQL
    std::string select;                         ///< up to WHERE
    std::string order;                          ///< " order by …"
  };
  std::vector<KeyFill> key_fills;
  std::vector<VSchemaEdit> filled;  ///< when all entries are there
  std::vector<Text> last;           ///< on each shard, after all edits
};

/// What the gate's session does itself: SET, USE, BEGIN, KILL, some of SHOW, …: see statement->kind.
struct Session : Node {
  Session() : Node(NodeKind::kSession) {}

  const sql::Statement* statement = nullptr;  ///< in the plan's arena
  bool calls_functions = false;  ///< that gates run, and whose values are to be known before it is planned
  std::shared_ptr<const CalledRows> rows;  ///< for which it calls them; null: it calls them once
};

/// EXPLAIN and ANALYZE FORMAT=KINTSUGI of Plan::explained: what the gate answers itself (plan/explain.h).
struct Explanation : Node {
  Explanation() : Node(NodeKind::kExplanation) {}

  bool json = false;
  bool analyze = false;   ///< runs it, and tells what each shard did
  std::string_view text;  ///< of the statement that is explained; in the plan's arena
};

/// Rows are needed only where a column has a value that a column of an earlier copy has: if those are few,
/// only such rows are read.
struct CopyLink {
  std::string column;
  std::string from;  ///< the earlier temporary table,
  std::string from_column;
  /// Set if the column alone is the sharding key: then only the shards of these values are asked.
  const vschema::Vindex* vindex = nullptr;
  KeyColumn key;
  bool operator==(const CopyLink&) const = default;
};
/// More values than these say little, and an IN of them costs more than it saves.
inline constexpr std::size_t kLinkValuesMax = 2000;
inline constexpr std::size_t kLinkBytesMax = 256 * 1024;  ///< as SQL

/// What a Gather copies of one table reference of the query: the columns it names, and the rows that its
/// plain conditions leave.
struct GatheredTable {
  std::string name;        ///< of the temporary table
  std::string table;       ///< what is copied, for people: "customer.corder"
  std::string definition;  ///< of the temporary table: "(`id` bigint(20) not null, primary key (`id`))"
  Text shape;  ///< if not empty, a query without rows of whose columns those are that `definition`
               ///< does not have
  Destination destination;
  Text select;
  bool filtered = false;  ///< whether `select` has a WHERE
  std::string locking;    ///< what follows the WHERE: " for update"
  std::vector<CopyLink> links;
  std::string same_as;  ///< if not empty, an earlier temporary table of the same definition and the same rows
  /// Its rows go into the earlier temporary table of that name, by the names of their columns: those that it
  /// does not have are left out.
  bool appended = false;
  std::string
      afterwards;  ///< if not empty, a statement over the temporary tables, run when this one is filled
};

/// A query whose answer is not put together of the shards' own answers: what it needs of each table is copied
/// into temporary tables of one server, and the query runs there over these. Its input, if it has one, is the
/// Route that serves executions whose values lead to one shard.
struct Gather : Node {
  Gather() : Node(NodeKind::kGather) {}

  std::string reason;    ///< why no route does
  std::string keyspace;  ///< on a server of it, in its database
  /// Not empty: on the session's own connection to this shard, beside its temporary tables, and in its
  /// transaction. What runs there may write to them.
  std::string shard;
  topo::TabletType type = topo::TabletType::primary;
  std::vector<GatheredTable> tables;
  Text text;  ///< the query over the temporary tables
};

/// One table of the statement and what is done with it: what privileges are checked against.
struct TableUse {
  enum class Access : std::uint8_t { kRead = 1, kWrite = 2, kAdmin = 4 };
  std::string keyspace;  ///< or one of the server's own databases
  std::string table;
  Access access = Access::kRead;
  bool operator==(const TableUse&) const = default;
};

/// Which of the session's temporary tables a statement is about: those of one server.
struct TemporaryUse {
  std::string keyspace;
  std::string shard;
  /// Names that it makes, drops or alters: whether each is a temporary table now, and of which columns, must
  /// be asked after it has run.
  std::vector<std::string> changed;
};

struct Plan {
  std::unique_ptr<Node> root;
  /// What it was made against. A plan is stale when the gate has another.
  std::shared_ptr<const vschema::Snapshot> routing;
  std::shared_ptr<const Schema> schema;
  sql::NodeKind statement{};  ///< what it is, for metrics
  std::vector<TableUse> tables;
  /// Whether it holds for every text with the same fingerprint. If not, it is for this text only.
  bool cacheable = true;
  /// Literals (by ordinal) that the plan depends on: it serves only texts with the same values there.
  std::vector<std::uint32_t> pinned_literals;
  /// Asked before anything is routed (plan/lookup.h); their answers come in Bindings::lookups.
  std::vector<std::shared_ptr<const LookupRead>> lookups;
  bool writes = false;
  /// Locks rows (FOR UPDATE): to the primary, in the transaction.
  bool locks = false;
  /// A query whose answer depends on nothing but its text, the session's settings and what is stored: at one
  /// moment it is the same for all who ask. Of those that it is not known of, false.
  bool steady = false;
  /// Ends an open transaction by itself, as DDL does.
  bool commits_implicitly = false;
  /// The session must ask for FOUND_ROWS() on the same connection right after: SQL_CALC_FOUND_ROWS.
  bool calc_found_rows = false;
  /// A query with LAST_INSERT_ID(value): what it became must be asked for likewise.
  bool assigns_last_insert_id = false;
  /// Takes a lock of one server's connection, which is the session's own from now on (GET_LOCK)…
  bool keeps_connection = false;
  bool frees_connection = false;  ///< …until now (RELEASE_ALL_LOCKS)
  /// User variables that the statement itself assigns (INTO @a, @a := 1), to be read back from the connection
  /// that it ran on. Such a plan reaches one shard.
  std::vector<std::string> assigned_variables;
  std::vector<CalledRoutine> called;  ///< by the servers it goes to: what these assign is read back as well
  /// Set if it is about temporary tables: then it is for its session only, and so not cacheable.
  std::optional<TemporaryUse> temporary;
  std::shared_ptr<const TemporaryTables> temporary_tables;  ///< that it was made against
  /// What its comments ask of the gate.
  Directives directives;
  /// Of EXPLAIN: what is explained, whose values this plan borrows.
  std::shared_ptr<const Plan> explained;
  sql::Arena arena;

  /// The tree as text, one line a node, with what it sends and where.
  std::string text() const;
};

/// One node as text, without its inputs: a line, and more that are indented.
std::string node_text(const Node& node);
/// What stands for a kSession piece: "last_insert_id", or the variable's name.
std::string_view session_value_name(const TextPiece& piece);

/// Whether its connection stays with the session, for temporary tables that the statement may make.
inline bool makes_temporary(const Plan& plan) { return plan.temporary && !plan.temporary->changed.empty(); }

/// The plan's route, if it is one, or has one for values that lead to one shard; else null.
inline const Route* route_of(const Plan& plan) {
  const Node* node = plan.root.get();
  if (!node->inputs.empty()) node = node->inputs.front().get();
  return node->kind == NodeKind::kRoute ? static_cast<const Route*>(node) : nullptr;
}

/// The shards that a node's text goes to, for one execution.
using ShardList = std::vector<const vschema::Shard*>;

/// Shards for these values, in the order of their key ranges. Fails with several_refused where it must be one
/// and is not; kUnknownShard, kUnknownKeyspace, kNoShardForValue.
/// kAnyServer and kAnyShard yield the keyspace's first shard (none for kAnyServer without a keyspace: the
/// caller chooses).
Result<ShardList> resolve(const Plan& plan, const Destination& destination, const Bindings& bindings);

/// The shard, where it is one: the common case, without an allocation. Null: it is not one, or not known so
/// cheaply; then resolve() tells.
const vschema::Shard* resolve_one(const Plan& plan, const Destination& destination, const Bindings& bindings);

}  // namespace kintsugi::plan
