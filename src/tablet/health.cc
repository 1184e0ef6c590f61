#include "tablet/health.h"

#include <google/protobuf/util/message_differencer.h>

#include "kintsugi/tablet/v1/tablet.pb.h"

namespace kintsugi::tablet {
namespace {

v1::ThreadState to_proto(ThreadState state) { return static_cast<v1::ThreadState>(state); }

std::string with_number(int number, const std::string& text) {
  return number == 0 ? text : std::to_string(number) + ": " + text;
}

void fill_replication(const ReplicationState& from, std::optional<std::uint32_t> lag_ms,
                      v1::Replication& to) {
  to.set_source_host(from.source_host);
  to.set_source_port(from.source_port);
  to.set_io_thread(to_proto(from.io_thread));
  to.set_sql_thread(to_proto(from.sql_thread));
  to.set_io_error(with_number(from.io_errno, from.io_error));
  to.set_sql_error(with_number(from.sql_errno, from.sql_error));
  if (lag_ms) to.set_lag_ms(*lag_ms);
}

void fill_semi_sync(const SemiSyncState& from, v1::SemiSync& to) {
  to.set_source_enabled(from.source_enabled);
  to.set_source_active(from.source_enabled && from.source_active);
  to.set_acknowledging_replicas(from.replicas);
  to.set_replica_enabled(from.replica_enabled);
  to.set_replica_active(from.replica_active);
}

void add_sentence(std::string& text, const std::string& sentence) {
  if (sentence.empty()) return;
  if (!text.empty()) text += "; ";
  text += sentence;
}

}  // namespace

void fill_health(const HealthInput& from, v1::Health& health) {
  health.Clear();
  health.set_alias(from.place.alias.text());
  health.set_keyspace(from.place.shard.keyspace);
  health.set_shard(from.place.shard.shard);
  health.set_epoch(from.epoch);
  health.mutable_at()->set_seconds(std::chrono::system_clock::to_time_t(from.now));
  health.set_reachable(from.reachable);
  health.set_crashed(from.crashed);
  if (from.at_rest || (from.reachable && from.decision.fenced)) health.set_fenced_epoch(from.epoch);
  if (from.reclone != nullptr && !from.reclone->id().empty()) *health.mutable_reclone() = *from.reclone;
  std::string error = from.error;
  if (from.unusable) health.set_copy(v1::Health::unusable);
  if (!from.reachable) {
    health.set_type(static_cast<topo::v1::TabletType>(from.place.type));
    health.set_read_only(true);
    health.set_error(error);
    return;
  }
  const ServerState& server = from.input.server;
  const bool writable = !server.read_only;
  health.set_type(static_cast<topo::v1::TabletType>(writable ? topo::TabletType::primary : from.place.type));
  health.set_serving(from.decision.serving);
  health.set_read_only(server.read_only);
  if (server.replication) fill_replication(*server.replication, from.lag_ms, *health.mutable_replication());
  fill_semi_sync(server.semi_sync, *health.mutable_semi_sync());
  health.mutable_semi_sync()->set_waiting_commits(waiting_commits(server, from.decision));
  health.mutable_semi_sync()->set_waits_ms(static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(from.waits_for).count()));
  health.set_caught_up(from.caught_up);
  if (!from.unusable) health.set_copy(static_cast<v1::Health::Copy>(from.decision.copy));
  health.set_schema_version(from.schema_version);
  health.set_mysqld_uptime_s(server.uptime_s);
  health.set_gtid_executed(server.gtid_executed);
  if (const auto count = from.flavour.transactions(server.gtid_executed)) health.set_transactions(*count);
  add_sentence(error, from.decision.problem);
  health.set_error(error);
}

bool differs(const v1::Health& a, const v1::Health& b) {
  const auto without_moving = [](v1::Health health) {
    health.clear_at();
    health.clear_mysqld_uptime_s();
    health.clear_gtid_executed();
    health.clear_transactions();
    health.mutable_replication()->clear_lag_ms();
    health.mutable_semi_sync()->clear_waits_ms();
    if (health.has_reclone()) health.mutable_reclone()->clear_bytes();
    return health;
  };
  return !google::protobuf::util::MessageDifferencer::Equals(without_moving(a), without_moving(b));
}

}  // namespace kintsugi::tablet
