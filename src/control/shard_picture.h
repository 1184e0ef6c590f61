#pragma once

#include "base/time.h"
#include "control/view.h"
#include "recovery/recovery.h"

namespace kintsugi::control {

/// A shard as decisions about its primary see it. `cluster_held`: a person has held automatic recovery
/// everywhere. Pure.
recovery::Shard picture_of(const KeyspaceView& keyspace, const ShardView& shard, bool cluster_held,
                           WallTime now);

}  // namespace kintsugi::control
