#include "runtime/loop.h"

#include <thread>

#include <gtest/gtest.h>

#include "runtime/event.h"
#include "runtime/offload.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::runtime {
namespace {

TEST(Loop, BlockOnGivesTheValueAndRethrows) {
  Loop loop;
  auto value = []() -> Task<int> {
    co_await yield();
    co_return 7;
  };
  EXPECT_EQ(loop.block_on(value()), 7);
  auto thrower = []() -> Task<void> {
    co_await yield();
    throw std::runtime_error("x");
  };
  EXPECT_THROW(loop.block_on(thrower()), std::runtime_error);
}

TEST(Loop, CancelEndsASleep) {
  Loop loop;
  auto body = []() -> Task<bool> {
    Cancel cancel;
    TaskGroup group;
    bool slept = true;
    auto sleeper = [](Cancel& stop, bool& result) -> Task<void> {
      const bool came = co_await sleep_for(1h, &stop);
      result = came;
    };
    group.spawn(sleeper(cancel, slept));
    cancel.request();
    co_await group.join();
    co_return slept;
  };
  EXPECT_FALSE(loop.block_on(body()));
}

TEST(Event, SetWakesAllAndDeadlineEndsAWait) {
  Loop loop;
  auto body = []() -> Task<int> {
    Event event;
    TaskGroup group;
    int woken = 0;
    auto waiter = [](Event& on, int& count) -> Task<void> {
      const bool set = co_await on.wait();
      if (set) ++count;
    };
    for (int i = 0; i < 3; ++i) group.spawn(waiter(event, woken));
    event.set();
    event.reset();
    co_await group.join();
    const bool late = co_await event.wait(Clock::now() + 10ms);
    EXPECT_FALSE(late);
    co_return woken;
  };
  EXPECT_EQ(loop.block_on(body()), 3);
}

TEST(Offload, RunsElsewhereAndComesBack) {
  Loop loop;
  auto body = []() -> Task<void> {
    const auto home = std::this_thread::get_id();
    std::thread::id worker;
    auto work = [&] { worker = std::this_thread::get_id(); };
    co_await offload(work);
    EXPECT_NE(worker, home);
    EXPECT_EQ(std::this_thread::get_id(), home);
  };
  loop.block_on(body());
}

TEST(Cancel, CallbacksRunOnceAndMayLeave) {
  Cancel cancel;
  int calls = 0;
  {
    const Cancel::Callback gone(&cancel, [&] { calls += 100; });
  }
  const Cancel::Callback stays(&cancel, [&] { ++calls; });
  cancel.request();
  cancel.request();
  const Cancel::Callback late(&cancel, [&] { calls += 10; });
  EXPECT_EQ(calls, 11);
}

}  // namespace
}  // namespace kintsugi::runtime
