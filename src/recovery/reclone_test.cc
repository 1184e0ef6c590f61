#include "recovery/reclone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::recovery {
namespace {

using ::testing::HasSubstr;

const topo::TabletAlias kPrimary{"zone1", 101}, kSecond{"zone1", 102}, kThird{"zone2", 103};

/// A primary, a replica that is well, and one that was a primary once and has something of its own.
Shard errant() {
  Shard shard;
  shard.name = "customer/-80";
  shard.primary = kPrimary;
  for (const topo::TabletAlias& alias : {kPrimary, kSecond, kThird}) {
    Server server;
    server.alias = alias;
    server.agent_alive = server.heard = server.answers = server.caught_up = server.receives = true;
    server.position = "0-101-7";
    shard.servers.push_back(server);
  }
  shard.servers[0].read_only = shard.servers[0].receives = false;
  shard.servers[2].receives = shard.servers[2].caught_up = false;
  shard.servers[2].copy = CopyNeed::own;
  return shard;
}

TEST(ChooseReclone, OnlyWhatIsSafeWithoutAPerson) {
  struct Case {
    const char* what;
    void (*change)(Shard&);
    std::optional<topo::TabletAlias> from;
  };
  const Case cases[] = {
      {"its own transactions", [](Shard&) {}, kSecond},
      {"left behind", [](Shard& s) { s.servers[2].copy = CopyNeed::left_behind; }, kSecond},
      {"others' transactions", [](Shard& s) { s.servers[2].copy = CopyNeed::foreign; }, {}},
      {"no server runs on its data",
       [](Shard& s) {
         s.servers[2].copy = CopyNeed::unusable;
         s.servers[2].answers = false;
       },
       kSecond},
      {"its server does not answer", [](Shard& s) { s.servers[2].answers = false; }, {}},
      {"nothing is wrong", [](Shard& s) { s.servers[2].copy = CopyNeed::none; }, {}},
      {"held", [](Shard& s) { s.held = true; }, {}},
      {"a change of primary", [](Shard& s) { s.change = Change(); }, {}},
      {"the primary is closed", [](Shard& s) { s.servers[0].read_only = true; }, {}},
      {"the primary is not heard", [](Shard& s) { s.servers[0].heard = false; }, {}},
      {"it is not heard", [](Shard& s) { s.servers[2].heard = false; }, {}},
      {"it is under way", [](Shard& s) { s.servers[2].recloning = true; }, {}},
      {"another one is under way", [](Shard& s) { s.servers[1].recloning = true; }, {}},
      {"the replica has not caught up", [](Shard& s) { s.servers[1].caught_up = false; }, kPrimary},
      {"the replica needs one too", [](Shard& s) { s.servers[1].copy = CopyNeed::own; }, kPrimary},
  };
  for (const Case& c : cases) {
    Shard shard = errant();
    c.change(shard);
    const std::optional<Reclone> chosen = choose_reclone(shard);
    EXPECT_EQ(chosen.has_value(), c.from.has_value()) << c.what;
    if (chosen && c.from) EXPECT_EQ(chosen->from, *c.from) << c.what;
  }
  EXPECT_EQ(choose_reclone(errant())->tablet, kThird);
  EXPECT_THAT(choose_reclone(errant())->reason,
              HasSubstr("zone2-103 has transactions that its primary has not"));
}

TEST(ChooseReclone, TakesTheReplicaOfTheSameCell) {
  Shard shard = errant();
  Server near = shard.servers[1];
  near.alias = {"zone2", 104};
  shard.servers.push_back(near);
  EXPECT_EQ(choose_donor(shard, kThird), near.alias);
  EXPECT_EQ(choose_donor(shard, kSecond), near.alias) << "a replica elsewhere before the primary";
}

TEST(ObjectionToReclone, NamesTheReason) {
  struct Case {
    void (*change)(Shard&);
    topo::TabletAlias tablet, from;
    bool discard;
    const char* objection;  // empty: none
  };
  const Case cases[] = {
      {[](Shard&) {}, kThird, kSecond, false, ""},
      {[](Shard&) {}, kThird, kPrimary, false, ""},
      {[](Shard&) {}, {"zone9", 1}, kPrimary, false, "zone9-1 is no tablet of customer/-80"},
      {[](Shard&) {}, kThird, {"zone9", 1}, false, "zone9-1 is no tablet of customer/-80"},
      {[](Shard&) {}, kThird, kThird, false, "a copy of itself"},
      {[](Shard&) {}, kPrimary, kSecond, true, "is the primary of customer/-80: `kintsugi shard reparent"},
      {[](Shard&) {}, kSecond, kPrimary, false, "zone1-102 is well; --discard"},
      {[](Shard&) {}, kSecond, kPrimary, true, ""},
      {[](Shard&) {}, kSecond, kThird, true, "zone2-103 is not in a state to be copied"},
      {[](Shard& s) { s.servers[2].copy = CopyNeed::foreign; }, kThird, kSecond, false,
       "the primary whose data is wrong"},
      {[](Shard& s) { s.servers[2].copy = CopyNeed::foreign; }, kThird, kSecond, true, ""},
      {[](Shard& s) { s.servers[2].heard = false; }, kThird, kSecond, true,
       "the agent of zone2-103 is not heard"},
      {[](Shard& s) { s.servers[2].recloning = true; }, kThird, kSecond, true, "being made anew already"},
      {[](Shard& s) { s.servers[0].read_only = true; }, kThird, kSecond, true,
       "no primary that takes writes"},
      {[](Shard& s) { s.held = true; }, kThird, kSecond, false, ""},
  };
  for (const Case& c : cases) {
    Shard shard = errant();
    c.change(shard);
    const std::string objection = objection_to_reclone(shard, c.tablet, c.from, c.discard);
    EXPECT_THAT(objection, HasSubstr(c.objection));
    EXPECT_EQ(objection.empty(), *c.objection == '\0') << objection;
  }
}

}  // namespace
}  // namespace kintsugi::recovery
