#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "plan/plan.h"

namespace kintsugi::gate {

class Session;

/// The user variables (as SQL, "@`a`") that these may assign, which servers run, and those that they call:
/// the session has them afterwards, as of one server, and no other session has. Definitions are read once and
/// kept with the keyspace's schema; of what cannot be read, none. Each once.
Task<std::vector<std::string>> variables_of_routines(Session& session,
                                                     std::vector<plan::CalledRoutine> called);

/// Whether servers may run routines for the plan that assign some: not if it was looked for before.
bool may_assign_unseen(Session& session, const plan::Plan& plan);
/// Those of a plan, with those of triggers: of tables of unsharded keyspaces, which are the servers' alone.
Task<std::vector<std::string>> variables_of_routines(Session& session,
                                                     std::shared_ptr<const plan::Plan> plan);

}  // namespace kintsugi::gate
