#include "tablet/reconcile.h"

#include "tablet/testing/reconcile_fixture.h"

// What an agent does in a change of primary.

namespace kintsugi::tablet {
namespace {

using namespace testing;
using enum ActionKind;

TEST(Reconcile, ThePrimaryThatIsReplaced) {
  ReconcileInput replaced = primary();
  replaced.change = Change::unplanned;
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

TEST(Reconcile, AFormerPrimaryThatHasNotHeardOfItClosesWhateverThatTakes) {
  ReconcileInput former = primary();
  former.primary = kOther;
  former.source = kSource;
  const auto waiting = [](auto& in) { in.server.semi_sync.waiting = 1; };
  const auto alone = [](auto& in) { in.server.semi_sync.replicas = 0; };
  run({
      {"closes", former, [](auto&) {}, {make_read_only}, false, "still writable"},
      {"its commits wait, and so would closing", former, waiting, {kill_server}, false, "still writable"},
      {"a commit may wait at any moment", former, alone, {kill_server}, false, "still writable"},
  });
  former.change = Change::unplanned;
  run({
      {"closes while another is chosen", former, [](auto&) {}, {make_read_only}, false, "receives nothing"},
      {"its commits wait", former, waiting, {kill_server}, false, "receives nothing"},
  });
}

TEST(Reconcile, WhatIsReadOnlyIsNotAtRestBeforeItsWritersHaveEnded) {
  const auto half = [](ReconcileInput in) {
    in.server.read_only = in.half_closed = true;
    in.server.semi_sync.replicas = 0;  // they have gone to another, which is no reason to kill it any more
    return in;
  };
  ReconcileInput chosen = primary(), leaving = primary(), former = primary();
  chosen.change = Change::unplanned;
  leaving.change = Change::planned;
  former.primary = kOther;
  former.source = kSource;
  ReconcileInput resting = former;
  resting.change = Change::unplanned;
  run({
      {"another is being chosen", half(chosen), [](auto&) {}, {make_read_only}, false, ""},
      {"it hands over", half(leaving), [](auto&) {}, {make_read_only}, false, "hands over"},
      {"another is the primary", half(former), [](auto&) {}, {make_read_only}, false, "still writable"},
      {"and is chosen anew", half(resting), [](auto&) {}, {make_read_only}, false, "receives nothing"},
  });
  for (const ReconcileInput& in : {chosen, leaving, resting}) {
    EXPECT_FALSE(reconcile(half(in)).fenced);
    ReconcileInput closed = half(in);
    closed.half_closed = false;
    EXPECT_TRUE(reconcile(closed).fenced);
  }
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

}  // namespace
}  // namespace kintsugi::tablet
