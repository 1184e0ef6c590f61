#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "gate/gate_options.h"
#include "runtime/address.h"

namespace kintsugi::admin {
class Metrics;
class Readiness;
class StatusPage;
}  // namespace kintsugi::admin
namespace kintsugi::runtime {
class Loop;
}
namespace kintsugi::topo {
class Store;
}
namespace kintsugi::vschema {
class Snapshot;
}

namespace kintsugi::gate {

/// A gate: what applications connect to. Listens on each loop, follows the topology, the tablets' health and
/// users.json, and serves sessions until stop().
///
/// Owns everything below it; borrows the loops, the store and the metrics, which must outlive it. The first
/// loop is its home: start(), stop() and the destructor are called there, and the store belongs to it. All
/// loops must run while it is started.
class Gate {
 public:
  struct Dependencies {
    std::vector<runtime::Loop*> loops;
    /// Null: there is no topology to follow; set_routing() says what there is (tests).
    topo::Store* store = nullptr;
    admin::Metrics& metrics;
  };
  Gate(GateOptions options, Dependencies dependencies);
  ~Gate();

  /// Reads the users and the server's password, makes a certificate if none is given, and listens. Does not
  /// wait for the topology. kListenFailed, kBadUsers, runtime::kTlsFailed, kInvalidArgument (a file that
  /// cannot be read).
  Task<Result<void>> start();
  /// Lets sessions finish their transactions for drain_timeout, then ends them.
  Task<void> stop();

  /// Where clients connect.
  const runtime::Address& address() const;

  /// The routing to use, instead of the store's. On the home loop.
  void set_routing(std::shared_ptr<const vschema::Snapshot> routing);

  /// What the process shows of this gate. Before the admin server starts; on the home loop, which must be the
  /// admin server's.
  void show(admin::StatusPage& page, admin::Readiness& readiness);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::gate
