#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "control/cluster_state.h"
#include "control/view.h"
#include "control/view_builder.h"
#include "topo/names.h"
#include "topo/store.h"

namespace kintsugi::control {

/// What a call of the API asks for, read from the store at that moment, so that a caller sees what it, or
/// another control, or a gate wrote a moment before; health is what ClusterState heard last. Each reads only
/// the records that its answer is made of, and each once. On the store's loop; borrows both.
///
/// kUnknownObject names what there is not; else they fail as the store does.
class ClusterReader {
 public:
  ClusterReader(topo::Store& store, const ClusterState& state) : store_(store), state_(state) {}

  struct Cluster {
    topo::Records records;
    BuiltView built;
  };
  /// Everything, as of one moment.
  Task<Result<Cluster>> cluster() const;
  /// A keyspace with its shards and their tablets.
  Task<Result<KeyspaceView>> keyspace(std::string name) const;
  Task<Result<ShardView>> shard(topo::ShardName name) const;
  /// Of one cell, or of all (empty); ordered by keyspace, key range and alias.
  Task<Result<std::vector<TabletView>>> tablets(std::string cell) const;
  Task<Result<TabletView>> tablet(std::string alias) const;
  /// The record of a keyspace's vschema, empty if there is none. topo::kBadRecord.
  Task<Result<topo::v1::VSchema>> vschema(std::string keyspace) const;
  /// All keyspaces, without tablets.
  Task<Result<std::vector<KeyspaceView>>> keyspaces() const;

 private:
  Task<Result<topo::Records>> read_records(std::vector<std::string> prefixes) const;
  Task<Result<BuiltView>> read(std::vector<std::string> prefixes) const;

  topo::Store& store_;
  const ClusterState& state_;
};

}  // namespace kintsugi::control
