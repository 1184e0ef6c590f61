#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "gate/responder.h"
#include "gate/worker.h"

namespace kintsugi::gate {

class Session;

/// The sessions of all loops, by id. Goes to each loop and comes back to that of `worker`.
Task<std::vector<ProcessInfo>> list_processes(Worker& worker);

/// As SHOW [FULL] PROCESSLIST.
void respond_process_list(Responder& responder, const std::vector<ProcessInfo>& processes, bool full);

/// KILL of `killer`: ends a session, or only the statement that it runs. When it returns, the killed client's
/// machine has been told that the connection is over, as by a server, so that a driver which looks before it
/// sends connects again. kNoSuchThread; kNotOwner for another user's. Who kills itself hears of it by
/// kConnectionKilled (kCancelled: before MySQL, and of its statement), and its connection ends with that.
Task<Result<void>> kill_connection(Session& killer, std::uint32_t connection_id, bool query_only);

}  // namespace kintsugi::gate
