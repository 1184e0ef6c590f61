#pragma once

#include <chrono>
#include <cstdint>

#include <google/protobuf/timestamp.pb.h>

#include "base/time.h"

// Times of records, to the millisecond.
namespace kintsugi::topo {

inline void set_time(google::protobuf::Timestamp& timestamp, WallTime time) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  timestamp.set_seconds(since_epoch / 1000);
  timestamp.set_nanos(static_cast<std::int32_t>(since_epoch % 1000 * 1'000'000));
}

inline WallTime to_time(const google::protobuf::Timestamp& timestamp) {
  return WallTime{std::chrono::seconds(timestamp.seconds()) +
                  std::chrono::milliseconds(timestamp.nanos() / 1'000'000)};
}

}  // namespace kintsugi::topo
