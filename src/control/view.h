#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "kintsugi/topo/v1/topo.pb.h"

namespace kintsugi::control {

/// A tablet as control knows it: its record, whether its agent holds its lease, and what it said last.
struct TabletView {
  std::string cell;
  topo::v1::Tablet record;
  bool alive = false;
  bool heard = false;  ///< it says its health at the moment
  tablet::v1::Health health;
};

struct ShardView {
  std::string keyspace;
  std::string name;
  topo::v1::Shard record;
  bool readable = true;             ///< false: `record` is empty, since nobody knows what it says
  std::vector<TabletView> tablets;  ///< ordered by alias

  std::string full_name() const { return keyspace + "/" + name; }
  const TabletView* primary() const;
};

struct KeyspaceView {
  std::string name;
  topo::v1::Keyspace record;
  topo::v1::VSchema vschema;
  std::vector<ShardView> shards;  ///< ordered by key range
};

/// The cluster, or a part of it, as one picture, read from the topology and from the tablets. A value.
struct ClusterView {
  std::map<std::string, topo::v1::CellInfo> cells;
  std::vector<KeyspaceView> keyspaces;  ///< ordered by name
  std::vector<TabletView> homeless;     ///< whose shard has no record, or one outside of the part

  /// Every tablet, by keyspace and key range, then the homeless ones.
  std::vector<const TabletView*> tablets() const;
  const KeyspaceView* keyspace(std::string_view name) const;
  const ShardView* shard(std::string_view keyspace, std::string_view name) const;
  const TabletView* tablet(std::string_view alias) const;
};

/// What a person should look at in a shard, as sentences that name the object and the next step. Pure.
std::vector<std::string> problems_of(const ShardView& shard);

/// Replicas further behind than this are a problem.
inline constexpr auto kLagProblem = std::chrono::seconds(30);

}  // namespace kintsugi::control
