#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "mysql/response.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "runtime/cancel.h"
#include "runtime/spill_buffer.h"

/// Runs plans. Stateless: one call of execute() is one statement of one session, on the session's loop.
namespace kintsugi::exec {

/// Row packets as they came from a server: whole MySQL frames (header and payload) of one answer, in the text
/// or the binary protocol, whichever the statement was sent in. The one who writes them to a client sets the
/// sequence numbers in place. Borrowed until the call that brings it has returned.
struct RowBatch {
  std::span<char> frames;
};

/// Takes one answer: done() alone, or columns(), rows() any number of times, done(). Each call may wait: that
/// is the back-pressure. After a failure nothing more is called.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) = 0;
  virtual Task<Result<void>> rows(RowBatch batch) = 0;
  /// The OK packet of a statement without rows, or what ends the rows.
  virtual Task<Result<void>> done(mysql::OkPacket ok) = 0;
};

/// What one shard is asked.
struct ShardRequest {
  const vschema::Shard* shard = nullptr;  ///< null: any server
  std::string_view keyspace;
  topo::TabletType type = topo::TabletType::primary;
  /// The client's own statement, unchanged: its text, or its prepared statement with its parameters. Else
  /// `text`, which has no parameters; its rows are to come in the protocol that the client's statement asks
  /// for.
  bool own_text = true;
  std::string_view text;
  bool write = false;
  enum class Part : std::uint8_t {
    kStatement,  ///< of the client's statement: in its protocol, with its session's settings and its warnings
    kCopyOut,    ///< rows that are copied elsewhere: text, in utf8mb4
    kPart,       ///< as kCopyOut, but of the statement's own expressions: its warnings are the client's
    kRead,       ///< as kPart, of a write: what strict mode makes an error in one fails
    kShape,      ///< makes a copy's table of a query: as kStatement, but as text, and of no interest to the
                 ///< client
    kRepeat,     ///< what another shard has done before: what it warns of is known
    kCopyIn,     ///< what fills a copy: text, in utf8mb4; sql_mode neither refuses nor changes a value
  };
  Part part = Part::kStatement;
  /// Another shard does the same, and its answer and warnings are the client's.
  bool unseen = false;
  /// On the statement's scratch connection, in the keyspace's database: a connection to a server of
  /// `keyspace` that is outside of the session's transaction. It comes with the first such request;
  /// end_scratch() gives it back. Its requests come one at a time.
  bool scratch = false;
  /// The connection stays with the session afterwards: temporary tables are made on it, or copies beside
  /// these.
  bool stays = false;
  /// Not 0: what NOW() is for this statement, in microseconds since 1970, so that copies of a row are the
  /// same on all shards (SET timestamp before it, back to DEFAULT after it).
  std::int64_t timestamp_us = 0;
  /// Not empty: which row of the client's statement each row of `text` is, from 0; borrowed. What the server
  /// says of its second row, "… at row 2", is told of that one.
  std::span<const std::size_t> rows{};
  /// With `rows`, not null: where to put which of the client's rows the server refused. Left as it is where
  /// the server does not say (MySQL).
  std::size_t* refused_row = nullptr;
};

/// The shards, as the gate's session reaches them: with its transaction, its settings and its pools.
class Shards {
 public:
  virtual ~Shards() = default;

  /// Sends one request and brings its whole answer to the sink. A server's error is the failure
  /// (from_server). `cancel` (may be null) asks to stop early: the query is killed and the call fails soon
  /// with any code. Called concurrently for different shards. `request` and what it points to live until it
  /// returns.
  virtual Task<Result<void>> run(const ShardRequest& request, RowSink& sink, runtime::Cancel* cancel) = 0;

  /// Before a statement that writes on several shards: makes what run() does until end_unit() one unit.
  /// Without an open transaction, each of the shards begins one; in an open one, each that it has reached
  /// already or will reach sets a savepoint.
  virtual Task<Result<void>> begin_unit(std::span<const vschema::Shard* const> shards) = 0;
  /// Keeps the unit (commits, or forgets the savepoints) or undoes it. A commit that fails on some of the
  /// shards is an error that names them; undoing fails only if the open transaction was lost with it.
  virtual Task<Result<void>> end_unit(bool keep) = 0;
  /// Gives the scratch connection back, with nothing of its temporary tables left. Without one: nothing.
  virtual Task<void> end_scratch() = 0;
};

/// Ids for AUTO_INCREMENT columns.
class Sequences {
 public:
  virtual ~Sequences() = default;
  /// The first of `count` ids in a row, given to nobody else, ever. On the first use of a sequence: above
  /// what is in the table.
  virtual Task<Result<std::uint64_t>> reserve(const plan::SequenceRef& sequence, std::uint64_t count) = 0;
  /// A row with this id was inserted by the client: ids given from now on are above it.
  virtual Task<Result<void>> raise(const plan::SequenceRef& sequence, std::uint64_t id) = 0;
};

/// Changes a keyspace's vschema in the topology and waits until this gate routes by it, and all gates where
/// all must keep to it. A failure may come after the change was written: kCancelled, too, where `cancel` (may
/// be null) is requested meanwhile.
class VSchemaEditor {
 public:
  virtual ~VSchemaEditor() = default;
  virtual Task<Result<void>> apply(std::span<const plan::VSchemaEdit> edits, runtime::Cancel* cancel) = 0;
};

/// What only the session knows, as SQL: "5", "'root@localhost'", "NULL". `name` is set of kVariable only.
class SessionValues {
 public:
  virtual ~SessionValues() = default;
  virtual std::string sql(plan::SessionValue value, std::string_view name) const = 0;
};

/// The client, as LOAD DATA needs it: the file that it sends or names, and what it is told of its lines.
class FileClient {
 public:
  virtual ~FileClient() = default;
  /// Asks for the file, or opens it. Once.
  virtual Task<Result<void>> open(std::string_view name) = 0;
  /// The file's next bytes, valid until the next call; empty at its end.
  virtual Task<Result<std::string_view>> read() = 0;
  /// A warning of the statement; a failure where it must not be one: without `ignore`, under a strict
  /// sql_mode.
  virtual Result<void> warn(std::uint16_t code, std::string message, bool ignore) = 0;
  /// A user variable, as SQL.
  virtual void assign(std::string_view variable, std::string value) = 0;
};

/// Values and their texts.
struct OwnValues {
  std::vector<plan::Value> values;
  std::deque<std::string> texts;
};

/// Statements of the gate's own, as parts of a client's.
class Statements {
 public:
  virtual ~Statements() = default;
  /// Plans and runs it within the unit that is open. `part` is what its rows are asked for as.
  virtual Task<Result<void>> run(std::string text, ShardRequest::Part part, RowSink& sink) = 0;
  /// A foreign key's action: as run(), but no triggers fire.
  virtual Task<Result<void>> cascade(std::string text, RowSink& sink) = 0;
  /// Runs the bodies of triggers for one row of the statement whose plan is `by`. The values are of the
  /// columns that the triggers name; none: there is no such row. Fails as a body does.
  virtual Task<Result<void>> fire(const plan::Plan& by, const plan::RowTriggers& triggers,
                                  std::span<const plan::Value> old_row,
                                  std::span<const plan::Value> new_row) = 0;
  /// The same before the row is written; `set` gets the values of the columns that they set (triggers.set).
  virtual Task<Result<void>> fire_before(const plan::Plan& by, const plan::RowTriggers& triggers,
                                         std::span<const plan::Value> old_row,
                                         std::span<const plan::Value> new_row, OwnValues& set) = 0;
  /// How many of them stand around this one.
  virtual int depth() const = 0;
  /// The client's statement has one more warning.
  virtual void warn(std::uint16_t code, std::string message) = 0;
};

/// What a statement runs with. Everything is borrowed for the length of execute().
struct ExecContext {
  const plan::Plan& plan;
  plan::Bindings bindings;
  Shards& shards;
  Sequences& sequences;
  VSchemaEditor& vschema;
  const SessionValues& session;
  runtime::Cancel* cancel = nullptr;  ///< the client went away, or KILL QUERY
  std::int64_t now_us = 0;            ///< the wall clock when the statement began
  /// The client's statement is a prepared one: rows that are made here are binary.
  bool binary_rows = false;
  /// Where the plan is a Load.
  FileClient* file = nullptr;
  /// For rows that must be read whole before they are written: a connection does one thing at a time.
  runtime::SpillBudget* spill = nullptr;
  /// Null where no session is: then nothing that needs it is planned.
  Statements* statements = nullptr;
  /// Bytes of rows that are held for each shard whose turn has not come.
  std::size_t lookahead_bytes_max = 256 * 1024;
  /// Shards that one statement works on at the same time.
  std::size_t concurrency_max = 64;
  /// What one query may copy to one server.
  std::uint64_t gather_rows_max = 1'000'000;
  std::uint64_t gather_bytes_max = 1ULL << 30;
  /// What one write may read before it writes.
  std::uint64_t write_rows_max = 1'000'000;
  std::uint64_t write_bytes_max = 256ULL << 20;
  /// As what the answer is asked for: a write's rows are read as kRead, or as kPart under IGNORE.
  ShardRequest::Part part = ShardRequest::Part::kStatement;
  struct Usage {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;  ///< of row packets
  };

  /// What was copied to one server for the statement, also where it failed.
  Usage gathered;
  /// What look_up() found; the bindings refer to it.
  std::vector<plan::LookupAnswer> lookups;
  /// Set by execute(): the first id that a sequence gave to the statement's rows. LAST_INSERT_ID() becomes
  /// it.
  std::optional<std::uint64_t> generated_id;
};

/// Runs a plan and brings its one answer to the sink. Not for plans whose root the gate runs itself
/// (plan::Session, plan::Explanation). A failure after columns() has been called is sent to the client in the
/// place of a row.
///
/// A plan that is one Route to one shard needs no execute(): see relay_shard().
Task<Result<void>> execute(ExecContext& context, RowSink& sink);

/// Asks the plan's look-ups, so that its shards are known for the bindings: for those who want to know them
/// before execute(), which does it else. Without look-ups: nothing.
Task<Result<void>> look_up(ExecContext& context);

/// The short way: non-null if the plan is one Route (or has one for such values) whose text goes unchanged to
/// this one shard for these values, so that the caller may relay the client's bytes and the answer's by
/// itself. Allocates nothing.
inline const vschema::Shard* relay_shard(const plan::Plan& plan, const plan::Bindings& bindings) {
  const plan::Route* route = plan::route_of(plan);
  if (route == nullptr || !route->own_text) return nullptr;
  return plan::resolve_one(plan, route->destination, bindings);
}

/// Text with the values of one execution put in.
std::string bind_text(const plan::Text& text, const plan::Bindings& bindings, const SessionValues& session);

}  // namespace kintsugi::exec
