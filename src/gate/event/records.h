#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "gate/event/schedule.h"
#include "topo/store.h"

/// What the topology knows of events: whose they are, and how they ran. What they do, and when, the
/// keyspace's servers know. On the store's loop.
namespace kintsugi::gate {

struct EventRecord {
  std::string keyspace;
  std::string name;  ///< as it was made
  std::string user;  ///< with whose rights it runs
  std::string host;  ///< from where that user came, as users.json has it
  bool disabled = false;
  WallTime changed{};
  std::optional<WallSeconds> due;  ///< the latest time at which it was to run, and was begun
  std::string zone;                ///< the time zone that this is of
  std::string gate;                ///< that began it
  std::optional<WallTime> began, ended;
  std::string error;  ///< of the run that ended; empty: it went well
  std::uint64_t runs = 0, failures = 0;
};

/// Nothing: the key is no event's. kBadRecord.
Result<std::optional<EventRecord>> parse_event(std::string_view key, std::string_view text);
/// All there are, by keyspace and name.
Task<Result<std::vector<EventRecord>>> list_events(topo::Store& store);

/// What CREATE and ALTER EVENT say.
struct EventChange {
  std::string keyspace, name;
  std::string new_name;  ///< RENAME TO; empty: it keeps its name
  std::string user, host;
  std::optional<bool> disabled;  ///< nothing: it stays as it is
  bool keep = false;             ///< one that is there stays as it is: IF NOT EXISTS
};
Task<Result<void>> note_event(topo::Store& store, EventChange change);
Task<Result<void>> forget_event(topo::Store& store, std::string keyspace, std::string name);

/// A run that is to begin.
struct EventRun {
  WallSeconds due = 0;
  std::string zone;  ///< the time zone that this is of
  std::string gate;
};
/// False: a gate has begun this run, or a later one, or the event is gone or disabled.
Task<Result<bool>> begin_run(topo::Store& store, std::string keyspace, std::string name, EventRun run);
/// `error`: empty if it went well.
Task<Result<void>> end_run(topo::Store& store, std::string keyspace, std::string name, std::string error);

}  // namespace kintsugi::gate
