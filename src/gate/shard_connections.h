#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/soon.h"
#include "base/task.h"
#include "exec/executor.h"
#include "gate/backends.h"
#include "gate/client_link.h"
#include "gate/gate_metrics.h"
#include "gate/replica_reads.h"
#include "gate/session_state.h"
#include "gate/statement_use.h"
#include "gate/transaction.h"
#include "mysql/request.h"
#include "runtime/task_group.h"
#include "sql/fingerprint.h"
#include "topo/global_transaction.h"
#include "wire/relay.h"

namespace kintsugi::gate {

class AnswerTaker;
class Cursor;

/// A client's statement as it can be sent on: COM_QUERY's text, or the text and parameters of a
/// COM_STMT_EXECUTE, whose rows are binary.
struct ClientStatement {
  std::string_view text;
  bool binary = false;
  std::span<const mysql::Parameter> parameters{};
  /// Not null: rows are to be fetched later. Gets the cursor if the statement is one that has rows.
  std::unique_ptr<Cursor>* cursor = nullptr;
  /// The text's, if it is known.
  const sql::Fingerprint* fingerprint = nullptr;
};

/// What is asked of a server's connection right after the statement, before anybody else gets it.
struct AfterStatement {
  std::vector<std::string>
      user_variables;           ///< names as SQL, "@`a`": their values go to the session's settings
  bool found_rows = false;      ///< SELECT FOUND_ROWS(), of all shards together: rows_found()
  bool last_insert_id = false;  ///< SELECT LAST_INSERT_ID(): becomes the session's
  /// Whether an id that an OK tells may be one that the statement brought: its server is asked then.
  std::function<bool(std::uint64_t)> may_be_brought{};
  bool keep = false;     ///< the connection stays with the session: it has a lock
  bool free = false;     ///< no longer
  bool commits = false;  ///< the statement commits by itself: no shard joins a transaction for it
  bool steady = false;   ///< it does nothing but read rows: plan::Plan::steady
};

/// A session's connections to shards: each statement takes one from the pools and gives it back, but for
/// those that a transaction or a lock holds. Runs transactions over shards: each shard that is touched joins,
/// and at COMMIT all commit or none (topo::GlobalTransaction), or one after the other. On the session's loop.
///
/// In five files: shard_connections.cc (taking, holding, giving back), shard_replicas.cc (which replica, and
/// when it may be read), shard_statements.cc (one statement on one shard), shard_transaction.cc,
/// shard_commit.cc.
class ShardConnections final : public exec::Shards {
 public:
  ShardConnections(Backends& backends, const GateOptions& options, SessionState& state, GateMetrics& metrics);
  ~ShardConnections() override;

  void carry(mysql::Capabilities carried) { carried_ = carried; }
  /// For the statements that follow, until the next call. `statement` is borrowed.
  void begin_statement(const ClientStatement* statement, AfterStatement after);
  /// User variables, as AfterStatement has them, that a statement within the client's assigns: their values
  /// are the session's from its answer on. Until the next call. Gives back those of before.
  std::vector<std::string> begin_nested(std::vector<std::string> user_variables) {
    return std::exchange(nested_variables_, std::move(user_variables));
  }
  /// Where what statements use is counted from now on; null: nowhere. Gives back where it was.
  StatementUse* count_for(StatementUse* use) { return std::exchange(use_, use); }
  /// What AfterStatement::found_rows has brought.
  std::uint64_t rows_found() const { return rows_found_; }

  Task<Result<void>> run(const exec::ShardRequest& request, exec::RowSink& sink,
                         runtime::Cancel* cancel) override;
  Task<Result<void>> begin_unit(std::span<const plan::ShardList::value_type> shards) override;
  Task<Result<void>> end_unit(bool keep) override;
  /// Before a statement that is a transaction by itself: what run() does until end_unit() is one, from its
  /// look-ups on. Units of its operators are parts of it. `reads`: it writes nothing.
  void begin_own_unit(bool reads);
  bool in_unit() const { return unit_ != Unit::none; }
  Task<void> end_scratch() override;

  struct Relayed {
    /// The failure has been told to the client already, or it is gone.
    bool told = false;
    bool client_lost = false;
    bool has_rows = false;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    mysql::OkPacket ok;       ///< as the server said it
    bool id_brought = false;  ///< its id is one that the statement brought: LAST_INSERT_ID() stays
    bool part_lost =
        false;  ///< the connection broke behind the answer, and with it what it had of a transaction
  };
  /// One statement to one shard, whose answer goes where `taker` takes it: with a RelayTaker straight to the
  /// client. Tried again, where that can't be seen. `relayed` is new; what is borrowed lives until it
  /// returns.
  Task<Result<void>> perform(const exec::ShardRequest& request, AnswerTaker& taker, Relayed& relayed,
                             runtime::Cancel* cancel);

  /// Lets `use` work with a connection that has the session's settings and is in its transaction (if a shard
  /// is named): for statements of the gate's own. Tried again on another connection if the one from the pool
  /// was dead and `use` failed for it.
  using Use = std::function<Task<Result<void>>(Backend&)>;
  Task<Result<void>> with_backend(const exec::ShardRequest& request, const Use& use, runtime::Cancel* cancel);

  // Transactions.
  Transaction& transaction() { return transaction_; }
  /// Whether the open transaction's part on this shard is an XA branch, or would be one.
  bool is_branch(const vschema::Shard& shard) const {
    return transaction_.open() && global_ &&
           (global_->decider.keyspace != shard.keyspace || global_->decider.shard != shard.name);
  }
  /// What clients see as SERVER_STATUS_IN_TRANS.
  bool in_transaction() const;
  /// Ends the one that is open, and begins another.
  Task<Result<void>> begin(std::string modifiers);
  Task<Result<void>> commit();
  Task<Result<void>> rollback();
  Task<Result<void>> savepoint(std::string name);
  Task<Result<void>> rollback_to(std::string name);
  Task<Result<void>> release_savepoint(std::string name);
  /// A transaction of which a part was lost (its connection broke, a deadlock's victim was rolled back) is
  /// undone everywhere, and all that follows fails with kTransactionLost, COMMIT and BEGIN too: until this
  /// says that the client has seen such an error, or it rolls back.
  void loss_told() { loss_.reset(); }

  /// From now on connections stay with the session, since they have what no settings describe: prepared
  /// statements of SQL.
  void reserve() { reserved_ = true; }
  /// Or table locks: then also, what several shards write commits on one after the other, since no server
  /// begins an XA branch while it has tables locked.
  void lock_tables() { tables_locked_ = true; }
  bool tables_locked() const { return tables_locked_; }
  bool reserved() const { return reserved_ || tables_locked_; }
  /// Ends that, and gives back, reset, what no transaction holds.
  Task<void> unreserve();
  /// Releases all table locks, if there are some.
  Task<void> unlock_tables();
  /// Of a connection that stayed for temporary tables (ShardRequest::stays): gives it back if the session has
  /// none on it.
  Task<void> settle_temporary();

  /// Rolls back and gives everything back: the session is over, or begins anew.
  Task<void> close();
  /// Whether a transaction, or a unit of a statement, that is not over has reached a server: rows may be
  /// locked.
  bool may_have_locks() const {
    return !held_.empty() && (transaction_.open() || in_unit() || in_transaction());
  }
  /// Connections held now.
  std::size_t held() const { return held_.size(); }
  Pins pins() const;

 private:
  struct Held;
  struct Running;
  struct Try;
  struct Attempt {
    std::optional<Error> error;
    bool retry_now = false;    ///< on another connection
    bool retry_later = false;  ///< when there is news of the shard
  };

  // Taking, holding, giving back.
  Held* find(const exec::ShardRequest& request);
  std::shared_ptr<const Settings> settings_for(const exec::ShardRequest& request) const;
  Soon<Result<Held*>> acquire(const exec::ShardRequest& request, Time give_up, runtime::Cancel* cancel);
  Held* take_at_once(const exec::ShardRequest& request);
  Task<Result<Held*>> replace_stale(Held* known, const exec::ShardRequest& request, Time give_up,
                                    runtime::Cancel* cancel);
  Task<Result<Held*>> reuse(Held* known, const exec::ShardRequest& request);
  Task<Result<Held*>> connect(const exec::ShardRequest& request, Held* made, Time give_up,
                              runtime::Cancel* cancel);
  Backends::Wanted wanted_for(const exec::ShardRequest& request) const;
  Held* hold(const exec::ShardRequest& request, const Backends::Wanted& wanted, Lease lease);
  Result<void> check_second_shard(const exec::ShardRequest& request) const;
  bool ready_at_once(Held& held, const exec::ShardRequest& request);
  bool joins_something(const exec::ShardRequest& request) const;
  Task<Result<void>> make_ready(Held& held, const exec::ShardRequest& request);
  Task<Result<void>> join(Held& held, const exec::ShardRequest& request);
  bool may_open_with(const Held& held, const exec::ShardRequest& request) const;
  std::optional<Pin> pin_of(const Held& held) const;
  void count_pin(Held& held, std::optional<Pin> pin);
  bool settle_at_once(Held& held);
  Task<void> settle(Held& held);
  Task<void> release_locks();
  std::vector<Held*> idle() const;
  bool is_idle(const Held* held) const;
  Task<void> give_back(Held& held);
  void drop(Held& held);
  void lose_temporary(const Held& held);

  // Reads from replicas (shard_replicas.cc).
  static bool is_taken_plainly(const Backends::Wanted& wanted);
  Task<Result<Lease>> take(Backends::Wanted wanted, Time give_up, runtime::Cancel* cancel);
  Task<Result<Lease>> take_replica(Backends::Wanted wanted, Time give_up, runtime::Cancel* cancel);
  Task<Result<Lease>> take_caught_up(Backends::Wanted wanted, ReplicaReads::Shard& seen, Time give_up,
                                     runtime::Cancel* cancel);
  Task<Result<std::string>> primary_position(Backends::Wanted wanted, Time give_up, runtime::Cancel* cancel);
  Task<Result<bool>> catch_up(Backend& replica, Backends::Wanted wanted, Time give_up,
                              runtime::Cancel* cancel);
  Task<Result<Lease>> take_instead(Backends::Wanted wanted, ReplicaReads::Shard& seen, const char* reason,
                                   std::string why, Time give_up, runtime::Cancel* cancel);
  Task<Result<Lease>> take_primary(Backends::Wanted wanted, ReplicaReads::Shard& seen, Time give_up,
                                   runtime::Cancel* cancel);
  void note_writes();

  // One statement on one shard.
  Task<Attempt> try_once(const exec::ShardRequest& request, AnswerTaker& taker, Relayed& relayed,
                         Time give_up, runtime::Cancel* cancel);
  bool asks_nothing_more(const Try& one) const;
  // Apart from try_once(), whose frame it would be a part of: most statements never need it.
  [[gnu::noinline]] Task<void> wind_up(Try& one);
  bool is_binary(const exec::ShardRequest& request) const;
  void put_opening(Backend& backend);
  Task<Result<void>> read_opening(Held& held, Result<void> begun);
  Soon<Result<void>> send(Backend& backend, const exec::ShardRequest& request,
                          std::optional<std::uint32_t>& once);
  Soon<Result<void>> send_execution(Backend& backend, const exec::ShardRequest& request, std::uint32_t id);
  Task<Result<void>> send_prepared(Backend& backend, const exec::ShardRequest& request,
                                   std::optional<std::uint32_t>& once);
  bool asks_after(const exec::ShardRequest& request, std::uint64_t warnings) const;
  Task<std::optional<Error>> after_answer(Held& held, const exec::ShardRequest& request,
                                          std::uint64_t warnings);
  Task<std::optional<Error>> strict_error(Backend& backend, std::size_t first);
  Task<void> read_warnings(Backend& backend, std::span<const std::size_t> rows);
  Task<void> read_user_variables(Backend& backend, const std::vector<std::string>& names);
  Task<void> find_refused_row(Backend& backend, const exec::ShardRequest& request);
  Task<void> read_found_rows(Backend& backend);
  Task<Result<void>> give_last_insert_id(Backend& backend);
  Task<void> read_last_insert_id(Backend& backend);
  bool may_be_brought(const Backend& backend, std::uint64_t id) const;
  Task<bool> is_brought(Backend& backend, std::uint64_t id);
  bool conclude(Held& held, const exec::ShardRequest& request, wire::RelayOutcome& outcome, Relayed& relayed,
                Attempt& attempt);
  Task<void> kill(std::shared_ptr<Running> running);
  Task<void> outlive_kill(Running& running, Backend& backend);

  // Transactions over several shards (shard_commit.cc).
  enum class Outcome { committed, aborted, unknown };
  struct Decision {
    Outcome outcome = Outcome::committed;
    std::optional<Error> why;  ///< not committed
  };
  bool begins_branch(const Held& held);
  void name_global();
  std::string branch_name(const Held& held) const;
  Task<void> roll_back(Held& held);
  Task<Result<void>> commit_in_turn(std::vector<Held*> all);
  Task<Result<void>> commit_one(Held& held);
  Task<Result<void>> commit_atomically(std::vector<Held*> all);
  Task<Result<void>> prepare(std::vector<Held*> branches);
  Task<Decision> decide(Held* decider);
  Task<Decision> ask_for_decision();
  Task<void> finish(std::vector<Held*> branches, bool commit);
  Task<bool> finish_elsewhere(std::string keyspace, std::string shard, std::string branch, bool commit);

  // Transactions.
  bool is_orphan(const Held& held) const;
  Task<void> undo(Held& held);
  Task<void> lose_transaction(std::string why);
  Result<void> take_loss();
  Task<Result<void>> end_reads(bool by_primaries);
  Task<void> end_one(Held& held, bool by_primary, std::optional<Error>& first);
  Task<Result<void>> end_read(Held& held);
  Task<Result<void>> commit_all();
  Task<Result<void>> rollback_all();
  Task<Result<void>> on_joined(std::string statement);
  Task<void> settle_all();

  Backends& backends_;
  const GateOptions& options_;
  SessionState& state_;
  GateMetrics& metrics_;
  mysql::Capabilities carried_ = 0;
  bool reserved_ = false;
  bool tables_locked_ = false;
  const ClientStatement* statement_ = nullptr;
  StatementUse* use_ = nullptr;
  AfterStatement after_;
  std::vector<std::string> nested_variables_;
  std::uint64_t rows_found_ = 0;
  Transaction transaction_;
  /// Since the first shard joined the transaction that is under way; that one decides. Has its id and its
  /// gate since the second one did.
  std::optional<topo::GlobalTransaction> global_;
  std::optional<std::string> loss_;  ///< why a transaction was lost, as long as the client does not know
  enum class Unit { none, own, reads, savepoint };
  bool unit_is_own() const { return unit_ == Unit::own || unit_ == Unit::reads; }
  Unit unit_ = Unit::none;
  int inner_units_ = 0;
  std::vector<std::unique_ptr<Held>> held_;  // in the order they came
  std::unique_ptr<Held> spare_;              // memory for the next one
  runtime::TaskGroup kills_;
};

}  // namespace kintsugi::gate
