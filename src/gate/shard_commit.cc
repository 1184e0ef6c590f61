#include <algorithm>

#include <fmt/format.h>

#include "base/fault_point.h"
#include "base/log.h"
#include "gate/detail/held.h"
#include "gate/errors.h"
#include "gate/shard_connections.h"
#include "mysql/auth.h"
#include "runtime/task_group.h"
#include "topo/key_range.h"

// How a transaction over several shards ends. The first shard that joined has a plain part and decides; the
// others have XA branches. Parts that only read have ended before. Where more than one has written: all
// branches are prepared, then the plain part is committed together with the row that says so, then the
// branches are. See topo/global_transaction.h for who finds one that was left prepared.

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

constexpr int kDuplicateKey = 1062;
constexpr int kUnknownXid = 1397;

bool is_server_error(const Error& error, int number) {
  return error.is(kServerError) && error.mysql_errno() == number;
}

/// Does it for each at once, and returns when all are done.
template <class Item>
Task<void> for_each(std::vector<Item*> items, std::function<Task<void>(Item&)> task) {
  runtime::TaskGroup tasks;
  for (Item* item : items) tasks.spawn(task(*item));
  co_await tasks.join();
}

/// After XA PREPARE, which no server refuses where it has become read-only: that of a former primary waits
/// for nobody, and what is prepared there is prepared nowhere else. What was acknowledged before it was
/// closed is there, whoever is the primary.
Task<Result<wire::ResultSet>> check_still_open(Backend& backend, std::string shard) {
  Result<wire::ResultSet> asked = co_await backend.query("SELECT @@global.read_only");
  if (!asked || asked->value() == "0") co_return asked;
  co_return failure(kTransactionLost,
                    fmt::format("{} ({}) ceased to be the primary of {} while the transaction was prepared",
                                backend.config()->alias, backend.config()->address.text(), shard));
}

}  // namespace

/// Whether what joins now is a branch. The first one is not, and decides.
bool ShardConnections::begins_branch(const Held& held) {
  const bool transactional = transaction_.open() || unit_ == Unit::own;
  const bool takes_part = transactional && held.type == topo::TabletType::primary && !held.shard.empty();
  // What a statement of DDL makes up of rows is whole, whatever the session's own transactions are.
  const bool atomic = state_.transaction_mode == TransactionMode::atomic || after_.commits;
  if (!atomic || !takes_part || tables_locked_) return false;
  if (global_) {
    if (global_->id.empty()) name_global();
    return true;
  }
  global_ = topo::GlobalTransaction{.decider = {held.keyspace, held.shard},
                                    .decider_connection = held.backend().connection().connection_id()};
  return false;
}

/// Most transactions are of one shard and need no name.
void ShardConnections::name_global() {
  constexpr std::size_t kRandomBytes = 8;
  global_->id =
      topo::GlobalTransaction::new_id(std::chrono::system_clock::now(), mysql::secure_random()(kRandomBytes));
  global_->gate = fmt::format("{}#{}", options_.name, state_.connection_id);
}

/// The name of the transaction's branch on this connection.
std::string ShardConnections::branch_name(const Held& held) const {
  topo::GlobalTransaction branch = *global_;
  branch.connection = held.backend().connection().connection_id();
  return branch.xid();
}

/// What a shard has of the transaction, if it can still be told. What cannot does it when its connection is
/// gone.
Task<void> ShardConnections::roll_back(Held& held) {
  Backend& backend = held.backend();
  const std::string branch = std::exchange(held.branch, "");
  if (backend.is_broken()) co_return;
  std::string sql = "ROLLBACK";
  if (!branch.empty()) {
    // A branch that was a deadlock's victim has ended already.
    [[maybe_unused]] Result<wire::ResultSet> ended = co_await backend.query("XA END " + branch);
    sql = "XA ROLLBACK " + branch;
  }
  const Result<void> done = co_await backend.run(sql);
  if (!done) backend.break_connection();
}

/// After end_reads(), so that of several parts only those are left that have written, and the one that
/// decides.
Task<Result<void>> ShardConnections::commit_all() {
  std::vector<Held*> all;
  bool branches = false;
  std::size_t writers = 0;
  for (const auto& held : held_) {
    if (!held->joined && !held->backend().in_transaction()) continue;
    held->joined = held->unit_savepoint = false;
    branches = branches || !held->branch.empty();
    writers += held->wrote ? 1 : 0;
    all.push_back(held.get());
  }
  Result<void> done;
  if (!branches) {
    done = co_await commit_in_turn(std::move(all));
  } else if (writers <= 1) {
    for (Held* held : all) {
      if (done) {
        done = co_await commit_one(*held);
      } else {
        co_await roll_back(*held);
      }
    }
  } else {
    done = co_await commit_atomically(std::move(all));
  }
  global_.reset();
  co_return done;
}

/// One shard after the other, in the order they joined. The first that fails while none has committed undoes
/// all.
Task<Result<void>> ShardConnections::commit_in_turn(std::vector<Held*> all) {
  std::string committed, lost;
  std::optional<Error> first;
  for (Held* held : all) {
    const bool undo = first.has_value() && committed.empty();
    Result<void> done = co_await held->backend().run(undo ? "ROLLBACK" : "COMMIT");
    const std::string name = held->keyspace + '/' + held->shard;
    if (done && !undo) committed += (committed.empty() ? "" : ", ") + name;
    if (done) continue;
    if (!undo) lost += fmt::format("{}{}: {}", lost.empty() ? "" : "; ", name, done.error().message());
    if (!first) first = std::move(done.error());
    co_await roll_back(*held);
  }
  if (!first) co_return Result<void>();
  if (committed.empty()) co_return failure(std::move(*first));
  co_return failure(kPartialCommit, fmt::format("committed on {}; not on {}", committed, lost));
}

/// Where only one shard has written, which needs nobody's agreement.
Task<Result<void>> ShardConnections::commit_one(Held& held) {
  Backend& backend = held.backend();
  const std::string branch = std::exchange(held.branch, "");
  Result<void> committed;
  if (branch.empty()) {
    committed = co_await backend.run("COMMIT");
  } else {
    // Not ONE PHASE: MariaDB writes that into its binlog without the branch's name, and nobody could tell
    // after a crash between binlog and engine what became of it.
    for (const char* step : {"XA END ", "XA PREPARE ", "XA COMMIT "}) {
      const std::string sql = step + branch;
      if (committed) committed = co_await backend.run(sql);
    }
  }
  if (committed) co_return Result<void>();
  const bool taken_for_dead = is_server_error(committed.error(), kUnknownXid);
  held.branch = branch;
  co_await roll_back(held);
  if (!taken_for_dead) co_return failure(std::move(committed.error()));
  co_return failure(kTransactionLost, "it took so long that it was taken for dead and rolled back");
}

Task<Result<void>> ShardConnections::commit_atomically(std::vector<Held*> all) {
  std::vector<Held*> branches;
  Held* decider = nullptr;
  for (Held* held : all) {
    if (held->branch.empty()) {
      decider = held;
    } else {
      branches.push_back(held);
    }
  }
  std::function<Task<void>(Held&)> undo = [this](Held& held) -> Task<void> { return roll_back(held); };
  const bool whole = global_ && std::ranges::all_of(branches, [this](const Held* held) {
                       return held->branch == branch_name(*held);
                     });
  if (!whole) {
    co_await for_each(std::move(all), std::move(undo));
    co_return failure(kTransactionLost, "a part of it was lost on the way");
  }
  fault_point("commit.before_prepare");
  Result<void> prepared = co_await prepare(branches);
  if (!prepared) {
    co_await for_each(std::move(all), std::move(undo));
    co_return prepared;
  }
  fault_point("commit.before_decision");
  Decision decision = co_await decide(decider);
  fault_point("commit.after_decision");
  if (decision.outcome == Outcome::unknown) {
    // Whoever finds the branches asks for the decision: nothing may be done to them here.
    for (Held* held : branches) held->backend().break_connection();
    co_return failure(std::move(*decision.why));
  }
  const bool commit = decision.outcome == Outcome::committed;
  if (!commit && decider != nullptr) co_await roll_back(*decider);
  co_await finish(branches, commit);
  if (commit) co_return Result<void>();
  co_return failure(std::move(*decision.why));
}

/// All at once. If one fails, none is of any use.
Task<Result<void>> ShardConnections::prepare(std::vector<Held*> branches) {
  std::optional<Error> first;
  std::function<Task<void>(Held&)> task = [&first](Held& held) -> Task<void> {
    Result<wire::ResultSet> done = co_await held.backend().query("XA END " + held.branch);
    if (done) done = co_await held.backend().query("XA PREPARE " + held.branch);
    fault_point("commit.between_prepares");
    if (done) done = co_await check_still_open(held.backend(), held.keyspace + '/' + held.shard);
    if (done || first) co_return;
    first = held.backend().is_broken() ? Error(kTransactionLost, done.error().message()) : done.error();
  };
  co_await for_each(std::move(branches), std::move(task));
  if (first) co_return failure(std::move(*first));
  co_return Result<void>();
}

/// The commit of the plain part, with the row that makes it that of all. Null: its connection was lost before
/// it did anything.
Task<ShardConnections::Decision> ShardConnections::decide(Held* decider) {
  if (decider == nullptr || decider->backend().is_broken()) {
    co_return Decision{Outcome::aborted,
                       Error(kTransactionLost, "the connection to the shard that decides was lost")};
  }
  Backend& backend = decider->backend();
  Result<wire::ResultSet> done = co_await backend.query(global_->commit_sql());
  fault_point("commit.deciding");
  if (done && done->ok.affected_rows == 0) {
    co_return Decision{Outcome::aborted,
                       Error(kTransactionLost,
                             "it was open for longer than decisions are kept (decisions_kept of tablets), or "
                             "this gate's clock is behind")};
  }
  if (!done && is_server_error(done.error(), kDuplicateKey)) {
    co_return Decision{Outcome::aborted,
                       Error(kTransactionLost, "it took so long that it was taken for dead and rolled back")};
  }
  // Without its connection the plain part is gone, and the row with it.
  if (!done) {
    co_return Decision{Outcome::aborted, backend.is_broken() ? Error(kTransactionLost, done.error().message())
                                                             : std::move(done.error())};
  }
  done = co_await backend.query("COMMIT");
  if (done) co_return Decision{};
  if (!backend.is_broken()) co_return Decision{Outcome::aborted, std::move(done.error())};
  kLog.warning("transaction.undecided",
               {{"id", global_->id}, {"decider", global_->decider.text()}, {"error", done.error()}});
  Decision asked = co_await ask_for_decision();
  co_return asked;
}

/// Of the shard that decides, as it is now: what is not decided there yet never will be, once this has asked.
Task<ShardConnections::Decision> ShardConnections::ask_for_decision() {
  const Time give_up = Clock::now() + options_.failover_wait;
  const Backends::Wanted wanted{.keyspace = global_->decider.keyspace, .shard = global_->decider.shard};
  std::string why = "nobody could be asked";
  while (Clock::now() < give_up) {
    Result<Lease> lease = co_await backends_.take_plain(wanted, give_up, nullptr);
    if (!lease) {
      why = lease.error().message();
      break;
    }
    Backend& backend = backend_of(*lease);
    Result<wire::ResultSet> asked = co_await backend.query(global_->abort_sql());
    if (asked) asked = co_await backend.query(global_->outcome_sql());
    if (asked && asked->value()) {
      if (*asked->value() == "commit") co_return Decision{};
      co_return Decision{Outcome::aborted,
                         Error(kTransactionLost, "the shard that decides was lost before it had committed")};
    }
    if (asked) {
      why = "that is so long ago that it is forgotten";
      break;
    }
    why = asked.error().message();
    lease->release();
    co_await backends_.wait_for_news(give_up, nullptr);
  }
  co_return Decision{Outcome::unknown,
                     Error(kOutcomeUnknown, fmt::format("transaction {}: shard {} decides, and: {}",
                                                        global_->id, global_->decider.text(), why))};
}

/// What is decided, on all branches at once. One that cannot be told is finished by the agents, who ask for
/// the decision then.
Task<void> ShardConnections::finish(std::vector<Held*> branches, bool commit) {
  bool all = true;
  std::function<Task<void>(Held&)> task = [this, commit, &all](Held& held) -> Task<void> {
    const std::string branch = std::exchange(held.branch, "");
    Backend& backend = held.backend();
    if (!backend.is_broken()) {
      Result<wire::ResultSet> done =
          co_await backend.query((commit ? "XA COMMIT " : "XA ROLLBACK ") + branch);
      fault_point("commit.between_commits");
      if (done) co_return;
      backend.break_connection();
    }
    const bool done = co_await finish_elsewhere(held.keyspace, held.shard, branch, commit);
    all = all && done;
    if (!done) {
      kLog.warning("transaction.left_prepared", {{"id", global_->id},
                                                 {"shard", held.keyspace + '/' + held.shard},
                                                 {"decision", commit ? "commit" : "abort"}});
    }
  };
  co_await for_each(std::move(branches), std::move(task));
  if (all && commit) backends_.forget_decision(*global_);
}

/// On the shard as it is now. True: nothing is prepared there any more.
Task<bool> ShardConnections::finish_elsewhere(std::string keyspace, std::string shard, std::string branch,
                                              bool commit) {
  const Time give_up = Clock::now() + options_.failover_wait;
  const Backends::Wanted wanted{.keyspace = keyspace, .shard = shard};
  while (Clock::now() < give_up) {
    Result<Lease> lease = co_await backends_.take_plain(wanted, give_up, nullptr);
    if (!lease) co_return false;
    Backend& backend = backend_of(*lease);
    Result<wire::ResultSet> done = co_await backend.query((commit ? "XA COMMIT " : "XA ROLLBACK ") + branch);
    if (done) co_return true;
    // Not known, or still another connection's, which the server has not found to be gone.
    const bool unknown = is_server_error(done.error(), kUnknownXid);
    Result<wire::ResultSet> left;
    if (unknown) left = co_await backend.query("XA RECOVER");
    if (unknown && left && std::ranges::none_of(left->rows, [&](const wire::TextRow& row) {
          return row.size() == 4 && row[3] && row[3]->starts_with(global_->id);
        })) {
      co_return true;
    }
    lease->release();
    co_await backends_.wait_for_news(give_up, nullptr);
  }
  co_return false;
}

}  // namespace kintsugi::gate
