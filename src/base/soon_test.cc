#include "base/soon.h"

#include <memory>

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

/// A coroutine that runs at once, and for nobody.
struct Started {
  struct promise_type {
    Started get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

template <class T>
Started take(Soon<T> soon, std::unique_ptr<T>& into) {
  into = std::make_unique<T>(co_await std::move(soon));
}

/// Waits until somebody goes on with `waiter`.
struct Pause {
  std::coroutine_handle<>& waiter;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) const noexcept { waiter = self; }
  void await_resume() const noexcept {}
};

Task<int> later(std::coroutine_handle<>& waiter, int value) {
  co_await Pause{waiter};
  co_return value;
}

TEST(Soon, AValueThatIsThereIsNotWaitedFor) {
  Soon<int> soon(7);
  ASSERT_NE(soon.now(), nullptr);
  EXPECT_EQ(*soon.now(), 7);
  std::unique_ptr<int> got;
  take(std::move(soon), got);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, 7);
}

TEST(Soon, ATaskIsWaitedFor) {
  std::coroutine_handle<> waiter;
  Soon<int> soon(later(waiter, 9));
  EXPECT_EQ(soon.now(), nullptr);
  EXPECT_FALSE(waiter) << "a task begins when it is awaited";
  std::unique_ptr<int> got;
  take(std::move(soon), got);
  ASSERT_TRUE(waiter);
  EXPECT_FALSE(got);
  waiter.resume();
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, 9);
}

TEST(Soon, ValuesAreMoved) {
  Soon<std::unique_ptr<int>> soon(std::make_unique<int>(3));
  std::unique_ptr<std::unique_ptr<int>> got;
  take(std::move(soon), got);
  ASSERT_TRUE(got && *got);
  EXPECT_EQ(**got, 3);
}

}  // namespace
}  // namespace kintsugi
