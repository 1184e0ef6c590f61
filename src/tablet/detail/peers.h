#pragma once

#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "runtime/address.h"
#include "topo/names.h"
#include "topo/store.h"

namespace kintsugi::tablet {

/// Where the agent of the shard's primary answers, by the topology. kNotPrimary: it has none; topo::kNoNode:
/// there is no such shard; and what the store fails with.
Task<Result<runtime::Address>> primary_agent(topo::Store& store, topo::ShardName shard);

/// Every shard of the cluster, by the topology.
Task<Result<std::vector<topo::ShardName>>> all_shards(topo::Store& store);

}  // namespace kintsugi::tablet
