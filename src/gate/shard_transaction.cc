#include <algorithm>

#include <fmt/format.h>

#include "gate/detail/held.h"
#include "gate/errors.h"
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
  Result<void> done = co_await commit_all();
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
  return held.joined && !transaction_.open() && unit_ != Unit::own;
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
    Result<wire::ResultSet> done = co_await held->backend().query(statement);
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

Task<Result<void>> ShardConnections::begin_unit(std::span<const plan::ShardList::value_type> shards) {
  if (transaction_.open() || !state_.autocommit) {
    unit_ = Unit::savepoint;
    co_return Result<void>();
  }
  if (state_.transaction_mode == TransactionMode::single && shards.size() > 1) {
    co_return failure(kSecondShard, fmt::format("the statement writes on {} shards", shards.size()));
  }
  unit_ = Unit::own;
  co_return Result<void>();
}

Task<Result<void>> ShardConnections::end_unit(bool keep) {
  const Unit unit = std::exchange(unit_, Unit::none);
  if (unit == Unit::own) {
    state_.next_transaction.clear();
    Result<void> done = keep ? co_await commit_all() : co_await rollback_all();
    co_await settle_all();
    co_return done;
  }
  std::vector<Held*> all;
  for (const auto& held : held_) {
    if (std::exchange(held->unit_savepoint, false)) all.push_back(held.get());
  }
  std::optional<Error> first;
  for (Held* held : all) {
    Result<wire::ResultSet> done = co_await held->backend().query(keep ? kUnitKeep : kUnitUndo);
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
