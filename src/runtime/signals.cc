#include "runtime/signals.h"

#include <coroutine>

#include <boost/asio/signal_set.hpp>

#include "runtime/cancel.h"
#include "runtime/detail/loop_impl.h"
#include "runtime/loop.h"

namespace kintsugi::runtime {
namespace {

struct SignalAwaiter {
  boost::asio::signal_set& signals;
  int number = 0;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    signals.async_wait([this, self](const boost::system::error_code& error, int which) {
      number = error ? 0 : which;
      self.resume();
    });
  }
  int await_resume() const noexcept { return number; }
};

}  // namespace

struct Signals::State {
  State() : set(Loop::current().impl().io) {}
  boost::asio::signal_set set;
};

Signals::Signals(std::initializer_list<int> numbers) : state_(std::make_unique<State>()) {
  for (const int number : numbers) state_->set.add(number);
}

Signals::~Signals() = default;

Task<int> Signals::next(Cancel* cancel) {
  boost::asio::signal_set& set = state_->set;
  if (cancel != nullptr && cancel->requested()) co_return 0;
  const Cancel::Callback on_cancel(cancel, [&set] { set.cancel(); });
  SignalAwaiter awaiter{set};
  co_return co_await awaiter;
}

}  // namespace kintsugi::runtime
