#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "admin/histogram.h"
#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "gate/backend.h"
#include "gate/gate_options.h"
#include "gate/pool.h"
#include "gate/tablets.h"
#include "runtime/cancel.h"
#include "runtime/event.h"
#include "topo/global_transaction.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {

/// What connecting to servers needs, the same for all of them.
struct BackendAccess {
  std::string user;
  std::string password;
  std::optional<runtime::TlsContext> tls;
  std::string
      own_host;  ///< sockets of servers with this host, and of those on loopback addresses, can be used
};

/// The servers behind the gate as one loop reaches them: routing, health, and a pool for each. On one loop.
class Backends {
 public:
  Backends(const GateOptions& options, BackendAccess access, std::size_t loops, admin::Histogram& waits);
  ~Backends();

  void set_routing(std::shared_ptr<const vschema::Snapshot> routing);
  void set_health(std::shared_ptr<const HealthMap> health);
  /// Null before the topology was read.
  const std::shared_ptr<const vschema::Snapshot>& routing() const { return routing_; }
  const HealthMap& health() const { return *health_; }

  struct Wanted {
    std::string_view keyspace;  ///< empty: any
    std::string_view shard;     ///< empty: any of the keyspace
    topo::TabletType type = topo::TabletType::primary;
    mysql::Capabilities carried = 0;
    std::uint64_t settings_signature = 0;
    std::string_view preferred{};  ///< of replicas: this one, if it will do
    Duration staleness_max{};      ///< of replicas: see TabletPolicy
    Duration* waited = nullptr;    ///< waits for a connection to become free are added to it
  };
  /// A connection to a server of the shard. Waits until `give_up` while the shard has no such server or it
  /// cannot be reached, since a failover may be going on; then fails with what was wrong last: kNoPrimary,
  /// kNoReplica, what connecting failed with. kPoolExhausted, kCancelled, kRoutingUnknown at once. What
  /// `wanted` refers to must outlive the call.
  Task<Result<Lease>> take(Wanted wanted, Time give_up, runtime::Cancel* cancel);

  /// An idle one of the pool of the server that take() would choose; none where there is a reason to wait,
  /// or to fail.
  Lease take_at_once(const Wanted& wanted);

  /// The same as take(), with no session's settings on it: for statements of the gate's own, which neither
  /// begin a transaction nor mean something else there.
  Task<Result<Lease>> take_plain(Wanted wanted, Time give_up, runtime::Cancel* cancel);

  /// Whether there is such a server now; else why not, as take() would say it.
  Result<void> has_server(const Wanted& wanted);

  /// Whether a server that was its shard's primary a while ago still is it, as far as this gate has heard.
  /// kNoPrimary: it is not.
  Result<void> check_primary(std::string_view keyspace, std::string_view shard, std::string_view alias) const;

  /// Waits for news of the topology or of a tablet, at most until `deadline`: before trying again.
  Task<void> wait_for_news(Time deadline, runtime::Cancel* cancel);

  /// Breaks the connections to servers that are taken for dead, whatever waits for their answers: TCP would
  /// wait for minutes. One is whose tablet has fallen silent, and which does not let the gate connect any
  /// more; a former primary is at once, if its tablet is silent or says that it does not answer. Goes on
  /// until `cancel`.
  Task<void> give_up_lost(runtime::Cancel* cancel);

  /// KILL QUERY on the server of `backend`, over a connection of its own.
  Task<Result<void>> kill_query(std::shared_ptr<const BackendConfig> server, std::uint32_t connection_id);

  /// The transaction is over on all its shards, so that its row in `_kintsugi.decision` of the shard that
  /// decided can go: clean_up() does that, for many at once. What it cannot remove stays there.
  void forget_decision(topo::GlobalTransaction transaction);
  Task<void> clean_up(runtime::Cancel* cancel);

  /// Empty; working memory for a command, until the next wait.
  std::string& payload();

  /// Closes what is idle for too long. Every few seconds.
  void tidy(Time now);
  /// Opens what pools keep idle, of servers that were used. Every few seconds.
  Task<void> warm(runtime::Cancel* cancel);
  void close();

  struct PoolState {
    std::string alias;
    std::size_t idle = 0, in_use = 0, waiting = 0, bound = 0;
    std::uint64_t connects = 0;
  };
  std::vector<PoolState> pools() const;

 private:
  struct Server {
    vschema::Tablet tablet;
    std::shared_ptr<const BackendConfig> config;
    std::shared_ptr<Pool> pool;
    bool is_primary = false;
    bool replaced = false;  ///< as primary, and has not been well since
    bool left = false;      ///< the routing no longer has it, and nobody tells of its health
    Time probe_again{};
  };
  TabletPolicy policy() const;
  void note_primaries();
  Sight sight_of(const Server& server) const;
  bool look_at(Server& server);
  void give_up(Server& server, std::string why);
  Task<void> probe(std::shared_ptr<Server> server);
  Result<const vschema::Tablet*> choose(const Wanted& wanted);
  Result<const vschema::Tablet*> choose_any(topo::TabletType type);
  Server& server_of(const vschema::Tablet& tablet);
  Server* known_primary(const Wanted& wanted) const;
  void know_primary(const Wanted& wanted, const vschema::Tablet& tablet, Server& server);
  std::shared_ptr<const BackendConfig> config_of(const vschema::Tablet& tablet) const;

  const GateOptions& options_;
  BackendAccess access_;
  std::size_t loops_;
  admin::Histogram& waits_;  // for connections
  std::shared_ptr<const vschema::Snapshot> routing_;
  std::shared_ptr<const HealthMap> health_;
  std::map<std::string, std::shared_ptr<Server>, std::less<>> servers_;  // by alias
  std::vector<std::shared_ptr<Server>> left_;                            // as long as they are in use
  /// What choose() has found by this routing and this health, and how long it holds.
  struct Primary {
    std::string keyspace;
    std::string shard;
    Server* server;
    Time until;
  };
  std::unordered_map<const void*, Primary>
      primaries_;  // by where the shard's name is, which must be the same
  runtime::Event news_;
  std::map<topo::ShardName, std::vector<std::string>> decided_;  // ids
  std::uint64_t turn_ = 0;
  std::string payload_;
};

}  // namespace kintsugi::gate
