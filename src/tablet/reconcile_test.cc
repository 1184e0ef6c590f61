#include "tablet/reconcile.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::tablet {
namespace {

using topo::TabletType;
using enum ActionKind;

const topo::TabletAlias kSelf{"zone1", 101};
const topo::TabletAlias kOther{"zone1", 102};
const ReplicationSource kSource{"10.0.0.2", 3306};

ReplicationState running() {
  ReplicationState state;
  state.source_host = kSource.host;
  state.source_port = kSource.port;
  state.source_user = kReplicationUser;
  state.by_gtid = true;
  state.io_thread = state.sql_thread = ThreadState::running;
  state.applied_all = true;
  return state;
}

/// A primary with which all is well.
ReconcileInput primary() {
  ReconcileInput in;
  in.self = kSelf;
  in.shard_known = true;
  in.primary = kSelf;
  in.recorded = TabletType::primary;
  in.databases_exist = true;
  in.semi_sync = true;
  in.server.read_only = false;
  in.server.semi_sync.source_enabled = in.server.semi_sync.source_active = true;
  in.server.semi_sync.replicas = 1;
  return in;
}

/// A replica with which all is well.
ReconcileInput replica() {
  ReconcileInput in;
  in.self = kSelf;
  in.shard_known = true;
  in.primary = kOther;
  in.source = kSource;
  in.recorded = TabletType::replica;
  in.acknowledges = in.recorded_acknowledges = true;
  in.server.semi_sync.replica_enabled = true;
  in.server.replication = running();
  return in;
}

struct Case {
  const char* what;
  ReconcileInput base;
  std::function<void(ReconcileInput&)> change;
  std::vector<ActionKind> actions;
  bool serving;
  const char* problem;  ///< a part of it; "" none at all
};

void run(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    ReconcileInput in = c.base;
    c.change(in);
    const ReconcileDecision decision = reconcile(in);
    std::vector<ActionKind> kinds;
    for (const Action& action : decision.actions) {
      kinds.push_back(action.kind);
      EXPECT_FALSE(action.why.empty());
    }
    EXPECT_EQ(kinds, c.actions);
    EXPECT_EQ(decision.serving, c.serving);
    if (*c.problem == '\0') {
      EXPECT_EQ(decision.problem, "");
    } else {
      EXPECT_THAT(decision.problem, testing::HasSubstr(c.problem));
    }
  }
}

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
       {semi_sync_source_on, make_writable, create_databases, publish_type},
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
      {"durability changed",
       replica(),
       [](auto& in) { in.acknowledges = false; },
       {stop_receiving, semi_sync_replica_off, start_replication},
       true,
       ""},
  });
}

TEST(Reconcile, ThePrimaryThatIsReplaced) {
  ReconcileInput replaced = primary();
  replaced.change = Change::unplanned;
  replaced.redundant = true;
  run({
      {"closes", replaced, [](auto&) {}, {make_read_only}, false, ""},
      {"with commits that wait it can only be killed",
       replaced,
       [](auto& in) { in.server.semi_sync.waiting = 1; },
       {kill_server},
       false,
       ""},
      {"without a replica a commit may wait at any moment",
       replaced,
       [](auto& in) { in.server.semi_sync.replicas = 0; },
       {kill_server},
       false,
       ""},
      {"is closed", replaced, [](auto& in) { in.server.read_only = true; }, {}, false, ""},
  });
  EXPECT_FALSE(reconcile(replaced).fenced);
  replaced.server.read_only = true;
  EXPECT_TRUE(reconcile(replaced).fenced);
}

TEST(Reconcile, ThePrimaryThatHandsOver) {
  ReconcileInput leaving = primary();
  leaving.change = Change::planned;
  run({
      {"gates are told first", leaving, [](auto&) {}, {}, false, "hands over"},
      {"then what is open ends",
       leaving,
       [](auto& in) {
         in.draining_for = 100ms;
         in.open_transactions = 1;
       },
       {},
       false,
       "hands over"},
      {"and it is closed",
       leaving,
       [](auto& in) {
         in.draining_for = 100ms;
         in.open_transactions = 0;
       },
       {make_read_only},
       false,
       "hands over"},
      {"which a transaction that does not end holds up for so long",
       leaving,
       [](auto& in) {
         in.draining_for = kDrainMax;
         in.open_transactions = 1;
       },
       {make_read_only},
       false,
       "hands over"},
      {"is closed", leaving, [](auto& in) { in.server.read_only = true; }, {}, false, "hands over"},
  });
  EXPECT_TRUE(reconcile(leaving).draining);
  EXPECT_FALSE(reconcile(leaving).fenced);
  leaving.server.read_only = true;
  EXPECT_TRUE(reconcile(leaving).fenced);
}

TEST(Reconcile, APrimaryThatMayNotLead) {
  run({
      {"its server ended, and nobody has decided",
       primary(),
       [](auto& in) {
         in.server = ServerState();
         in.shut = true;
       },
       {},
       false,
       "control decides who goes on"},
      {"its lease has run out",
       primary(),
       [](auto& in) { in.may_lead = false; },
       {make_read_only},
       false,
       "another may be primary by now"},
      {"…while commits wait",
       primary(),
       [](auto& in) {
         in.may_lead = false;
         in.server.semi_sync.replicas = 0;
       },
       {kill_server},
       false,
       "another may be primary by now"},
  });
}

TEST(Reconcile, AReplicaComesToRest) {
  ReconcileInput resting = replica();
  resting.change = Change::unplanned;
  run({
      {"stops receiving", resting, [](auto&) {}, {stop_receiving}, true, "receives nothing"},
      {"not while the primary counts on it",
       resting,
       [](auto& in) { in.has_granted = true; },
       {},
       true,
       "counts on this replica"},
      {"applies what it has",
       resting,
       [](auto& in) {
         in.server.replication->io_thread = ThreadState::stopped;
         in.server.replication->applied_all = false;
       },
       {},
       true,
       "applies what it has received"},
      {"starts nothing that could throw it away",
       resting,
       [](auto& in) {
         in.server.replication->io_thread = in.server.replication->sql_thread = ThreadState::stopped;
         in.server.replication->applied_all = false;
         in.server.replication->sql_error = "1062: duplicate";
       },
       {},
       false,
       "it cannot: 1062: duplicate"},
      {"one that never becomes primary goes on",
       resting,
       [](auto& in) {
         in.configured = in.recorded = TabletType::rdonly;
         in.acknowledges = false;
         in.server.semi_sync.replica_enabled = false;
       },
       {},
       true,
       ""},
      {"a primary of long ago",
       resting,
       [](auto& in) { in.server = primary().server; },
       {make_read_only},
       false,
       "receives nothing"},
  });
  EXPECT_FALSE(reconcile(resting).fenced);
  resting.server.replication->io_thread = ThreadState::stopped;
  EXPECT_TRUE(reconcile(resting).fenced);
  resting.server.replication->applied_all = false;
  EXPECT_FALSE(reconcile(resting).fenced);
  resting.server = ServerState();
  EXPECT_TRUE(reconcile(resting).fenced) << "it never received anything";
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
