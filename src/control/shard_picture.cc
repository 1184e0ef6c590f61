#include "control/shard_picture.h"

#include <chrono>

#include "topo/time.h"

namespace kintsugi::control {
namespace {

topo::TabletAlias alias_of(const std::string& text) {
  return topo::TabletAlias::parse(text).value_or(topo::TabletAlias());
}

std::optional<recovery::Durability> durability_of(topo::v1::Durability durability) {
  switch (durability) {
    case topo::v1::none:
      return recovery::Durability::none;
    case topo::v1::semi_sync:
      return recovery::Durability::semi_sync;
    case topo::v1::cross_cell:
      return recovery::Durability::cross_cell;
    default:
      return std::nullopt;
  }
}

recovery::Server server_of(const TabletView& tablet) {
  recovery::Server server;
  server.alias = alias_of(tablet.record.alias());
  server.may_be_primary = tablet.record.type() != topo::v1::rdonly;
  server.may_have_acknowledged = tablet.record.acknowledges();
  server.agent_alive = tablet.alive;
  server.heard = tablet.heard;
  const tablet::v1::Health& health = tablet.health;
  server.answers = health.reachable();
  server.crashed = health.crashed();
  server.read_only = health.read_only();
  server.fenced_epoch = health.fenced_epoch();
  server.caught_up = health.caught_up();
  server.receives = health.replication().io_thread() == tablet::v1::running;
  server.acknowledging = health.semi_sync().acknowledging_replicas();
  server.waiting_commits = health.semi_sync().waiting_commits();
  server.waits_for = std::chrono::milliseconds(health.semi_sync().waits_ms());
  server.position = health.gtid_executed();
  server.copy = static_cast<recovery::CopyNeed>(health.copy());
  server.recloning = health.has_reclone() && health.reclone().outcome() == tablet::v1::Reclone::under_way;
  return server;
}

}  // namespace

recovery::Shard picture_of(const KeyspaceView& keyspace, const ShardView& shard, bool cluster_held,
                           WallTime now) {
  recovery::Shard picture;
  picture.name = shard.full_name();
  picture.epoch = shard.record.epoch();
  picture.primary = alias_of(shard.record.primary_alias());
  picture.durability = durability_of(keyspace.record.durability());
  picture.held = cluster_held || keyspace.record.has_hold() || shard.record.has_hold();
  if (shard.record.has_change()) {
    const topo::v1::PrimaryChange& change = shard.record.change();
    picture.change =
        recovery::Change{.planned = change.kind() == topo::v1::PrimaryChange::planned,
                         .forced = change.kind() == topo::v1::PrimaryChange::forced,
                         .to = alias_of(change.to()),
                         .age = std::chrono::duration_cast<Duration>(now - topo::to_time(change.began_at()))};
  }
  for (const TabletView& tablet : shard.tablets) picture.servers.push_back(server_of(tablet));
  return picture;
}

}  // namespace kintsugi::control
