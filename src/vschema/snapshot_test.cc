#include "vschema/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vschema/errors.h"
#include "vschema/testing/snapshot.h"

namespace kintsugi::vschema {
namespace {

using ::testing::HasSubstr;
using vschema::testing::commerce_snapshot;
using vschema::testing::make_snapshot;

std::vector<std::string> names(std::span<const Shard> shards) {
  std::vector<std::string> result;
  for (const Shard& shard : shards) result.push_back(shard.name);
  return result;
}

TEST(Snapshot, FindsTheShardOfARow) {
  const auto snapshot = commerce_snapshot();
  const FoundTable found = snapshot->find_table("customer", "corder").value();
  ASSERT_NE(found.table, nullptr);
  EXPECT_EQ(found.table->kind, Table::Kind::sharded);
  EXPECT_THAT(found.table->vindexes[0].columns, ::testing::ElementsAre("customer_id"));
  const auto shard = [&](const char* id) {
    return found.keyspace->shard_of(found.table->vindexes[0].vindex->map({id}).id)->text();
  };
  for (const char* id : {"1", "2", "3", "5"}) EXPECT_EQ(shard(id), "customer/-80");
  EXPECT_EQ(shard("4"), "customer/80-");
}

TEST(Snapshot, EveryIdHasOneShard) {
  std::vector<std::string> shards;
  const std::vector<KeyRange> ranges = topo::equal_ranges(16).value();
  for (const KeyRange& range : ranges) shards.push_back(range.text());
  const auto snapshot = make_snapshot({{"ks", R"({"sharded": true})", shards}});
  const Keyspace& keyspace = **snapshot->keyspace("ks");
  EXPECT_EQ(keyspace.problem(), "");
  for (std::uint64_t i = 0; i < 256; ++i) {
    const KeyspaceId id = KeyspaceId::big_endian(i << 56 | 0xff);
    const Shard* found = keyspace.shard_of(id);
    ASSERT_NE(found, nullptr);
    for (const Shard& shard : keyspace.shards()) EXPECT_EQ(shard.range.contains(id), &shard == found);
  }
  EXPECT_EQ(keyspace.shard_of(KeyspaceId(""))->name, "-10");
  EXPECT_THAT(names(keyspace.shards_of(KeyRange::parse("18-38").value())),
              ::testing::ElementsAre("10-20", "20-30", "30-40"));
  EXPECT_THAT(names(keyspace.shards_of(KeyRange::parse("f8-").value())), ::testing::ElementsAre("f0-"));
  EXPECT_EQ(keyspace.shards_of(KeyRange{}).size(), 16U);
}

TEST(Snapshot, ShardsHaveTheirTablets) {
  const auto snapshot = commerce_snapshot();
  const Shard* shard = snapshot->find_shard("customer", "80-");
  ASSERT_NE(shard, nullptr);
  EXPECT_EQ(shard->primary->alias, "zone1-300");
  EXPECT_EQ(shard->primary->mysql_port, 20300);
  ASSERT_EQ(shard->tablets.size(), 2U);
  EXPECT_EQ(shard->tablets[1].type, TabletType::replica);
  EXPECT_EQ(snapshot->find_shard("customer", "-"), nullptr);
  EXPECT_EQ(snapshot->find_shard("nope", "-"), nullptr);
}

TEST(Snapshot, FindsTables) {
  const auto snapshot = commerce_snapshot();
  EXPECT_EQ(snapshot->find_table("commerce", "product").value().table->kind, Table::Kind::unsharded);
  const FoundTable unlisted = snapshot->find_table("commerce", "anything").value();
  EXPECT_EQ(unlisted.table, nullptr);
  EXPECT_EQ(unlisted.name, "anything");
  EXPECT_EQ(snapshot->find_table("", "corder").value().keyspace->name(), "customer");
  EXPECT_TRUE(snapshot->find_table("", "nope").error().is(kUnknownTable));
  EXPECT_THAT(snapshot->find_table("custmer", "corder").error().message(),
              HasSubstr("Unknown database 'custmer' (did you mean customer?)"));
  EXPECT_TRUE(snapshot->find_table("Customer", "corder").error().is(kUnknownKeyspace));
  EXPECT_EQ(snapshot->find_table("customer", "Corder").value().table, nullptr);

  const auto& ids = snapshot->find_table("customer", "customer").value().table->auto_increment;
  EXPECT_FALSE(ids->in_topology);
  EXPECT_EQ(ids->keyspace + "." + ids->sequence, "commerce.customer_seq");
}

TEST(Snapshot, UnqualifiedNamesMustBeClear) {
  const auto snapshot =
      make_snapshot({{"a", R"({"tables": {"t": {}, "u": {}}})", {"-"}},
                     {"b", R"({"tables": {"t": {}, "v": {}}})", {"-"}},
                     {"c", R"({"tables": {"u": {}, "w": {}}, "require_explicit_routing": true})", {"-"}}});
  EXPECT_THAT(snapshot->find_table("", "t").error().text(),
              HasSubstr("table 't' is in keyspaces 'a' and 'b'"));
  EXPECT_EQ(snapshot->find_table("", "u").value().keyspace->name(), "a");
  EXPECT_TRUE(snapshot->find_table("", "w").error().is(kUnknownTable));
  EXPECT_TRUE(snapshot->find_table("c", "w"));
  const auto alone = make_snapshot({{"only", "{}", {"-"}}});
  EXPECT_EQ(alone->find_table("", "anything").value().keyspace->name(), "only");
}

TEST(Snapshot, OneBadTableOrKeyspaceLeavesTheOthersAlone) {
  const auto snapshot = make_snapshot(
      {{"gap", R"({"sharded": true})", {"-40", "80-"}},
       {"flat", "{}", {"-80", "80-"}},
       {"none", "{}", {}},
       {"mixed",
        R"({"sharded": true, "vindexes": {"h": {"type": "hash"}, "n": {"type": "nope"}}, "tables": {
           "good": {"column_vindexes": [{"column": "a", "name": "h"}]},
           "unknown": {"column_vindexes": [{"column": "a", "name": "n"}]},
           "missing": {"column_vindexes": [{"column": "a", "name": "x"}]},
           "bare": {},
           "ids": {"column_vindexes": [{"column": "a", "name": "h"}], "auto_increment": {"column": "a", "sequence": "x"}}}})",
        {"-"}}});
  const auto message = [&](const char* keyspace, const char* table) {
    return snapshot->find_table(keyspace, table).error().message();
  };
  EXPECT_THAT(message("gap", "t"), HasSubstr("no shard holds the ids from 40 to 80"));
  EXPECT_EQ((*snapshot->keyspace("gap"))->shard_of(KeyspaceId("\x50")), nullptr);
  EXPECT_THAT(message("flat", "t"), HasSubstr("not sharded, but it has 2 shards"));
  EXPECT_THAT(message("none", "t"), HasSubstr("no shard that serves"));
  EXPECT_THAT(message("mixed", "unknown"), HasSubstr("unknown vindex type 'nope'"));
  EXPECT_THAT(message("mixed", "missing"), HasSubstr("no vindex 'x'"));
  EXPECT_THAT(message("mixed", "bare"), HasSubstr("does not say how it is sharded"));
  EXPECT_THAT(message("mixed", "ids"), HasSubstr("no keyspace has a table 'x' of type sequence"));
  EXPECT_TRUE(snapshot->find_table("mixed", "good"));
}

TEST(Snapshot, SequencesInTheTopologyBelongToTheTable) {
  const auto snapshot = make_snapshot({{"ks",
                                        R"({"tables": {"t": {"auto_increment": {"column": "id"}},
                                                       "u": {"auto_increment": {"column": "id", "sequence": "topology:old"}}}})",
                                        {"-"}}});
  const auto& t = snapshot->find_table("ks", "t").value().table->auto_increment;
  EXPECT_TRUE(t->in_topology);
  EXPECT_EQ(t->keyspace + "/" + t->sequence, "ks/t");
  EXPECT_EQ(snapshot->find_table("ks", "u").value().table->auto_increment->sequence, "old");
}

TEST(Snapshot, ReferenceTablesKnowThoseThatHaveTheirRows) {
  const char* const copy =
      R"({"sharded": true, "tables": {"rate": {"type": "reference", "source": "commerce.rate"}}})";
  const char* const twice = R"({"sharded": true, "tables": {
    "fx": {"type": "reference", "source": "commerce.rate"}, "of_sharded": {"type": "reference", "source": "a.rate"},
    "of_none": {"type": "reference", "source": "gone.rate"}, "alone": {"type": "reference"}}})";
  const auto snapshot =
      make_snapshot({{"a", copy, {"-80", "80-"}}, {"b", twice, {"-"}}, {"commerce", "{}", {"-"}}});
  const ReferenceGroup* group = snapshot->reference_group("commerce", "rate");
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->source.keyspace, "commerce");
  ASSERT_EQ(group->copies.size(), 2u);
  EXPECT_EQ(group->copies[0].keyspace + "." + group->copies[0].table, "a.rate");
  EXPECT_EQ(group->copies[1].keyspace + "." + group->copies[1].table, "b.fx");
  EXPECT_EQ(snapshot->reference_group("a", "rate"), group);
  EXPECT_EQ(snapshot->reference_group("b", "fx"), group);
  for (const char* table : {"alone", "of_sharded", "of_none", "rate"})
    EXPECT_EQ(snapshot->reference_group("b", table), nullptr);
  EXPECT_THAT(snapshot->find_table("b", "of_sharded").error().message(),
              HasSubstr("not in an unsharded keyspace"));
  EXPECT_THAT(snapshot->find_table("b", "of_none").error().message(),
              HasSubstr("not in an unsharded keyspace"));
}

TEST(Snapshot, AKeyspaceHasOneCopyOfASource) {
  const auto snapshot =
      make_snapshot({{"a",
                      R"({"sharded": true, "tables": {"one": {"type": "reference", "source": "commerce.rate"},
                 "two": {"type": "reference", "source": "commerce.rate"}}})",
                      {"-"}},
                     {"commerce", "{}", {"-"}}});
  EXPECT_EQ(snapshot->reference_group("commerce", "rate")->copies.size(), 1u);
  EXPECT_NE(snapshot->find_table("a", "one").has_value(), snapshot->find_table("a", "two").has_value());
}

TEST(Snapshot, RoutingRulesComeFirst) {
  SnapshotSource source;
  for (const char* name : {"old", "new"}) {
    source.keyspaces[name].vschema = parse_vschema(R"({"tables": {"t": {}, "t2": {}}})").value();
    source.keyspaces[name].partitions[TabletType::primary] = {Shard{.keyspace = name, .name = "-"}};
  }
  source.routing_rules = {
      {"t@replica", {"new.t"}}, {"t", {"old.t2"}}, {"off", {}}, {"two", {"old.t", "new.t"}}, {"bad", {"t"}}};
  const auto snapshot = Snapshot::make(std::move(source));
  EXPECT_EQ(snapshot->find_table("", "t", TabletType::replica).value().keyspace->name(), "new");
  EXPECT_EQ(snapshot->find_table("new", "t", TabletType::replica).value().keyspace->name(), "new");
  EXPECT_EQ(snapshot->find_table("new", "t").value().keyspace->name(), "old");
  EXPECT_EQ(snapshot->find_table("new", "t").value().name, "t2");
  EXPECT_EQ(snapshot->find_table("new", "t2").value().keyspace->name(), "new");
  for (const char* refused : {"off", "two", "bad"})
    EXPECT_FALSE(snapshot->find_table("", refused)) << refused;
}

TEST(Snapshot, ShardsMayDifferByType) {
  SnapshotSource source;
  auto& keyspace = source.keyspaces["ks"];
  keyspace.vschema.sharded = true;
  const auto shards = [](int count) {
    std::vector<Shard> result;
    const std::vector<KeyRange> ranges = topo::equal_ranges(count).value();
    for (const KeyRange& range : ranges)
      result.push_back({.keyspace = "ks", .name = range.text(), .range = range});
    return result;
  };
  keyspace.partitions = {{TabletType::primary, shards(1)}, {TabletType::replica, shards(2)}};
  source.tablets = {{.alias = "zone1-7", .keyspace = "ks", .shard = "80-", .type = TabletType::replica},
                    {.alias = "zone1-8", .keyspace = "gone", .shard = "80-"}};
  const auto snapshot = Snapshot::make(std::move(source));
  const Keyspace& found = **snapshot->keyspace("ks");
  const KeyspaceId id("\xc0");
  EXPECT_EQ(found.shard_of(id)->name, "-");
  EXPECT_EQ(found.shard_of(id, TabletType::replica)->name, "80-");
  EXPECT_EQ(found.shard_of(id, TabletType::rdonly)->name, "-");
  EXPECT_EQ(found.shard_of(id, TabletType::replica)->tablets.size(), 1U);
}

}  // namespace
}  // namespace kintsugi::vschema
