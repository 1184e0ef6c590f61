#include <algorithm>

#include <fmt/format.h>

#include "gate/detail/held.h"
#include "gate/errors.h"
#include "gate/shard_connections.h"
#include "runtime/errors.h"

// Reads from replicas: which server, and what it must have first (replica_reads.h).

namespace kintsugi::gate {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// How long a session goes on with the primary when it has waited for a replica in vain.
constexpr Duration kPrimaryFor = std::chrono::seconds(2);
constexpr int kTriesMax = 3;  // with connections from the pool that turn out to be dead

std::string without_breaks(std::string text) {
  std::erase(text, '\n');
  return text;
}

}  // namespace

/// Whether any server that the gate would choose may be read: no replica that must have something first.
bool ShardConnections::is_taken_plainly(const Backends::Wanted& wanted) {
  return wanted.type == topo::TabletType::primary || wanted.shard.empty();
}

/// A connection to a server of the shard that the session may read, or write to.
Task<Result<Lease>> ShardConnections::take(Backends::Wanted wanted, Time give_up, runtime::Cancel* cancel) {
  return is_taken_plainly(wanted) ? backends_.take(std::move(wanted), give_up, cancel)
                                  : take_replica(std::move(wanted), give_up, cancel);
}

Task<Result<Lease>> ShardConnections::take_replica(Backends::Wanted wanted, Time give_up,
                                                   runtime::Cancel* cancel) {
  ReplicaReads::Shard& seen = state_.replica_reads.of(wanted.keyspace, wanted.shard);
  if (Clock::now() < seen.primary_until) {
    Result<Lease> lease = co_await take_primary(wanted, seen, give_up, cancel);
    co_return lease;
  }
  wanted.preferred = seen.server;
  wanted.staleness_max = state_.max_replica_lag;
  if (wanted.staleness_max != Duration::zero()) {
    Result<void> fresh = backends_.has_server(wanted);
    if (!fresh && fresh.error().is(kNoReplica)) {
      Result<Lease> lease =
          co_await take_instead(wanted, seen, "lag", fresh.error().message(), give_up, cancel);
      co_return lease;
    }
  }
  Result<Lease> lease = co_await take_caught_up(wanted, seen, give_up, cancel);
  co_return lease;
}

Task<Result<Lease>> ShardConnections::take_caught_up(Backends::Wanted wanted, ReplicaReads::Shard& seen,
                                                     Time give_up, runtime::Cancel* cancel) {
  for (int tries = 1;; ++tries) {
    Result<Lease> lease = co_await backends_.take(wanted, give_up, cancel);
    if (!lease) co_return lease;
    const std::string alias = backend_of(*lease).config()->alias;
    if (!seen.may_be_behind(alias, state_.read_your_writes)) {
      seen.reads(alias, false);
      co_return lease;
    }
    Result<bool> reached = co_await catch_up(backend_of(*lease), wanted, give_up, cancel);
    if (reached && *reached) {
      seen.reads(alias, true);
      co_return lease;
    }
    if (!reached && (!backend_of(*lease).is_broken() || tries >= kTriesMax))
      co_return failure(std::move(reached.error()));
    lease->release();
    if (!reached) continue;
    seen.primary_until = Clock::now() + kPrimaryFor;
    std::string why = fmt::format("{} had not caught up after {} ms", alias,
                                  duration_cast<milliseconds>(options_.replica_wait).count());
    lease = co_await take_instead(wanted, seen, "wait", std::move(why), give_up, cancel);
    co_return lease;
  }
}

/// What the primary has at this moment.
Task<Result<std::string>> ShardConnections::primary_position(Backends::Wanted wanted, Time give_up,
                                                             runtime::Cancel* cancel) {
  const Backends::Wanted primary{.keyspace = wanted.keyspace, .shard = wanted.shard};
  for (;;) {
    Result<Lease> lease = co_await backends_.take_plain(primary, give_up, cancel);
    std::optional<Error> why;
    if (lease) {
      Backend& backend = backend_of(*lease);
      Result<wire::ResultSet> answer = co_await backend.query(
          backend.is_mysql() ? "SELECT @@global.gtid_executed" : "SELECT @@global.gtid_binlog_pos");
      if (answer) co_return without_breaks(answer->value().value_or(""));
      why = std::move(answer.error());
    } else {
      why = std::move(lease.error());
    }
    const bool lost = why->is(runtime::kConnectionLost) || why->is(runtime::kTimeout);
    if (!lost || Clock::now() >= give_up) co_return failure(std::move(*why));
    co_await backends_.wait_for_news(give_up, cancel);
  }
}

/// Waits until the server has all that the primary has at this moment. False: it took too long.
Task<Result<bool>> ShardConnections::catch_up(Backend& replica, Backends::Wanted wanted, Time give_up,
                                              runtime::Cancel* cancel) {
  const bool mysql = replica.is_mysql();
  Result<std::string> position = co_await primary_position(wanted, give_up, cancel);
  if (!position) co_return failure(std::move(position.error()));
  const Time begun = Clock::now();
  const double seconds = std::chrono::duration<double>(options_.replica_wait).count();
  Result<wire::ResultSet> waited = co_await replica.query(
      fmt::format("SELECT {}('{}', {:.3f})", mysql ? "WAIT_FOR_EXECUTED_GTID_SET" : "MASTER_GTID_WAIT",
                  *position, seconds));
  if (!waited) co_return failure(std::move(waited.error()));
  const bool reached = waited->value() == std::optional<std::string>("0");
  metrics_.replica_wait.observe(Clock::now() - begun);
  co_return reached;
}

/// No replica will do: the primary, if the gate is not told otherwise.
Task<Result<Lease>> ShardConnections::take_instead(Backends::Wanted wanted, ReplicaReads::Shard& seen,
                                                   const char* reason, std::string why, Time give_up,
                                                   runtime::Cancel* cancel) {
  metrics_.replica_fallbacks.with({reason}).add();
  if (options_.replica_fallback == ReplicaFallback::refuse) {
    seen.primary_until = {};
    co_return failure(kReplicaBehind, fmt::format("shard {}/{}: {}", wanted.keyspace, wanted.shard, why));
  }
  Result<Lease> lease = co_await take_primary(wanted, seen, give_up, cancel);
  co_return lease;
}

Task<Result<Lease>> ShardConnections::take_primary(Backends::Wanted wanted, ReplicaReads::Shard& seen,
                                                   Time give_up, runtime::Cancel* cancel) {
  wanted.type = topo::TabletType::primary;
  wanted.preferred = {};
  wanted.staleness_max = Duration::zero();
  Result<Lease> lease = co_await backends_.take(wanted, give_up, cancel);
  if (lease) seen.reads(backend_of(*lease).config()->alias, false);
  co_return lease;
}

/// Of what the session has written on shards until now, reads from replicas may have to wait for.
void ShardConnections::note_writes() {
  for (const auto& held : held_) {
    if (held->joined && held->wrote && held->type == topo::TabletType::primary && !held->shard.empty())
      state_.replica_reads.of(held->keyspace, held->shard).wrote = true;
  }
}

}  // namespace kintsugi::gate
