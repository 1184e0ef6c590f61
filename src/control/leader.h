#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "control/cluster_state.h"
#include "control/first_primary.h"
#include "control/leadership.h"
#include "control/recloner.h"
#include "control/recoverer.h"
#include "runtime/cancel.h"
#include "topo/names.h"
#include "topo/topo_server.h"

namespace kintsugi::control {

/// What only the leading control does: gives shards their first primary, and another one where that is due
/// (Recoverer), whenever a tablet spoke or a record changed; and derives what gates read
/// (local/<cell>/SrvKeyspace, SrvVSchema, ShardReplication), when it begins to lead and whenever a record
/// changed that it is made of, or the result was changed by another. Everything it writes compares revisions,
/// so that a leader which does not know yet that it lost can do no harm. Borrows all it is given. On one
/// loop.
class Leader {
 public:
  Leader(topo::Store& store, ClusterState& state, const Leadership& leadership, admin::Metrics& metrics);

  Task<void> run(runtime::Cancel* cancel);

  /// Why shards that have no primary have none, or wait for another, by shard: for pages. Empty while this
  /// one does not lead.
  std::map<std::string, std::string> waiting() const;

 private:
  struct Election {
    topo::ShardName shard;
    std::string alias;
    std::uint32_t epoch;  // that was decided upon
  };
  std::vector<Election> decide_elections();
  FirstPrimary decide(const ShardView& shard, std::size_t expected_tablets);
  Task<bool> act();
  Task<bool> make_primary(Election election);
  Task<bool> derive();
  void forget();

  topo::TopoServer topology_;
  RecoveryMetrics metrics_;
  Recoverer recoverer_;
  Recloner recloner_;
  ClusterState& state_;
  const Leadership& leadership_;
  std::map<std::string, Time> alive_since_;     // of the shards in waiting_
  std::map<std::string, std::string> waiting_;  // by shard
  std::uint64_t derived_version_ = 0;           // ClusterState::serving_version() that was dealt with
  Time act_again_{};                            // not before, after a failure
  std::string derive_problem_;
};

}  // namespace kintsugi::control
