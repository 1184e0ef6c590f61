#pragma once

#include <map>
#include <string>

#include "admin/metrics.h"
#include "base/task.h"
#include "gate/worker.h"

namespace kintsugi::gate {

/// The pools of all loops, by tablet. From a loop of the gate's, to which it comes back.
Task<std::map<std::string, Backends::PoolState>> all_pools(GateShared& shared);

/// Adds their metrics.
void add_pool_metrics(admin::Metrics& metrics, GateShared& shared);

}  // namespace kintsugi::gate
