#pragma once

#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/cancel.h"
#include "topo/store.h"

namespace kintsugi::control {

/// One candidate of the election of control's leader. Each control holds a key below
/// global/elections/control/locks, bound to a lease; the oldest key leads. Who cannot renew its lease stops
/// to lead before the lease ends. On one loop.
class Leadership {
 public:
  explicit Leadership(topo::Store& store) : store_(store) {}

  /// Stands for election until `cancel` is requested, then gives its key back. `address`: where this control
  /// answers, host:port, for those who look for the leader.
  Task<void> run(std::string address, runtime::Cancel* cancel);

  bool leads() const { return leads_ && Clock::now() < leads_until_; }
  /// host:port of the one that leads; empty while nobody does or nothing is known.
  const std::string& leader_address() const { return leader_address_; }

 private:
  Task<Result<void>> stand(runtime::Cancel* cancel);
  Task<Result<void>> look(topo::LeaseId lease);
  void step_down(const char* why);

  topo::Store& store_;
  std::string address_;
  bool leads_ = false;
  Time leads_until_;
  std::string leader_address_;
};

inline constexpr auto kLeadershipLease = std::chrono::seconds(5);
inline constexpr const char* kElectionPrefix = "global/elections/control/locks/";

}  // namespace kintsugi::control
