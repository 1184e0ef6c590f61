#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "gate/event/schedule.h"

namespace kintsugi::runtime {
class Cancel;
}

namespace kintsugi::gate {

class Backends;

/// An event as the servers of its keyspace have it.
struct EventDefinition {
  std::string name;
  std::string body;
  std::string sql_mode, charset, collation, time_zone;
  bool preserve = false;    ///< ON COMPLETION PRESERVE
  bool of_replica = false;  ///< the server was one when the event was made: it would not run it
  Schedule schedule = Schedule::once(0);
  Time midnight{};  ///< the moment at which the clock of its time zone was at 0

  /// What the clock of its time zone says. A zone that changes to summer time meanwhile is an hour off until
  /// the definition is read again.
  WallSeconds wall_time(Time now) const;
  Time moment_of(WallSeconds time) const;
};

/// From the primary of the keyspace's first shard, where all are alike. An event whose interval is none that
/// is known is left out, and logged.
Task<Result<std::vector<EventDefinition>>> read_definitions(Backends& backends, std::string keyspace,
                                                            runtime::Cancel* cancel);

}  // namespace kintsugi::gate
