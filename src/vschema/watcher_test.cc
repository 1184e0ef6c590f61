#include "vschema/watcher.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/event.h"
#include "runtime/loop.h"
#include "topo/memory_store.h"
#include "topo/records.h"
#include "topo/topo_server.h"

namespace kintsugi::vschema {
namespace {

using ::testing::HasSubstr;

constexpr const char* kCustomer = R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}},
    "tables": {"customer": {"column_vindexes": [{"column": "customer_id", "name": "hash"}], "auto_increment": {"column": "customer_id"}}}})";

/// A topology in memory with a keyspace of two shards, and a watcher of zone1.
struct Fixture {
  topo::MemoryStore store;
  topo::TopoServer server{store};
  runtime::Event changed;
  std::vector<std::shared_ptr<const Snapshot>> told;
  Watcher watcher{store, "zone1", [this](std::shared_ptr<const Snapshot> snapshot) {
                    told.push_back(std::move(snapshot));
                    changed.set();
                  }};

  template <class T>
  static void expect(const Result<T>& result) {
    EXPECT_TRUE(result.has_value()) << result.error().text();
  }
  Task<void> add_tablet(std::string alias, std::string shard) {
    const Result<topo::LeaseId> lease = co_await store.grant_lease(std::chrono::seconds(60));
    topo::v1::Tablet tablet;
    tablet.set_alias(alias);
    tablet.set_keyspace("customer");
    tablet.set_shard(shard);
    tablet.set_type(topo::v1::replica);
    tablet.set_owner(alias);
    tablet.mutable_address()->set_host("127.0.0.1");
    tablet.mutable_address()->set_mysql_port(3306);
    tablet.mutable_address()->set_mysql_socket("/run/" + alias);
    expect(co_await server.register_tablet(std::move(tablet), *lease, 1));
  }
  Task<void> create() {
    expect(co_await server.put_cell("zone1", {}));
    expect(co_await server.create_keyspace("customer", {}));
    expect(co_await server.create_shard({"customer", "-80"}));
    expect(co_await server.create_shard({"customer", "80-"}));
    expect(co_await store.put(topo::paths::vschema("customer"), kCustomer));
    co_await add_tablet("zone1-1", "-80");
    co_await add_tablet("zone2-1", "80-");
    expect(co_await server.set_shard_primary({"customer", "80-"}, {"zone2", 1}, 0, WallTime{}));
    expect(co_await server.rebuild_serving());
  }
  Task<void> until(std::function<bool(const Snapshot&)> condition) {
    const Time limit = Clock::now() + std::chrono::seconds(20);
    while (told.empty() || !condition(*told.back())) {
      changed.reset();
      const bool more = co_await changed.wait(limit);
      if (!more) {
        ADD_FAILURE() << "the snapshot that was waited for did not come";
        co_return;
      }
    }
  }
};

void run(Task<void> (*body)(Fixture&)) {
  runtime::Loop loop;
  Fixture fixture;
  loop.block_on(body(fixture));
}

Task<void> check_follows(Fixture& fixture) {
  co_await fixture.create();
  EXPECT_EQ(fixture.watcher.current(), nullptr);
  fixture.watcher.start();
  co_await fixture.until([](const Snapshot&) { return true; });
  std::shared_ptr<const Snapshot> snapshot = fixture.watcher.current();
  const FoundTable customer = snapshot->find_table("customer", "customer").value();
  EXPECT_EQ(customer.keyspace->shard_of(customer.table->vindexes[0].vindex->map({"4"}).id)->name, "80-");
  EXPECT_TRUE(customer.table->auto_increment->in_topology);
  const Shard* lower = snapshot->find_shard("customer", "-80");
  EXPECT_FALSE(lower->primary.has_value());
  EXPECT_EQ(lower->tablets.at(0).mysql_socket, "/run/zone1-1");
  const Shard* upper = snapshot->find_shard("customer", "80-");
  EXPECT_EQ(upper->primary->alias, "zone2-1") << "of another cell, by the address in SrvKeyspace";
  EXPECT_TRUE(upper->tablets.empty());
  EXPECT_EQ(upper->epoch, 1U);

  Fixture::expect(
      co_await fixture.server.set_shard_primary({"customer", "-80"}, {"zone1", 1}, 0, WallTime{}));
  Fixture::expect(co_await fixture.server.rebuild_serving());
  co_await fixture.until(
      [](const Snapshot& now) { return now.find_shard("customer", "-80")->primary.has_value(); });
  EXPECT_GT(fixture.watcher.current()->version(), snapshot->version());
  EXPECT_FALSE(lower->primary.has_value()) << "an old snapshot stays as it was";

  Fixture::expect(co_await fixture.server.delete_keyspace("customer", true));
  Fixture::expect(co_await fixture.server.rebuild_serving());
  co_await fixture.until([](const Snapshot& now) { return now.find_keyspace("customer") == nullptr; });
  co_await fixture.watcher.stop();
}
TEST(Watcher, FollowsTheTopology) { run(check_follows); }

Task<void> check_outage(Fixture& fixture) {
  co_await fixture.create();
  fixture.watcher.start();
  co_await fixture.until([](const Snapshot&) { return true; });
  fixture.store.set_available(false);
  while (fixture.watcher.lost().empty()) co_await runtime::yield();
  EXPECT_THAT(fixture.watcher.lost(), HasSubstr("KT2004"));
  EXPECT_TRUE(fixture.watcher.current()->find_table("customer", "customer"))
      << "it goes on with what it knows";
  fixture.store.set_available(true);
  while (!fixture.watcher.lost().empty()) co_await runtime::yield();
  EXPECT_EQ(fixture.told.size(), 1U) << "nothing has changed";
  co_await fixture.watcher.stop();
}
TEST(Watcher, KeepsTheLastSnapshotWhileTheTopologyIsAway) { run(check_outage); }

Task<void> check_unreadable(Fixture& fixture) {
  co_await fixture.create();
  fixture.watcher.start();
  co_await fixture.until([](const Snapshot&) { return true; });
  Fixture::expect(co_await fixture.store.put(topo::paths::srv_vschema("zone1"), "{{{"));
  co_await fixture.add_tablet("zone1-2", "-80");
  co_await fixture.until(
      [](const Snapshot& now) { return now.find_shard("customer", "-80")->tablets.size() == 2; });
  EXPECT_TRUE(fixture.watcher.current()->find_table("customer", "customer"));
  co_await fixture.watcher.stop();
}
TEST(Watcher, AnUnreadableRecordLeavesWhatWasThere) { run(check_unreadable); }

}  // namespace
}  // namespace kintsugi::vschema
