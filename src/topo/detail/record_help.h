#pragma once

#include <fmt/format.h>

#include "base/error.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "topo/errors.h"
#include "topo/names.h"
#include "topo/time.h"

// What changes of records share.
namespace kintsugi::topo {

inline Error no_shard(const ShardName& shard) {
  return {kNoNode, fmt::format("there is no shard {}", shard.text())};
}

/// Somebody has decided about the shard since epoch `expected`.
inline Error stale_epoch(const ShardName& shard, const v1::Shard& record, std::uint32_t expected) {
  return {kStaleEpoch, fmt::format("shard {} is at epoch {} with primary {}, not at {}", shard.text(),
                                   record.epoch(), record.primary_alias(), expected)};
}

}  // namespace kintsugi::topo
