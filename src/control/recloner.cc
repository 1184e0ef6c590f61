#include "control/recloner.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/log.h"
#include "control/shard_picture.h"
#include "control/tablet_client.h"
#include "topo/records.h"
#include "topo/time.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

/// What is seen of a tablet that was a primary a moment ago may pass.
constexpr Duration kPatience = 5s;
constexpr Duration kAfterFailure = std::chrono::minutes(1);
constexpr Duration kLookAtJournals = 1s;
constexpr Duration kTell = 5s;
/// A tablet that is heard and says nothing of what it was told has been started again, or was never told.
constexpr Duration kSilence = 10s;
constexpr std::size_t kJournalsKept = 50;

WallTime now() { return std::chrono::system_clock::now(); }

}  // namespace

void Recloner::forget() {
  followed_.clear();
  seen_.clear();
  over_.clear();
  look_at_journals_ = {};
}

Task<void> Recloner::stop() {
  tasks_.cancel().request();
  co_await tasks_.join();
}

Task<bool> Recloner::act() {
  if (Clock::now() >= look_at_journals_) {
    find_journals();
    look_at_journals_ = Clock::now() + kLookAtJournals;
  }
  bool done = co_await begin_due();
  std::vector<std::string> over;
  for (auto& [tablet, followed] : followed_) {
    bool ended = false;
    const bool went = co_await follow(followed, ended);
    done = done && went;
    if (ended) over.push_back(tablet);
  }
  for (const std::string& tablet : over) followed_.erase(tablet);
  co_return done;
}

/// Those that are open and not followed: a person has begun them, or another control.
void Recloner::find_journals() {
  std::set<std::string, std::less<>> over;  // without those of journals that were pruned
  for (const auto& [key, value] : state_.records()) {
    if (over_.contains(key)) {
      over.insert(key);
      continue;
    }
    if (topo::parse_key(key).kind != topo::RecordKind::recovery) continue;
    topo::v1::Recovery journal;
    const bool readable = topo::from_text(key, value, journal).has_value();
    if (!readable || journal.reclone().empty() || journal.has_ended_at()) {
      // A change of primary has its end written by another; it never becomes one of these.
      over.insert(key);
      continue;
    }
    Followed followed{{journal.keyspace(), journal.shard()}, journal.id(), journal.reclone(), journal.from()};
    followed.told = journal.steps_size() > 0;
    followed.step_began = Clock::now();
    followed_.try_emplace(journal.reclone(), std::move(followed));
  }
  over_ = std::move(over);
}

Task<bool> Recloner::begin_due() {
  const bool cluster_held = state_.records().contains(topo::paths::recovery_hold());
  std::map<std::string, Seen> seen;
  std::vector<std::pair<ShardView, recovery::Reclone>> due;
  for (const KeyspaceView& keyspace : state_.current().view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      const bool busy = std::ranges::any_of(followed_, [&](const auto& each) {
        return each.second.shard.keyspace == shard.keyspace && each.second.shard.shard == shard.name;
      });
      if (busy || !shard.readable || shard.record.primary_alias().empty()) continue;
      std::optional<recovery::Reclone> chosen =
          recovery::choose_reclone(picture_of(keyspace, shard, cluster_held, now()));
      if (!chosen) continue;
      const std::string tablet = chosen->tablet.text();
      const auto before = seen_.find(tablet);
      Seen& entry = seen[tablet] = before == seen_.end() ? Seen{Clock::now(), {}} : before->second;
      if (Clock::now() < std::max(entry.since + kPatience, entry.not_before)) continue;
      due.emplace_back(shard, std::move(*chosen));
    }
  }
  seen_ = std::move(seen);
  bool done = true;
  for (auto& [shard, chosen] : due) {
    const bool begun = co_await begin(shard, std::move(chosen));
    done = done && begun;
  }
  co_return done;
}

Task<bool> Recloner::begin(const ShardView& shard, recovery::Reclone reclone) {
  topo::v1::Recovery journal;
  journal.set_reclone(reclone.tablet.text());
  journal.set_from(reclone.from.text());
  journal.set_reason(reclone.reason);
  const topo::ShardName name{shard.keyspace, shard.name};
  Result<std::string> id = co_await topology_.begin_reclone(name, journal, shard.record.epoch(), now());
  if (!id) {
    kLog.warning("reclone.not_begun", {{"shard", name.text()}, {"error", id.error()}});
    co_return false;
  }
  kLog.warning("reclone.begun", {{"shard", name.text()},
                                 {"id", *id},
                                 {"tablet", journal.reclone()},
                                 {"from", journal.from()},
                                 {"reason", reclone.reason}});
  Followed followed{name, std::move(*id), journal.reclone(), journal.from()};
  followed.step_began = Clock::now();
  followed_.try_emplace(journal.reclone(), std::move(followed));
  co_return true;
}

Task<bool> Recloner::follow(Followed& followed, bool& ended) {
  using tablet::v1::Reclone;
  ended = false;
  const TabletView* tablet = state_.current().view.tablet(followed.tablet);
  if (tablet == nullptr) {
    ended = co_await end(followed, topo::v1::Recovery::failed, followed.tablet + " is no tablet any more");
    co_return ended;
  }
  const Reclone reclone = tablet->health.reclone();
  const bool of_this = tablet->heard && reclone.id() == followed.id;
  if (!of_this && !followed.told) {
    followed.told = true;
    const bool noted = co_await note(followed, "asks " + followed.tablet + " to make its data anew");
    tasks_.spawn(tell(followed.tablet));
    co_return noted;
  }
  if (!of_this) {
    if (!followed.refused.empty()) {
      ended = co_await end(followed, topo::v1::Recovery::failed, followed.refused);
      co_return ended;
    }
    if (!tablet->heard) followed.silent_since = {};
    if (tablet->heard && followed.silent_since == Time{}) followed.silent_since = Clock::now();
    if (!tablet->heard || Clock::now() - followed.silent_since < kSilence) co_return true;
    const bool well = tablet->health.serving() && tablet->health.copy() == tablet::v1::Health::not_needed;
    ended = co_await end(followed, well ? topo::v1::Recovery::recloned : topo::v1::Recovery::failed,
                         followed.tablet + " was started again and says nothing of it; " +
                             (well ? "it is well" : "it is not well"));
    co_return ended;
  }
  followed.silent_since = {};
  if (reclone.outcome() == Reclone::under_way) {
    std::string step =
        reclone.error().empty() ? reclone.step() : reclone.step() + ", again, after: " + reclone.error();
    if (step.empty() || step == followed.step) co_return true;
    followed.step = step;
    const bool noted = co_await note(followed, std::move(step));
    co_return noted;
  }
  const bool done = reclone.outcome() == Reclone::done;
  if (done && tablet->health.copy() == tablet::v1::Health::left_behind) {
    ended = co_await end(followed, topo::v1::Recovery::failed,
                         followed.tablet +
                             " began with empty data, and its primary no longer has its first "
                             "binlogs: its server is to fetch a copy");
    co_return ended;
  }
  // Whole is what follows again, not what was copied.
  if (done && !tablet->health.serving()) {
    const std::string step = "waits until it follows its primary";
    if (std::exchange(followed.step, step) == step) co_return true;
    const bool noted = co_await note(followed, step);
    co_return noted;
  }
  std::string conclusion = done ? followed.tablet + " follows its primary" : reclone.error();
  if (!reclone.saved().empty())
    conclusion += "; what only it had is in " + reclone.saved() + " on its machine";
  ended = co_await end(followed, done ? topo::v1::Recovery::recloned : topo::v1::Recovery::failed,
                       std::move(conclusion));
  co_return ended;
}

Task<void> Recloner::tell(std::string alias) {
  const auto found = followed_.find(alias);
  const TabletView* tablet = state_.current().view.tablet(alias);
  if (found == followed_.end() || tablet == nullptr) co_return;
  const TabletView* from = state_.current().view.tablet(found->second.from);
  if (from == nullptr) {
    found->second.refused = found->second.from + " is no tablet any more";
    co_return;
  }
  const std::string id = found->second.id;
  const topo::v1::Tablet record = tablet->record;
  tablet::v1::RecloneRequest request;
  request.set_id(id);
  request.set_from(found->second.from);
  request.set_from_host(from->record.address().host());
  request.set_from_http_port(from->record.address().http_port());
  request.set_from_mysql_port(from->record.address().mysql_port());
  tablet::v1::RecloneResponse response;
  const Result<void> told = co_await call_tablet(record, "Reclone", request, response, kTell);
  const auto still = followed_.find(alias);
  if (!told && still != followed_.end() && still->second.id == id)
    still->second.refused = told.error().text();
}

Task<bool> Recloner::note(Followed& followed, std::string what) {
  const Duration took = Clock::now() - std::exchange(followed.step_began, Clock::now());
  std::function<bool(topo::v1::Recovery&)> edit = [&](topo::v1::Recovery& journal) {
    topo::v1::Recovery::Step& step = *journal.add_steps();
    topo::set_time(*step.mutable_at(), now());
    step.set_what(what);
    step.set_took_ms(
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
    return true;
  };
  const Result<void> written = co_await topology_.edit_recovery(followed.shard, followed.id, std::move(edit));
  if (!written)
    kLog.warning("recovery.not_noted", {{"shard", followed.shard.text()}, {"error", written.error()}});
  co_return written.has_value();
}

Task<bool> Recloner::end(Followed& followed, topo::v1::Recovery::Outcome outcome, std::string conclusion) {
  const bool done = outcome == topo::v1::Recovery::recloned;
  const bool noted = co_await note(followed, conclusion);
  if (!noted) co_return false;
  topo::v1::Recovery ended;
  std::function<bool(topo::v1::Recovery&)> edit = [&](topo::v1::Recovery& journal) {
    if (journal.has_ended_at()) return false;
    journal.set_outcome(outcome);
    journal.set_conclusion(conclusion);
    topo::set_time(*journal.mutable_ended_at(), now());
    ended = journal;
    return true;
  };
  const Result<void> written = co_await topology_.edit_recovery(followed.shard, followed.id, std::move(edit));
  if (!written) {
    kLog.warning("recovery.not_noted", {{"shard", followed.shard.text()}, {"error", written.error()}});
    co_return false;
  }
  if (ended.has_ended_at()) metrics_.note(ended);
  if (!done) seen_[followed.tablet].not_before = Clock::now() + kAfterFailure;
  kLog.warning(done ? "reclone.done" : "reclone.failed", {{"shard", followed.shard.text()},
                                                          {"id", followed.id},
                                                          {"tablet", followed.tablet},
                                                          {"how", conclusion}});
  const Result<void> pruned = co_await topology_.prune_recoveries(followed.shard, kJournalsKept);
  if (!pruned)
    kLog.warning("recovery.not_pruned", {{"shard", followed.shard.text()}, {"error", pruned.error()}});
  co_return true;
}

}  // namespace kintsugi::control
