#pragma once

#include <coroutine>
#include <list>

#include "base/task.h"
#include "base/time.h"
#include "runtime/cancel.h"

namespace kintsugi::runtime {

class Loop;

/// A flag that coroutines of one loop wait for. Stays set until reset().
class Event {
 public:
  Event() = default;
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool is_set() const { return set_; }
  /// Wakes everyone who waits; they run after the caller has returned to the loop.
  void set();
  void reset() { set_ = false; }

  /// True once the event is set; false if `deadline` passed or `cancel` was requested first.
  Task<bool> wait(Time deadline = Time::max(), Cancel* cancel = nullptr);

 private:
  struct Waiter {
    std::coroutine_handle<> coroutine;
    Loop* loop;
    bool woken = false;
    bool by_set = false;
  };
  struct WaitAwaiter;
  void wake(Waiter& waiter, bool by_set);

  bool set_ = false;
  std::list<Waiter*> waiters_;
};

}  // namespace kintsugi::runtime
