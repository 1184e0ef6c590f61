#include "runtime/event.h"

#include <cstdio>
#include <cstdlib>

#include "runtime/detail/loop_impl.h"
#include "runtime/loop.h"

namespace kintsugi::runtime {

struct Event::WaitAwaiter {
  Event& event;
  Waiter& waiter;
  bool await_ready() const noexcept { return event.set_; }
  void await_suspend(std::coroutine_handle<> self) {
    waiter.coroutine = self;
    event.waiters_.push_back(&waiter);
  }
  void await_resume() const noexcept {}
};

Event::~Event() {
  if (waiters_.empty()) return;
  std::fputs("broken invariant: an Event was destroyed while a coroutine waits for it\n", stderr);
  std::abort();
}

void Event::wake(Waiter& waiter, bool by_set) {
  if (waiter.woken || !waiter.coroutine) return;
  waiter.woken = true;
  waiter.by_set = by_set;
  waiters_.remove(&waiter);
  waiter.loop->post(waiter.coroutine);
}

void Event::set() {
  set_ = true;
  while (!waiters_.empty()) wake(*waiters_.front(), true);
}

Task<bool> Event::wait(Time deadline, Cancel* cancel) {
  if (set_) co_return true;
  if (cancel != nullptr && cancel->requested()) co_return false;
  Waiter waiter{nullptr, &Loop::current()};
  const Cancel::Callback on_cancel(cancel, [this, &waiter] { wake(waiter, false); });
  Timer timer(waiter.loop->impl().timers, [this, &waiter] { wake(waiter, false); });
  if (deadline != Time::max()) timer.set(deadline);
  co_await WaitAwaiter{*this, waiter};
  co_return waiter.by_set || set_;
}

}  // namespace kintsugi::runtime
