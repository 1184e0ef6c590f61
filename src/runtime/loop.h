#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/task.h"
#include "base/time.h"

namespace kintsugi::runtime {

/// One event loop: the thread that calls run() resumes the coroutines and callbacks that belong to it. A
/// process has about one per core; a connection, its coroutines and its timers stay on the loop that made
/// them, so they need no locks. Only post() and stop() may be called from other threads.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// The loop that this thread runs. Broken invariant (abort) if it runs none.
  static Loop& current();

  /// Runs until stop(). A stopped loop can be run again.
  void run();
  /// Makes run() return after the callback that runs now. Any thread.
  void stop();
  /// Runs `callback` on this loop, soon, never inside post(). Any thread.
  void post(std::function<void()> callback);
  /// Resumes `coroutine` on this loop, soon. Any thread.
  void post(std::coroutine_handle<> coroutine);

  Time now() const { return Clock::now(); }

  /// Runs the loop until the task is done and returns its value: main functions and tests. Must not be called
  /// on a thread that already runs a loop.
  template <class T>
  T block_on(Task<T> task);

  /// What only the files of runtime/ look into.
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  void block_on_finished(Task<void> task);
  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>& value) {
    value.emplace(co_await std::move(task));
  }

  std::unique_ptr<Impl> impl_;
};

template <class T>
T Loop::block_on(Task<T> task) {
  if constexpr (std::is_void_v<T>) {
    block_on_finished(std::move(task));
  } else {
    std::optional<T> value;
    block_on_finished(keep(std::move(task), value));
    return std::move(*value);
  }
}

/// `co_await yield()`: lets the loop's other coroutines run first.
struct Yield {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) const { Loop::current().post(self); }
  void await_resume() const noexcept {}
};
inline Yield yield() { return {}; }

/// `co_await switch_to(other)`: the coroutine goes on, on another loop. Whatever it holds must be free of
/// ties to the old one.
struct SwitchTo {
  Loop& loop;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) const { loop.post(self); }
  void await_resume() const noexcept {}
};
inline SwitchTo switch_to(Loop& loop) { return {loop}; }

}  // namespace kintsugi::runtime
