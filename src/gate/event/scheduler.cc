#include "gate/event/scheduler.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "base/lower_case.h"
#include "gate/event/run.h"
#include "gate/session.h"
#include "gate/worker.h"
#include "runtime/task_group.h"
#include "topo/records.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

using namespace std::chrono_literals;
/// What a gate did not see coming it begins late by so much at most: an event that was just made, or one that
/// fell due while a gate was started anew.
constexpr WallSeconds kLateBy = 10;
constexpr Duration kReadAgain = 30s;  // what servers have may have changed without this gate's knowing
constexpr Duration kTryAgain = 1s;
constexpr Duration kGoneAfter = 10s;  // a record without an event

/// The last run.
bool has_ended(const EventRecord& event) {
  return event.ended && (!event.began || *event.ended >= *event.began);
}

}  // namespace

Task<void> EventScheduler::run(runtime::Cancel* cancel) {
  runtime::TaskGroup watching;
  watching.spawn(store_.watch(std::string(topo::paths::kEvents) + "/", *this, &watching.cancel()));
  while (!cancel->requested()) {
    co_await read(cancel);
    look();
    const bool changed = co_await changed_.wait(next_look(), cancel);
    if (changed) changed_.reset();
  }
  watching.cancel().request();
  co_await watching.join();
}

// What there is.

void EventScheduler::take(const std::string& key, const std::string& text) {
  Result<std::optional<EventRecord>> record = parse_event(key, text);
  if (!record) {
    kLog.warning("event.bad_record", {{"error", record.error()}, {"do", "ALTER EVENT writes it anew"}});
    return;
  }
  if (!*record) return;
  Known& known = events_[{(*record)->keyspace, lower_case((*record)->name)}];
  if (known.record.changed != (*record)->changed) {
    read_at_.erase((*record)->keyspace);
    known.over = false;
  }
  known.record = std::move(**record);
}

void EventScheduler::on_snapshot(std::vector<topo::Node> nodes, topo::Revision) {
  events_.clear();
  read_at_.clear();
  for (const topo::Node& node : nodes) take(node.key, node.value);
  changed_.set();
}

void EventScheduler::on_changes(std::vector<topo::WatchEvent> events, topo::Revision) {
  for (const topo::WatchEvent& event : events) {
    if (!event.removed) {
      take(event.node.key, event.node.value);
      continue;
    }
    const topo::KeyParts parts = topo::parse_key(event.node.key);
    events_.erase({parts.keyspace, parts.name});
  }
  changed_.set();
}

/// What servers know of them, where that is not known or of long ago.
Task<void> EventScheduler::read(runtime::Cancel* cancel) {
  std::set<std::string> wanted;
  for (const auto& [key, event] : events_) {
    const auto known = read_at_.find(key.first);
    if (known == read_at_.end() || known->second + kReadAgain <= Clock::now()) wanted.insert(key.first);
  }
  std::erase_if(read_at_, [this](const auto& known) {
    const auto first = events_.lower_bound({known.first, ""});
    return first == events_.end() || first->first.first != known.first;
  });
  for (const std::string& keyspace : wanted) {
    read_at_[keyspace] = Clock::now();
    const Result<std::vector<EventDefinition>> found =
        co_await read_definitions(worker_.backends(), keyspace, cancel);
    if (cancel->requested()) co_return;
    if (!found) {
      if (unread_.insert(keyspace).second)
        kLog.warning(
            "event.not_read",
            {{"keyspace", keyspace},
             {"error", found.error()},
             {"do", "see to its first shard: until that answers, its events run as they were known"}});
      read_at_[keyspace] = Clock::now() - kReadAgain + kTryAgain;
      continue;
    }
    unread_.erase(keyspace);
    for (auto& [key, event] : events_) {
      if (key.first == keyspace) event.definition.reset();
    }
    for (const EventDefinition& definition : *found) {
      const auto event = events_.find({keyspace, lower_case(definition.name)});
      if (event == events_.end()) continue;
      event->second.definition = definition;
      if (definition.of_replica && !event->second.record.disabled) own(event->second.record);
    }
    forget_gone(keyspace);
  }
}

/// Those that servers do not have: dropped there, or, by whoever made them for a time that was past, at once.
void EventScheduler::forget_gone(const std::string& keyspace) {
  for (const auto& [key, event] : events_) {
    if (key.first != keyspace || event.definition) continue;
    if (std::chrono::system_clock::now() - event.record.changed < kGoneAfter) {
      // One that came while the servers were asked is asked for at once.
      if (const auto read = read_at_.find(keyspace); read != read_at_.end())
        read->second = Clock::now() - kReadAgain + kGoneAfter;
      continue;
    }
    worker_.serve_own([this, record = event.record](Session&) -> Task<void> {
      const Result<void> done = co_await forget_event(store_, record.keyspace, record.name);
      if (done) kLog.info("event.gone", {{"keyspace", record.keyspace}, {"event", record.name}});
    });
  }
}

/// After a failover: what the server says of it is right again, in dumps too.
void EventScheduler::own(const EventRecord& record) {
  worker_.serve_own([record](Session& session) -> Task<void> {
    const Result<void> done = co_await own_event(session, record);
    if (!done)
      kLog.warning("event.not_owned", {{"keyspace", record.keyspace},
                                       {"event", record.name},
                                       {"error", done.error()},
                                       {"do", "ALTER EVENT … ENABLE; it runs nevertheless"}});
  });
}

// What is due.

void EventScheduler::look() {
  for (auto& [key, event] : events_) look(event);
}

void EventScheduler::look(Known& event) {
  if (!event.definition || event.record.disabled) return;
  const EventDefinition& definition = *event.definition;
  const WallSeconds now = definition.wall_time(Clock::now());
  const std::optional<WallSeconds> due = definition.schedule.latest(now);
  const bool same_clock = event.record.zone == definition.time_zone;
  const bool begun = due && event.record.due && same_clock && *event.record.due >= *due;
  const bool missed = due && !begun && now - *due > kLateBy && (!event.looked || *event.looked >= *due);
  if (due && !begun && !missed) {
    event.record.due = due;
    event.record.zone = definition.time_zone;
    event.record.ended.reset();
    worker_.serve_own([this, record = event.record, definition, due = *due](Session& session) {
      return run_due(session, record, definition, due);
    });
  } else if (!definition.schedule.next(now) && !event.over && (!begun || has_ended(event.record))) {
    event.over = true;
    worker_.serve_own([this, record = event.record, definition](Session& session) {
      return end_of_life(session, record, definition);
    });
  }
  event.looked = now;
}

Time EventScheduler::next_look() const {
  Time next = Clock::now() + kReadAgain;
  for (const auto& [keyspace, read] : read_at_) next = std::min(next, read + kReadAgain);
  for (const auto& [key, event] : events_) {
    if (!event.definition || event.record.disabled) continue;
    const WallSeconds now = event.definition->wall_time(Clock::now());
    const std::optional<WallSeconds> due = event.definition->schedule.next(now);
    if (due) next = std::min(next, event.definition->moment_of(*due));
  }
  return next;
}

std::string EventScheduler::next_run(const std::string& keyspace, const std::string& name) const {
  const auto found = events_.find({keyspace, lower_case(name)});
  if (found == events_.end() || !found->second.definition || found->second.record.disabled) return {};
  const EventDefinition& definition = *found->second.definition;
  const std::optional<WallSeconds> next = definition.schedule.next(definition.wall_time(Clock::now()));
  return next ? wall_time_text(*next) : "";
}

// Runs.

Task<void> EventScheduler::run_due(Session& session, EventRecord event, EventDefinition definition,
                                   WallSeconds due) {
  const Result<bool> begun =
      co_await begin_run(store_, event.keyspace, event.name,
                         EventRun{.due = due, .zone = definition.time_zone, .gate = worker_.options().name});
  if (!begun) {
    kLog.warning("event.not_begun", {{"keyspace", event.keyspace},
                                     {"event", event.name},
                                     {"due", wall_time_text(due)},
                                     {"error", begun.error()},
                                     {"do", "see whether another gate has: SHOW KINTSUGI EVENTS"}});
  }
  if (!begun || !*begun) co_return;
  const Time from = Clock::now();
  const Result<void> done = co_await run_event(session, event, definition);
  const std::string error = done ? "" : done.error().text();
  worker_.metrics().event_runs.with({event.keyspace, event.name, done ? "ok" : "failed"}).add();
  const std::int64_t took = (Clock::now() - from) / 1ms;
  if (done) {
    kLog.info("event.ran", {{"keyspace", event.keyspace},
                            {"event", event.name},
                            {"due", wall_time_text(due)},
                            {"took_ms", took}});
  } else {
    kLog.warning("event.failed", {{"keyspace", event.keyspace},
                                  {"event", event.name},
                                  {"due", wall_time_text(due)},
                                  {"user", event.user},
                                  {"took_ms", took},
                                  {"error", done.error()},
                                  {"do", "SHOW CREATE EVENT says what it does; try that as its user"}});
  }
  const Result<void> ended = co_await end_run(store_, event.keyspace, event.name, error);
  if (!ended)
    kLog.warning("event.not_ended",
                 {{"keyspace", event.keyspace},
                  {"event", event.name},
                  {"error", ended.error()},
                  {"do", "nothing: only SHOW KINTSUGI EVENTS does not know how it ended"}});
}

/// No more run is to come: it is dropped, or stays and is disabled, if it still is what it was.
Task<void> EventScheduler::end_of_life(Session& session, EventRecord event, EventDefinition definition) {
  const Result<std::vector<EventDefinition>> now =
      co_await read_definitions(worker_.backends(), event.keyspace, session.cancel());
  if (!now) co_return;
  for (const EventDefinition& known : *now) {
    if (known.name != definition.name || known.schedule.next(known.wall_time(Clock::now()))) continue;
    const Result<void> done = co_await end_event(session, event, known.preserve);
    if (done) {
      kLog.info("event.over", {{"keyspace", event.keyspace},
                               {"event", event.name},
                               {"done", known.preserve ? "disabled" : "dropped"}});
    } else {
      kLog.warning("event.not_over", {{"keyspace", event.keyspace},
                                      {"event", event.name},
                                      {"error", done.error()},
                                      {"do", "DROP EVENT; it runs no more"}});
    }
  }
}

}  // namespace kintsugi::gate
