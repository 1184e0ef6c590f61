#include "topo/topo_server.h"

#include <chrono>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "topo/derive.h"
#include "topo/memory_store.h"
#include "topo/records.h"

namespace kintsugi::topo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

constexpr WallTime kNow{std::chrono::seconds(1646818498)};

/// A cluster's records in memory.
struct Fixture {
  MemoryStore store;
  TopoServer server{store};

  v1::Tablet tablet(const std::string& alias, const std::string& shard, const std::string& owner) const {
    v1::Tablet result;
    result.set_alias(alias);
    result.set_keyspace("customer");
    result.set_shard(shard);
    result.set_type(v1::replica);
    result.mutable_address()->set_host("host-" + owner);
    result.mutable_address()->set_mysql_port(3306);
    result.set_owner(owner);
    return result;
  }
  /// customer with -80 and 80-, zone1.
  Task<void> create() {
    expect(co_await server.put_cell("zone1", {}));
    expect(co_await server.create_keyspace("customer", {}));
    expect(co_await server.create_shard({"customer", "-80"}));
    expect(co_await server.create_shard({"customer", "80-"}));
  }
  Task<void> register_tablet(v1::Tablet record, Duration ttl = std::chrono::seconds(60)) {
    const Result<LeaseId> lease = co_await store.grant_lease(ttl);
    expect(co_await server.register_tablet(std::move(record), *lease, 42));
  }
  template <class T>
  static void expect(const Result<T>& result) {
    EXPECT_TRUE(result.has_value()) << result.error().text();
  }
};

void run(Task<void> (*body)(Fixture&)) {
  runtime::Loop loop;
  Fixture fixture;
  loop.block_on(body(fixture));
}

TEST(Records, KeysAreWhatIsDocumented) {
  const ShardName shard{"customer", "-80"};
  const TabletAlias alias{"zone1", 101};
  EXPECT_EQ(paths::cell("zone1"), "global/cells/zone1/CellInfo");
  EXPECT_EQ(paths::vschema("customer"), "global/keyspaces/customer/VSchema");
  EXPECT_EQ(paths::shard(shard), "global/keyspaces/customer/shards/-80/Shard");
  EXPECT_EQ(paths::sequence("customer", "s"), "global/keyspaces/customer/sequences/s/Sequence");
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
}

Task<void> check_keyspaces(Fixture& fixture) {
  TopoServer& server = fixture.server;
  co_await fixture.create();
  Result<void> again = co_await server.create_keyspace("customer", {});
  EXPECT_TRUE(again.error().is(kNodeExists));
  EXPECT_EQ(again.error().message(), "keyspace customer exists already");
  again = co_await server.create_keyspace("mysql", {});
  EXPECT_TRUE(again.error().is(kBadName));
  again = co_await server.create_shard({"customer", "-80"});
  EXPECT_TRUE(again.error().is(kNodeExists));
  again = co_await server.create_shard({"customer", "40-c0"});
  EXPECT_TRUE(again.error().is(kBadPartition)) << again.error().text();
  Fixture::expect(co_await server.create_shard({"customer", "-40"}, false));
  again = co_await server.create_shard({"gone", "-"});
  EXPECT_TRUE(again.error().is(kNoNode));
  again = co_await server.create_shard({"customer", "8"});
  EXPECT_TRUE(again.error().is(kBadKeyRange));

  const Result<std::vector<std::string>> shards = co_await server.shards("customer");
  EXPECT_THAT(*shards, ElementsAre("-40", "-80", "80-"));
  const Result<std::vector<std::string>> keyspaces = co_await server.keyspaces();
  EXPECT_THAT(*keyspaces, ElementsAre("customer"));

  Result<void> refused = co_await server.delete_keyspace("customer", false);
  EXPECT_TRUE(refused.error().is(kNotEmpty));
  EXPECT_THAT(refused.error().message(), HasSubstr("keyspace customer has 3 shards"));
  Fixture::expect(co_await server.delete_shard({"customer", "-40"}, false));
  refused = co_await server.delete_shard({"customer", "-40"}, false);
  EXPECT_TRUE(refused.error().is(kNoNode));
  co_await fixture.register_tablet(fixture.tablet("zone1-1", "-80", "a"));
  refused = co_await server.delete_shard({"customer", "-80"}, false);
  EXPECT_THAT(refused.error().message(), HasSubstr("shard customer/-80 has 1 tablets"));
  Fixture::expect(co_await server.delete_keyspace("customer", true));
  refused = co_await server.delete_keyspace("customer", true);
  EXPECT_TRUE(refused.error().is(kNoNode));
  const Result<std::vector<v1::Tablet>> tablets = co_await server.tablets();
  EXPECT_THAT(*tablets, IsEmpty());
}
TEST(TopoServer, KeyspacesAndShards) { run(check_keyspaces); }

Task<void> create_shard(Fixture& fixture, std::string name, int& created) {
  const Result<void> done = co_await fixture.server.create_shard({"customer", name});
  if (done) ++created;
  if (!done) EXPECT_TRUE(done.error().is(kBadPartition)) << done.error().text();
}

// Of shards that overlap only one comes into being, whoever is first.
Task<void> check_overlap_race(Fixture& fixture) {
  Fixture::expect(co_await fixture.server.create_keyspace("customer", {}));
  int overlapping = 0;
  int apart = 0;
  runtime::TaskGroup tasks;
  for (const char* name : {"-", "-80", "-40"}) tasks.spawn(create_shard(fixture, name, overlapping));
  co_await tasks.join();
  EXPECT_EQ(overlapping, 1);
  Fixture::expect(co_await fixture.server.delete_keyspace("customer", true));
  Fixture::expect(co_await fixture.server.create_keyspace("customer", {}));
  for (const char* name : {"-40", "40-80", "80-c0", "c0-"}) tasks.spawn(create_shard(fixture, name, apart));
  co_await tasks.join();
  EXPECT_EQ(apart, 4);
}
TEST(TopoServer, ShardsThatAreCreatedAtOnceDoNotOverlap) { run(check_overlap_race); }

Task<void> check_tablets(Fixture& fixture) {
  TopoServer& server = fixture.server;
  co_await fixture.create();
  co_await fixture.register_tablet(fixture.tablet("zone1-101", "80-", "a"));
  const Result<std::vector<v1::Tablet>> tablets = co_await server.tablets("zone1");
  EXPECT_EQ(tablets->size(), 1U);
  EXPECT_EQ(tablets->at(0).key_range().start(), "80");
  const Result<bool> alive = co_await server.is_tablet_alive({"zone1", 101});
  EXPECT_TRUE(*alive);

  // Another agent under the same alias.
  const Result<LeaseId> lease = co_await fixture.store.grant_lease(std::chrono::seconds(60));
  Result<void> taken = co_await server.register_tablet(fixture.tablet("zone1-101", "80-", "b"), *lease, 43);
  EXPECT_TRUE(taken.error().is(kAliasTaken));
  EXPECT_THAT(taken.error().text(),
              HasSubstr("the alias zone1-101 is taken: another agent with it runs on host-a (pid 42"));
  // The same agent, started again.
  Fixture::expect(co_await server.register_tablet(fixture.tablet("zone1-101", "80-", "a"), *lease, 44));
  taken = co_await server.register_tablet(fixture.tablet("zone1-101", "-80", "a"), *lease, 44);
  EXPECT_THAT(taken.error().message(),
              HasSubstr("its record is of shard customer/80-, and this agent is of customer/-80"));
  taken = co_await server.delete_tablet({"zone1", 101});
  EXPECT_TRUE(taken.error().is(kAliasTaken));

  // Once the first is gone for good, another may have it.
  Fixture::expect(co_await fixture.store.revoke_lease(*lease));
  co_await fixture.register_tablet(fixture.tablet("zone1-101", "80-", "b"));

  taken = co_await server.register_tablet(fixture.tablet("zone1-9", "c0-", "c"), *lease, 1);
  EXPECT_THAT(taken.error().message(), HasSubstr("there is no shard customer/c0- for tablet zone1-9"));
  taken = co_await server.register_tablet(fixture.tablet("zone1", "80-", "c"), *lease, 1);
  EXPECT_TRUE(taken.error().is(kBadName));
  taken = co_await server.register_tablet(fixture.tablet("zone1-9", "80-", "c"), *lease, 1);
  EXPECT_TRUE(taken.error().is(kLeaseLost)) << "its lease was revoked above";
}
TEST(TopoServer, TwoTabletsWithOneAliasAreRefused) { run(check_tablets); }

Task<void> try_register(Fixture& fixture, std::string owner, int& won) {
  const Result<LeaseId> lease = co_await fixture.store.grant_lease(std::chrono::seconds(60));
  const Result<void> done =
      co_await fixture.server.register_tablet(fixture.tablet("zone1-1", "-80", owner), *lease, 1);
  if (done) ++won;
  if (!done) EXPECT_TRUE(done.error().is(kAliasTaken));
}

Task<void> check_registration_race(Fixture& fixture) {
  co_await fixture.create();
  int won = 0;
  runtime::TaskGroup tasks;
  for (const char* owner : {"a", "b", "c", "d"}) tasks.spawn(try_register(fixture, owner, won));
  co_await tasks.join();
  EXPECT_EQ(won, 1);
}
TEST(TopoServer, OfAgentsThatClaimOneAliasAtOnceOneWins) { run(check_registration_race); }

Task<void> check_primary(Fixture& fixture) {
  TopoServer& server = fixture.server;
  const ShardName shard{"customer", "-80"};
  co_await fixture.create();
  co_await fixture.register_tablet(fixture.tablet("zone1-1", "-80", "a"));
  co_await fixture.register_tablet(fixture.tablet("zone1-2", "-80", "b"));
  co_await fixture.register_tablet(fixture.tablet("zone1-3", "80-", "c"));
  Result<v1::Shard> set = co_await server.set_shard_primary(shard, {"zone1", 1}, 0, kNow);
  Fixture::expect(set);
  EXPECT_EQ(set->epoch(), 1U);
  EXPECT_EQ(set->primary_since().seconds(), 1646818498);
  set = co_await server.set_shard_primary(shard, {"zone1", 1}, 0, kNow);
  EXPECT_EQ(set->epoch(), 1U) << "it is primary already";
  set = co_await server.set_shard_primary(shard, {"zone1", 2}, 0, kNow);
  EXPECT_TRUE(set.error().is(kStaleEpoch)) << "decided before the last change";
  set = co_await server.set_shard_primary(shard, {"zone1", 2}, 1, kNow);
  EXPECT_EQ(set->epoch(), 2U);
  set = co_await server.set_shard_primary(shard, {"zone1", 3}, 2, kNow);
  EXPECT_THAT(set.error().message(), HasSubstr("tablet zone1-3 is of shard customer/80-, not customer/-80"));
  set = co_await server.set_shard_primary(shard, {"zone1", 4}, 2, kNow);
  EXPECT_TRUE(set.error().is(kNoNode));
}
TEST(TopoServer, APrimaryIsSetUnderANewEpoch) { run(check_primary); }

Task<void> take(Fixture& fixture, std::set<std::uint64_t>& blocks) {
  for (int i = 0; i < 10; ++i) {
    const Result<std::uint64_t> first = co_await fixture.server.take_ids("customer", "orders", 100);
    Fixture::expect(first);
    EXPECT_TRUE(blocks.insert(*first).second) << "ids were given twice";
  }
}

Task<void> check_sequences(Fixture& fixture) {
  std::set<std::uint64_t> blocks;
  runtime::TaskGroup tasks;
  for (int i = 0; i < 4; ++i) tasks.spawn(take(fixture, blocks));
  co_await tasks.join();
  EXPECT_EQ(*blocks.begin(), 1U);
  EXPECT_EQ(*blocks.rbegin(), 3901U);
  Result<std::uint64_t> first = co_await fixture.server.take_ids("customer", "orders", 1, 10000);
  EXPECT_EQ(*first, 10000U);
  first = co_await fixture.server.take_ids("customer", "orders", 1, 5);
  EXPECT_EQ(*first, 10001U);
  first = co_await fixture.server.take_ids("customer", "orders", ~std::uint64_t{0});
  EXPECT_TRUE(first.error().is(kInvalidArgument));
}
TEST(TopoServer, IdsAreGivenOnce) { run(check_sequences); }

Task<void> check_rebuild(Fixture& fixture) {
  TopoServer& server = fixture.server;
  co_await fixture.create();
  co_await fixture.register_tablet(fixture.tablet("zone1-1", "-80", "a"));
  co_await fixture.register_tablet(fixture.tablet("zone2-1", "80-", "b"));
  Fixture::expect(co_await server.set_shard_primary({"customer", "80-"}, {"zone2", 1}, 0, kNow));
  Result<TopoServer::Rebuilt> rebuilt = co_await server.rebuild_serving();
  Fixture::expect(rebuilt);
  EXPECT_EQ(rebuilt->written, 6);
  EXPECT_THAT(rebuilt->problems, IsEmpty());
  Result<Versioned<v1::SrvKeyspace>> srv =
      co_await read_record<v1::SrvKeyspace>(fixture.store, paths::srv_keyspace("zone1", "customer"));
  Fixture::expect(srv);
  EXPECT_EQ(srv->record.partitions_size(), 3);
  const v1::ShardReference& upper = srv->record.partitions(0).shards(1);
  EXPECT_EQ(upper.name(), "80-");
  EXPECT_EQ(upper.epoch(), 1U);
  EXPECT_EQ(upper.primary_alias(), "zone2-1");
  EXPECT_EQ(upper.primary_address().host(), "host-b")
      << "it is in another cell, whose tablets a gate does not read";
  const Result<Node> replication =
      co_await fixture.store.get("local/zone2/keyspaces/customer/shards/80-/ShardReplication");
  EXPECT_THAT(replication->value, HasSubstr("zone2-1"));

  rebuilt = co_await server.rebuild_serving();
  EXPECT_EQ(rebuilt->written + rebuilt->removed, 0) << "nothing has changed";
  Fixture::expect(co_await server.delete_keyspace("customer", true));
  rebuilt = co_await server.rebuild_serving();
  EXPECT_EQ(rebuilt->removed, 4 + 1) << "zone2 has no cell record and no tablet any more";
}
TEST(TopoServer, WhatGatesReadIsDerived) { run(check_rebuild); }

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

}  // namespace
}  // namespace kintsugi::topo
