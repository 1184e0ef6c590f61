#include "control/view.h"

#include <algorithm>

#include <fmt/format.h>

namespace kintsugi::control {
namespace {

using topo::v1::TabletType;

void add_primary_problem(const ShardView& shard, std::vector<std::string>& problems) {
  const std::string& alias = shard.record.primary_alias();
  if (alias.empty()) {
    problems.push_back(fmt::format("{} has no primary yet: {} of its {} tablets run", shard.full_name(),
                                   std::ranges::count_if(shard.tablets, &TabletView::alive),
                                   shard.tablets.size()));
    return;
  }
  const TabletView* primary = shard.primary();
  if (primary == nullptr) {
    problems.push_back(fmt::format("{}: its primary {} has no record; was it taken out of the spec?",
                                   shard.full_name(), alias));
  } else if (!primary->alive) {
    problems.push_back(
        fmt::format("{}: the agent of its primary {} does not run: gates wait until it is heard again",
                    shard.full_name(), alias));
  } else if (!primary->heard) {
    problems.push_back(fmt::format("{}: its primary {} does not answer control at {}:{}", shard.full_name(),
                                   alias, primary->record.address().host(),
                                   primary->record.address().http_port()));
  } else if (primary->health.type() != TabletType::primary || !primary->health.serving()) {
    problems.push_back(
        fmt::format("{}: its primary {} does not take writes: {}", shard.full_name(), alias,
                    primary->health.error().empty() ? "it is not ready yet" : primary->health.error()));
  }
}

void add_replica_problem(const ShardView& shard, const TabletView& tablet,
                         std::vector<std::string>& problems) {
  const std::string& alias = tablet.record.alias();
  if (!tablet.alive) {
    problems.push_back(fmt::format("{}: the agent of {} does not run", shard.full_name(), alias));
  } else if (tablet.heard && !tablet.health.error().empty()) {
    problems.push_back(fmt::format("{}: {}: {}", shard.full_name(), alias, tablet.health.error()));
  } else if (tablet.heard && !tablet.health.serving()) {
    problems.push_back(fmt::format("{}: {} does not serve yet", shard.full_name(), alias));
  } else if (tablet.heard && std::chrono::milliseconds(tablet.health.replication().lag_ms()) > kLagProblem) {
    problems.push_back(fmt::format("{}: {} is {} s behind its primary", shard.full_name(), alias,
                                   tablet.health.replication().lag_ms() / 1000));
  }
}

}  // namespace

const TabletView* ShardView::primary() const {
  const auto found = std::ranges::find_if(
      tablets, [this](const TabletView& each) { return each.record.alias() == record.primary_alias(); });
  return found == tablets.end() ? nullptr : &*found;
}

const KeyspaceView* ClusterView::keyspace(std::string_view name) const {
  const auto found = std::ranges::find(keyspaces, name, &KeyspaceView::name);
  return found == keyspaces.end() ? nullptr : &*found;
}

const ShardView* ClusterView::shard(std::string_view keyspace_name, std::string_view name) const {
  const KeyspaceView* in = keyspace(keyspace_name);
  if (in == nullptr) return nullptr;
  const auto found = std::ranges::find(in->shards, name, &ShardView::name);
  return found == in->shards.end() ? nullptr : &*found;
}

std::vector<const TabletView*> ClusterView::tablets() const {
  std::vector<const TabletView*> all;
  for (const KeyspaceView& each : keyspaces) {
    for (const ShardView& shard : each.shards) {
      for (const TabletView& tablet : shard.tablets) all.push_back(&tablet);
    }
  }
  for (const TabletView& tablet : homeless) all.push_back(&tablet);
  return all;
}

const TabletView* ClusterView::tablet(std::string_view alias) const {
  for (const TabletView* each : tablets()) {
    if (each->record.alias() == alias) return each;
  }
  return nullptr;
}

std::vector<std::string> problems_of(const ShardView& shard) {
  std::vector<std::string> problems;
  if (!shard.readable) return {fmt::format("the record of shard {} cannot be read", shard.full_name())};
  add_primary_problem(shard, problems);
  for (const TabletView& tablet : shard.tablets) {
    if (tablet.record.alias() != shard.record.primary_alias()) add_replica_problem(shard, tablet, problems);
  }
  return problems;
}

}  // namespace kintsugi::control
