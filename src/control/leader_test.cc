#include "control/leader.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/testing/control_fixture.h"

namespace kintsugi::control {
namespace {

using health::testing::FakeTablet;
using ::testing::Contains;
using testing::ControlFixture;
using testing::empty_server;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kServing = "local/zone1/keyspaces/customer/SrvKeyspace";
const std::string kServingVSchema = "local/zone1/SrvVSchema";
const std::string kLower = "global/keyspaces/customer/shards/-80/Shard";

bool exists(const std::string& value) { return !value.empty(); }

/// A control without its API.
struct Fixture : ControlFixture {
  ClusterState state{link};
  Leadership leadership{link, [this] { state.changed().set(); }, 1s};
  admin::Metrics metrics;
  Leader leader{link, state, leadership, metrics};
  runtime::TaskGroup tasks;

  void start() {
    state.start();
    tasks.spawn(leadership.run("a:1", &tasks.cancel()));
    tasks.spawn(leader.run(&tasks.cancel()));
  }
  Task<void> stop() {
    tasks.cancel().request();
    co_await tasks.join();
    co_await state.stop();
  }
  /// With both shards led, so that only what a test does is to be done.
  Task<void> begin_settled() {
    co_await create();
    co_await add_tablet("zone1-1", "-80");
    co_await add_tablet("zone1-2", "80-");
    expect(co_await others.set_shard_primary({"customer", "-80"}, {"zone1", 1}, 0, WallTime{}));
    expect(co_await others.set_shard_primary({"customer", "80-"}, {"zone1", 2}, 0, WallTime{}));
    start();
    const bool derived = co_await until_value(kServing, exists);
    EXPECT_TRUE(derived);
  }
  /// What it did over its link since the last clear, but for the election.
  std::vector<std::string> work() const {
    std::vector<std::string> work = link.calls;
    std::erase_if(work, [](const std::string& call) { return call.find("/elections/") != call.npos; });
    return work;
  }
  int times_listed() const { return static_cast<int>(std::ranges::count(link.calls, "list ")); }
};

void run(Task<void> (*body)(Fixture&)) {
  runtime::Loop loop;
  Fixture fixture;
  loop.block_on(body(fixture));
}

Task<void> check_follows_records(Fixture& fixture) {
  co_await fixture.begin_settled();
  fixture.link.calls.clear();
  Fixture::expect(co_await fixture.store.put("global/keyspaces/customer/VSchema", R"({"sharded": true})"));
  bool done = co_await fixture.until_value(
      kServingVSchema, [](const std::string& text) { return text.find("sharded") != text.npos; });
  EXPECT_TRUE(done);
  Fixture::expect(co_await fixture.others.put_cell("zone2", {}));
  done = co_await fixture.until_value("local/zone2/keyspaces/customer/SrvKeyspace", exists);
  EXPECT_TRUE(done);
  EXPECT_EQ(fixture.times_listed(), 2) << "once for each change";
  co_await fixture.stop();
}
TEST(Leader, DerivesWhatGatesReadWhenARecordChanges) { run(check_follows_records); }

// A tablet speaks, an agent goes, ids are taken: gates read nothing of it, so nothing is read or written.
Task<void> check_idle(Fixture& fixture) {
  FakeTablet agent("zone1-3");
  co_await fixture.begin_settled();
  const topo::LeaseId lease = co_await fixture.add_tablet("zone1-3", "80-", agent.address());
  bool done =
      co_await fixture.until_value("local/zone1/keyspaces/customer/shards/80-/ShardReplication",
                                   [](const std::string& text) { return text.find("zone1-3") != text.npos; });
  EXPECT_TRUE(done);
  fixture.link.calls.clear();
  for (int word = 1; word <= 50; ++word) agent.say(std::to_string(word));
  done = co_await Fixture::until(
      [&] { return fixture.state.current().view.tablet("zone1-3")->health.error() == "50"; });
  EXPECT_TRUE(done);
  Fixture::expect(co_await fixture.others.take_ids("customer", "s", 100));
  Fixture::expect(co_await fixture.store.revoke_lease(lease));
  done = co_await Fixture::until([&] { return !fixture.state.current().view.tablet("zone1-3")->alive; });
  EXPECT_TRUE(done);
  // The leader sees a change after all of these, and what it does for that one.
  Fixture::expect(co_await fixture.others.put_cell("zone2", {}));
  done = co_await fixture.until_value("local/zone2/SrvVSchema", exists);
  EXPECT_TRUE(done);
  EXPECT_EQ(fixture.times_listed(), 1) << ::testing::PrintToString(fixture.work());
  co_await fixture.stop();
  co_await agent.stop();
}
TEST(Leader, DoesNothingWhenOnlyATabletSpoke) { run(check_idle); }

Task<void> check_repairs(Fixture& fixture) {
  co_await fixture.begin_settled();
  const std::string before = co_await fixture.value(kServing);
  Fixture::expect(co_await fixture.store.put(kServing, "{}"));
  bool done = co_await fixture.until_value(kServing, [&](const std::string& text) { return text == before; });
  EXPECT_TRUE(done);
  const Result<topo::Node> node = co_await fixture.store.get(kServing);
  Fixture::expect(co_await fixture.store.erase(kServing, node->revision));
  done = co_await fixture.until_value(kServing, [&](const std::string& text) { return text == before; });
  EXPECT_TRUE(done);
  co_await fixture.stop();
}
TEST(Leader, RepairsWhatGatesReadWhenAnotherChangesIt) { run(check_repairs); }

Task<void> check_begins_to_lead(Fixture& fixture) {
  // Another leads, who does nothing.
  topo::LeaseKeeper other(fixture.store, 600s);
  Fixture::expect(co_await other.start());
  topo::Lock claim(fixture.store, topo::paths::election("control"), other);
  Fixture::expect(co_await claim.acquire("{}", nullptr));
  co_await fixture.create();
  fixture.start();
  bool done = co_await Fixture::until([&] { return fixture.state.is_loaded(); });
  Fixture::expect(co_await fixture.store.put("global/keyspaces/customer/VSchema", "{}"));
  done = co_await Fixture::until(
      [&] { return fixture.state.records().contains("global/keyspaces/customer/VSchema"); });
  EXPECT_TRUE(done);
  for (int i = 0; i < 20; ++i) co_await runtime::yield();
  EXPECT_THAT(fixture.work(), IsEmpty()) << "who does not lead changes nothing";

  Fixture::expect(co_await claim.release());
  done = co_await fixture.until_value(kServing, exists);
  EXPECT_TRUE(done) << "what changed before it led is made up for";
  co_await fixture.stop();
  co_await other.stop();
}
TEST(Leader, DerivesOnceItLeadsAndNotBefore) { run(check_begins_to_lead); }

Task<void> check_outage(Fixture& fixture) {
  co_await fixture.begin_settled();
  fixture.link.cut();
  bool done = co_await Fixture::until([&] { return !fixture.leadership.leads(); });
  EXPECT_TRUE(done);
  Fixture::expect(co_await fixture.others.put_cell("zone2", {}));
  fixture.link.mend();
  done = co_await fixture.until_value("local/zone2/SrvVSchema", exists);
  EXPECT_TRUE(done);
  co_await fixture.stop();
}
TEST(Leader, GoesOnAfterTheStoreWasAway) { run(check_outage); }

Task<void> check_elects(Fixture& fixture) {
  FakeTablet first("zone1-1"), second("zone1-2");
  co_await fixture.create();
  co_await fixture.add_tablet("zone1-1", "-80", first.address());
  co_await fixture.add_tablet("zone1-2", "-80", second.address());
  fixture.start();
  bool done = co_await Fixture::until([&] { return fixture.leader.waiting().contains("customer/-80"); });
  EXPECT_TRUE(done);
  EXPECT_THAT(fixture.leader.waiting().at("customer/-80"), HasSubstr("has no tablet that runs"));
  first.say(empty_server("zone1-1"));
  second.say(empty_server("zone1-2"));
  done = co_await fixture.until_value(
      kLower, [](const std::string& text) { return text.find("zone1-1") != text.npos; });
  EXPECT_TRUE(done);
  done = co_await Fixture::until([&] { return !fixture.leader.waiting().contains("customer/-80"); });
  EXPECT_TRUE(done);
  EXPECT_TRUE(fixture.leader.waiting().contains("customer/80-")) << "that one has no tablets";
  co_await fixture.stop();
  co_await first.stop();
  co_await second.stop();
}
TEST(Leader, GivesAShardItsFirstPrimary) { run(check_elects); }

// The spec promises two tablets; an empty one is not elected before the other, which has data, has spoken.
Task<void> check_waits(Fixture& fixture) {
  FakeTablet first("zone1-1"), second("zone1-2");
  Fixture::expect(co_await fixture.others.put_cell("zone1", {}));
  topo::v1::Keyspace record;
  record.set_tablets_per_shard(2);
  Fixture::expect(co_await fixture.others.create_keyspace("customer", record, {"-80", "80-"}));
  co_await fixture.add_tablet("zone1-1", "-80", first.address());
  first.say(empty_server("zone1-1"));
  fixture.start();
  bool done = co_await Fixture::until(
      [&] { return fixture.leader.waiting()["customer/-80"].find("(1 of 2 answer)") != std::string::npos; });
  EXPECT_TRUE(done);
  tablet::v1::Health with_data = empty_server("zone1-2");
  with_data.set_transactions(7);
  second.say(with_data);
  co_await fixture.add_tablet("zone1-2", "-80", second.address());
  done = co_await fixture.until_value(
      kLower, [](const std::string& text) { return text.find("primaryAlias") != text.npos; });
  EXPECT_TRUE(done);
  const std::string elected = co_await fixture.value(kLower);
  EXPECT_THAT(elected, HasSubstr("zone1-2"));
  co_await fixture.stop();
  co_await first.stop();
  co_await second.stop();
}
TEST(Leader, WaitsForTheTabletsThatTheSpecPromises) { run(check_waits); }

// It leads still, as far as it knows, and has not heard that another elected somebody else.
Task<void> check_stale_leader(Fixture& fixture) {
  FakeTablet first("zone1-1");
  co_await fixture.create();
  co_await fixture.add_tablet("zone1-1", "-80", first.address());
  fixture.start();
  bool done = co_await Fixture::until([&] { return fixture.leader.waiting().contains("customer/-80"); });
  EXPECT_TRUE(done);
  fixture.link.mute_watches();
  co_await fixture.add_tablet("zone1-2", "-80");
  Fixture::expect(
      co_await fixture.others.set_shard_primary({"customer", "-80"}, {"zone1", 2}, 0, WallTime{}));
  const std::string elected = co_await fixture.value(kLower);
  first.say(empty_server("zone1-1"));
  done = co_await Fixture::until([&] { return std::ranges::count(fixture.link.calls, "get " + kLower) > 0; });
  EXPECT_TRUE(done) << "it tried";
  for (int i = 0; i < 20; ++i) co_await runtime::yield();
  EXPECT_THAT(fixture.link.calls, Not(Contains("commit " + kLower)));
  const std::string after = co_await fixture.value(kLower);
  EXPECT_EQ(after, elected);
  co_await fixture.stop();
  co_await first.stop();
}
TEST(Leader, WithAnOldPictureDoesNoHarm) { run(check_stale_leader); }

}  // namespace
}  // namespace kintsugi::control
