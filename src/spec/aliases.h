#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "spec/cluster.h"

namespace kintsugi::spec {

/// What a tablet of a spec is, without its name: the ordinal-th of a kind in a shard and cell. Written
/// "customer/-80/zone1/replica/0".
struct TabletSlot {
  topo::ShardName shard;
  std::string cell;
  topo::TabletType type = topo::TabletType::replica;
  int ordinal = 0;

  std::string text() const;
  auto operator<=>(const TabletSlot&) const = default;
};

/// One tablet that a spec asks for.
struct Tablet {
  TabletSlot slot;
  topo::TabletAlias alias;
};

/// Which number each slot was ever given, by TabletSlot::text(). Whoever runs clusters keeps it, so that
/// names stay when a spec grows, shrinks, or is put in another order.
using AliasBook = std::map<std::string, topo::TabletAlias>;

/// The tablets of a cluster, in the order of its spec, each with its alias: the spec's own `uids`, else what
/// `book` says, else the next number of its cell that is not taken (from 101 on; numbers in the book are
/// taken for ever, since a tablet's data may still be there). Writes new ones into `book`.
/// kBadSpec if a number that the spec gives is already another tablet's.
Result<std::vector<Tablet>> assign_aliases(const Cluster& cluster, AliasBook& book);

}  // namespace kintsugi::spec
