#include "control/cluster_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/testing/control_fixture.h"

namespace kintsugi::control {
namespace {

using health::testing::FakeTablet;
using testing::ControlFixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Fixture : ControlFixture {
  ClusterState state{link};

  Task<void> begin() {
    co_await create();
    state.start();
    const bool loaded = co_await until([this] { return state.is_loaded(); });
    EXPECT_TRUE(loaded);
  }
  const TabletView* tablet(const std::string& alias) { return state.current().view.tablet(alias); }
};

void run(Task<void> (*body)(Fixture&)) {
  runtime::Loop loop;
  Fixture fixture;
  loop.block_on(body(fixture));
}

Task<void> check_health(Fixture& fixture) {
  FakeTablet agent("zone1-1");
  co_await fixture.begin();
  co_await fixture.add_tablet("zone1-1", "-80", agent.address());
  bool done = co_await Fixture::until([&] { return fixture.tablet("zone1-1") != nullptr; });
  EXPECT_TRUE(done);
  EXPECT_FALSE(fixture.tablet("zone1-1")->heard);
  const std::uint64_t version = fixture.state.serving_version();
  agent.say("no disk left");
  done = co_await Fixture::until([&] { return fixture.tablet("zone1-1")->heard; });
  EXPECT_TRUE(done);
  EXPECT_EQ(fixture.tablet("zone1-1")->health.error(), "no disk left");
  EXPECT_EQ(fixture.state.health().at("zone1-1").error(), "no disk left");
  // A view that is built anew knows what was heard before.
  co_await fixture.add_tablet("zone1-2", "80-");
  done = co_await Fixture::until([&] { return fixture.tablet("zone1-2") != nullptr; });
  EXPECT_EQ(fixture.tablet("zone1-1")->health.error(), "no disk left");
  EXPECT_GT(fixture.state.serving_version(), version);

  co_await agent.stop();
  done = co_await Fixture::until([&] { return !fixture.tablet("zone1-1")->heard; });
  EXPECT_TRUE(done);
  EXPECT_THAT(fixture.tablet("zone1-1")->health.error(), IsEmpty());
  EXPECT_THAT(fixture.state.health(), IsEmpty());
  co_await fixture.state.stop();
}
TEST(ClusterState, PutsWhatTabletsSayIntoThePicture) { run(check_health); }

Task<void> check_serving_version(Fixture& fixture) {
  co_await fixture.begin();
  struct Case {
    const char* key;
    bool counts;
  };
  for (const Case& each : {Case{"global/cells/zone2/CellInfo", true},
                           {"global/keyspaces/commerce/Keyspace", true},
                           {"global/keyspaces/customer/VSchema", true},
                           {"global/keyspaces/customer/shards/-80/Shard", true},
                           {"global/routing_rules/RoutingRules", true},
                           {"local/zone1/tablets/zone1-9/Tablet", true},
                           {"local/zone1/SrvVSchema", true},
                           {"local/zone1/keyspaces/customer/SrvKeyspace", true},
                           {"local/zone1/keyspaces/customer/shards/-80/ShardReplication", true},
                           {"local/zone1/tablets/zone1-9/Owner", false},
                           {"global/keyspaces/customer/sequences/s/Sequence", false},
                           {"global/elections/control/locks/1", false},
                           {"global/users/u/User", false},
                           {"global/workflows/customer/w/Workflow", false}}) {
    const std::uint64_t before = fixture.state.serving_version();
    Fixture::expect(co_await fixture.store.put(each.key, " {}"));
    const bool seen = co_await Fixture::until([&] {
      const auto record = fixture.state.records().find(each.key);
      return record != fixture.state.records().end() && record->second == " {}";
    });
    EXPECT_TRUE(seen);
    EXPECT_EQ(fixture.state.serving_version() != before, each.counts) << each.key;
  }
  co_await fixture.state.stop();
}
TEST(ClusterState, CountsTheChangesThatGatesAreToSee) { run(check_serving_version); }

Task<void> check_lost(Fixture& fixture) {
  co_await fixture.begin();
  fixture.link.cut();
  bool done = co_await Fixture::until([&] { return !fixture.state.lost().empty(); });
  EXPECT_TRUE(done);
  EXPECT_THAT(fixture.state.lost(), HasSubstr("KT2004"));
  EXPECT_NE(fixture.state.current().view.shard("customer", "-80"), nullptr)
      << "it goes on with what it knows";
  Fixture::expect(co_await fixture.others.create_keyspace("commerce", {}, {"-"}));
  fixture.link.mend();
  done =
      co_await Fixture::until([&] { return fixture.state.current().view.keyspace("commerce") != nullptr; });
  EXPECT_TRUE(done);
  EXPECT_THAT(fixture.state.lost(), IsEmpty());
  co_await fixture.state.stop();
}
TEST(ClusterState, KeepsThePictureWhileTheStoreIsAway) { run(check_lost); }

}  // namespace
}  // namespace kintsugi::control
