#include "topo/derive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::topo {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

TEST(Derive, AGapIsToldAndNotServed) {
  Records records{{"global/cells/z/CellInfo", "{}"},
                  {"global/keyspaces/ks/Keyspace", "{}"},
                  {"global/keyspaces/ks/shards/-80/Shard", R"({"keyRange": {"end": "80"}, "serving": true})"},
                  {"global/keyspaces/ks/shards/80-/Shard", R"({"keyRange": {"start": "80"}})"},
                  {"global/keyspaces/ok/Keyspace", "{}"},
                  {"global/keyspaces/ok/shards/-/Shard", R"({"serving": true})"},
                  {"global/keyspaces/ok/VSchema", "not json"},
                  {"local/z/tablets/z-1/Tablet", R"({"alias": "z-1", "keyspace": "gone", "shard": "-"})"}};
  const DerivedRecords derived = derive_serving(records);
  EXPECT_THAT(derived.problems,
              IsSupersetOf({HasSubstr("keyspace ks: no shard holds the ids from 80 on"),
                            HasSubstr("tablet z-1 belongs to shard gone/-, which does not exist"),
                            HasSubstr("global/keyspaces/ok/VSchema cannot be read")}));
  EXPECT_FALSE(derived.records.contains("local/z/keyspaces/ks/SrvKeyspace"));
  EXPECT_TRUE(derived.records.contains("local/z/keyspaces/ok/SrvKeyspace"));
  EXPECT_TRUE(derived.records.contains("local/z/SrvVSchema"));
}

/// Records with what gates read of them.
Records derived_cluster() {
  Records records{
      {"global/cells/z/CellInfo", "{}"},
      {"global/keyspaces/ks/Keyspace", "{}"},
      {"global/keyspaces/ks/VSchema", R"({"tables": {"t": {}}})"},
      {"global/keyspaces/ks/shards/-80/Shard",
       R"({"keyRange": {"end": "80"}, "serving": true, "primaryAlias": "z-1"})"},
      {"global/keyspaces/ks/shards/80-/Shard", R"({"keyRange": {"start": "80"}, "serving": true})"},
      {"global/keyspaces/other/Keyspace", "{}"},
      {"global/keyspaces/other/shards/-/Shard", R"({"serving": true})"},
      {"global/routing_rules/RoutingRules", R"({"rules": [{"from_table": "a", "to_tables": ["ks.t"]}]})"},
      {"local/z/tablets/z-1/Tablet",
       R"({"alias": "z-1", "keyspace": "ks", "shard": "-80", "address": {"host": "h"}})"},
      {"local/z/tablets/z-2/Tablet", R"({"alias": "z-2", "keyspace": "ks", "shard": "80-"})"}};
  const DerivedRecords derived = derive_serving(records);
  EXPECT_THAT(derived.problems, IsEmpty());
  for (const auto& [key, text] : derived.records) records[key] = text;
  EXPECT_THAT(differences(records, derived), IsEmpty());
  return records;
}

TEST(Derive, WhatCannotBeReadStaysAsItIsRead) {
  for (const char* key :
       {"global/keyspaces/ks/Keyspace", "global/keyspaces/ks/VSchema", "global/keyspaces/ks/shards/-80/Shard",
        "global/routing_rules/RoutingRules", "local/z/tablets/z-1/Tablet"}) {
    Records records = derived_cluster();
    records[key] = "by hand: {";
    DerivedRecords derived = derive_serving(records);
    EXPECT_THAT(derived.problems, Contains(HasSubstr(key)));
    EXPECT_THAT(differences(records, derived), IsEmpty()) << key;
    // The others go on.
    records["global/keyspaces/other/VSchema"] = R"({"tables": {"new": {}}})";
    records["local/z/tablets/z-3/Tablet"] = R"({"alias": "z-3", "keyspace": "ks", "shard": "-80"})";
    derived = derive_serving(records);
    EXPECT_THAT(derived.records.at("local/z/SrvVSchema"), HasSubstr("\"new\"")) << key;
    EXPECT_THAT(derived.records.at("local/z/keyspaces/ks/shards/-80/ShardReplication"),
                AllOf(HasSubstr("z-1"), HasSubstr("z-3")))
        << key;
  }
}

TEST(Derive, DifferencesAreWhatIsToBeWrittenAndRemoved) {
  Records records = derived_cluster();
  records.erase("local/z/SrvVSchema");
  records["local/z/keyspaces/ks/SrvKeyspace"] = "{}";
  records["local/gone/SrvVSchema"] = "{}";
  const auto changes = differences(records, derive_serving(records));
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes.at("local/gone/SrvVSchema"), std::nullopt);
  EXPECT_TRUE(changes.at("local/z/SrvVSchema").has_value());
  EXPECT_TRUE(changes.at("local/z/keyspaces/ks/SrvKeyspace").has_value());
}

}  // namespace
}  // namespace kintsugi::topo
