#include "tablet/reconcile.h"

#include "tablet/testing/reconcile_fixture.h"

namespace kintsugi::tablet {
namespace {

using namespace testing;
using enum ActionKind;

TEST(Reconcile, Primary) {
  run({
      {"all is well", primary(), [](auto&) {}, {}, true, ""},
      {"just elected: semi-sync before the first writer",
       primary(),
       [](auto& in) {
         in.server = ServerState();
         in.databases_exist = false;
         in.recorded = TabletType::replica;
       },
       {semi_sync_source_on, make_writable, publish_type},
       false,
       "database is not ready yet"},
      {"elected, and nobody is there yet: nothing is committed that would wait",
       primary(),
       [](auto& in) {
         in.databases_exist = false;
         in.server.semi_sync.replicas = 0;
       },
       {},
       false,
       "commits wait (1 now)"},
      {"elected, and a replica is there",
       primary(),
       [](auto& in) { in.databases_exist = false; },
       {create_databases},
       false,
       "database is not ready yet"},
      {"elected, and alone in its shard",
       primary(),
       [](auto& in) {
         in.databases_exist = in.semi_sync = false;
         in.server.semi_sync = SemiSyncState();
       },
       {create_databases},
       false,
       "database is not ready yet"},
      {"came back after a crash",
       primary(),
       [](auto& in) { in.server = ServerState(); },
       {semi_sync_source_on, make_writable},
       false,
       ""},
      {"alone in its shard",
       primary(),
       [](auto& in) {
         in.semi_sync = false;
         in.server = ServerState();
       },
       {make_writable},
       false,
       ""},
      {"the last replica was taken away",
       primary(),
       [](auto& in) { in.semi_sync = false; },
       {semi_sync_source_off},
       true,
       ""},
      {"the first replica was added",
       primary(),
       [](auto& in) { in.server.semi_sync = SemiSyncState(); },
       {semi_sync_source_on},
       true,
       ""},
      {"nobody acknowledges",
       primary(),
       [](auto& in) {
         in.server.semi_sync.replicas = 0;
         in.server.semi_sync.waiting = 3;
       },
       {},
       true,
       "commits wait (3 now)"},
      {"nobody acknowledges, and the copy that is made for a replica has waited for commits in vain",
       primary(),
       [](auto& in) { in.copy_waits_for = kCopyWaitsMax; },
       {kill_server},
       false,
       "its commits wait for a replica, and the copy"},
      {"…and may still get on",
       primary(),
       [](auto& in) { in.copy_waits_for = kCopyWaitsMax - 1ms; },
       {},
       true,
       ""},
      {"fell back",
       primary(),
       [](auto& in) { in.server.semi_sync.source_active = false; },
       {},
       true,
       "fallen back"},
      {"was a replica and still receives",
       primary(),
       [](auto& in) {
         in.server.read_only = true;
         in.server.replication = running();
       },
       {stop_receiving},
       false,
       "still receives"},
      {"was a replica and has not applied all",
       primary(),
       [](auto& in) {
         in.server.read_only = true;
         in.server.replication = running();
         in.server.replication->io_thread = ThreadState::stopped;
         in.server.replication->applied_all = false;
       },
       {},
       false,
       "applies what it has received"},
      {"was a replica and has applied all",
       primary(),
       [](auto& in) {
         in.server.read_only = true;
         in.server.semi_sync = SemiSyncState();
         in.server.semi_sync.replica_enabled = true;
         in.server.replication = running();
         in.server.replication->io_thread = ThreadState::stopped;
         in.recorded = TabletType::replica;
       },
       {forget_source, semi_sync_source_on, semi_sync_replica_off, make_writable, publish_type},
       false,
       ""},
  });
}

TEST(Reconcile, Replica) {
  run({
      {"all is well", replica(), [](auto&) {}, {}, true, ""},
      {"fresh: compares first",
       replica(),
       [](auto& in) { in.server = ServerState(); },
       {compare_with_source},
       false,
       "not attached"},
      {"fresh, compared: acknowledges before it connects",
       replica(),
       [](auto& in) {
         in.server = ServerState();
         in.errant = Errant::none;
       },
       {semi_sync_replica_on, attach},
       false,
       "not attached"},
      {"fresh, and it has never acknowledged: says first that it may",
       replica(),
       [](auto& in) {
         in.server = ServerState();
         in.errant = Errant::none;
         in.recorded_acknowledges = false;
       },
       {publish_acknowledging, semi_sync_replica_on, attach},
       false,
       "not attached"},
      {"errant: stays off and says so",
       replica(),
       [](auto& in) {
         in.server = ServerState();
         in.errant = Errant::some;
         in.errant_gtids = "0-7-3";
         in.may_retry_replication = false;
       },
       {},
       false,
       "has transactions that the primary zone1-102 has not: 0-7-3"},
      {"its data is made anew",
       replica(),
       [](auto& in) { in.reclone = "its data is made anew from zone1-103: copies the data"; },
       {stop_replication},
       false,
       "its data is made anew from zone1-103"},
      {"its data is made anew, and it was never attached",
       replica(),
       [](auto& in) {
         in.server = ServerState();
         in.errant = Errant::some;
         in.reclone = "its data is made anew from zone1-103: copies the data";
       },
       {},
       false,
       "its data is made anew from zone1-103"},
      {"errant, and still attached to the former primary",
       replica(),
       [](auto& in) {
         in.server.replication->source_host = "10.0.0.9";
         in.errant = Errant::some;
       },
       {stop_replication, compare_with_source},
       false,
       "has transactions"},
      {"another primary",
       replica(),
       [](auto& in) {
         in.server.replication->source_port = 1;
         in.errant = Errant::none;
       },
       {attach},
       false,
       "not attached"},
      {"set up halfway: compared and set up again",
       replica(),
       [](auto& in) {
         in.server.replication->position_behind_binlog = true;
         in.server.replication->sql_thread = ThreadState::stopped;
       },
       {compare_with_source},
       false,
       "not attached"},
      {"its position moves while it is looked at",
       replica(),
       [](auto& in) { in.server.replication->position_behind_binlog = true; },
       {},
       true,
       ""},
      {"a demoted primary: stops writers and does nothing else",
       replica(),
       [](auto& in) {
         in.server = primary().server;
         in.recorded = TabletType::primary;
       },
       {make_read_only},
       false,
       "still writable"},
      {"a demoted primary without writers",
       replica(),
       [](auto& in) {
         in.server = primary().server;
         in.server.read_only = true;
         in.recorded = TabletType::primary;
         in.errant = Errant::none;
       },
       {semi_sync_source_off, publish_type, semi_sync_replica_on, attach},
       false,
       "not attached"},
      {"the primary's record is gone", replica(), [](auto& in) { in.source.reset(); }, {}, true, "no record"},
      {"the primary is away: goes on serving what it has",
       replica(),
       [](auto& in) {
         in.server.replication->io_thread = ThreadState::connecting;
         in.server.replication->io_error = "2003: no route";
       },
       {},
       true,
       "cannot receive: 2003: no route"},
      {"came back after a crash",
       replica(),
       [](auto& in) {
         in.server.replication->io_thread = in.server.replication->sql_thread = ThreadState::stopped;
       },
       {start_replication},
       false,
       "stands still"},
      {"the applier failed just now",
       replica(),
       [](auto& in) {
         in.server.replication->sql_thread = ThreadState::stopped;
         in.server.replication->sql_error = "1062: duplicate";
         in.may_retry_replication = false;
       },
       {},
       false,
       "cannot apply: 1062: duplicate"},
      {"the primary has purged",
       replica(),
       [](auto& in) {
         in.server.replication->io_thread = ThreadState::stopped;
         in.server.replication->io_error = "1236: purged";
         in.source_purged = true;
         in.may_retry_replication = false;
       },
       {},
       true,
       "no longer has the binlog"},
      {"purged, or written to after it was compared: looks again",
       replica(),
       [](auto& in) {
         in.server.replication->io_thread = ThreadState::stopped;
         in.server.replication->io_error = "1236: not in the master's binlog";
         in.source_purged = true;
       },
       {compare_with_source, start_replication},
       true,
       "no longer has the binlog"},
      {"and found to have what its primary has not",
       replica(),
       [](auto& in) {
         in.server.replication->io_thread = ThreadState::stopped;
         in.server.replication->io_error = "1236: not in the master's binlog";
         in.source_purged = true;
         in.errant = Errant::some;
         in.errant_gtids = "0-7-3";
         in.may_retry_replication = false;
       },
       {},
       false,
       "has transactions that the primary zone1-102 has not: 0-7-3"},
      {"its record has lost that it acknowledges",
       replica(),
       [](auto& in) { in.recorded_acknowledges = false; },
       {publish_acknowledging},
       true,
       ""},
      {"stopped, and it had taken its word back",
       replica(),
       [](auto& in) {
         in.recorded_acknowledges = false;
         in.server.replication->io_thread = ThreadState::stopped;
       },
       {publish_acknowledging, start_replication},
       true,
       "replication stands still"},
      {"another primary, and it had taken its word back",
       replica(),
       [](auto& in) {
         in.recorded_acknowledges = false;
         in.server.replication->source_port = 1;
         in.errant = Errant::none;
       },
       {publish_acknowledging, attach},
       false,
       "not attached"},
      {"durability changed",
       replica(),
       [](auto& in) { in.acknowledges = false; },
       {stop_receiving, semi_sync_replica_off, start_replication},
       true,
       ""},
  });
}

TEST(Reconcile, WithoutKnowledge) {
  run({
      {"topology away at start: a primary goes on",
       primary(),
       [](auto& in) { in.shard_known = false; },
       {},
       true,
       "topology was not read"},
      {"nobody elected",
       replica(),
       [](auto& in) {
         in.primary.reset();
         in.server = ServerState();
       },
       {},
       false,
       "no primary"},
      {"nobody elected, yet writable",
       primary(),
       [](auto& in) { in.primary.reset(); },
       {make_read_only},
       false,
       "no primary"},
  });
}

TEST(Reconcile, TypeIsWhatTheServerIs) {
  EXPECT_EQ(reconcile(primary()).type, TabletType::primary);
  EXPECT_EQ(reconcile(replica()).type, TabletType::replica);
  ReconcileInput rdonly = replica();
  rdonly.configured = rdonly.recorded = TabletType::rdonly;
  EXPECT_EQ(reconcile(rdonly).type, TabletType::rdonly);
}

TEST(Reconcile, SemiSyncNeedsSomebodyWhoCanBecomePrimary) {
  const ShardTablet self{kSelf, TabletType::primary, true};
  const ShardTablet other{kOther, TabletType::replica, true};
  const ShardTablet rdonly{kOther, TabletType::rdonly, false};
  EXPECT_FALSE(semi_sync_wanted(Durability::unset, kSelf, {}));
  EXPECT_FALSE(semi_sync_wanted(Durability::unset, kSelf, {self}));
  EXPECT_FALSE(semi_sync_wanted(Durability::unset, kSelf, {self, rdonly}));
  EXPECT_TRUE(semi_sync_wanted(Durability::unset, kSelf, {self, other}));
  EXPECT_FALSE(semi_sync_wanted(Durability::none, kSelf, {self, other}));
  EXPECT_TRUE(semi_sync_wanted(Durability::semi_sync, kSelf, {self}));

  EXPECT_TRUE(may_acknowledge(Durability::unset, kSelf, true, kOther));
  EXPECT_FALSE(may_acknowledge(Durability::unset, kSelf, false, kOther));
  EXPECT_FALSE(may_acknowledge(Durability::none, kSelf, true, kOther));
  EXPECT_FALSE(may_acknowledge(Durability::cross_cell, kSelf, true, kOther));
  EXPECT_TRUE(may_acknowledge(Durability::cross_cell, kSelf, true, {"zone2", 1}));
}

}  // namespace
}  // namespace kintsugi::tablet
