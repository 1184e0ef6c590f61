#include "gate/tablets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"

namespace kintsugi::gate {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using topo::TabletType;

const Time kNow = Time{} + 1h;

class TabletsTest : public testing::Test {
 protected:
  TabletsTest() { shard_.keyspace = "customer", shard_.name = "-80"; }

  /// A healthy tablet of that type, which `change` makes less so.
  void add(const char* alias, TabletType type, void (*change)(TabletHealth&) = [](TabletHealth&) {}) {
    vschema::Tablet tablet{.alias = alias, .type = type, .host = "h", .http_port = 1};
    TabletHealth health{.type = type, .serving = true, .lag_ms = 0, .heard_at = kNow - 1s};
    change(health);
    health_[alias] = std::make_shared<const TabletHealth>(health);
    shard_.tablets.push_back(tablet);
    if (type == TabletType::primary) shard_.primary = tablet;
  }
  std::string choose(TabletType type, std::uint64_t turn = 0) {
    auto chosen = choose_tablet(shard_, type, health_, policy_, kNow, turn, preferred_);
    return chosen ? (*chosen)->alias : chosen.error().text();
  }

  vschema::Shard shard_;
  HealthMap health_;
  TabletPolicy policy_;
  std::string preferred_;
};

TEST_F(TabletsTest, APrimaryIsTheOneTheRoutingNames) {
  add("zone1-2", TabletType::replica);
  EXPECT_THAT(choose(TabletType::primary),
              HasSubstr("KT4022: shard customer/-80 has no primary: none was elected"));
  add("zone1-1", TabletType::primary);
  EXPECT_EQ(choose(TabletType::primary), "zone1-1");
  health_.erase("zone1-1");
  EXPECT_THAT(choose(TabletType::primary), HasSubstr("(zone1-1: nothing heard from it yet)"));
  shard_.primary->http_port = 0;
  EXPECT_EQ(choose(TabletType::primary), "zone1-1") << "one that is not watched is taken to be good";
}

TEST_F(TabletsTest, APrimaryThatIsSilentOrReadOnlyIsNone) {
  struct Case {
    void (*change)(TabletHealth&);
    const char* reason;
  };
  const Case cases[] = {
      {[](TabletHealth& h) { h.heard_at = kNow - 9s; }, "last seen 9 s ago"},
      {[](TabletHealth& h) { h.read_only = true; }, "read-only"},
      {[](TabletHealth& h) { h.serving = false; }, "not serving"},
      {[](TabletHealth& h) { h.serving = false, h.error = "mysqld starts"; }, "mysqld starts"},
      {[](TabletHealth& h) { h.type = TabletType::replica; }, "is a replica now"},
  };
  for (const Case& c : cases) {
    add("zone1-1", TabletType::primary, c.change);
    EXPECT_THAT(choose(TabletType::primary), HasSubstr(c.reason));
  }
}

TEST_F(TabletsTest, ReplicasTakeTurns) {
  add("zone1-1", TabletType::primary);
  EXPECT_THAT(choose(TabletType::replica), HasSubstr("shard customer/-80 has no replica in this cell"));
  add("zone1-2", TabletType::replica);
  add("zone1-4", TabletType::replica);
  EXPECT_EQ(choose(TabletType::replica, 0), "zone1-2");
  EXPECT_EQ(choose(TabletType::replica, 1), "zone1-4");
  EXPECT_EQ(choose(TabletType::replica, 2), "zone1-2");
  EXPECT_THAT(choose(TabletType::rdonly), HasSubstr("has no rdonly"));
}

TEST_F(TabletsTest, ReplicasThatLagAreNotRead) {
  add("zone1-1", TabletType::primary);
  add("zone1-2", TabletType::replica, [](TabletHealth& h) { h.lag_ms = 31'000; });
  add("zone1-3", TabletType::replica, [](TabletHealth& h) { h.lag_ms.reset(); });
  EXPECT_THAT(choose(TabletType::replica), HasSubstr("zone1-2: 31 s behind; zone1-3: its lag is unknown"));
  add("zone1-4", TabletType::replica, [](TabletHealth& h) { h.lag_ms = 29'000; });
  EXPECT_EQ(choose(TabletType::replica), "zone1-4");
}

TEST_F(TabletsTest, ASessionStaysWithItsReplicaAsLongAsThatWillDo) {
  add("zone1-1", TabletType::primary);
  add("zone1-2", TabletType::replica);
  add("zone1-3", TabletType::replica, [](TabletHealth& h) { h.lag_ms = 20'000; });
  preferred_ = "zone1-3";
  EXPECT_EQ(choose(TabletType::replica, 0), "zone1-3");
  EXPECT_EQ(choose(TabletType::replica, 1), "zone1-3");
  policy_.lag_max = 10s;
  EXPECT_EQ(choose(TabletType::replica, 0), "zone1-2");
}

TEST_F(TabletsTest, OfReplicasThoseThatLagLeastTakeTurns) {
  add("zone1-1", TabletType::primary);
  add("zone1-2", TabletType::replica, [](TabletHealth& h) { h.lag_ms = 3'000; });
  add("zone1-3", TabletType::replica, [](TabletHealth& h) { h.lag_ms = 5'000; });
  add("zone1-4", TabletType::replica, [](TabletHealth& h) { h.lag_ms = 3'500; });
  EXPECT_EQ(choose(TabletType::replica, 0), "zone1-2");
  EXPECT_EQ(choose(TabletType::replica, 1), "zone1-4");
  EXPECT_EQ(choose(TabletType::replica, 2), "zone1-2");
}

TEST_F(TabletsTest, ABoundOnAgeCountsTheTimeSinceALagWasHeard) {
  add("zone1-1", TabletType::primary);
  add("zone1-2", TabletType::replica, [](TabletHealth& h) { h.lag_ms = 1'500; });  // heard a second ago
  policy_.staleness_max = 2s;
  EXPECT_THAT(choose(TabletType::replica), HasSubstr("zone1-2: may be 2500 ms behind"));
  policy_.staleness_max = 2500ms;
  EXPECT_EQ(choose(TabletType::replica), "zone1-2");
}

TEST_F(TabletsTest, WhatIsSeenOfAServerWhoseAnswersAreWaitedFor) {
  add("zone1-1", TabletType::primary);
  add("zone1-2", TabletType::replica, [](TabletHealth& h) { h.reachable = false; });
  add("zone1-3", TabletType::replica, [](TabletHealth& h) { h.heard_at = kNow - 6s; });
  const auto sight = [&](std::size_t i) { return sight_of(shard_.tablets[i], health_, policy_, kNow); };
  EXPECT_EQ(sight(0), Sight::well);
  EXPECT_EQ(sight(1), Sight::unreachable);
  EXPECT_EQ(sight(2), Sight::silent);
  shard_.tablets[2].http_port = 0;
  EXPECT_EQ(sight(2), Sight::well) << "one that is not watched";
  health_.clear();
  EXPECT_EQ(sight(1), Sight::well) << "nothing heard of it yet";
}

}  // namespace
}  // namespace kintsugi::gate
