#include "runtime/timer.h"

#include <coroutine>

#include "runtime/detail/loop_impl.h"
#include "runtime/loop.h"

namespace kintsugi::runtime {
namespace {

/// Ends when its timer is due, or soon after end().
struct Sleep {
  Loop& loop;
  Time when;
  std::coroutine_handle<> sleeper = nullptr;
  Timer timer{loop.impl().timers, [this] { sleeper.resume(); }};

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    sleeper = self;
    timer.set(when);
  }
  void await_resume() const noexcept {}

  void end() {
    if (!timer.is_set()) return;
    timer.cancel();
    loop.post(sleeper);
  }
};

}  // namespace

Task<bool> sleep_until(Time when, Cancel* cancel) {
  if (cancel != nullptr && cancel->requested()) co_return false;
  Sleep sleep{Loop::current(), when};
  const Cancel::Callback on_cancel(cancel, [&sleep] { sleep.end(); });
  co_await sleep;
  co_return cancel == nullptr || !cancel->requested();
}

Task<bool> sleep_for(Duration duration, Cancel* cancel) {
  return sleep_until(Clock::now() + duration, cancel);
}

}  // namespace kintsugi::runtime
