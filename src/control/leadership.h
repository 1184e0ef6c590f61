#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/task.h"
#include "base/time.h"
#include "runtime/cancel.h"
#include "topo/lease.h"
#include "topo/store.h"

namespace kintsugi::control {

/// One candidate of the election of control's leader, which is a topo::Lock: the oldest claim below
/// global/elections/control/locks leads. Who cannot renew its lease stops to lead before the lease ends. On
/// one loop; borrows the store.
class Leadership {
 public:
  static constexpr Duration kLease = std::chrono::seconds(5);

  /// `on_change` is called when this one begins or ceases to lead.
  explicit Leadership(topo::Store& store, std::function<void()> on_change = nullptr, Duration lease = kLease)
      : store_(store), on_change_(std::move(on_change)), ttl_(lease) {}

  /// Stands for election until `cancel` is requested, then gives its claim back. `address`: where this
  /// control answers, host:port, for those who look for the leader.
  Task<void> run(std::string address, runtime::Cancel* cancel);

  bool leads() const { return held_ != nullptr && held_->is_valid(); }
  /// host:port of the one that leads; empty while nobody does or nothing is known.
  const std::string& leader_address() const { return leader_address_; }

 private:
  Task<void> stand(std::string candidate, runtime::Cancel* cancel);
  void lead_by(const topo::LeaseKeeper* lease);

  topo::Store& store_;
  std::function<void()> on_change_;
  Duration ttl_;
  const topo::LeaseKeeper* held_ = nullptr;  // the lease of the claim that leads
  std::string leader_address_;
};

}  // namespace kintsugi::control
