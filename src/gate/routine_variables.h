#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "plan/called_routine.h"

namespace kintsugi::gate {

class Session;

/// The user variables (as SQL, "@`a`") that these may assign, which servers run, and those that they call:
/// the session has them afterwards, as of one server, and no other session has. Definitions are read once and
/// kept with the keyspace's schema; of what cannot be read, none. Each once.
Task<std::vector<std::string>> variables_of_routines(Session& session,
                                                     std::vector<plan::CalledRoutine> called);

}  // namespace kintsugi::gate
