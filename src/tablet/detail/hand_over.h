#pragma once

#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "topo/names.h"
#include "topo/store.h"

namespace kintsugi::tablet {

/// Asks control's leader to make another tablet the primary of `shard`, as `kintsugi shard reparent` does.
/// Gives that one's alias when it is the primary. `from`: who asks, for the journal. kNoLeader at once where
/// nobody leads; what control refuses it with; what the store and the connection fail with.
Task<Result<std::string>> ask_to_hand_over(topo::Store& store, topo::ShardName shard, topo::TabletAlias from,
                                           Time deadline);

}  // namespace kintsugi::tablet
