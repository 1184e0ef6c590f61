#pragma once

#include <functional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tablet/reconcile.h"

// Servers with which all is well, and tables of what is decided where something is not.
namespace kintsugi::tablet::testing {

using topo::TabletType;

inline const topo::TabletAlias kSelf{"zone1", 101};
inline const topo::TabletAlias kOther{"zone1", 102};
inline const ReplicationSource kSource{"10.0.0.2", 3306};

inline ReplicationState running() {
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
inline ReconcileInput primary() {
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
inline ReconcileInput replica() {
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

inline void run(const std::vector<Case>& cases) {
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
      EXPECT_THAT(decision.problem, ::testing::HasSubstr(c.problem));
    }
  }
}

}  // namespace kintsugi::tablet::testing
