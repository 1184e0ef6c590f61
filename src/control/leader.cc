#include "control/leader.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "topo/derive.h"

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

Leader::Leader(topo::Store& store, ClusterState& state, const Leadership& leadership, admin::Metrics& metrics)
    : topology_(store),
      metrics_(metrics),
      recoverer_(topology_, state, metrics_),
      recloner_(topology_, state, metrics_),
      state_(state),
      leadership_(leadership) {}

std::map<std::string, std::string> Leader::waiting() const {
  std::map<std::string, std::string> all = waiting_;
  all.insert(recoverer_.waiting().begin(), recoverer_.waiting().end());
  return all;
}

Task<void> Leader::run(runtime::Cancel* cancel) {
  while (!cancel->requested()) {
    state_.changed().reset();
    if (!leadership_.leads() || !state_.is_loaded()) {
      forget();
    } else if (Clock::now() >= act_again_) {
      const bool done = co_await act();
      if (!done) act_again_ = Clock::now() + kRound;
    }
    const bool woken = co_await state_.changed().wait(Clock::now() + kRound, cancel);
    (void)woken;
  }
  co_await recloner_.stop();
}

void Leader::forget() {
  waiting_.clear();
  recoverer_.forget();
  recloner_.forget();
  alive_since_.clear();
  derived_version_ = 0;
  act_again_ = {};
}

// False: the store did not take something; to be tried again, but not at each word of a tablet.
Task<bool> Leader::act() {
  bool done = co_await recoverer_.act();
  for (Election& each : decide_elections()) {
    const bool made = co_await make_primary(std::move(each));
    done = done && made;
  }
  const bool derived = co_await derive();
  const bool recloned = co_await recloner_.act();
  co_return done&& derived&& recloned;
}

std::vector<Leader::Election> Leader::decide_elections() {
  std::vector<Election> elections;
  std::map<std::string, std::string> waiting;
  std::map<std::string, Time> alive_since;
  for (const KeyspaceView& keyspace : state_.current().view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      if (!shard.readable || !shard.record.primary_alias().empty()) continue;
      const std::string name = shard.full_name();
      FirstPrimary decision = decide(shard, keyspace.record.tablets_per_shard());
      if (const auto since = alive_since_.find(name); since != alive_since_.end()) alive_since.insert(*since);
      if (!decision.alias.empty()) {
        elections.push_back({{shard.keyspace, shard.name}, decision.alias, shard.record.epoch()});
        continue;
      }
      if (decision.needs_help && waiting_[name] != decision.waiting)
        kLog.error("shard.needs_help", {{"reason", decision.waiting}});
      waiting[name] = std::move(decision.waiting);
    }
  }
  waiting_ = std::move(waiting);
  alive_since_ = std::move(alive_since);
  return elections;
}

FirstPrimary Leader::decide(const ShardView& shard, std::size_t expected_tablets) {
  const Time now = Clock::now();
  UnledShard unled;
  unled.name = shard.full_name();
  unled.expected_tablets = expected_tablets;
  std::ranges::transform(shard.tablets, std::back_inserter(unled.candidates), candidate_of);
  if (std::ranges::any_of(unled.candidates, &Candidate::alive)) {
    unled.waiting_since = alive_since_.try_emplace(unled.name, now).first->second;
  } else {
    alive_since_.erase(unled.name);
  }
  return decide_first_primary(unled, now);
}

Task<bool> Leader::make_primary(Election election) {
  const Result<topo::TabletAlias> tablet = topo::TabletAlias::parse(election.alias);
  if (!tablet) co_return true;
  const Result<topo::v1::Shard> made = co_await topology_.set_shard_primary(
      election.shard, *tablet, election.epoch, std::chrono::system_clock::now());
  if (made) {
    kLog.info("primary.elected",
              {{"shard", election.shard.text()}, {"alias", election.alias}, {"epoch", made->epoch()}});
  } else {
    kLog.warning("primary.not_set",
                 {{"shard", election.shard.text()}, {"alias", election.alias}, {"reason", made.error()}});
  }
  co_return made.has_value();
}

Task<bool> Leader::derive() {
  const std::uint64_t version = state_.serving_version();
  if (version == derived_version_) co_return true;
  const topo::DerivedRecords wanted = topo::derive_serving(state_.records());
  std::string problem = wanted.problems.empty() ? "" : wanted.problems.front();
  bool done = true;
  if (!topo::differences(state_.records(), wanted).empty()) {
    const Result<topo::TopoServer::Rebuilt> rebuilt = co_await topology_.rebuild_serving();
    done = rebuilt.has_value();
    if (!done) problem = rebuilt.error().text();
    if (done && rebuilt->written + rebuilt->removed > 0)
      kLog.info("derive.done", {{"written", rebuilt->written}, {"removed", rebuilt->removed}});
  }
  if (!problem.empty() && problem != derive_problem_) kLog.warning("derive.problem", {{"reason", problem}});
  derive_problem_ = std::move(problem);
  if (done) derived_version_ = version;
  co_return done;
}

}  // namespace kintsugi::control
