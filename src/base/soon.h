#pragma once

#include <coroutine>
#include <optional>
#include <utility>

#include "base/task.h"

namespace kintsugi {

/// A value that is there already, or the task that will bring it: what a function returns that hardly ever
/// has to wait, so that it needs no frame when it does not. Such a function is no coroutine: it does what it
/// can at once, and hands the rest to one. Awaited at most once, as a Task is.
template <class T>
class [[nodiscard]] Soon {
 public:
  Soon(T value) : value_(std::move(value)) {}
  Soon(Task<T> task) : task_(std::move(task)) {}

  /// The value, if it need not be awaited; else null.
  T* now() { return value_ ? &*value_ : nullptr; }

  auto operator co_await() && noexcept {
    struct Awaiter {
      std::optional<T>& value;
      decltype(std::declval<Task<T>>().operator co_await()) task;
      bool await_ready() const noexcept { return value.has_value(); }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const noexcept {
        return task.await_suspend(awaiting);
      }
      T await_resume() const { return value ? std::move(*value) : task.await_resume(); }
    };
    return Awaiter{value_, std::move(task_).operator co_await()};
  }

 private:
  std::optional<T> value_;
  Task<T> task_;
};

}  // namespace kintsugi
