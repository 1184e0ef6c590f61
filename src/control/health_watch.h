#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/task.h"
#include "control/view_builder.h"
#include "runtime/address.h"
#include "runtime/task_group.h"

namespace kintsugi::control {

/// Listens to every tablet's health, one stream each; connects again when one ends. On one loop.
class HealthWatch {
 public:
  /// Called after each word of a tablet and when one falls silent.
  explicit HealthWatch(std::function<void()> on_change);
  ~HealthWatch();

  /// Listens to these (alias → where its agent serves HTTP) from now on, and to no others.
  void follow(const std::map<std::string, runtime::Address>& tablets);
  /// The last word of each tablet that is not silent.
  const HealthByAlias& health() const { return health_; }
  Task<void> stop();

 private:
  struct Listener;
  Task<void> listen(std::shared_ptr<Listener> listener);

  std::function<void()> on_change_;
  HealthByAlias health_;
  std::map<std::string, std::shared_ptr<Listener>> listeners_;
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::control
