#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "control/cluster_state.h"
#include "control/recovery_metrics.h"
#include "recovery/recovery.h"
#include "topo/names.h"
#include "topo/topo_server.h"

namespace kintsugi::control {

/// Keeps every shard that has had a primary with one that serves: looks at each (recovery::decide), does what
/// is decided by writing the Shard record, which agents act on, and keeps the journal. All that it must not
/// forget is in the records: another control can carry on at any point. Only the leader's is used. On one
/// loop; borrows what it is given.
class Recoverer {
 public:
  Recoverer(topo::TopoServer& topology, ClusterState& state, RecoveryMetrics& metrics)
      : topology_(topology), state_(state), metrics_(metrics) {}

  /// One look at all shards. False: the store did not take something; to be tried again.
  Task<bool> act();
  /// This control leads no more.
  void forget();

  /// What shards wait for, with whose primary something is wrong, by shard.
  const std::map<std::string, std::string>& waiting() const { return waiting_; }

 private:
  /// A journal that is being written.
  struct Followed {
    topo::ShardName shard;
    std::string id;
    std::string wait;  ///< the last reason to wait
    Time step_began{};
    struct Step {
      WallTime at;
      std::string what;
      Duration took;
    };
    std::vector<Step> steps;  ///< not written yet
  };
  struct Work {
    topo::ShardName shard;
    recovery::Shard picture;
    recovery::Decision decision;
    std::string change;  ///< its id; empty: none
  };
  std::vector<Work> decide();
  Task<bool> perform(Work work);
  Task<bool> begin(Work& work);
  Task<bool> end(Work& work);
  Task<bool> find_open_journals();
  Task<bool> close_journals();
  Followed& follow(const topo::ShardName& shard, const std::string& id);
  static void note(Followed& followed, std::string what);
  Task<bool> write(Followed& followed, std::function<void(topo::v1::Recovery&)> more);

  topo::TopoServer& topology_;
  ClusterState& state_;
  RecoveryMetrics& metrics_;
  std::map<std::string, recovery::Memory> memories_;
  std::map<std::string, std::string> waiting_;
  std::map<std::string, std::string> told_;   // of waiting_, in the log
  std::map<std::string, Followed> followed_;  // by shard
  bool looked_for_journals_ = false;
};

}  // namespace kintsugi::control
