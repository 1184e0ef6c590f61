#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "local/desired.h"
#include "local/protocol.h"
#include "runtime/event.h"
#include "runtime/process.h"
#include "runtime/task_group.h"

namespace kintsugi::local {

/// One process that is kept running and asked whether it is ready. One that ends is started again: soon the
/// first time, later with pauses that double up to ten seconds. All calls on one loop; stop() before it goes
/// away.
class Unit {
 public:
  /// `on_started` is called with each process that is started.
  Unit(ProcessPlan plan, std::function<void(const Unit&)> on_started);

  /// Begins, with a process that runs already if there is one.
  void run(std::optional<runtime::Process> running);
  /// Ends the process: SIGTERM, and SIGKILL if it takes too long.
  Task<void> stop();
  /// True once it is ready; false if that is not so by then, or `cancel` (may be null) is requested first.
  Task<bool> wait_ready(Time deadline, runtime::Cancel* cancel = nullptr);

  const ProcessPlan& plan() const { return plan_; }
  pid_t pid() const { return process_ ? process_->pid() : 0; }
  bool ready() const { return ready_.is_set(); }
  /// Times that it was started again.
  int restarts() const { return restarts_; }
  ProcessStatus status() const;

 private:
  bool stopping() { return tasks_.cancel().requested(); }
  void start_process();
  Task<void> keep_running();
  Task<void> keep_asking();

  ProcessPlan plan_;
  std::function<void(const Unit&)> on_started_;
  std::optional<runtime::Process> process_;
  Time started_at_;
  int restarts_ = 0;
  runtime::Event ready_;
  runtime::Event ask_now_;  ///< instead of after the usual pause
  std::string not_ready_because_;
  std::string last_end_;
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::local
