#include "gate/admission.h"

#include <algorithm>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"
#include "runtime/errors.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::gate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using vschema::LoadLimits;

constexpr LoadLimits kOne{.statements_max = 1};

class AdmissionTest : public ::testing::Test {
 protected:
  std::shared_ptr<LoadAccount> account(std::uint32_t waiters_max = 10, Duration wait_max = 20s) {
    return std::make_shared<LoadAccount>("user 'app'", LoadAccount::Policy{waiters_max, wait_max}, waits_);
  }
  /// Runs `body` on a loop.
  void run(const std::function<Task<void>()>& body) {
    runtime::Loop loop;
    loop.block_on(body());
  }
  static Task<void> until(const std::function<bool()>& condition) {
    const Time limit = Clock::now() + 20s;
    while (!condition() && Clock::now() < limit) co_await runtime::sleep_for(1ms, nullptr);
    EXPECT_TRUE(condition());
  }
  admin::Histogram waits_;
};

TEST_F(AdmissionTest, ConnectionsAreBounded) {
  const auto app = account();
  EXPECT_TRUE(app->connect(2));
  ConnectionPlace first(app);
  {
    EXPECT_TRUE(app->connect(2));
    ConnectionPlace second(app);
    const Result<void> third = app->connect(2);
    ASSERT_FALSE(third);
    EXPECT_TRUE(third.error().is(kLoadConnections));
    EXPECT_THAT(third.error().message(), HasSubstr("user 'app' has 2 connections"));
  }
  EXPECT_EQ(app->now().connections, 1u);
  first = ConnectionPlace();
  EXPECT_EQ(app->now().connections, 0u);
}

TEST_F(AdmissionTest, WhoComesFirstGoesFirst) {
  run([this]() -> Task<void> {
    const auto app = account();
    std::vector<int> order;
    Result<void> in = co_await app->enter(kOne, false, nullptr);
    EXPECT_TRUE(in);
    runtime::TaskGroup tasks;
    for (int i = 0; i < 3; ++i) {
      tasks.spawn([](LoadAccount& load, std::vector<int>& out, int number) -> Task<void> {
        Result<void> entered = co_await load.enter(kOne, false, nullptr);
        EXPECT_TRUE(entered);
        EXPECT_EQ(load.now().running, 1u);
        out.push_back(number);
        load.leave();
      }(*app, order, i));
    }
    co_await until([&] { return app->now().waiting == 3; });
    EXPECT_TRUE(order.empty());
    app->leave();
    co_await tasks.join();
    EXPECT_THAT(order, ElementsAre(0, 1, 2));
    EXPECT_EQ(app->now().running, 0u);
    EXPECT_EQ(waits_.snapshot().count(), 3u);
  });
}

TEST_F(AdmissionTest, AFullQueueAndALongWaitAreRefused) {
  run([this]() -> Task<void> {
    const auto app = account(/*waiters_max=*/1, /*wait_max=*/200ms);
    Result<void> in = co_await app->enter(kOne, false, nullptr);
    EXPECT_TRUE(in);
    runtime::TaskGroup tasks;
    Result<void> late;
    tasks.spawn([](LoadAccount& load, Result<void>& out) -> Task<void> {
      out = co_await load.enter(kOne, false, nullptr);
    }(*app, late));
    co_await until([&] { return app->now().waiting == 1; });
    Result<void> refused = co_await app->enter(kOne, false, nullptr);
    EXPECT_FALSE(refused);
    EXPECT_TRUE(refused.error().is(kLoadStatements));
    EXPECT_THAT(refused.error().message(), HasSubstr("1 wait already"));
    Result<void> in_transaction = co_await app->enter(kOne, true, nullptr);
    EXPECT_TRUE(in_transaction) << "what holds locks does not wait";
    EXPECT_EQ(app->now().running, 2u);
    app->leave();
    co_await tasks.join();
    EXPECT_FALSE(late);
    EXPECT_THAT(late.error().message(), HasSubstr("none ended in time"));
    EXPECT_EQ(app->now().waiting, 0u);
    app->leave();
    Result<void> again = co_await app->enter(kOne, false, nullptr);
    EXPECT_TRUE(again);
  });
}

TEST_F(AdmissionTest, WhoIsCancelledWaitsNoMore) {
  run([this]() -> Task<void> {
    const auto app = account();
    Result<void> in = co_await app->enter(kOne, false, nullptr);
    EXPECT_TRUE(in);
    runtime::Cancel cancel;
    runtime::TaskGroup tasks;
    Result<void> cancelled;
    tasks.spawn([](LoadAccount& load, runtime::Cancel& stop, Result<void>& out) -> Task<void> {
      out = co_await load.enter(kOne, false, &stop);
    }(*app, cancel, cancelled));
    co_await until([&] { return app->now().waiting == 1; });
    cancel.request();
    co_await tasks.join();
    EXPECT_TRUE(cancelled.error().is(runtime::kCancelled));
    EXPECT_EQ(app->now().waiting, 0u);
    EXPECT_EQ(app->now().running, 1u);
  });
}

TEST_F(AdmissionTest, LoopsWakeOneAnother) {
  const auto app = account();
  constexpr int kRounds = 300;
  std::atomic<int> running{0}, most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      run([&]() -> Task<void> {
        for (int round = 0; round < kRounds; ++round) {
          Result<void> in = co_await app->enter({.statements_max = 2}, false, nullptr);
          EXPECT_TRUE(in);
          const int now = ++running;
          most = std::max(most.load(), now);
          co_await runtime::yield();
          --running;
          app->leave();
        }
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 2);
  EXPECT_EQ(app->now().running, 0u);
  EXPECT_EQ(app->now().waiting, 0u);
}

TEST_F(AdmissionTest, TheRateIsKept) {
  run([this]() -> Task<void> {
    const auto app = account(/*waiters_max=*/1000, /*wait_max=*/100ms);
    const LoadLimits limits{.rate_max = 100};
    const Time begun = Clock::now();
    int entered = 0;
    for (int i = 0; i < 105; ++i) {
      Result<void> in = co_await app->enter(limits, false, nullptr);
      if (!in) continue;
      ++entered;
      app->leave();
    }
    EXPECT_EQ(entered, 105);
    EXPECT_GE(Clock::now() - begun, 40ms) << "a second's worth at once, then each at its time";
    for (int i = 0; i < 20; ++i) {  // who goes ahead uses up the rate as well
      Result<void> in = co_await app->enter(limits, true, nullptr);
      EXPECT_TRUE(in);
      app->leave();
    }
    Result<void> refused = co_await app->enter(limits, false, nullptr);
    EXPECT_FALSE(refused);
    EXPECT_TRUE(refused.error().is(kLoadRate));
    EXPECT_THAT(refused.error().message(), HasSubstr("more than 100 statements a second"));
  });
}

TEST(LoadLimits, TheStrictestCounts) {
  EXPECT_EQ(vschema::strictest({1, 0, 7}, {2, 5, 0}), (LoadLimits{1, 5, 7}));
  EXPECT_EQ(vschema::strictest({}, {}), LoadLimits());
  EXPECT_FALSE(LoadLimits().any());
}

}  // namespace
}  // namespace kintsugi::gate
