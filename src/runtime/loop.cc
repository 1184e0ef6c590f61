#include "runtime/loop.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "runtime/coarse_time.h"
#include "runtime/detail/loop_impl.h"
#include "runtime/task_group.h"

namespace kintsugi::runtime {
namespace {

thread_local Loop* current_loop = nullptr;

}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>(*this)) {
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

void Loop::Impl::run_posted() {
  if (run_next == running.size()) {
    running.clear();
    run_next = 0;
    running.swap(posted);
    if (has_elsewhere.exchange(false)) {
      const std::lock_guard lock(mutex);
      std::move(posted_elsewhere.begin(), posted_elsewhere.end(), std::back_inserter(running));
      posted_elsewhere.clear();
    }
  }
  while (run_next < running.size() && !stopped) {
    const Callback callback = std::move(running[run_next++]);
    callback();
  }
}

void Loop::run() {
  Loop* outer = std::exchange(current_loop, this);
  Impl& loop = *impl_;
  loop.stopped = false;
  while (!loop.stopped) {
    loop.run_posted();
    if (loop.stopped) break;
    const bool work = !loop.posted.empty() || loop.has_elsewhere;
    loop.poller.wait(work ? Time() : loop.timers.next());
    loop.timers.run(coarse_now());
  }
  current_loop = outer;
}

void Loop::stop() {
  impl_->stopped = true;
  if (current_loop != this) impl_->poller.interrupt();
}

void Loop::post(std::function<void()> callback) {
  if (current_loop == this) {
    impl_->posted.push_back(std::move(callback));
    return;
  }
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->posted_elsewhere.push_back(std::move(callback));
  }
  if (!impl_->has_elsewhere.exchange(true)) impl_->poller.interrupt();
}

void Loop::post(std::coroutine_handle<> coroutine) {
  post(std::function<void()>([coroutine] { coroutine.resume(); }));
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
