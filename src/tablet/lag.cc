#include "tablet/lag.h"

#include <algorithm>
#include <limits>

namespace kintsugi::tablet {

std::optional<std::uint32_t> LagMeter::observe(const ReplicationState& replication, Time now) {
  const bool runs =
      replication.io_thread == ThreadState::running && replication.sql_thread == ThreadState::running;
  if (runs && (replication.applied_all || replication.seconds_behind)) {
    known_at_ = now;
    const std::uint64_t ms = replication.applied_all ? 0 : std::uint64_t{*replication.seconds_behind} * 1000;
    known_ms_ =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(ms, std::numeric_limits<std::uint32_t>::max()));
    return known_ms_;
  }
  if (!known_at_) return std::nullopt;
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - *known_at_).count();
  const std::uint64_t ms = known_ms_ + static_cast<std::uint64_t>(std::max<std::int64_t>(since, 0));
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(ms, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace kintsugi::tablet
