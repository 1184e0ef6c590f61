#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "runtime/address.h"
#include "tablet/tablet_options.h"

namespace kintsugi::admin {
class Metrics;
class Readiness;
class StatusPage;
}  // namespace kintsugi::admin
namespace kintsugi::rpc {
class Server;
}
namespace kintsugi::topo {
class Store;
}

namespace kintsugi::tablet {

namespace v1 {
class Health;
}

/// The agent beside one mysqld. Once a second, and whenever the topology or the server changes, it looks at
/// the server (observe), decides what to do (reconcile(), pure) and does it; then it tells its health.
///
/// Its parts: Mysqld keeps the server running; Registration holds the tablet's record and the claim that the
/// agent lives; ShardWatch follows what the topology says of the shard; AgentCore brings them together.
///
///     Agent agent({options, credentials_dir, store});
///     agent.add_methods(rpc_server);                     // before the HTTP server is started
///     agent.add_pages(metrics, readiness, status_page);
///     Result<void> started = co_await agent.start(http_address);
///     …
///     co_await agent.stop();
///
/// All on one loop, the HTTP server's and the store's. Borrows the store. What was given to add_… refers to
/// this object until the HTTP server is stopped.
class Agent {
 public:
  struct Parts {
    TabletOptions options;
    std::string credentials_dir;  ///< files gate, replication, agent, monitor, each a password, mode 0600
    topo::Store& store;
  };
  explicit Agent(Parts parts);
  ~Agent();

  /// Serves kintsugi.tablet.v1.Tablet (proto/kintsugi/tablet/v1/tablet.proto).
  void add_methods(rpc::Server& server);
  /// Ready: the server runs and the tablet serves what the topology asks of it.
  void add_pages(admin::Metrics& metrics, admin::Readiness& readiness, admin::StatusPage& page);

  /// Checks options and credentials, makes the data directory if there is none, and begins. `http` is where
  /// the agent's own API is reached. Fails on what a person must put right: kBadOption, kCredentialsUnusable,
  /// kSettingRefused, kSettingMalformed, kDataDirUnusable, kInitialiseFailed. What may pass (a topology that
  /// is away, a taken port, a taken alias) does not fail it: it is tried again and told in the health.
  Task<Result<void>> start(runtime::Address http);

  /// Stops mysqld (unless --leave-mysqld-running) and ends the claim. Harmless if start() failed.
  Task<void> stop();

  /// Its last word on the tablet's health; changes whenever the loop runs.
  const v1::Health& health() const;

 private:
  std::unique_ptr<class AgentCore> core_;
};

}  // namespace kintsugi::tablet
