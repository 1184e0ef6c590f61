#include "control/view_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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
  EXPECT_THAT(build_view(broken, {}).unreadable,
              ElementsAre(HasSubstr("shards/80-/Shard"), HasSubstr("zone1-11 belongs to shard gone/-")));
}

}  // namespace
}  // namespace kintsugi::control
