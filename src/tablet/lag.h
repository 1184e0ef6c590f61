#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "tablet/server_state.h"

namespace kintsugi::tablet {

/// How far what can be read on a replica is behind its primary. The server's own estimate while it is
/// connected; zero when everything that came is applied; while it has no connection, or does not apply, it
/// grows with the time since it was last known. Pure but for what it remembers.
class LagMeter {
 public:
  /// Gives the lag in ms; nothing if it was never known.
  std::optional<std::uint32_t> observe(const ReplicationState& replication, Time now);
  /// Without replication there is no lag to remember.
  void reset() { known_at_.reset(); }

 private:
  std::optional<Time> known_at_;
  std::uint32_t known_ms_ = 0;
};

}  // namespace kintsugi::tablet
