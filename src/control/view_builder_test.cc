#include "control/view_builder.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::map<std::string, std::string> records() {
  return {
      {"global/cells/zone1/CellInfo", R"({"description": "a laptop"})"},
      {"global/keyspaces/customer/Keyspace", R"({"durability": "semi_sync"})"},
      {"global/keyspaces/customer/VSchema", R"({"sharded": true})"},
      {"global/keyspaces/customer/shards/80-/Shard", R"({"keyRange": {"start": "80"}})"},
      {"global/keyspaces/customer/shards/-80/Shard",
       R"({"keyRange": {"end": "80"}, "primaryAlias": "zone1-9"})"},
      {"local/zone1/tablets/zone1-10/Tablet",
       R"({"alias": "zone1-10", "keyspace": "customer", "shard": "-80"})"},
      {"local/zone1/tablets/zone1-9/Tablet",
       R"({"alias": "zone1-9", "keyspace": "customer", "shard": "-80"})"},
      {"local/zone1/tablets/zone1-9/Owner", R"({"owner": "x"})"},
      {"global/elections/control/locks/1", "whatever"},
  };
}

TEST(BuildView, PutsRecordsTogether) {
  HealthByAlias health;
  health["zone1-9"].set_serving(true);
  const BuiltView built = build_view(records(), health);
  EXPECT_THAT(built.unreadable, IsEmpty());
  EXPECT_EQ(built.view.cells.at("zone1").description(), "a laptop");
  ASSERT_EQ(built.view.keyspaces.size(), 1u);
  const KeyspaceView& customer = built.view.keyspaces[0];
  EXPECT_TRUE(customer.vschema.sharded());
  ASSERT_EQ(customer.shards.size(), 2u);
  EXPECT_EQ(customer.shards[0].full_name(), "customer/-80");
  EXPECT_EQ(customer.shards[1].full_name(), "customer/80-");
  ASSERT_EQ(customer.shards[0].tablets.size(), 2u);
  const TabletView& first = customer.shards[0].tablets[0];
  EXPECT_EQ(first.record.alias(), "zone1-9");
  EXPECT_TRUE(first.alive);
  EXPECT_TRUE(first.heard);
  EXPECT_FALSE(customer.shards[0].tablets[1].alive);
  EXPECT_EQ(customer.shards[0].primary(), &first);
}

TEST(BuildView, NamesWhatCannotBeRead) {
  auto broken = records();
  broken["global/keyspaces/customer/shards/80-/Shard"] = "{";
  broken["local/zone1/tablets/zone1-11/Tablet"] =
      R"({"alias": "zone1-11", "keyspace": "gone", "shard": "-"})";
  broken["local/zone1/tablets/zone1-12/Tablet"] = R"({"alias": 12.5})";
  const BuiltView built = build_view(broken, {});
  EXPECT_THAT(built.unreadable, ElementsAre(HasSubstr("shards/80-/Shard"), HasSubstr("zone1-12/Tablet")));
  ASSERT_EQ(built.view.homeless.size(), 1u);
  EXPECT_EQ(built.view.homeless[0].record.alias(), "zone1-11");
  EXPECT_EQ(built.view.homeless[0].cell, "zone1");
  EXPECT_EQ(built.view.tablet("zone1-11"), &built.view.homeless[0]);
  EXPECT_FALSE(built.view.shard("customer", "80-")->readable);
  EXPECT_TRUE(built.view.shard("customer", "-80")->readable);
  EXPECT_EQ(built.view.keyspaces[0].shards.size(), 2u)
      << "a shard whose record is broken is there all the same";
}

TEST(AllProblems, NamesWhatIsWrongOnce) {
  auto broken = records();
  broken["global/cells/zone1/CellInfo"] = "{";
  broken["global/keyspaces/customer/shards/80-/Shard"] = R"({"keyRange": {"start": "c0"}, "serving": true})";
  broken["local/zone1/tablets/zone1-10/Tablet"] = "{";
  EXPECT_THAT(all_problems(broken, build_view(broken, {})),
              UnorderedElementsAre(HasSubstr("zone1/CellInfo"), HasSubstr("zone1-10/Tablet"),
                                   HasSubstr("keyspace customer: no shard holds the ids"),
                                   HasSubstr("its primary zone1-9 does not answer control"),
                                   HasSubstr("customer/80- has no primary yet")));
}

TEST(BuildView, OfAPartOfTheRecords) {
  const BuiltView built = build_view({{"local/zone1/tablets/zone1-9/Tablet",
                                       R"({"alias": "zone1-9", "keyspace": "customer", "shard": "-80"})"},
                                      {"local/zone1/tablets/zone1-10/Tablet",
                                       R"({"alias": "zone1-10", "keyspace": "customer", "shard": "80-"})"},
                                      {"local/zone1/tablets/zone1-11/Owner", "{}"}},
                                     {});
  std::vector<std::string> aliases;
  for (const TabletView* tablet : built.view.tablets()) aliases.push_back(tablet->record.alias());
  EXPECT_THAT(aliases, ElementsAre("zone1-9", "zone1-10"));
  EXPECT_THAT(built.unreadable, IsEmpty());
}

}  // namespace
}  // namespace kintsugi::control
