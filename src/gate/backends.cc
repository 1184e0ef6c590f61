#include "gate/backends.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/log.h"
#include "gate/errors.h"
#include "runtime/coarse_time.h"
#include "runtime/errors.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "vschema/errors.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

using namespace std::chrono_literals;
constexpr Duration kProbeTimeout = 2s, kProbePause = 2s, kGivenUpPause = 60s;
constexpr Duration kLookAgain = 250ms;  // for what no news tells of: a server that starts to listen
constexpr Duration kKillTimeout = 5s;
constexpr std::size_t kDecisionsAtOnce = 1000;

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// The server could not be reached, so nothing has happened there.
bool may_come_back(const Error& error) {
  if (error.is(runtime::kConnectFailed) || error.is(runtime::kConnectionLost) || error.is(runtime::kTimeout))
    return true;
  if (error.is(kNoPrimary) || error.is(kNoReplica)) return true;
  constexpr int kShutdownInProgress = 1053, kServerStarting = 1130;
  return error.is(kServerError) &&
         (error.mysql_errno() == kShutdownInProgress || error.mysql_errno() == kServerStarting);
}

}  // namespace

Backends::Backends(const GateOptions& options, BackendAccess access, std::size_t loops,
                   admin::Histogram& waits)
    : options_(options),
      access_(std::move(access)),
      loops_(std::max<std::size_t>(loops, 1)),
      waits_(waits),
      health_(std::make_shared<const HealthMap>()) {}

Backends::~Backends() = default;

void Backends::set_routing(std::shared_ptr<const vschema::Snapshot> routing) {
  routing_ = std::move(routing);
  primaries_.clear();
  std::map<std::string, const vschema::Tablet*> known;
  for (const auto& keyspace : routing_->keyspaces()) {
    for (const topo::TabletType type :
         {topo::TabletType::primary, topo::TabletType::replica, topo::TabletType::rdonly}) {
      for (const vschema::Shard& shard : keyspace->shards(type)) {
        if (shard.primary) known.emplace(shard.primary->alias, &*shard.primary);
        for (const vschema::Tablet& tablet : shard.tablets) known.emplace(tablet.alias, &tablet);
      }
    }
  }
  // Pools of servers that are gone or elsewhere now are closed; what is leased of them ends by itself.
  std::erase_if(servers_, [&](const auto& entry) {
    const auto found = known.find(entry.first);
    Server& server = *entry.second;
    const bool same = found != known.end() && found->second->host == server.tablet.host &&
                      found->second->mysql_port == server.tablet.mysql_port &&
                      found->second->mysql_socket == server.tablet.mysql_socket &&
                      found->second->keyspace == server.tablet.keyspace;
    if (same) return false;
    server.pool->close();
    if (sight_of(server) != Sight::well)
      give_up(server, "it does not answer, and the routing no longer has it");
    server.left = true;
    if (server.pool->in_use() > 0) left_.push_back(entry.second);
    return true;
  });
  note_primaries();
  news_.set();
  news_.reset();
}

void Backends::note_primaries() {
  for (auto& [alias, known] : servers_) {
    Server& server = *known;
    const vschema::Keyspace* keyspace = routing_->find_keyspace(server.tablet.keyspace);
    const vschema::Shard* shard =
        keyspace == nullptr ? nullptr : keyspace->find_shard(server.tablet.shard, topo::TabletType::primary);
    const bool is = shard != nullptr && shard->primary && shard->primary->alias == alias;
    server.replaced = !is && (server.replaced || server.is_primary);
    server.is_primary = is;
  }
}

void Backends::set_health(std::shared_ptr<const HealthMap> health) {
  health_ = std::move(health);
  primaries_.clear();
  news_.set();
  news_.reset();
}

std::shared_ptr<const BackendConfig> Backends::config_of(const vschema::Tablet& tablet) const {
  auto config = std::make_shared<BackendConfig>();
  config->alias = tablet.alias;
  const bool here = is_loopback(tablet.host) || tablet.host == access_.own_host;
  config->address = options_.backend_sockets && here && !tablet.mysql_socket.empty()
                        ? runtime::Address::unix_socket(tablet.mysql_socket)
                        : runtime::Address::tcp(tablet.host, tablet.mysql_port);
  config->user = access_.user;
  config->password = access_.password;
  config->database = tablet.keyspace;
  config->tls = access_.tls;
  return config;
}

Backends::Server& Backends::server_of(const vschema::Tablet& tablet) {
  const auto known = servers_.find(tablet.alias);
  if (known != servers_.end()) return *known->second;
  auto made = std::make_shared<Server>();
  Server& server = *made;
  server.tablet = tablet;
  server.config = config_of(tablet);
  Pool::Options pool;
  pool.name = tablet.alias;
  pool.connections_max = std::max<std::size_t>(1, options_.pool_connections_max / loops_);
  pool.waiters_max = options_.pool_waiters_max;
  pool.idle_max = options_.pool_idle_max;
  pool.age_max = options_.pool_age_max;
  pool.idle_min = options_.pool_idle_min;
  pool.slow_start = options_.pool_slow_start;
  pool.waits = &waits_;
  const auto connect = [config = server.config, timeout = options_.connect_timeout](
                           mysql::Capabilities carried, Time deadline, runtime::Cancel*) {
    return Backend::connect(config, carried, std::min(deadline, Clock::now() + timeout));
  };
  server.pool = std::make_shared<Pool>(pool, connect);
  servers_.emplace(tablet.alias, std::move(made));
  note_primaries();
  return server;
}

TabletPolicy Backends::policy() const { return {options_.replica_lag_max, options_.tablet_silence_max, {}}; }

Result<const vschema::Tablet*> Backends::choose_any(topo::TabletType type) {
  std::optional<Error> why;
  for (const auto& keyspace : routing_->keyspaces()) {
    for (const vschema::Shard& shard : keyspace->shards(type)) {
      Result<const vschema::Tablet*> chosen =
          choose_tablet(shard, type, *health_, policy(), runtime::coarse_now(), turn_++);
      if (chosen) return chosen;
      if (!why) why = std::move(chosen.error());
    }
  }
  if (why) return failure(std::move(*why));
  return failure(kNoDatabase, "the cluster has no keyspace yet, so no server to ask");
}

Result<const vschema::Tablet*> Backends::choose(const Wanted& wanted) {
  if (wanted.keyspace.empty()) return choose_any(wanted.type);
  Result<const vschema::Keyspace*> keyspace = routing_->keyspace(wanted.keyspace);
  if (!keyspace) return failure(std::move(keyspace.error()));
  const std::span<const vschema::Shard> shards = (*keyspace)->shards(wanted.type);
  const vschema::Shard* shard = wanted.shard.empty() ? (shards.empty() ? nullptr : &shards.front())
                                                     : (*keyspace)->find_shard(wanted.shard, wanted.type);
  if (shard == nullptr) {
    return failure(vschema::kUnknownShard,
                   fmt::format("keyspace '{}' has no shard '{}'", wanted.keyspace, wanted.shard));
  }
  TabletPolicy policy = this->policy();
  policy.staleness_max = wanted.staleness_max;
  Result<const vschema::Tablet*> chosen =
      choose_tablet(*shard, wanted.type, *health_, policy, runtime::coarse_now(), turn_++, wanted.preferred);
  // What any server can answer, a primary can as well.
  if (!chosen && wanted.shard.empty() && wanted.type != topo::TabletType::primary) {
    return choose_tablet(*shard, topo::TabletType::primary, *health_, policy, Clock::now(), turn_);
  }
  return chosen;
}

Result<void> Backends::has_server(const Wanted& wanted) {
  if (!routing_) return failure(kRoutingUnknown, "the routing is not known");
  Result<const vschema::Tablet*> chosen = choose(wanted);
  if (!chosen) return failure(std::move(chosen.error()));
  return {};
}

Result<void> Backends::check_primary(std::string_view keyspace, std::string_view shard,
                                     std::string_view alias) const {
  const vschema::Keyspace* known = routing_ ? routing_->find_keyspace(keyspace) : nullptr;
  const vschema::Shard* found =
      known != nullptr ? known->find_shard(shard, topo::TabletType::primary) : nullptr;
  if (found == nullptr) return failure(kNoPrimary, fmt::format("{}/{} is gone", keyspace, shard));
  Result<const vschema::Tablet*> primary =
      choose_tablet(*found, topo::TabletType::primary, *health_, policy(), Clock::now(), 0);
  if (!primary) return failure(std::move(primary.error()));
  if ((*primary)->alias == alias) return {};
  return failure(kNoPrimary, fmt::format("{} is no primary of {} any more, {} is", alias, found->text(),
                                         (*primary)->alias));
}

/// Null: choose() is to be asked.
Backends::Server* Backends::known_primary(const Wanted& wanted) const {
  if (wanted.type != topo::TabletType::primary || wanted.shard.empty()) return nullptr;
  const auto known = primaries_.find(wanted.shard.data());
  if (known == primaries_.end()) return nullptr;
  const Primary& primary = known->second;
  const bool same = primary.shard == wanted.shard && primary.keyspace == wanted.keyspace;
  return same && runtime::coarse_now() <= primary.until ? primary.server : nullptr;
}

void Backends::know_primary(const Wanted& wanted, const vschema::Tablet& tablet, Server& server) {
  if (wanted.type != topo::TabletType::primary || wanted.shard.empty()) return;
  const auto health = tablet.http_port == 0 ? health_->end() : health_->find(tablet.alias);
  constexpr std::size_t kPrimariesMax = 4096;  // names may come from routings that are gone
  if (primaries_.size() >= kPrimariesMax) primaries_.clear();
  const Time until = health == health_->end() ? Time::max() : health->second->heard_at + policy().silence_max;
  primaries_.insert_or_assign(
      wanted.shard.data(), Primary{std::string(wanted.keyspace), std::string(wanted.shard), &server, until});
}

Lease Backends::take_at_once(const Wanted& wanted) {
  if (!routing_) return {};
  const Pool::Wanted kind{wanted.carried, wanted.settings_signature, wanted.waited};
  if (Server* known = known_primary(wanted)) return known->pool->take_at_once(kind);
  const Result<const vschema::Tablet*> tablet = choose(wanted);
  if (!tablet) return {};
  Server& server = server_of(**tablet);
  know_primary(wanted, **tablet, server);
  return server.pool->take_at_once(kind);
}

Task<Result<Lease>> Backends::take(Wanted wanted, Time give_up, runtime::Cancel* cancel) {
  for (;;) {
    if (cancel != nullptr && cancel->requested())
      co_return failure(runtime::kCancelled, "query was cancelled");
    if (!routing_) co_return failure(kRoutingUnknown, "the routing is not known");
    Result<const vschema::Tablet*> tablet = choose(wanted);
    std::optional<Error> why;
    if (tablet) {
      const std::shared_ptr<Pool> pool = server_of(**tablet).pool;
      const Pool::Wanted kind{wanted.carried, wanted.settings_signature, wanted.waited};
      Result<Lease> lease = co_await pool->take(kind, Clock::now() + options_.pool_wait, cancel);
      if (lease) co_return lease;
      why = std::move(lease.error());
    } else {
      why = std::move(tablet.error());
    }
    if (!may_come_back(*why) || Clock::now() >= give_up) co_return failure(std::move(*why));
    co_await wait_for_news(give_up, cancel);
  }
}

Task<Result<Lease>> Backends::take_plain(Wanted wanted, Time give_up, runtime::Cancel* cancel) {
  Result<Lease> lease = co_await take(wanted, give_up, cancel);
  if (!lease) co_return lease;
  Result<void> plain = co_await backend_of(*lease).use_clock(0);
  if (plain) plain = co_await backend_of(*lease).apply(std::make_shared<const Settings>());
  if (!plain) co_return failure(std::move(plain.error()));
  co_return lease;
}

Task<void> Backends::wait_for_news(Time deadline, runtime::Cancel* cancel) {
  co_await news_.wait(std::min(deadline, Clock::now() + kLookAgain), cancel);
}

Task<void> Backends::give_up_lost(runtime::Cancel* cancel) {
  while (co_await runtime::sleep_for(kLookAgain, cancel)) {
    std::erase_if(left_, [](const auto& server) { return server->pool->in_use() == 0; });
    std::vector<std::shared_ptr<Server>> doubtful;
    for (const auto& [alias, server] : servers_) {
      if (look_at(*server)) doubtful.push_back(server);
    }
    std::ranges::copy_if(left_, std::back_inserter(doubtful),
                         [this](const auto& server) { return look_at(*server); });
    runtime::TaskGroup probes;
    for (std::shared_ptr<Server>& server : doubtful) probes.spawn(probe(std::move(server)));
    co_await probes.join();
  }
}

Sight Backends::sight_of(const Server& server) const {
  if (server.left) return Sight::silent;
  return gate::sight_of(server.tablet, *health_, policy(), Clock::now());
}

/// Gives it up where that is clear. True: it must be asked first.
bool Backends::look_at(Server& server) {
  const Sight sight = sight_of(server);
  if (sight == Sight::well) server.replaced = false;
  if (sight == Sight::well || !server.pool->is_used()) return false;
  if (server.replaced) {
    give_up(server, sight == Sight::silent ? "it is not heard any more, and another is the primary"
                                           : "it does not answer its agent, and another is the primary");
    return false;
  }
  const Time now = Clock::now();
  if (sight != Sight::silent || now < server.probe_again) return false;
  server.probe_again = now + kProbePause;
  return true;
}

/// Sessions may hold what is broken for long, so it is not looked at again soon.
void Backends::give_up(Server& server, std::string why) {
  server.replaced = false;
  server.probe_again = Clock::now() + kGivenUpPause;
  const std::size_t count = server.pool->give_up(why);
  kLog.warning("server.given_up", {{"server", server.tablet.alias}, {"why", why}, {"connections", count}});
}

/// Its agent alone may be away: who lets the gate in lives.
Task<void> Backends::probe(std::shared_ptr<Server> server) {
  Result<std::unique_ptr<Poolable>> connected =
      co_await Backend::connect(server->config, false, Clock::now() + kProbeTimeout);
  if (connected || connected.error().is(kServerError) || sight_of(*server) != Sight::silent) co_return;
  give_up(*server,
          fmt::format("nothing is heard of it, and it does not answer ({})", connected.error().message()));
}

Task<Result<void>> Backends::kill_query(std::shared_ptr<const BackendConfig> server,
                                        std::uint32_t connection_id) {
  Result<std::unique_ptr<Poolable>> connected =
      co_await Backend::connect(server, false, Clock::now() + kKillTimeout);
  if (!connected) co_return failure(std::move(connected.error()));
  auto& backend = static_cast<Backend&>(**connected);
  std::string sql = fmt::format("KILL QUERY {}", connection_id);
  wire::QueryOptions limits;
  limits.deadline = Clock::now() + kKillTimeout;
  Result<wire::ResultSet> killed = co_await backend.connection().query(std::move(sql), limits);
  if (!killed) co_return failure(std::move(killed.error()));
  co_return Result<void>();
}

void Backends::forget_decision(topo::GlobalTransaction transaction) {
  decided_[std::move(transaction.decider)].push_back(std::move(transaction.id));
}

Task<void> Backends::clean_up(runtime::Cancel* cancel) {
  for (auto& [shard, ids] : std::exchange(decided_, {})) {
    const Wanted wanted{.keyspace = shard.keyspace, .shard = shard.shard};
    Result<Lease> lease = co_await take_plain(wanted, Clock::now(), cancel);
    if (!lease) continue;
    for (std::size_t from = 0; from < ids.size(); from += kDecisionsAtOnce) {
      const auto first = ids.begin() + static_cast<std::ptrdiff_t>(from);
      const auto last =
          ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), from + kDecisionsAtOnce));
      Result<wire::ResultSet> done = co_await backend_of(*lease).query(
          fmt::format("DELETE FROM _kintsugi.decision WHERE id IN ('{}')", fmt::join(first, last, "', '")));
      if (!done) break;
    }
  }
}

std::string& Backends::payload() {
  constexpr std::size_t kKeptBytes = 64 << 10;
  payload_.clear();
  if (payload_.capacity() > kKeptBytes) payload_ = std::string();
  return payload_;
}

void Backends::tidy(Time now) {
  for (auto& [alias, server] : servers_) server->pool->tidy(now);
}

Task<void> Backends::warm(runtime::Cancel* cancel) {
  std::vector<std::shared_ptr<Pool>> pools;
  for (const auto& [alias, server] : servers_) pools.push_back(server->pool);
  for (const auto& pool : pools) {
    if (cancel->requested()) co_return;
    co_await pool->warm(Clock::now() + options_.connect_timeout, cancel);
  }
}

void Backends::close() {
  for (auto& [alias, server] : servers_) server->pool->close();
}

std::vector<Backends::PoolState> Backends::pools() const {
  std::vector<PoolState> states;
  for (const auto& [alias, server] : servers_) {
    const Pool& pool = *server->pool;
    states.push_back(
        {alias, pool.idle(), pool.in_use(), pool.waiting(), pool.bound(Clock::now()), pool.connects()});
  }
  return states;
}

}  // namespace kintsugi::gate
