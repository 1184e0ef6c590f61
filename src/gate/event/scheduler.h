#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gate/event/definitions.h"
#include "gate/event/records.h"
#include "runtime/event.h"
#include "topo/store.h"

namespace kintsugi::gate {

class Session;
class Worker;

/// Runs the events of all keyspaces: every gate watches their times, and the one that first writes into an
/// event's record that it begins a run does it. What fell due while no gate was there is left out, as by a
/// server that was down; runs may overlap, as a server's do.
///
/// On the home loop, whose worker and store it borrows. A run is a session of the worker's.
class EventScheduler final : public topo::WatchObserver {
 public:
  EventScheduler(Worker& home, topo::Store& store) : worker_(home), store_(store) {}

  /// Until `cancel` is requested; runs that have begun then end with the worker's sessions.
  Task<void> run(runtime::Cancel* cancel);

  /// When an event runs next, by the clock of its time zone: "2026-11-29 12:00:00". Empty: never, or it is
  /// not known yet.
  std::string next_run(const std::string& keyspace, const std::string& name) const;

  void on_snapshot(std::vector<topo::Node> nodes, topo::Revision revision) override;
  void on_changes(std::vector<topo::WatchEvent> events, topo::Revision revision) override;

 private:
  using Key = std::pair<std::string, std::string>;  ///< the keyspace, and the event's name in lower case
  struct Known {
    EventRecord record;
    std::optional<EventDefinition> definition;
    std::optional<WallSeconds> looked;  ///< up to then nothing that was due is left
    bool over = false;                  ///< it was found so
  };

  void take(const std::string& key, const std::string& text);
  Task<void> read(runtime::Cancel* cancel);
  void forget_gone(const std::string& keyspace);
  void own(const EventRecord& record);
  void look();
  void look(Known& event);
  Time next_look() const;
  Task<void> run_due(Session& session, EventRecord event, EventDefinition definition, WallSeconds due);
  Task<void> end_of_life(Session& session, EventRecord event, EventDefinition definition);

  Worker& worker_;
  topo::Store& store_;
  std::map<Key, Known> events_;
  std::map<std::string, Time> read_at_;  ///< by keyspace; none: to be read
  std::set<std::string> unread_;         ///< keyspaces whose servers did not answer, as was logged
  runtime::Event changed_;
};

}  // namespace kintsugi::gate
