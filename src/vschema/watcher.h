#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "topo/store.h"
#include "vschema/snapshot.h"

namespace kintsugi::vschema {

/// Keeps a routing snapshot up to date from local/<cell>, which control derives. On the store's loop; borrows
/// the store. While the store is away the last snapshot stays. A record that cannot be read is logged and
/// leaves what was there before in place.
class Watcher {
 public:
  /// Called with each new snapshot, on the store's loop; must not wait. Hand it to other loops by posting it.
  using Callback = std::function<void(std::shared_ptr<const Snapshot>)>;
  Watcher(topo::Store& store, std::string cell, Callback on_snapshot);
  ~Watcher();

  void start();
  /// Must be awaited before the watcher is destroyed, if it was started.
  Task<void> stop();

  /// Null until the topology was read for the first time; never null again after it.
  std::shared_ptr<const Snapshot> current() const;
  /// Of the record with the vschemas that current() was made of, in the store; 0: there was none.
  topo::Revision vschema_revision() const;
  /// Why the snapshot may be out of date; empty: the store is reachable.
  const std::string& lost() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::vschema
