#include "control/leadership.h"

#include <functional>

#include <gtest/gtest.h>

#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/memory_store.h"
#include "topo/records.h"
#include "topo/testing/linked_store.h"

namespace kintsugi::control {
namespace {

Task<bool> comes_true(std::function<bool()> condition) {
  const Time limit = Clock::now() + 20s;
  while (Clock::now() < limit) {
    if (condition()) co_return true;
    co_await runtime::sleep_for(1ms);
  }
  co_return false;
}

void run(Task<void> (*body)(topo::MemoryStore&)) {
  runtime::Loop loop;
  topo::MemoryStore store;
  loop.block_on(body(store));
}

constexpr Duration kShortLease = 1s;

Task<std::size_t> claims(topo::Store& store) {
  const Result<std::vector<topo::Node>> nodes = co_await store.list(topo::paths::election("control") + '/');
  co_return nodes->size();
}

Task<void> check_take_over(topo::MemoryStore& store) {
  Leadership first(store);
  Leadership second(store);
  runtime::Cancel first_ends;
  runtime::Cancel second_ends;
  runtime::TaskGroup tasks;
  tasks.spawn(first.run("a:1", &first_ends));
  const bool first_leads = co_await comes_true([&] { return first.leads(); });
  EXPECT_TRUE(first_leads);
  EXPECT_EQ(first.leader_address(), "a:1");
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
  const std::size_t left = co_await claims(store);
  EXPECT_EQ(left, 0U);
}
TEST(Leadership, OneLeadsAndTheNextTakesOver) { run(check_take_over); }

// The one that is cut off may not lead for a moment longer than the store keeps its claim.
Task<void> check_never_two(topo::MemoryStore& store) {
  topo::testing::LinkedStore link(store);
  Leadership cut_off(link, nullptr, kShortLease);
  Leadership other(store, nullptr, kShortLease);
  runtime::TaskGroup tasks;
  tasks.spawn(cut_off.run("a:1", &tasks.cancel()));
  bool done = co_await comes_true([&] { return cut_off.leads(); });
  EXPECT_TRUE(done);
  tasks.spawn(other.run("b:2", &tasks.cancel()));
  link.cut();
  bool two_led = false;
  done = co_await comes_true([&] {
    two_led = two_led || (cut_off.leads() && other.leads());
    return other.leads();
  });
  EXPECT_TRUE(done);
  EXPECT_FALSE(two_led);
  done = co_await comes_true([&] { return cut_off.leader_address().empty(); });
  EXPECT_TRUE(done) << "who cannot see the election knows no leader";

  link.mend();
  done = co_await comes_true([&] { return cut_off.leader_address() == "b:2"; });
  EXPECT_TRUE(done) << "it stands again, behind the other";
  EXPECT_FALSE(cut_off.leads());
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(Leadership, OfTwoOneLeadsWhateverIsCutOff) { run(check_never_two); }

Task<void> check_slow(topo::MemoryStore& store) {
  topo::testing::LinkedStore link(store);
  Leadership leadership(link, nullptr, kShortLease);
  runtime::TaskGroup tasks;
  tasks.spawn(leadership.run("a:1", &tasks.cancel()));
  bool done = co_await comes_true([&] { return leadership.leads(); });
  EXPECT_TRUE(done);
  link.slow_down(800ms);
  done = co_await comes_true([&] { return !leadership.leads(); });
  EXPECT_TRUE(done) << "its lease cannot be renewed in time";
  link.slow_down(0s);
  done = co_await comes_true([&] { return leadership.leads(); });
  EXPECT_TRUE(done);
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(Leadership, StepsDownWhileTheStoreIsSlowAndComesBack) { run(check_slow); }

Task<void> check_removed(topo::MemoryStore& store) {
  Leadership leadership(store);
  runtime::TaskGroup tasks;
  tasks.spawn(leadership.run("a:1", &tasks.cancel()));
  bool done = co_await comes_true([&] { return leadership.leads(); });
  EXPECT_TRUE(done);
  const Result<std::optional<topo::Node>> claim =
      co_await topo::Lock::holder(store, topo::paths::election("control"));
  const Result<void> removed = co_await store.erase((*claim)->key, (*claim)->revision);
  EXPECT_TRUE(removed.has_value());
  done = co_await comes_true([&] { return !leadership.leads(); });
  EXPECT_TRUE(done);
  done = co_await comes_true([&] { return leadership.leads(); });
  EXPECT_TRUE(done) << "it stands again, with another claim";
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(Leadership, AClaimThatIsRemovedByHandIsLost) { run(check_removed); }

Task<void> check_unreadable(topo::MemoryStore& store) {
  const Result<topo::Revision> put =
      co_await store.put(topo::paths::election("control") + "/other", "of a later version: {");
  EXPECT_TRUE(put.has_value());
  Leadership leadership(store);
  runtime::TaskGroup tasks;
  tasks.spawn(leadership.run("a:1", &tasks.cancel()));
  const bool done = co_await comes_true([&] { return leadership.leader_address() == "an unknown address"; });
  EXPECT_TRUE(done);
  EXPECT_FALSE(leadership.leads());
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(Leadership, AClaimThatCannotBeReadLeadsAllTheSame) { run(check_unreadable); }

}  // namespace
}  // namespace kintsugi::control
