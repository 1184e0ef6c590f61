#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "gate/worker.h"

namespace kintsugi::topo {
class Store;
}

namespace kintsugi::gate {

/// A process of the cluster, as it told of itself.
struct ClusterProcess {
  std::string role, name, cell, http_address, mysql_address, version;
};

/// What statements change of the topology: keyspaces and vschemas. Works on the home loop, and returns to its
/// worker's. One for each loop. Every call fails with kRoutingUnknown without a topology, and as that does.
class ClusterTopology {
 public:
  ClusterTopology(Worker& worker, runtime::Loop& home, topo::Store* store)
      : worker_(worker), home_(home), store_(store) {}

  /// The records of a keyspace with these shards; no server is started. kDatabaseExists, kBadName.
  Task<Result<void>> create_keyspace(std::string name, std::vector<std::string> shards, bool sharded);
  /// kNoSuchDatabase; topo::kNotEmpty while it has tablets.
  Task<Result<void>> drop_keyspace(std::string name);

  using Change = std::function<Result<void>(vschema::VSchema&)>;
  /// What fails changes nothing. A change that makes the vschema wrong where it was not is refused.
  Task<Result<void>> edit_vschema(std::string keyspace, Change change);

  /// Waits until this gate's routing is so; false after a while.
  Task<bool> wait_routed(std::function<bool(const vschema::Snapshot&)> is_so);

  Task<Result<std::vector<ClusterProcess>>> processes();

  /// `work` on the home loop.
  Task<Result<void>> with_store(std::function<Task<Result<void>>(topo::Store&)> work);

 private:
  template <class T>
  Task<T> at_home(std::function<Task<T>()> work);
  Result<void> reachable() const;

  Worker& worker_;
  runtime::Loop& home_;
  topo::Store* store_;
};

}  // namespace kintsugi::gate
