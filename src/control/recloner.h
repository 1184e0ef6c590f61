#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/task.h"
#include "base/time.h"
#include "control/cluster_state.h"
#include "control/recovery_metrics.h"
#include "recovery/reclone.h"
#include "runtime/task_group.h"
#include "topo/names.h"
#include "topo/topo_server.h"

namespace kintsugi::control {

/// Has the data of tablets made anew as copies of others': those of which recovery::choose_reclone says so
/// for some seconds, and those that a person has asked for by beginning the journal. The journal is what it
/// goes by: it tells the tablet, follows what that says of it in its health, and writes the steps. Another
/// control can carry on at any point. Only the leader's is used. On one loop; borrows what it is given.
class Recloner {
 public:
  Recloner(topo::TopoServer& topology, ClusterState& state, RecoveryMetrics& metrics)
      : topology_(topology), state_(state), metrics_(metrics) {}

  /// One look at all shards and journals; waits for the store alone. False: it did not take something.
  Task<bool> act();
  /// This control leads no more.
  void forget();
  /// Before it is destroyed.
  Task<void> stop();

 private:
  struct Followed {
    topo::ShardName shard;
    std::string id;
    std::string tablet;
    std::string from;
    bool told = false;    ///< the tablet knows, or the call is under way
    std::string refused;  ///< what it said instead
    std::string step;     ///< the last that was noted
    Time step_began{};
    Time silent_since{};  ///< that the tablet is heard and says nothing of it
  };
  struct Seen {
    Time since{};
    Time not_before{};  ///< after one that failed
  };

  void find_journals();
  Task<bool> begin_due();
  Task<bool> begin(const ShardView& shard, recovery::Reclone reclone);
  Task<bool> follow(Followed& followed, bool& ended);
  Task<void> tell(std::string tablet);
  Task<bool> note(Followed& followed, std::string what);
  Task<bool> end(Followed& followed, topo::v1::Recovery::Outcome outcome, std::string conclusion);

  topo::TopoServer& topology_;
  ClusterState& state_;
  RecoveryMetrics& metrics_;
  std::map<std::string, Followed> followed_;  // by tablet
  std::map<std::string, Seen> seen_;          // by tablet
  std::set<std::string, std::less<>> over_;   // keys of journals that have ended, or are none of these
  Time look_at_journals_{};
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::control
