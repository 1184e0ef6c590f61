#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "gate/tablets.h"
#include "health/watch.h"

namespace kintsugi::gate {

/// The health of the tablets behind a gate, as a map that loops can share. The last word of a tablet that
/// has fallen silent stays in it: how old a word may be is TabletPolicy's to say. On one loop; must be
/// stopped before it is destroyed.
class HealthWatcher : private health::Observer {
 public:
  /// Told of each new map: at every word of a tablet, so at least once a second for each.
  using OnChange = std::function<void(std::shared_ptr<const HealthMap>)>;

  explicit HealthWatcher(OnChange on_change) : on_change_(std::move(on_change)), watch_(*this) {}

  /// Watches these tablets from now on, and no others. A tablet that has moved is a new one; one without an
  /// HTTP port has nothing to say.
  void watch(const std::vector<vschema::Tablet>& tablets);
  Task<void> stop() { return watch_.stop(); }

 private:
  void on_health(const std::string& alias, tablet::v1::Health health) override;
  void on_silence(const std::string&) override {}
  void on_forgotten(const std::string& alias) override;

  OnChange on_change_;
  HealthMap health_;
  health::Watch watch_;
};

}  // namespace kintsugi::gate
