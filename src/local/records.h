#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "local/changes.h"

namespace kintsugi::local {

/// The part of the topology that follows from a spec: cells, keyspaces, shards, and the vschemas that the
/// spec gives. Each call may be repeated; what is there and right is left alone. On one loop. Failures are
/// the store's.
class Records {
 public:
  /// `endpoints`: URLs of etcd.
  Records(const std::vector<std::string>& endpoints, const std::string& cluster);
  ~Records();

  /// What is there of `cluster`'s shards.
  Task<Result<Observed>> observe(const spec::Cluster& cluster);

  /// Makes what `cluster` names and is not there. A shard that overlaps one which serves is made as not
  /// serving. A vschema is written if there is none yet, or if the spec's differs from the one that was
  /// `applied` last (keyspace → JSON), so that what users changed since stays; `applied` is brought up to
  /// date.
  Task<Result<void>> ensure(const spec::Cluster& cluster, std::map<std::string, std::string>& applied);

  /// Removes the records of tablets that were stopped for good, and of shards and keyspaces that went.
  Task<Result<void>> forget(const std::vector<topo::TabletAlias>& tablets, const SpecChange& change);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::local
