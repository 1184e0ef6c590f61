#include "topo/topo_server.h"

#include <chrono>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "topo/key_range.h"
#include "topo/memory_store.h"
#include "topo/records.h"

#define CO_ASSERT_EQ(a, b) \
  EXPECT_EQ(a, b);         \
  if ((a) != (b)) co_return

namespace kintsugi::topo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

  Fixture::expect(co_await server.delete_shard({"customer", "-40"}, false));
  Result<void> refused = co_await server.delete_shard({"customer", "-40"}, false);
  EXPECT_TRUE(refused.error().is(kNoNode));
  co_await fixture.register_tablet(fixture.tablet("zone1-1", "-80", "a"));
  refused = co_await server.delete_shard({"customer", "-80"}, false);
  EXPECT_THAT(refused.error().message(), HasSubstr("shard customer/-80 has 1 tablets"));
  refused = co_await server.delete_keyspace("customer", false);
  EXPECT_TRUE(refused.error().is(kNotEmpty));
  EXPECT_EQ(refused.error().message(), "keyspace customer has 1 tablets");
  Fixture::expect(co_await server.delete_keyspace("customer", true));
  refused = co_await server.delete_keyspace("customer", true);
  EXPECT_TRUE(refused.error().is(kNoNode));
  const Result<std::vector<v1::Tablet>> tablets = co_await server.tablets();
  EXPECT_THAT(*tablets, IsEmpty());
}
TEST(TopoServer, KeyspacesAndShards) { run(check_keyspaces); }

Task<void> check_whole_keyspaces(Fixture& fixture) {
  TopoServer& server = fixture.server;
  Result<void> made = co_await server.create_keyspace("customer", {}, {"-80", "c0-"});
  EXPECT_TRUE(made.error().is(kBadPartition)) << made.error().text();
  made = co_await server.create_keyspace("customer", {}, {"-80", "8"});
  EXPECT_TRUE(made.error().is(kBadKeyRange)) << made.error().text();
  const Result<std::vector<Node>> nothing = co_await fixture.store.list("");
  EXPECT_THAT(*nothing, IsEmpty()) << "of what is refused nothing is written";
  // More than one transaction holds.
  std::vector<std::string> names;
  const std::vector<KeyRange> ranges = equal_ranges(150).value();
  for (const KeyRange& range : ranges) names.push_back(range.text());
  Fixture::expect(co_await server.create_keyspace("large", {}, names));
  const Result<std::vector<std::string>> shards = co_await server.shards("large");
  EXPECT_EQ(shards->size(), 150U);
  made = co_await server.create_keyspace("large", {}, names);
  EXPECT_TRUE(made.error().is(kNodeExists)) << made.error().text();
  Fixture::expect(co_await server.put_cell("zone1", {}));
  const Result<TopoServer::Rebuilt> rebuilt = co_await server.rebuild_serving();
  EXPECT_THAT(rebuilt->problems, IsEmpty());
  EXPECT_EQ(rebuilt->written, 2);
}
TEST(TopoServer, AKeyspaceIsMadeWithItsShards) { run(check_whole_keyspaces); }

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

Task<void> check_primary_change(Fixture& fixture) {
  TopoServer& server = fixture.server;
  const ShardName shard{"customer", "-80"};
  co_await fixture.create();
  co_await fixture.register_tablet(fixture.tablet("zone1-1", "-80", "a"));
  co_await fixture.register_tablet(fixture.tablet("zone1-2", "-80", "b"));
  Result<v1::Shard> begun = co_await server.begin_primary_change(shard, {}, {}, 0, kNow);
  EXPECT_TRUE(begun.error().is(kInvalidArgument)) << "there is nobody to be changed";
  Fixture::expect(co_await server.set_shard_primary(shard, {"zone1", 1}, 0, kNow));

  v1::Recovery journal;
  journal.set_reason("because");
  begun = co_await server.begin_primary_change(shard, {}, journal, 0, kNow);
  EXPECT_TRUE(begun.error().is(kStaleEpoch));
  begun = co_await server.begin_primary_change(shard, {}, journal, 1, kNow);
  Fixture::expect(begun);
  EXPECT_EQ(begun->epoch(), 2U);
  EXPECT_EQ(begun->primary_alias(), "zone1-1");
  EXPECT_EQ(begun->change().id(), "20220309T093458.000Z-2");
  // Another one in its place: the primary died while it handed over.
  begun = co_await server.begin_primary_change(shard, {}, journal, 2, kNow + std::chrono::seconds(1));
  Fixture::expect(begun);

  Result<v1::Shard> ended = co_await server.end_primary_change(shard, TabletAlias{"zone1", 2}, 2, kNow);
  EXPECT_TRUE(ended.error().is(kStaleEpoch));
  ended = co_await server.end_primary_change(shard, TabletAlias{"zone1", 2}, 3, kNow);
  Fixture::expect(ended);
  EXPECT_EQ(ended->primary_alias(), "zone1-2");
  EXPECT_EQ(ended->epoch(), 4U);
  EXPECT_FALSE(ended->has_change());
  ended = co_await server.end_primary_change(shard, std::nullopt, 4, kNow);
  EXPECT_EQ(ended->primary_alias(), "zone1-2");
  EXPECT_EQ(ended->epoch(), 5U);

  Fixture::expect(co_await server.edit_recovery(shard, begun->change().id(), [](v1::Recovery& each) {
    each.set_to("zone1-2");
    return true;
  }));
  Result<std::vector<v1::Recovery>> journals = co_await server.recoveries(shard);
  Fixture::expect(journals);
  CO_ASSERT_EQ(journals->size(), 2U);
  EXPECT_EQ(journals->front().to(), "zone1-2") << "the latest first";
  EXPECT_EQ(journals->front().epoch(), 3U);
  EXPECT_EQ(journals->back().reason(), "because");
  EXPECT_EQ(journals->back().from(), "zone1-1");
  Fixture::expect(co_await server.prune_recoveries(shard, 1));
  journals = co_await server.recoveries();
  CO_ASSERT_EQ(journals->size(), 1U);
  EXPECT_EQ(journals->front().to(), "zone1-2");
  Fixture::expect(co_await server.delete_shard(shard, true));
  journals = co_await server.recoveries();
  EXPECT_TRUE(journals->empty()) << "they go with the shard";
}
TEST(TopoServer, AChangeOfPrimaryHasAJournal) { run(check_primary_change); }

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

Store::Edit replace_by(std::string text) {
  return [text = std::move(text)](const std::optional<std::string>&) -> Result<std::optional<std::string>> {
    return text;
  };
}

Task<void> check_edit_vschema(Fixture& fixture) {
  TopoServer& server = fixture.server;
  co_await fixture.create();
  Fixture::expect(co_await server.put_cell("zone2", {}));
  Fixture::expect(co_await server.rebuild_serving());
  Fixture::expect(co_await server.put_cell("zone3", {}));
  Fixture::expect(co_await server.edit_vschema("customer", replace_by(R"({"sharded": true})")));
  for (const char* cell : {"zone1", "zone2"}) {
    const auto serving = co_await read_record<v1::SrvVSchema>(fixture.store, paths::srv_vschema(cell));
    Fixture::expect(serving);
    EXPECT_TRUE(serving->record.keyspaces().at("customer").sharded()) << cell;
  }
  const Result<Node> of_new_cell = co_await fixture.store.get(paths::srv_vschema("zone3"));
  EXPECT_TRUE(of_new_cell.error().is(kNoNode)) << "a new cell gets all at once, from the leader";
  Result<TopoServer::Rebuilt> rebuilt = co_await server.rebuild_serving();
  EXPECT_EQ(rebuilt->written, 2) << "zone3's; of the others' there is nothing left to do";

  Result<void> refused = co_await server.edit_vschema("gone", replace_by("{}"));
  EXPECT_TRUE(refused.error().is(kNoNode)) << refused.error().text();
  EXPECT_EQ(refused.error().message(), "there is no keyspace gone");
  refused = co_await server.edit_vschema("customer", replace_by("{"));
  EXPECT_TRUE(refused.error().is(kBadRecord)) << refused.error().text();
  Store::Edit fails = [](const std::optional<std::string>&) -> Result<std::optional<std::string>> {
    return failure(kInvalidArgument, "not so");
  };
  refused = co_await server.edit_vschema("customer", fails);
  EXPECT_EQ(refused.error().message(), "not so");
  const Result<Node> kept = co_await fixture.store.get(paths::vschema("customer"));
  EXPECT_EQ(kept->value, R"({"sharded": true})");

  // What is the same already is made to be read all the same: the first attempt may have come half way.
  Fixture::expect(
      co_await fixture.store.put(paths::vschema("customer"), R"({"sharded": false, "tables": {"t": {}}})"));
  Store::Edit leave = [](const std::optional<std::string>&) -> Result<std::optional<std::string>> {
    return std::optional<std::string>();
  };
  Fixture::expect(co_await server.edit_vschema("customer", leave));
  const Result<Node> serving = co_await fixture.store.get(paths::srv_vschema("zone1"));
  EXPECT_THAT(serving->value, HasSubstr("tables"));

  // A cell's record that cannot be read is the leader's to mend, and nobody's reason to fail.
  Fixture::expect(co_await fixture.store.put(paths::srv_vschema("zone1"), "{"));
  Fixture::expect(co_await server.edit_vschema("customer", replace_by(R"({"sharded": true})")));
  rebuilt = co_await server.rebuild_serving();
  EXPECT_EQ(rebuilt->written, 1);
}
TEST(TopoServer, AVSchemaIsReadByGatesOnceItIsWritten) { run(check_edit_vschema); }

Task<void> add_tables(Fixture& fixture, std::string keyspace, std::string prefix) {
  for (int i = 0; i < 5; ++i) {
    const std::string table = prefix + std::to_string(i);
    Store::Edit add = [table](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
      v1::VSchema vschema;
      if (text) EXPECT_TRUE(from_text("k", *text, vschema));
      (*vschema.mutable_tables())[table];
      return to_text(vschema);
    };
    Fixture::expect(co_await fixture.server.edit_vschema(keyspace, std::move(add)));
  }
}

Task<void> rebuild_now_and_then(Fixture& fixture) {
  for (int i = 0; i < 10; ++i) Fixture::expect(co_await fixture.server.rebuild_serving());
}

// Gates and the leader write at once: whoever is last, nothing is lost and all agree.
Task<void> check_vschema_race(Fixture& fixture) {
  co_await fixture.create();
  Fixture::expect(co_await fixture.server.create_keyspace("commerce", {}, {"-"}));
  Fixture::expect(co_await fixture.server.rebuild_serving());
  runtime::TaskGroup tasks;
  for (const char* prefix : {"a", "b"}) {
    tasks.spawn(add_tables(fixture, "customer", prefix));
    tasks.spawn(add_tables(fixture, "commerce", prefix));
  }
  tasks.spawn(rebuild_now_and_then(fixture));
  co_await tasks.join();
  const auto serving = co_await read_record<v1::SrvVSchema>(fixture.store, paths::srv_vschema("zone1"));
  for (const char* keyspace : {"customer", "commerce"})
    EXPECT_EQ(serving->record.keyspaces().at(keyspace).tables_size(), 10) << keyspace;
  const Result<TopoServer::Rebuilt> rebuilt = co_await fixture.server.rebuild_serving();
  EXPECT_EQ(rebuilt->written, 0);
}
TEST(TopoServer, VSchemasThatAreWrittenAtOnceAreAllRead) { run(check_vschema_race); }

}  // namespace
}  // namespace kintsugi::topo
