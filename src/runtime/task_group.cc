#include "runtime/task_group.h"

#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <typeinfo>
#include <utility>

#include "base/frame_pool.h"

namespace kintsugi::runtime {

// Starts at once and frees itself at its end; the group counts it.
struct TaskGroup::Runner {
  struct promise_type {
    static void* operator new(std::size_t size) { return allocate_frame(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { free_frame(frame, size); }
    Runner get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept {
      try {
        throw;
      } catch (const std::exception& exception) {
        std::fprintf(stderr, "broken invariant: an exception left a task: %s: %s\n", typeid(exception).name(),
                     exception.what());
      } catch (...) {
        std::fprintf(stderr, "broken invariant: something was thrown out of a task\n");
      }
      std::abort();
    }
  };
};

TaskGroup::~TaskGroup() {
  if (running_ == 0) return;
  std::fprintf(stderr, "broken invariant: a TaskGroup was destroyed with %zu running tasks\n", running_);
  std::abort();
}

TaskGroup::Runner TaskGroup::run(TaskGroup& group, Task<void> task) {
  {
    // The frame of the task is gone before the group says that it is empty.
    Task<void> running = std::move(task);
    co_await std::move(running);
  }
  if (--group.running_ == 0) group.empty_.set();
}

void TaskGroup::spawn(Task<void> task) {
  ++running_;
  empty_.reset();
  run(*this, std::move(task));
}

Task<void> TaskGroup::join() {
  while (running_ != 0) co_await empty_.wait();
}

}  // namespace kintsugi::runtime
