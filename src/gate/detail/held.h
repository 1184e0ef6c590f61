#pragma once

#include <optional>
#include <string>

#include "gate/shard_connections.h"

namespace kintsugi::gate {

/// A connection that the session has now.
struct ShardConnections::Held {
  std::string keyspace;
  std::string shard;  ///< empty: any server's
  topo::TabletType type = topo::TabletType::primary;
  Lease lease;
  bool joined = false;          ///< has been told of the transaction
  bool opens = false;           ///< …or will be in one write with the statement at hand
  std::string branch;           ///< …as the XA branch of this name; empty: plainly
  bool wrote = false;           ///< since it joined: there is something to commit
  bool unit_savepoint = false;  ///< the unit's savepoint is set
  bool scratch = false;         ///< for copies of tables: see exec::ShardRequest
  bool kept = false;            ///< has locks by name of the session
  bool temporary = false;       ///< has temporary tables of the session
  /// It does not commit by itself, for a unit under table locks, which START TRANSACTION would release.
  bool autocommit_off = false;
  bool busy = false;
  std::optional<Pin> pin;  ///< what it was counted for when the last statement on it had ended
  bool fresh = true;       ///< no statement of the client has run on it for this session

  Backend& backend() const { return backend_of(lease); }
  /// Gives the connection back to its pool; what is left is as new.
  void end() {
    lease = Lease();
    keyspace.clear();
    shard.clear();
    branch.clear();
    joined = opens = wrote = unit_savepoint = scratch = kept = temporary = autocommit_off = busy = false;
    fresh = true;
  }
};

}  // namespace kintsugi::gate
