#pragma once

#include <cstddef>

#include "base/task.h"
#include "runtime/cancel.h"
#include "runtime/event.h"

namespace kintsugi::runtime {

/// Tasks that run beside their owner. Nothing is detached: the owner cancels and joins before it goes away; a
/// group destroyed with tasks in it is a broken invariant (abort). All calls on one loop.
///
///     TaskGroup tasks_;
///     tasks_.spawn(watch(…));                     // start()
///     tasks_.cancel().request(); co_await tasks_.join();   // stop()
class TaskGroup {
 public:
  TaskGroup() = default;
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts the task at once; returns when it first waits. An exception that leaves it ends the process.
  void spawn(Task<void> task);

  /// What the group's tasks are given, so that they stop waiting when the group is to end.
  Cancel& cancel() { return cancel_; }
  std::size_t size() const { return running_; }

  /// Waits until no task is left (tasks spawned meanwhile included).
  Task<void> join();

 private:
  struct Runner;
  static Runner run(TaskGroup& group, Task<void> task);

  Cancel cancel_;
  Event empty_;
  std::size_t running_ = 0;
};

}  // namespace kintsugi::runtime
