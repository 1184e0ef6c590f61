#include "topo/lease.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/cancel.h"
#include "runtime/errors.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/memory_store.h"
#include "topo/records.h"
#include "topo/testing/linked_store.h"

namespace kintsugi::topo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Duration kPatience = std::chrono::seconds(20);

struct Fixture {
  MemoryStore store;

  template <class T>
  static void expect(const Result<T>& result) {
    EXPECT_TRUE(result.has_value()) << result.error().text();
  }
  static Task<bool> until(std::function<bool()> condition) {
    const Time limit = Clock::now() + kPatience;
    while (!condition()) {
      if (Clock::now() >= limit) co_return false;
      co_await runtime::sleep_for(std::chrono::milliseconds(1));
    }
    co_return true;
  }
};

void run(Task<void> (*body)(Fixture&)) {
  runtime::Loop loop;
  Fixture fixture;
  loop.block_on(body(fixture));
}

Task<void> hold_in_turn(Fixture& fixture, std::string name, std::vector<std::string>& order, int& holders) {
  LeaseKeeper lease(fixture.store, std::chrono::seconds(30));
  Fixture::expect(co_await lease.start());
  Lock lock(fixture.store, paths::election("control"), lease);
  Fixture::expect(co_await lock.acquire(name, nullptr));
  EXPECT_EQ(++holders, 1) << "two hold one lock";
  order.push_back(name);
  const Result<std::optional<Node>> holder = co_await Lock::holder(fixture.store, paths::election("control"));
  EXPECT_EQ((*holder)->value, name);
  --holders;
  if (name == "a") {
    Fixture::expect(co_await lock.release());
  }
  co_await lease.stop();
}

Task<void> check_lock(Fixture& fixture) {
  std::vector<std::string> order;
  int holders = 0;
  runtime::TaskGroup tasks;
  for (const char* name : {"a", "b", "c"}) tasks.spawn(hold_in_turn(fixture, name, order, holders));
  co_await tasks.join();
  EXPECT_THAT(order, ElementsAre("a", "b", "c"));
  const Result<std::optional<Node>> holder = co_await Lock::holder(fixture.store, paths::election("control"));
  EXPECT_EQ(*holder, std::nullopt);
}
TEST(Lock, IsHeldByOneAfterAnother) { run(check_lock); }

Task<void> cancel_soon(runtime::Cancel& cancel) {
  co_await runtime::yield();
  cancel.request();
}

Task<void> check_lock_cancel(Fixture& fixture) {
  LeaseKeeper first(fixture.store, std::chrono::seconds(30));
  LeaseKeeper second(fixture.store, std::chrono::seconds(30));
  Fixture::expect(co_await first.start());
  Fixture::expect(co_await second.start());
  Lock held(fixture.store, "locks/x", first);
  Fixture::expect(co_await held.acquire("first", nullptr));
  runtime::Cancel cancel;
  runtime::TaskGroup tasks;
  tasks.spawn(cancel_soon(cancel));
  Lock waiting(fixture.store, "locks/x", second);
  const Result<void> cancelled = co_await waiting.acquire("second", &cancel);
  EXPECT_TRUE(cancelled.error().is(runtime::kCancelled)) << cancelled.error().text();
  const Result<std::vector<Node>> claims = co_await fixture.store.list("locks/x/");
  EXPECT_EQ(claims->size(), 1U) << "who does not wait any more has no claim";
  co_await tasks.join();
  co_await first.stop();
  co_await second.stop();
}
TEST(Lock, WaitingCanBeCancelled) { run(check_lock_cancel); }

// A holder that is cut off knows that it has lost the lock before another gets it.
Task<void> check_lease_loss(Fixture& fixture) {
  LeaseKeeper lease(fixture.store, std::chrono::seconds(1));
  Fixture::expect(co_await lease.start());
  EXPECT_TRUE(lease.is_valid());
  const Time until = lease.valid_until();
  fixture.store.set_available(false);
  const bool lost = co_await lease.lost().wait(Clock::now() + std::chrono::seconds(20));
  EXPECT_TRUE(lost);
  EXPECT_FALSE(lease.is_valid());
  EXPECT_GE(Clock::now(), until);
  fixture.store.set_available(true);
  co_await lease.stop();
}
TEST(LeaseKeeper, KnowsWhenItsLeaseIsOver) { run(check_lease_loss); }

Task<void> check_renewal(Fixture& fixture) {
  LeaseKeeper lease(fixture.store, std::chrono::seconds(1));
  Fixture::expect(co_await lease.start());
  Fixture::expect(co_await fixture.store.create("k", "v", lease.id()));
  const Time first = lease.valid_until();
  // Two lives of the lease later it holds still.
  const bool lost = co_await lease.lost().wait(first + std::chrono::seconds(1));
  EXPECT_FALSE(lost);
  EXPECT_GT(lease.valid_until(), first);
  Fixture::expect(co_await fixture.store.get("k"));
  co_await lease.stop();
  const Result<Node> gone = co_await fixture.store.get("k");
  EXPECT_TRUE(gone.error().is(kNoNode));
}
TEST(LeaseKeeper, RenewsItsLease) { run(check_renewal); }

// Holds a lock until it is lost, and says so.
Task<void> hold(Lock& lock, std::optional<Error>& ended) {
  Error why = co_await lock.hold(nullptr);
  ended.emplace(std::move(why));
}

Task<void> check_removed_claim(Fixture& fixture) {
  LeaseKeeper lease(fixture.store, std::chrono::seconds(30));
  Fixture::expect(co_await lease.start());
  Lock lock(fixture.store, "locks/x", lease);
  Fixture::expect(co_await lock.acquire("me", nullptr));
  std::optional<Error> ended;
  runtime::TaskGroup tasks;
  tasks.spawn(hold(lock, ended));
  for (int i = 0; i < 10; ++i) co_await runtime::yield();
  EXPECT_FALSE(ended.has_value());
  Fixture::expect(co_await lock.release());
  co_await tasks.join();
  EXPECT_TRUE(ended->is(kLeaseLost));
  EXPECT_THAT(ended->message(), HasSubstr("was removed"));
  EXPECT_TRUE(lease.is_valid()) << "only the claim is gone";
  co_await lease.stop();
}
TEST(Lock, IsLostWhenItsClaimIsRemoved) { run(check_removed_claim); }

Task<void> check_cut_holder(Fixture& fixture) {
  testing::LinkedStore first_link(fixture.store);
  LeaseKeeper first(first_link, std::chrono::seconds(1));
  LeaseKeeper second(fixture.store, std::chrono::seconds(30));
  Fixture::expect(co_await first.start());
  Fixture::expect(co_await second.start());
  Lock held(first_link, "locks/x", first);
  Fixture::expect(co_await held.acquire("first", nullptr));
  std::optional<Error> ended;
  runtime::TaskGroup tasks;
  tasks.spawn(hold(held, ended));
  std::vector<std::string> holders;
  Lock next(fixture.store, "locks/x", second,
            [&holders](const std::string& holder) { holders.push_back(holder); });
  first_link.cut();
  Fixture::expect(co_await next.acquire("second", nullptr));
  EXPECT_FALSE(first.is_valid()) << "the first must know that it lost the lock before the second has it";
  EXPECT_THAT(holders, ElementsAre("first", "second"));
  co_await tasks.join();
  EXPECT_TRUE(ended->is(kLeaseLost)) << ended->text();
  co_await first.stop();
  co_await second.stop();
}
TEST(Lock, AHolderThatIsCutOffKnowsBeforeTheNextHasIt) { run(check_cut_holder); }

Task<void> check_failed_claim(Fixture& fixture) {
  testing::LinkedStore link(fixture.store);
  LeaseKeeper lease(link, std::chrono::seconds(30));
  Fixture::expect(co_await lease.start());
  link.cut();
  Lock lock(link, "locks/x", lease);
  const Result<void> failed = co_await lock.acquire("me", nullptr);
  EXPECT_TRUE(failed.error().is(kStoreUnavailable)) << failed.error().text();
  link.mend();
  Fixture::expect(co_await lock.acquire("me", nullptr));
  co_await lease.stop();
}
TEST(Lock, CanBeTriedAgainAfterTheStoreWasAway) { run(check_failed_claim); }

Task<void> check_slow_renewals(Fixture& fixture) {
  testing::LinkedStore link(fixture.store);
  LeaseKeeper lease(link, std::chrono::seconds(1));
  Fixture::expect(co_await lease.start());
  // Each renewal fails with a time-out: the link needs longer than a renewal may take.
  link.slow_down(std::chrono::milliseconds(800));
  const Time until = lease.valid_until();
  const bool lost = co_await lease.lost().wait(Clock::now() + kPatience);
  EXPECT_TRUE(lost);
  EXPECT_GE(Clock::now(), until) << "not a moment too early";
  co_await lease.stop();
}
TEST(LeaseKeeper, RenewalsThatComeTooLateDoNotCount) { run(check_slow_renewals); }

}  // namespace
}  // namespace kintsugi::topo
