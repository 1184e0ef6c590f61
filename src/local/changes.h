#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "local/desired.h"

/// What has to happen so that what runs becomes what the spec says. Pure.
namespace kintsugi::local {

/// What the topology says about the cluster as it is.
struct Observed {
  std::set<topo::ShardName> serving;
  std::map<topo::ShardName, topo::TabletAlias> primaries;
};

/// A change of spec, worked out.
struct SpecChange {
  /// The new spec, with the shards that must stay although it no longer names them.
  spec::Cluster cluster;
  std::vector<std::string> retained_shards;     ///< "customer/-"
  std::vector<topo::ShardName> new_shards;      ///< to be created, serving
  std::vector<topo::ShardName> waiting_shards;  ///< to be created, not serving: a Reshard fills them
  std::vector<topo::ShardName> removed_shards;  ///< to be removed with their data
  std::vector<std::string> removed_keyspaces;   ///< likewise
  std::vector<std::string> notes;               ///< for the person who applies it
};

/// From the cluster as it was applied last (`before`: with its retained shards; null the first time) to
/// `wanted`.
///
/// A shard is only taken away when it no longer serves. A keyspace whose shards are cut differently gets the
/// new ones beside the old ones, which go on serving. kRefusedChange: another cluster's spec; a keyspace is
/// removed and `allow_data_loss` is not set.
Result<SpecChange> decide_change(const spec::Cluster* before, const spec::Cluster& wanted,
                                 const Observed& observed, bool allow_data_loss);

/// Fewer tablets of a kind: those with the highest ordinals go. Where one of them is its shard's primary,
/// it swaps its place in `book` with one that stays, so that the primary stays.
void keep_primaries(const spec::Cluster& wanted, const Observed& observed, spec::AliasBook& book);

struct ProcessChanges {
  std::vector<std::string> start;
  std::vector<std::string> restart;  ///< runs with another fingerprint
  std::vector<std::string> stop;
  std::vector<std::string> keep;
};
/// `running`: name → fingerprint.
ProcessChanges diff_processes(const std::vector<ProcessPlan>& desired,
                              const std::map<std::string, std::string>& running);

}  // namespace kintsugi::local
