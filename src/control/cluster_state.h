#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/task.h"
#include "control/health_watch.h"
#include "control/view_builder.h"
#include "runtime/event.h"
#include "runtime/task_group.h"
#include "topo/store.h"

namespace kintsugi::control {

/// Control's copy of the topology and of every tablet's health, kept up to date by watching both. On one
/// loop.
class ClusterState : private topo::WatchObserver {
 public:
  /// Borrows the store.
  explicit ClusterState(topo::Store& store);
  ~ClusterState() override;

  void start();
  Task<void> stop();

  /// The picture now; of the last known records while the store is away.
  const BuiltView& current();
  /// Set at each change of records or health, for one who waits for work: reset it, then look.
  runtime::Event& changed() { return changed_; }
  /// False until the first snapshot has come.
  bool is_loaded() const { return loaded_; }
  /// Empty while the store is reachable; else why it is not.
  const std::string& lost() const { return lost_; }

  /// Reads the records from the store instead of the copy, so that a caller sees what it wrote a moment ago.
  Task<Result<ClusterView>> fresh();

 private:
  void on_snapshot(std::vector<topo::Node> nodes, topo::Revision revision) override;
  void on_changes(std::vector<topo::WatchEvent> events, topo::Revision revision) override;
  void on_lost(const Error& error) override;
  void note_change();

  topo::Store& store_;
  HealthWatch health_;
  std::map<std::string, std::string> records_;
  BuiltView view_;
  bool outdated_ = true;
  bool loaded_ = false;
  std::string lost_;
  runtime::Event changed_;
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::control
