#include "gate/shard_connections.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/detail/held.h"
#include "gate/errors.h"
#include "plan/errors.h"

namespace kintsugi::gate {
namespace {

constexpr int kTriesMax = 3;  // with connections from the pool that turn out to be dead
constexpr const char* kUnitSavepoint = "SAVEPOINT `_kintsugi_unit`";

}  // namespace

ShardConnections::ShardConnections(Backends& backends, const GateOptions& options, SessionState& state,
                                   GateMetrics& metrics)
    : backends_(backends), options_(options), state_(state), metrics_(metrics) {}

ShardConnections::~ShardConnections() {
  for (const auto& held : held_) count_pin(*held, std::nullopt);
}

void ShardConnections::begin_statement(const ClientStatement* statement, AfterStatement after) {
  statement_ = statement;
  after_ = std::move(after);
  rows_found_ = 0;
}

ShardConnections::Held* ShardConnections::find(const exec::ShardRequest& request) {
  const vschema::Shard* shard = request.shard;
  const std::string_view keyspace = request.keyspace;
  for (const auto& held : held_) {
    if (held->scratch || request.scratch) {
      if (held->scratch && request.scratch) return held.get();
      continue;
    }
    if (held->busy || held->type != request.type) continue;
    // A statement that any server can run goes where the session is already.
    const bool fits = shard == nullptr ? keyspace.empty() || held->keyspace == keyspace
                                       : held->keyspace == shard->keyspace && held->shard == shard->name;
    if (fits) return held.get();
  }
  return nullptr;
}

/// Mostly a connection is there, and as it should be: then nothing is waited for.
Soon<Result<ShardConnections::Held*>> ShardConnections::acquire(const exec::ShardRequest& request,
                                                                Time give_up, runtime::Cancel* cancel) {
  if (loss_ && !request.scratch) return Result<Held*>(failure(kTransactionLost, *loss_));
  Held* held = find(request);
  const bool has = held != nullptr;
  if (has && held->backend().is_stale()) return replace_stale(held, request, give_up, cancel);
  if (!has) held = take_at_once(request);
  if (held != nullptr && ready_at_once(*held, request)) {
    held->busy = true;
    return Result<Held*>(held);
  }
  return has ? reuse(held, request) : connect(request, held, give_up, cancel);
}

/// The connection that the session had is gone, and perhaps a part of a transaction with it.
Task<Result<ShardConnections::Held*>> ShardConnections::replace_stale(Held* known,
                                                                      const exec::ShardRequest& request,
                                                                      Time give_up, runtime::Cancel* cancel) {
  const bool lost = transaction_.open() || known->joined || reserved() || known->kept;
  const bool temporary = known->temporary;
  const std::string alias = known->backend().config()->alias;
  lose_temporary(*known);
  known->backend().break_connection();
  if (known->scratch) {
    drop(*known);
    co_return failure(kScratchLost, fmt::format("the connection to {} was lost", alias));
  }
  drop(*known);
  if (lost) {
    std::string why = fmt::format("the connection to {} was lost", alias);
    co_await lose_transaction(why);
    co_return failure(kTransactionLost, std::move(why));
  }
  if (temporary) {
    co_return failure(
        plan::kTemporaryTableLost,
        fmt::format("the connection to {} was lost, and the session's temporary tables with it", alias));
  }
  Result<Held*> made = co_await connect(request, nullptr, give_up, cancel);
  co_return made;
}

/// The connection that the session has already.
Task<Result<ShardConnections::Held*>> ShardConnections::reuse(Held* known,
                                                              const exec::ShardRequest& request) {
  known->busy = true;
  Result<void> ready = co_await make_ready(*known, request);
  if (!ready) {
    co_await settle(*known);
    if (loss_) co_return failure(kTransactionLost, *loss_);
    co_return failure(std::move(ready.error()));
  }
  co_return known;
}

Result<void> ShardConnections::check_second_shard(const exec::ShardRequest& request) const {
  const bool joins = transaction_.open() || unit_ == Unit::own;
  const bool one_shard = state_.transaction_mode == TransactionMode::single && !after_.commits;
  if (!joins || request.shard == nullptr || !one_shard) return {};
  for (const auto& held : held_) {
    // Those that are busy without having joined are about to.
    if ((!held->joined && !held->busy) || held->shard.empty() || held->scratch) continue;
    return failure(kSecondShard, fmt::format("the transaction is on {}/{} and would go to {} too",
                                             held->keyspace, held->shard, request.shard->text()));
  }
  return {};
}

Backends::Wanted ShardConnections::wanted_for(const exec::ShardRequest& request) const {
  Backends::Wanted wanted;
  if (request.shard != nullptr) {
    wanted.keyspace = request.shard->keyspace;
    wanted.shard = request.shard->name;
  } else if (backends_.routing() && backends_.routing()->find_keyspace(request.keyspace) != nullptr) {
    wanted.keyspace = request.keyspace;
  }
  wanted.type = request.type;
  wanted.carried = carried_;
  wanted.settings_signature = state_.settings->signature();
  if (use_ != nullptr) wanted.waited = &use_->waited;
  return wanted;
}

ShardConnections::Held* ShardConnections::hold(const exec::ShardRequest& request,
                                               const Backends::Wanted& wanted, Lease lease) {
  held_.push_back(spare_ ? std::move(spare_) : std::make_unique<Held>());
  Held* made = held_.back().get();
  made->keyspace = wanted.keyspace;
  made->shard = wanted.shard;
  made->type = request.type;
  made->lease = std::move(lease);
  made->busy = true;
  made->scratch = request.scratch;
  return made;
}

/// An idle one of the pool, if nothing has to be waited for or asked first; else null.
ShardConnections::Held* ShardConnections::take_at_once(const exec::ShardRequest& request) {
  const Backends::Wanted wanted = wanted_for(request);
  if (!is_taken_plainly(wanted) || !check_second_shard(request)) return nullptr;
  Lease lease = backends_.take_at_once(wanted);
  return lease ? hold(request, wanted, std::move(lease)) : nullptr;
}

/// `made`: taken already, to be made ready; null: none.
Task<Result<ShardConnections::Held*>> ShardConnections::connect(const exec::ShardRequest& request, Held* made,
                                                                Time give_up, runtime::Cancel* cancel) {
  const Backends::Wanted wanted = wanted_for(request);
  for (int tries = 1;; ++tries) {
    if (made == nullptr) {
      Result<void> allowed = check_second_shard(request);
      if (!allowed) co_return failure(std::move(allowed.error()));
      Result<Lease> lease = co_await take(wanted, give_up, cancel);
      if (!lease) co_return failure(std::move(lease.error()));
      allowed = check_second_shard(request);  // another may have come in the meantime
      if (!allowed) co_return failure(std::move(allowed.error()));
      made = hold(request, wanted, std::move(*lease));
    }
    Result<void> ready = co_await make_ready(*made, request);
    if (ready) co_return made;
    const bool dead = !ready.error().is(kServerError);  // nothing was done on it yet
    drop(*std::exchange(made, nullptr));
    if (!dead || tries >= kTriesMax) co_return failure(std::move(ready.error()));
  }
}

/// Does what make_ready() does, if the server need not be asked for it. False: make_ready() is to.
bool ShardConnections::ready_at_once(Held& held, const exec::ShardRequest& request) {
  using Part = exec::ShardRequest::Part;
  if (request.scratch || request.stays || held.scratch || reserved()) return false;
  Backend& backend = held.backend();
  const Settings& wanted = *state_.settings;
  const bool own_settings =
      request.part != Part::kStatement && (!wanted.empty() || request.part == Part::kCopyIn);
  if (own_settings || (backend.settings() != state_.settings && *backend.settings() != wanted)) return false;
  const bool own_clock = wanted.find("timestamp") != nullptr;
  if (backend.clock() != (own_clock ? 0 : request.timestamp_us)) return false;
  const std::string& database = backend.config()->database;
  if (backend.database() != database || (!request.keyspace.empty() && request.keyspace != database))
    return false;
  if (held.joined && unit_ == Unit::savepoint && !held.unit_savepoint) return false;
  if (!held.joined && joins_something(request)) return false;
  backend.note_settings(state_.settings);
  if (!held.joined) {
    held.branch.clear();
    held.wrote = false;
  }
  return true;
}

/// Whether a connection that this is sent on must be told of a transaction first.
bool ShardConnections::joins_something(const exec::ShardRequest& request) const {
  const bool alone = after_.commits && !unit_is_own();
  if (request.shard == nullptr || alone) return false;
  return !state_.autocommit || transaction_.open() || unit_ != Unit::none;
}

/// Settings, database, and the transaction it joins.
Task<Result<void>> ShardConnections::make_ready(Held& held, const exec::ShardRequest& request) {
  Backend& backend = held.backend();
  const bool own_clock = state_.settings->find("timestamp") != nullptr;
  const std::int64_t now_us = own_clock ? 0 : request.timestamp_us;
  if (backend.clock() != now_us) {
    Result<void> clock = co_await backend.use_clock(now_us);
    if (!clock) co_return clock;
  }
  const std::shared_ptr<const Settings> settings = settings_for(request);
  if (backend.settings() != settings) {
    Result<void> applied = co_await backend.apply(settings);
    if (!applied) co_return applied;
  }
  // What is no keyspace is one of the servers' own databases: information_schema, mysql, …
  const bool foreign =
      !request.keyspace.empty() && backends_.routing()->find_keyspace(request.keyspace) == nullptr;
  const std::string_view database = foreign ? request.keyspace : backend.config()->database;
  if (backend.database() != database) {
    Result<void> used = co_await backend.use(database);
    if (!used) co_return used;
  }
  held.temporary |= request.stays;
  if (reserved() || request.scratch || request.stays) backend.mark_touched();
  // Statements that commit by themselves; but what they make up of rows is a unit of its own.
  const bool alone = after_.commits && !unit_is_own();
  if ((request.shard == nullptr || alone) && !held.joined) co_return Result<void>();
  Result<void> joined = co_await join(held, request);
  co_return joined;
}

/// Whether START TRANSACTION may go in one write with the request, which comes right behind it: only what
/// does nothing but read, since it would run without a transaction if a KILL met the one and not the other.
bool ShardConnections::may_open_with(const Held& held, const exec::ShardRequest& request) const {
  Backend& backend = held.backend();
  const bool plain = after_.steady && statement_ != nullptr && request.own_text && !request.write &&
                     request.part == exec::ShardRequest::Part::kStatement && unit_ == Unit::none;
  return plain && backend.connection().can_put_first() &&
         (!is_binary(request) || backend.prepared(statement_->text));
}

Task<Result<void>> ShardConnections::join(Held& held, const exec::ShardRequest& request) {
  Backend& backend = held.backend();
  if (!held.joined) {
    if (!state_.autocommit && !after_.commits)
      transaction_.begin_implicitly(std::exchange(state_.next_transaction, {}));
    held.branch = begins_branch(held) ? branch_name(held) : "";
    held.wrote = false;
    std::vector<std::string> opening = transaction_.opening(held.branch);
    if (!transaction_.open() && unit_is_own()) {
      if (!state_.next_transaction.empty()) opening.push_back("SET TRANSACTION " + state_.next_transaction);
      held.autocommit_off = tables_locked_;
      opening.push_back(tables_locked_        ? "SET autocommit = 0"
                        : held.branch.empty() ? kStartTransaction
                                              : "XA START " + held.branch);
    }
    held.opens = opening.size() == 1 && opening.front() == kStartTransaction && may_open_with(held, request);
    if (held.opens) opening.clear();
    for (const std::string& statement : opening) {
      Result<void> done;
      if (statement.starts_with("SELECT")) {  // the read that makes a snapshot
        Result<wire::ResultSet> read = co_await backend.query(statement);
        if (!read) done = failure(std::move(read.error()));
      } else {
        done = co_await backend.run(statement);
      }
      if (!done) co_return failure(std::move(done.error()));
    }
    if (loss_) {  // meanwhile, on another shard
      backend.break_connection();
      co_return failure(kTransactionLost, *loss_);
    }
    held.joined = transaction_.open() || unit_is_own();
  }
  if (unit_ == Unit::savepoint && !held.unit_savepoint) {
    Result<void> set = co_await backend.run(kUnitSavepoint);
    if (!set) co_return failure(std::move(set.error()));
    held.unit_savepoint = true;
  }
  co_return Result<void>();
}

/// Of several the one that the session's client can do most about. A connection for copies (scratch) is
/// held for the statement, and not pinned.
std::optional<Pin> ShardConnections::pin_of(const Held& held) const {
  if (held.joined || held.backend().in_transaction()) return Pin::transaction;
  if (held.kept) return Pin::named_locks;
  if (held.temporary) return Pin::temporary_tables;
  if (reserved()) return Pin::reserved;
  return std::nullopt;
}

void ShardConnections::count_pin(Held& held, std::optional<Pin> pin) {
  if (held.pin == pin) return;
  if (held.pin) metrics_.pinned[static_cast<std::size_t>(*held.pin)]->subtract();
  if (pin) metrics_.pinned[static_cast<std::size_t>(*pin)]->add();
  held.pin = pin;
}

Pins ShardConnections::pins() const {
  Pins pins;
  pins.connections = static_cast<std::uint32_t>(held_.size());
  for (const auto& held : held_) {
    if (held->pin) ++pins.by_reason[static_cast<std::size_t>(*held->pin)];
  }
  return pins;
}

/// What settle() does where nobody has to be asked for it. False: it has to be.
bool ShardConnections::settle_at_once(Held& held) {
  const Backend& backend = held.backend();
  if (backend.is_broken() || is_orphan(held) || held.autocommit_off) return false;
  const std::optional<Pin> pin = pin_of(held);
  if (pin || held.scratch) {
    count_pin(held, pin);
    held.busy = false;
    return true;
  }
  if (backend.touched()) return false;
  drop(held);
  return true;
}

/// After a statement: kept, or given back. Busy as long as it is spoken to: other shards' statements may end
/// in the meantime, and settle or roll back what is not busy.
Task<void> ShardConnections::settle(Held& held) {
  held.busy = true;
  if (held.backend().is_broken()) {
    const bool lost = held.joined, locked = tables_locked_ && !held.shard.empty() && !held.scratch;
    std::string why = fmt::format("the connection to {} was lost", held.backend().config()->alias);
    lose_temporary(held);
    drop(held);
    if (locked) {
      tables_locked_ = false;
      loss_ = why + ", and the session's table locks with it";
      co_await release_locks();
      co_await settle_all();
    }
    if (lost) co_await lose_transaction(std::move(why));
    co_return;
  }
  if (is_orphan(held)) co_await undo(held);
  if (held.autocommit_off && !held.joined) {
    held.autocommit_off = false;
    const Result<void> on = co_await held.backend().run("SET autocommit = 1");
    if (!on) held.backend().break_connection();
  }
  const std::optional<Pin> pin = pin_of(held);
  count_pin(held, pin);
  if (pin || held.scratch) {
    held.busy = false;
  } else {
    co_await give_back(held);
  }
}

Task<void> ShardConnections::give_back(Held& held) {
  Backend& backend = held.backend();
  held.busy = true;
  // With autocommit off a statement that failed has begun one too, of which no answer has told.
  if (!backend.is_broken() && (held.joined || backend.in_transaction())) co_await roll_back(held);
  if (!backend.is_broken() && backend.touched()) {
    Result<void> reset = co_await backend.reset();
    if (!reset) backend.break_connection();
  }
  drop(held);
}

void ShardConnections::drop(Held& held) {
  count_pin(held, std::nullopt);
  const auto place = std::ranges::find_if(held_, [&](const auto& each) { return each.get() == &held; });
  spare_ = std::move(*place);
  held_.erase(place);
  spare_->end();
}

std::vector<ShardConnections::Held*> ShardConnections::idle() const {
  std::vector<Held*> found;
  for (const auto& held : held_) {
    if (!held->busy) found.push_back(held.get());
  }
  return found;
}

/// Whether what was idle a while ago still is: others may have taken it or given it back.
bool ShardConnections::is_idle(const Held* held) const {
  return std::ranges::any_of(held_, [&](const auto& each) { return each.get() == held && !held->busy; });
}

Task<void> ShardConnections::settle_all() {
  for (Held* held : idle()) {
    if (is_idle(held)) co_await settle(*held);
  }
}

/// The session's own, but for what would change rows that are copied.
std::shared_ptr<const Settings> ShardConnections::settings_for(const exec::ShardRequest& request) const {
  using Part = exec::ShardRequest::Part;
  if (state_.settings->empty() && request.part != Part::kCopyIn) return state_.settings;
  if (!request.scratch && request.part == Part::kStatement) return state_.settings;
  auto settings = std::make_shared<Settings>(*state_.settings);
  if (request.scratch) settings->reset("autocommit");
  if (request.part != Part::kStatement && request.part != Part::kShape) {
    settings->reset("character_set_results");
  }
  if (request.part == Part::kCopyIn) {
    for (const char* name : {"character_set_client", "character_set_connection", "collation_connection"}) {
      settings->reset(name);
    }
    settings->set("sql_mode", "'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'");
    // A row that moves is for a moment where its parent is not.
    settings->set("foreign_key_checks", "0");
  }
  return settings;
}

Task<void> ShardConnections::end_scratch() {
  for (const auto& held : held_) {
    if (!held->scratch) continue;
    held->scratch = false;
    co_await give_back(*held);
    co_return;
  }
}

Task<void> ShardConnections::unreserve() {
  reserved_ = false;
  co_await settle_all();
}

Task<void> ShardConnections::unlock_tables() {
  if (!std::exchange(tables_locked_, false)) co_return;
  co_await release_locks();
  co_await settle_all();
}

Task<void> ShardConnections::release_locks() {
  for (Held* held : idle()) {
    if (!is_idle(held) || held->scratch || held->shard.empty() || held->backend().is_broken()) continue;
    held->busy = true;
    const Result<void> unlocked = co_await held->backend().run("UNLOCK TABLES");
    if (!unlocked) held->backend().break_connection();
    held->busy = false;
  }
}

Task<void> ShardConnections::settle_temporary() {
  std::vector<Held*> done;
  for (const auto& held : held_) {
    const bool has = state_.temporary && state_.temporary->any_on(held->keyspace, held->shard);
    if (std::exchange(held->temporary, held->temporary && has) && !held->temporary)
      done.push_back(held.get());
  }
  for (Held* held : done) {
    if (is_idle(held)) co_await settle(*held);
  }
}

/// Statements that name them are told, until they are made again.
void ShardConnections::lose_temporary(const Held& held) {
  if (!held.temporary || !state_.temporary) return;
  state_.temporary =
      state_.temporary->lost(held.keyspace, held.shard,
                             fmt::format("the connection to {} was lost", held.backend().config()->alias));
}

Task<void> ShardConnections::close() {
  transaction_.end();
  global_.reset();
  unit_ = Unit::none;
  inner_units_ = 0;
  loss_.reset();
  reserved_ = tables_locked_ = false;
  while (!held_.empty()) co_await give_back(*held_.front());
  co_await kills_.join();
}

}  // namespace kintsugi::gate
