#include "control/recoverer.h"

#include <chrono>
#include <functional>
#include <utility>

#include "base/log.h"
#include "control/shard_picture.h"
#include "topo/records.h"
#include "topo/time.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

constexpr std::size_t kJournalsKept = 50;  // of each shard

WallTime now() { return std::chrono::system_clock::now(); }

bool serves_as_primary(const TabletView& tablet) {
  return tablet.heard && tablet.health.serving() && tablet.health.type() == topo::v1::primary;
}

}  // namespace

Task<bool> Recoverer::act() {
  bool done = true;
  if (!looked_for_journals_) done = co_await find_open_journals();
  for (Work& work : decide()) {
    const bool performed = co_await perform(std::move(work));
    done = done && performed;
  }
  const bool closed = co_await close_journals();
  co_return done&& closed;
}

void Recoverer::forget() {
  memories_.clear();
  waiting_.clear();
  told_.clear();
  followed_.clear();
  looked_for_journals_ = false;
}

std::vector<Recoverer::Work> Recoverer::decide() {
  std::vector<Work> list;
  std::map<std::string, recovery::Memory> memories;
  waiting_.clear();
  const bool cluster_held = state_.records().contains(topo::paths::recovery_hold());
  for (const KeyspaceView& keyspace : state_.current().view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      if (!shard.readable || shard.record.primary_alias().empty()) continue;
      Work work;
      work.shard = {shard.keyspace, shard.name};
      work.picture = picture_of(keyspace, shard, cluster_held, now());
      work.change = shard.record.has_change() ? shard.record.change().id() : "";
      const std::string name = shard.full_name();
      work.decision = recovery::decide(work.picture, memories_[name], Clock::now());
      memories[name] = work.decision.memory;
      if (work.decision.step == recovery::Step::nothing) continue;
      if (work.decision.step == recovery::Step::wait) waiting_[name] = work.decision.reason;
      list.push_back(std::move(work));
    }
  }
  memories_ = std::move(memories);
  std::erase_if(told_, [this](const auto& told) { return !waiting_.contains(told.first); });
  return list;
}

Task<bool> Recoverer::perform(Work work) {
  using recovery::Step;
  const std::string name = work.shard.text();
  switch (work.decision.step) {
    case Step::nothing:
      break;
    case Step::wait: {
      if (work.decision.needs_help &&
          std::exchange(told_[name], work.decision.reason) != work.decision.reason)
        kLog.error("shard.needs_help", {{"shard", name}, {"reason", work.decision.reason}});
      if (work.change.empty()) break;
      Followed& followed = follow(work.shard, work.change);
      if (std::exchange(followed.wait, work.decision.reason) != work.decision.reason)
        note(followed, "waits: " + work.decision.reason);
      break;
    }
    case Step::begin: {
      const bool begun = co_await begin(work);
      co_return begun;
    }
    case Step::promote:
    case Step::resume: {
      const bool ended = co_await end(work);
      co_return ended;
    }
  }
  co_return true;
}

Task<bool> Recoverer::begin(Work& work) {
  topo::v1::Recovery journal;
  journal.set_reason(work.decision.reason);
  journal.set_seen(recovery::describe(work.picture));
  topo::v1::PrimaryChange change;
  change.set_kind(topo::v1::PrimaryChange::unplanned);
  const Result<topo::v1::Shard> begun = co_await topology_.begin_primary_change(
      work.shard, std::move(change), std::move(journal), work.picture.epoch, now());
  if (!begun) {
    kLog.warning("recovery.not_begun", {{"shard", work.shard.text()}, {"error", begun.error()}});
    co_return false;
  }
  kLog.warning("recovery.begun", {{"shard", work.shard.text()},
                                  {"id", begun->change().id()},
                                  {"reason", work.decision.reason},
                                  {"seen", recovery::describe(work.picture)}});
  note(follow(work.shard, begun->change().id()), "all are told that the primary is being changed");
  co_return true;
}

/// By another primary or the same one.
Task<bool> Recoverer::end(Work& work) {
  const bool resumes = work.decision.step == recovery::Step::resume;
  std::optional<topo::TabletAlias> primary;
  if (!resumes) primary = work.decision.alias;
  const Result<topo::v1::Shard> ended =
      co_await topology_.end_primary_change(work.shard, std::move(primary), work.picture.epoch, now());
  if (!ended) {
    kLog.warning("recovery.not_ended", {{"shard", work.shard.text()}, {"error", ended.error()}});
    co_return false;
  }
  kLog.warning(resumes ? "primary.resumes" : "primary.changed", {{"shard", work.shard.text()},
                                                                 {"alias", ended->primary_alias()},
                                                                 {"epoch", ended->epoch()},
                                                                 {"reason", work.decision.reason}});
  if (work.change.empty()) co_return true;
  Followed& followed = follow(work.shard, work.change);
  note(followed, (resumes ? work.picture.primary.text() + " goes on: " : "chosen: ") + work.decision.reason);
  std::function<void(topo::v1::Recovery&)> conclude = [&](topo::v1::Recovery& journal) {
    journal.set_to(ended->primary_alias());
    journal.set_conclusion(work.decision.reason);
    journal.set_outcome(resumes ? topo::v1::Recovery::resumed : topo::v1::Recovery::changed);
  };
  const bool written = co_await write(followed, std::move(conclude));
  co_return written;
}

Recoverer::Followed& Recoverer::follow(const topo::ShardName& shard, const std::string& id) {
  Followed& followed = followed_[shard.text()];
  if (followed.id != id) {
    followed = Followed{.shard = shard, .id = id};
    followed.step_began = Clock::now();
  }
  return followed;
}

void Recoverer::note(Followed& followed, std::string what) {
  const Time at = Clock::now();
  followed.steps.push_back({now(), std::move(what), at - std::exchange(followed.step_began, at)});
}

/// The steps that were noted, and `more`.
Task<bool> Recoverer::write(Followed& followed, std::function<void(topo::v1::Recovery&)> more) {
  std::vector<Followed::Step> steps = std::exchange(followed.steps, {});
  std::function<bool(topo::v1::Recovery&)> edit = [&](topo::v1::Recovery& journal) {
    for (const Followed::Step& step : steps) {
      topo::v1::Recovery::Step& added = *journal.add_steps();
      topo::set_time(*added.mutable_at(), step.at);
      added.set_what(step.what);
      added.set_took_ms(static_cast<std::uint32_t>(
          std::chrono::duration_cast<std::chrono::milliseconds>(step.took).count()));
    }
    more(journal);
    return true;
  };
  const Result<void> written = co_await topology_.edit_recovery(followed.shard, followed.id, std::move(edit));
  if (written) co_return true;
  kLog.warning("recovery.not_noted", {{"shard", followed.shard.text()}, {"error", written.error()}});
  followed.steps = std::move(steps);
  co_return false;
}

/// Of recoveries that another control has begun.
Task<bool> Recoverer::find_open_journals() {
  const Result<std::vector<topo::v1::Recovery>> journals = co_await topology_.recoveries();
  if (!journals) co_return false;
  for (const topo::v1::Recovery& journal : *journals) {
    if (journal.has_ended_at() || !journal.reclone().empty()) continue;
    const std::string name = journal.keyspace() + '/' + journal.shard();
    if (!followed_.contains(name)) follow({journal.keyspace(), journal.shard()}, journal.id());
  }
  looked_for_journals_ = true;
  co_return true;
}

/// Where the change is over and the primary serves.
Task<bool> Recoverer::close_journals() {
  bool done = true;
  std::vector<std::string> closed;
  for (auto& [name, followed] : followed_) {
    const ShardView* shard = state_.current().view.shard(followed.shard.keyspace, followed.shard.shard);
    if (shard == nullptr) {
      closed.push_back(name);
      continue;
    }
    const TabletView* primary = shard->primary();
    const bool over = shard->readable && !shard->record.has_change() && primary != nullptr &&
                      serves_as_primary(*primary) && primary->health.epoch() == shard->record.epoch();
    if (!over) continue;
    const std::string alias = primary->record.alias();
    topo::v1::Recovery ended;
    note(followed, alias + " takes writes");
    std::function<void(topo::v1::Recovery&)> close = [&](topo::v1::Recovery& journal) {
      // Its end was not noted: the control that brought it about died.
      if (journal.outcome() == topo::v1::Recovery::under_way) {
        journal.set_to(alias);
        journal.set_outcome(alias == journal.from() ? topo::v1::Recovery::resumed
                                                    : topo::v1::Recovery::changed);
      }
      topo::set_time(*journal.mutable_ended_at(), now());
      ended = journal;
    };
    const bool written = co_await write(followed, std::move(close));
    done = done && written;
    if (!written) continue;
    metrics_.note(ended);
    kLog.info("recovery.done", {{"shard", name}, {"id", followed.id}, {"primary", alias}});
    const Result<void> pruned = co_await topology_.prune_recoveries(followed.shard, kJournalsKept);
    if (!pruned) kLog.warning("recovery.not_pruned", {{"shard", name}, {"error", pruned.error()}});
    closed.push_back(name);
  }
  for (const std::string& name : closed) followed_.erase(name);
  co_return done;
}

}  // namespace kintsugi::control
