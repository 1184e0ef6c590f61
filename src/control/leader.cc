#include "control/leader.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include "base/log.h"
#include "control/first_primary.h"
#include "rpc/json.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

constexpr auto kRound = std::chrono::milliseconds(500);

Candidate candidate_of(const TabletView& tablet) {
  return {.alias = tablet.record.alias(),
          .may_be_primary = tablet.record.type() != topo::v1::rdonly,
          .alive = tablet.alive,
          .answers = tablet.heard,
          .server_up = tablet.heard && tablet.health.reachable(),
          .empty = tablet.health.transactions() == 0,
          .position = tablet.health.gtid_executed()};
}

}  // namespace

Leader::Leader(topo::Store& store, ClusterState& state, const Leadership& leadership)
    : store_(store), state_(state), leadership_(leadership) {}

Task<void> Leader::run(runtime::Cancel* cancel) {
  while (!cancel->requested()) {
    state_.changed().reset();
    if (leadership_.leads() && state_.is_loaded()) co_await round();
    const bool woken = co_await state_.changed().wait(Clock::now() + kRound, cancel);
    (void)woken;
  }
}

Task<void> Leader::round() {
  const ClusterView view = state_.current().view;
  for (const KeyspaceView& keyspace : view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      if (shard.record.primary_alias().empty()) {
        co_await elect(shard);
      } else {
        waiting_.erase(shard.full_name());
        alive_since_.erase(shard.full_name());
      }
    }
  }
}

Task<void> Leader::elect(const ShardView& shard) {
  const std::string name = shard.full_name();
  const Time now = Clock::now();
  UnledShard unled{.name = name};
  std::ranges::transform(shard.tablets, std::back_inserter(unled.candidates), candidate_of);
  if (std::ranges::any_of(unled.candidates, &Candidate::alive)) {
    unled.waiting_since = alive_since_.try_emplace(name, now).first->second;
  } else {
    alive_since_.erase(name);
  }
  const FirstPrimary decision = decide_first_primary(unled, now);
  if (decision.alias.empty()) {
    std::string& told = waiting_[name];
    if (decision.needs_help && told != decision.waiting)
      kLog.error("shard.needs_help", {{"reason", decision.waiting}});
    told = decision.waiting;
    co_return;
  }
  const Result<void> made = co_await make_primary(shard, decision.alias);
  if (!made)
    kLog.warning("primary.not_set", {{"shard", name}, {"alias", decision.alias}, {"reason", made.error()}});
}

Task<Result<void>> Leader::make_primary(const ShardView& shard, const std::string& alias) {
  const std::string key = fmt::format("global/keyspaces/{}/shards/{}/Shard", shard.keyspace, shard.name);
  std::uint32_t epoch = 0;
  auto edit = [&](const std::optional<std::string>& value) -> Result<std::optional<std::string>> {
    if (!value) return std::optional<std::string>();
    topo::v1::Shard record;
    const Result<void> parsed = rpc::from_json(*value, record, rpc::UnknownFields::ignore);
    if (!parsed) return failure(parsed.error());
    // Another control was faster.
    if (!record.primary_alias().empty()) return std::optional<std::string>();
    record.set_primary_alias(alias);
    record.set_epoch(epoch = record.epoch() + 1);
    *record.mutable_primary_since() = google::protobuf::util::TimeUtil::GetCurrentTime();
    return std::optional<std::string>(rpc::to_json(record));
  };
  const Result<topo::Revision> written = co_await store_.edit(key, edit);
  if (!written) co_return failure(written.error());
  if (epoch != 0)
    kLog.info("primary.elected", {{"shard", shard.full_name()}, {"alias", alias}, {"epoch", epoch}});
  co_return Result<void>();
}

}  // namespace kintsugi::control
