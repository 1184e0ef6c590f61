#include "control/leadership.h"

#include <functional>

#include <gtest/gtest.h>

#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/memory_store.h"

namespace kintsugi::control {
namespace {

Task<bool> comes_true(std::function<bool()> condition) {
  const Time limit = Clock::now() + 20s;
  while (Clock::now() < limit) {
    if (condition()) co_return true;
    co_await runtime::sleep_for(5ms);
  }
  co_return false;
}

TEST(Leadership, OneLeadsAndTheNextTakesOver) {
  runtime::Loop loop;
  auto body = []() -> Task<void> {
    topo::MemoryStore store;
    Leadership first(store);
    Leadership second(store);
    runtime::Cancel first_ends;
    runtime::Cancel second_ends;
    runtime::TaskGroup tasks;
    tasks.spawn(first.run("a:1", &first_ends));
    const bool first_leads = co_await comes_true([&] { return first.leads(); });
    EXPECT_TRUE(first_leads);
    tasks.spawn(second.run("b:2", &second_ends));
    const bool second_knows = co_await comes_true([&] { return second.leader_address() == "a:1"; });
    EXPECT_TRUE(second_knows);
    EXPECT_FALSE(second.leads());
    first_ends.request();
    const bool second_leads = co_await comes_true([&] { return second.leads(); });
    EXPECT_TRUE(second_leads);
    EXPECT_FALSE(first.leads());
    EXPECT_EQ(second.leader_address(), "b:2");
    second_ends.request();
    co_await tasks.join();
    const Result<std::vector<topo::Node>> left = co_await store.list(kElectionPrefix);
    EXPECT_TRUE(left->empty());
  };
  loop.block_on(body());
}

}  // namespace
}  // namespace kintsugi::control
