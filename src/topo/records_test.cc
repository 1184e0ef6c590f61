#include "topo/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/topo/v1/topo.pb.h"

namespace kintsugi::topo {
namespace {

using ::testing::HasSubstr;

TEST(Records, KeysAreWhatIsDocumented) {
  const ShardName shard{"customer", "-80"};
  const TabletAlias alias{"zone1", 101};
  EXPECT_EQ(paths::cell("zone1"), "global/cells/zone1/CellInfo");
  EXPECT_EQ(paths::vschema("customer"), "global/keyspaces/customer/VSchema");
  EXPECT_EQ(paths::shard(shard), "global/keyspaces/customer/shards/-80/Shard");
  EXPECT_EQ(paths::recovery(shard, "x"), "global/keyspaces/customer/shards/-80/recoveries/x/Recovery");
  EXPECT_TRUE(paths::recovery(shard, "x").starts_with(paths::recoveries(shard)));
  EXPECT_EQ(paths::sequence("customer", "s"), "global/keyspaces/customer/sequences/s/Sequence");
  EXPECT_EQ(paths::event("customer", "purge"), "global/events/customer/purge/Event");
  EXPECT_EQ(paths::srv_keyspace("zone1", "customer"), "local/zone1/keyspaces/customer/SrvKeyspace");
  EXPECT_EQ(paths::shard_replication("zone1", shard),
            "local/zone1/keyspaces/customer/shards/-80/ShardReplication");
  EXPECT_EQ(paths::tablet(alias), "local/zone1/tablets/zone1-101/Tablet");
  EXPECT_EQ(paths::election("control"), "global/elections/control/locks");

  const KeyParts parts = parse_key(paths::shard_replication("zone1", shard));
  EXPECT_EQ(parts.kind, RecordKind::shard_replication);
  EXPECT_EQ(parts.cell + parts.keyspace + parts.shard, "zone1customer-80");
  EXPECT_EQ(parse_key(paths::tablet_owner(alias)).name, "zone1-101");
  for (const char* key : {"", "global", "global/keyspaces/a/Shard", "local/zone1/tablets/zone1-1/Tablet/x"}) {
    EXPECT_EQ(parse_key(key).kind, RecordKind::unknown) << key;
  }
}

TEST(Records, AreReadableText) {
  v1::Tablet tablet;
  tablet.set_alias("zone1-101");
  tablet.set_type(v1::primary);
  tablet.mutable_primary_since()->set_seconds(1646818498);
  tablet.mutable_address()->set_host("db1");
  EXPECT_EQ(to_text(tablet), R"({
 "alias": "zone1-101",
 "type": "primary",
 "address": {
  "host": "db1"
 },
 "primarySince": "2022-03-09T09:34:58Z"
}
)");
  v1::Tablet read;
  EXPECT_TRUE(from_text("k", R"({"alias": "zone1-7", "of_a_later_version": {"x": 1}})", read));
  EXPECT_EQ(read.alias(), "zone1-7");
  const Result<void> bad = from_text("local/z/tablets/z-1/Tablet", R"({"type": 7.5})", read);
  ASSERT_FALSE(bad);
  EXPECT_TRUE(bad.error().is(kBadRecord));
  EXPECT_THAT(bad.error().message(), HasSubstr("the record local/z/tablets/z-1/Tablet cannot be read"));
  EXPECT_FALSE(from_text("k", "{", read));
}

TEST(Records, VSchemaKeepsTheNamesOfVitess) {
  v1::VSchema vschema;
  ASSERT_TRUE(
      from_text("k", R"({"sharded": true, "tables": {"t": {"column_vindexes": [{"column": "a", "name": "h"}],
                                 "auto_increment": {"column": "a"}}}})",
                vschema));
  EXPECT_THAT(to_text(vschema), HasSubstr("\"column_vindexes\""));
  EXPECT_THAT(to_text(vschema), HasSubstr("\"auto_increment\""));
  EXPECT_TRUE(from_text("k", R"({"scatter": "ask", "gather": "forbid"})", vschema));
  EXPECT_THAT(to_text(vschema), ::testing::AllOf(HasSubstr("\"ask\""), HasSubstr("\"forbid\"")));
}

}  // namespace
}  // namespace kintsugi::topo
