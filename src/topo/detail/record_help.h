#pragma once

#include <chrono>

#include <fmt/format.h>

#include "base/error.h"
#include "base/time.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "topo/errors.h"
#include "topo/names.h"

// What changes of records share.
namespace kintsugi::topo {

/// To the millisecond.
inline void set_time(google::protobuf::Timestamp& timestamp, WallTime time) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  timestamp.set_seconds(since_epoch / 1000);
  timestamp.set_nanos(static_cast<std::int32_t>(since_epoch % 1000 * 1'000'000));
}

inline Error no_shard(const ShardName& shard) {
  return {kNoNode, fmt::format("there is no shard {}", shard.text())};
}

/// Somebody has decided about the shard since epoch `expected`.
inline Error stale_epoch(const ShardName& shard, const v1::Shard& record, std::uint32_t expected) {
  return {kStaleEpoch, fmt::format("shard {} is at epoch {} with primary {}, not at {}", shard.text(),
                                   record.epoch(), record.primary_alias(), expected)};
}

}  // namespace kintsugi::topo
