#include "runtime/timer.h"

#include <coroutine>

#include <boost/asio/steady_timer.hpp>

#include "runtime/detail/loop_impl.h"
#include "runtime/loop.h"

namespace kintsugi::runtime {
namespace {

struct TimerAwaiter {
  boost::asio::steady_timer& timer;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    timer.async_wait([self](const boost::system::error_code&) { self.resume(); });
  }
  void await_resume() const noexcept {}
};

}  // namespace

Task<bool> sleep_until(Time when, Cancel* cancel) {
  if (cancel != nullptr && cancel->requested()) co_return false;
  boost::asio::steady_timer timer(Loop::current().impl().io);
  timer.expires_at(when);
  const Cancel::Callback on_cancel(cancel, [&timer] { timer.cancel(); });
  co_await TimerAwaiter{timer};
  co_return cancel == nullptr || !cancel->requested();
}

Task<bool> sleep_for(Duration duration, Cancel* cancel) {
  return sleep_until(Clock::now() + duration, cancel);
}

}  // namespace kintsugi::runtime
