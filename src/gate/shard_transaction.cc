#include <algorithm>

#include <fmt/format.h>

#include "gate/detail/held.h"
#include "gate/errors.h"
#include "gate/isolation.h"
#include "gate/shard_connections.h"
#include "mysql/quote.h"

namespace kintsugi::gate {
namespace {

constexpr const char* kUnitUndo = "ROLLBACK TO SAVEPOINT `_kintsugi_unit`";
constexpr const char* kUnitKeep = "RELEASE SAVEPOINT `_kintsugi_unit`";

}  // namespace

bool ShardConnections::in_transaction() const {
  if (transaction_.explicitly_open()) return true;
  return std::any_of(held_.begin(), held_.end(),
                     [](const auto& held) { return !held->busy && held->backend().in_transaction(); });
}

/// The failure that the client has not been told of.
Result<void> ShardConnections::take_loss() {
  if (!loss_) return {};
  std::string why = std::move(*loss_);
  loss_.reset();
  return failure(kTransactionLost, std::move(why));
}

Task<Result<void>> ShardConnections::begin(std::string modifiers) {
  Result<void> whole = take_loss();
  if (!whole) co_return whole;
  if (transaction_.open() || in_transaction()) {
    Result<void> committed = co_await commit();
    if (!committed) co_return committed;
  }
  transaction_.begin(std::move(modifiers), std::exchange(state_.next_transaction, {}));
  // A snapshot is of now, so no shard may join later; nobody knows which ones it will need.
  co_return Result<void>();
}

Task<Result<void>> ShardConnections::commit() {
  Result<void> whole = take_loss();
  if (!whole) co_return whole;
  note_writes();
  const bool serializable = is_serializable(*state_.settings, transaction_.characteristics());
  Result<void> done = co_await end_reads(serializable);
  if (done) done = co_await commit_all();
  transaction_.end();
  co_await settle_all();
  co_return done;
}

Task<Result<void>> ShardConnections::rollback() {
  loss_.reset();
  Result<void> done = co_await rollback_all();
  transaction_.end();
  co_await settle_all();
  co_return done;
}

Task<Result<void>> ShardConnections::rollback_all() {
  for (Held* held : idle()) {
    if (!is_idle(held) || (!held->joined && !held->backend().in_transaction())) continue;
    held->busy = true;
    co_await undo(*held);
    held->busy = false;
  }
  global_.reset();
  co_return Result<void>();
}

/// Of a connection that is marked busy.
Task<void> ShardConnections::undo(Held& held) {
  held.joined = held.unit_savepoint = false;
  co_await roll_back(held);
}

/// Whether it has a part of a transaction that was lost while the connection was busy.
bool ShardConnections::is_orphan(const Held& held) const {
  return held.joined && !transaction_.open() && !unit_is_own();
}

/// A part of it is gone: so is all of it. Of a statement's own unit, the statement fails and nobody else has
/// to know.
Task<void> ShardConnections::lose_transaction(std::string why) {
  if (transaction_.open()) loss_ = std::move(why);
  transaction_.end();
  co_await rollback_all();
  co_await settle_all();
}

Task<Result<void>> ShardConnections::on_joined(std::string statement) {
  std::vector<Held*> all;
  for (const auto& held : held_) {
    if (held->joined) all.push_back(held.get());
  }
  for (Held* held : all) {
    Result<void> done = co_await held->backend().run(statement);
    if (!done) co_return failure(std::move(done.error()));
  }
  co_return Result<void>();
}

Task<Result<void>> ShardConnections::savepoint(std::string name) {
  Result<void> whole = take_loss();
  if (!whole) co_return whole;
  if (!transaction_.open()) {
    // Without a transaction it is of this statement only, so nobody could go back to it.
    if (state_.autocommit) co_return Result<void>();
    transaction_.begin_implicitly(std::exchange(state_.next_transaction, {}));
  }
  std::string sql = "SAVEPOINT " + mysql::quoted_identifier(name);
  Result<void> done = co_await on_joined(std::move(sql));
  if (done) transaction_.add_savepoint(name);
  co_return done;
}

Task<Result<void>> ShardConnections::rollback_to(std::string name) {
  Result<void> whole = take_loss();
  if (!whole) co_return whole;
  if (!transaction_.rollback_to(name))
    co_return failure(kNoSavepoint, fmt::format("SAVEPOINT {} does not exist", name));
  std::string sql = "ROLLBACK TO SAVEPOINT " + mysql::quoted_identifier(name);
  Result<void> done = co_await on_joined(std::move(sql));
  co_return done;
}

Task<Result<void>> ShardConnections::release_savepoint(std::string name) {
  Result<void> whole = take_loss();
  if (!whole) co_return whole;
  if (!transaction_.release(name))
    co_return failure(kNoSavepoint, fmt::format("SAVEPOINT {} does not exist", name));
  std::string sql = "RELEASE SAVEPOINT " + mysql::quoted_identifier(name);
  Result<void> done = co_await on_joined(std::move(sql));
  co_return done;
}

/// What a transaction has read under locks (FOR UPDATE, SERIALIZABLE) must have stayed locked until all was
/// read and written: so parts that only read end first, all at once, and the others commit only if each of
/// them was still there. All locks are held when this begins, so those of readers may go before the rest
/// commits. `by_primaries`: also only if each is on a server that still is the primary, since what it has
/// read would have to be seen by whoever wrote there since. The part that decides for several that have
/// written stays.
Task<Result<void>> ShardConnections::end_reads(bool by_primaries) {
  std::vector<Held*> readers;
  std::size_t joined = 0, writers = 0;
  for (const auto& held : held_) {
    joined += held->joined ? 1 : 0;
    writers += held->joined && held->wrote ? 1 : 0;
  }
  for (const auto& held : held_) {
    const bool decides = global_ && held->branch.empty() && writers > 1;
    if (held->joined && !held->wrote && !decides) readers.push_back(held.get());
  }
  if (joined < 2 || readers.empty()) co_return Result<void>();
  std::optional<Error> first;
  {
    runtime::TaskGroup tasks;
    for (Held* held : readers) tasks.spawn(end_one(*held, by_primaries, first));
    co_await tasks.join();
  }
  if (!first) co_return Result<void>();
  co_await rollback_all();
  co_return failure(kTransactionLost, first->message());
}

Task<void> ShardConnections::end_one(Held& held, bool by_primary, std::optional<Error>& first) {
  Result<void> ended = co_await end_read(held);
  if (ended && by_primary && held.type == topo::TabletType::primary)
    ended = backends_.check_primary(held.keyspace, held.shard, held.backend().config()->alias);
  if (!ended && !first) first = std::move(ended.error());
}

Task<Result<void>> ShardConnections::end_read(Held& held) {
  Backend& backend = held.backend();
  const std::string branch = std::exchange(held.branch, "");
  held.joined = held.unit_savepoint = false;
  Result<void> done;
  if (branch.empty()) {
    done = co_await backend.run("COMMIT");
  } else {
    const std::string end = "XA END " + branch, commit = "XA COMMIT " + branch + " ONE PHASE";
    done = co_await backend.run(end);
    if (done) done = co_await backend.run(commit);
  }
  if (!done) {
    backend.break_connection();
    co_return failure(done.error().with_context(backend.config()->alias));
  }
  co_return Result<void>();
}

Task<Result<void>> ShardConnections::begin_unit(std::span<const plan::ShardList::value_type> shards) {
  if (unit_is_own()) {
    ++inner_units_;
    co_return Result<void>();
  }
  if (transaction_.open() || (!state_.autocommit && !after_.commits)) {
    unit_ = Unit::savepoint;
    co_return Result<void>();
  }
  if (state_.transaction_mode == TransactionMode::single && shards.size() > 1) {
    co_return failure(kSecondShard, fmt::format("the statement writes on {} shards", shards.size()));
  }
  unit_ = Unit::own;
  co_return Result<void>();
}

void ShardConnections::begin_own_unit(bool reads) { unit_ = reads ? Unit::reads : Unit::own; }

Task<Result<void>> ShardConnections::end_unit(bool keep) {
  if (inner_units_ > 0) {
    --inner_units_;  // what fails fails the statement, and with it all of it
    co_return Result<void>();
  }
  const bool own = unit_is_own();
  unit_ = Unit::none;
  if (own) {
    state_.next_transaction.clear();
    note_writes();
    Result<void> done;
    if (keep) done = co_await end_reads(true);
    if (done) done = keep ? co_await commit_all() : co_await rollback_all();
    co_await settle_all();
    co_return done;
  }
  std::vector<Held*> all;
  for (const auto& held : held_) {
    if (std::exchange(held->unit_savepoint, false)) all.push_back(held.get());
  }
  std::optional<Error> first;
  for (Held* held : all) {
    Result<void> done = co_await held->backend().run(keep ? kUnitKeep : kUnitUndo);
    if (!done && !first) first = std::move(done.error());
  }
  if (first) {
    co_await lose_transaction(first->message());
    co_return failure(kTransactionLost, first->message());
  }
  if (loss_) co_return failure(kTransactionLost, *loss_);
  co_return Result<void>();
}

}  // namespace kintsugi::gate
