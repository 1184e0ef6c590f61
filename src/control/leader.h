#pragma once

#include <map>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "control/cluster_state.h"
#include "control/leadership.h"
#include "runtime/cancel.h"
#include "topo/topo_server.h"

namespace kintsugi::control {

/// What only the leading control does, at each change and at least once a second: gives shards their first
/// primary, and derives what gates read (local/<cell>/SrvKeyspace, SrvVSchema, ShardReplication) from the
/// global records. Everything it writes compares revisions, so that a leader which does not know yet that it
/// lost can do no harm. Borrows all it is given. On one loop.
class Leader {
 public:
  Leader(topo::Store& store, ClusterState& state, const Leadership& leadership);

  Task<void> run(runtime::Cancel* cancel);

  /// Why shards that have no primary have none, by shard: for pages and `shard show`.
  const std::map<std::string, std::string>& waiting() const { return waiting_; }

 private:
  Task<void> round();
  Task<void> elect(const ShardView& shard);
  Task<void> make_primary(const ShardView& shard, const std::string& alias);
  Task<void> derive();

  topo::TopoServer topology_;
  ClusterState& state_;
  const Leadership& leadership_;
  std::map<std::string, Time> alive_since_;
  std::map<std::string, std::string> waiting_;
  std::string derive_problem_;
};

}  // namespace kintsugi::control
