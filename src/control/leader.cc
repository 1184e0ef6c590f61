#include "control/leader.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "control/first_primary.h"

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
    : topology_(store), state_(state), leadership_(leadership) {}

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
  co_await derive();
}

Task<void> Leader::elect(const ShardView& shard) {
  const std::string name = shard.full_name();
  const Time now = Clock::now();
  UnledShard unled;
  unled.name = name;
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
  co_await make_primary(shard, decision.alias);
}

Task<void> Leader::make_primary(const ShardView& shard, const std::string& alias) {
  const Result<topo::TabletAlias> tablet = topo::TabletAlias::parse(alias);
  if (!tablet) co_return;
  const Result<topo::v1::Shard> made = co_await topology_.set_shard_primary(
      {shard.keyspace, shard.name}, *tablet, shard.record.epoch(), std::chrono::system_clock::now());
  if (made) {
    kLog.info("primary.elected", {{"shard", shard.full_name()}, {"alias", alias}, {"epoch", made->epoch()}});
  } else {
    kLog.warning("primary.not_set",
                 {{"shard", shard.full_name()}, {"alias", alias}, {"reason", made.error()}});
  }
}

Task<void> Leader::derive() {
  const Result<topo::TopoServer::Rebuilt> rebuilt = co_await topology_.rebuild_serving();
  std::string problem;
  if (!rebuilt) {
    problem = rebuilt.error().text();
  } else if (!rebuilt->problems.empty()) {
    problem = rebuilt->problems.front();
  }
  if (!problem.empty() && problem != derive_problem_) kLog.warning("derive.problem", {{"reason", problem}});
  derive_problem_ = std::move(problem);
  if (rebuilt && rebuilt->written + rebuilt->removed > 0) {
    kLog.info("derive.done", {{"written", rebuilt->written}, {"removed", rebuilt->removed}});
  }
}

}  // namespace kintsugi::control
