#include "runtime/loop.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "runtime/detail/loop_impl.h"
#include "runtime/task_group.h"

namespace kintsugi::runtime {
namespace {

thread_local Loop* current_loop = nullptr;

}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  // A peer that is gone is told by write's result, not by a signal that ends the process.
  std::signal(SIGPIPE, SIG_IGN);
}

Loop::~Loop() = default;

Loop& Loop::current() {
  if (current_loop == nullptr) {
    std::fputs("broken invariant: a coroutine waits on a thread that runs no loop\n", stderr);
    std::abort();
  }
  return *current_loop;
}

void Loop::run() {
  Loop* outer = std::exchange(current_loop, this);
  const auto guard = boost::asio::make_work_guard(impl_->io);
  impl_->io.restart();
  impl_->io.run();
  current_loop = outer;
}

void Loop::stop() { impl_->io.stop(); }

void Loop::post(std::function<void()> callback) { boost::asio::post(impl_->io, std::move(callback)); }

void Loop::post(std::coroutine_handle<> coroutine) {
  boost::asio::post(impl_->io, [coroutine] { coroutine.resume(); });
}

void Loop::block_on_finished(Task<void> task) {
  std::exception_ptr exception;
  TaskGroup group;
  auto run_task = [](Loop& loop, Task<void> inner, std::exception_ptr& failed) -> Task<void> {
    try {
      co_await std::move(inner);
    } catch (...) {
      failed = std::current_exception();
    }
    loop.post([&loop] { loop.stop(); });
  };
  post([&] { group.spawn(run_task(*this, std::move(task), exception)); });
  run();
  if (exception) std::rethrow_exception(exception);
}

}  // namespace kintsugi::runtime
