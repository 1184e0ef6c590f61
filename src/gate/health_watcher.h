#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "gate/tablets.h"
#include "runtime/task_group.h"

namespace kintsugi::gate {

/// Listens to the health of tablets, one stream each, and connects again when a stream ends. On one loop.
class HealthWatcher {
 public:
  /// Told of each new map: at every word of a tablet, so at least once a second for each.
  using OnChange = std::function<void(std::shared_ptr<const HealthMap>)>;

  explicit HealthWatcher(OnChange on_change);
  ~HealthWatcher();

  /// Watches these tablets from now on, and no others. A tablet that has moved is a new one.
  void watch(const std::vector<vschema::Tablet>& tablets);
  Task<void> stop();

 private:
  struct Watch;
  Task<void> run(std::shared_ptr<Watch> watch);
  void heard(const std::string& alias, TabletHealth health);
  void forget(const std::string& alias);

  OnChange on_change_;
  HealthMap health_;
  std::map<std::string, std::shared_ptr<Watch>> watches_;
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::gate
