#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/task.h"
#include "control/view_builder.h"
#include "health/watch.h"
#include "runtime/event.h"
#include "runtime/task_group.h"
#include "topo/derive.h"
#include "topo/store.h"

namespace kintsugi::control {

/// Control's copy of the topology and of every tablet's health, kept up to date by watching both. On one
/// loop.
class ClusterState : private topo::WatchObserver, private health::Observer {
 public:
  /// A tablet speaks once a second: one that has said nothing for so long is not heard any more.
  static constexpr Duration kSilence = std::chrono::milliseconds(2500);

  /// Borrows the store.
  explicit ClusterState(topo::Store& store) : store_(store), watch_(*this, {.silence_max = kSilence}) {}

  void start();
  Task<void> stop();

  /// The picture now; of the last known records while the store is away.
  const BuiltView& current();
  /// What it is made of.
  const topo::Records& records() const { return records_; }
  const HealthByAlias& health() const { return health_; }
  /// One more at each change of a record that what gates read is made of, or of what they read: not when a
  /// tablet speaks, or an agent comes or goes. 0: nothing was read yet.
  std::uint64_t serving_version() const { return serving_version_; }

  /// Set at each change of records or health, for one who waits for work: reset it, then look.
  runtime::Event& changed() { return changed_; }
  /// False until the first snapshot has come.
  bool is_loaded() const { return loaded_; }
  /// Empty while the store is reachable; else why it is not.
  const std::string& lost() const { return lost_; }

 private:
  void on_snapshot(std::vector<topo::Node> nodes, topo::Revision revision) override;
  void on_changes(std::vector<topo::WatchEvent> events, topo::Revision revision) override;
  void on_lost(const Error& error) override;
  void on_health(const std::string& alias, tablet::v1::Health health) override;
  void on_silence(const std::string& alias) override;
  void on_forgotten(const std::string& alias) override { on_silence(alias); }
  void use_records(bool view_changed);
  TabletView* find_in_view(const std::string& alias);

  topo::Store& store_;
  health::Watch watch_;
  topo::Records records_;
  HealthByAlias health_;
  BuiltView view_;
  std::map<std::string, TabletView*, std::less<>> in_view_;  // by alias
  bool outdated_ = true;  // records have changed since view_ was built; health is told to it as it comes
  std::uint64_t serving_version_ = 0;
  bool loaded_ = false;
  std::string lost_;
  runtime::Event changed_;
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::control
