#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "local/protocol.h"
#include "local/state.h"

namespace kintsugi::local {

/// Asks the supervisor of a folder, over its socket. On one loop.
class Client {
 public:
  explicit Client(Layout layout) : layout_(std::move(layout)) {}

  /// kNotRunning if no supervisor answers.
  Task<Result<ClusterStatus>> status();
  /// Each event as it comes, but the last; that is what this returns.
  using OnEvent = std::function<void(const ProgressEvent&)>;
  Task<Result<void>> apply(ApplyRequest request, OnEvent on_event);
  Task<Result<void>> down(OnEvent on_event);

  /// True once a supervisor answers; false if none does by then.
  Task<bool> wait_until_answers(Time deadline);

 private:
  Task<Result<void>> follow(std::string path, std::string body, OnEvent on_event);

  Layout layout_;
};

}  // namespace kintsugi::local
