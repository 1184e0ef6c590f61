#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "gate/responder.h"
#include "gate/worker.h"

namespace kintsugi::gate {

/// The sessions of all loops, by id. Goes to each loop and comes back to that of `worker`.
Task<std::vector<ProcessInfo>> list_processes(Worker& worker);

/// As SHOW [FULL] PROCESSLIST.
void respond_process_list(Responder& responder, const std::vector<ProcessInfo>& processes, bool full);

/// KILL: ends a session, or only the statement that it runs. kNoSuchThread; kNotOwner for another user's.
Task<Result<void>> kill_connection(Worker& worker, std::string user, std::uint32_t connection_id,
                                   bool query_only);

}  // namespace kintsugi::gate
