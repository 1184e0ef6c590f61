#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

/// When an event runs. Pure.
namespace kintsugi::gate {

/// Seconds since the beginning of 1970 by a clock on the wall, whatever its time zone: of an event's times,
/// by the clock of the event's own.
using WallSeconds = std::int64_t;

/// "2026-11-29 12:00:00", with or without a fraction, which is cut off. kInvalidArgument.
Result<WallSeconds> parse_wall_time(std::string_view text);
std::string wall_time_text(WallSeconds time);

/// ON SCHEDULE of an event, as information_schema.EVENTS tells it. A time that an interval of months does not
/// find in a month is that month's last day.
class Schedule {
 public:
  /// AT.
  static Schedule once(WallSeconds at);
  /// EVERY `value` `field` STARTS … ENDS …: `value` is a number, or several in quotes for a field of several
  /// units ("'1:30'", "HOUR_MINUTE"). kInvalidArgument: no interval that a server would take.
  static Result<Schedule> every(std::string_view value, std::string_view field, WallSeconds starts,
                                std::optional<WallSeconds> ends);

  /// The latest time at which it was to run, up to and with `now`; nothing: it has not begun.
  std::optional<WallSeconds> latest(WallSeconds now) const;
  /// The first time behind `now`; nothing: it is over.
  std::optional<WallSeconds> next(WallSeconds now) const;

 private:
  WallSeconds time_of(std::int64_t run) const;
  std::int64_t runs_until(WallSeconds now) const;

  WallSeconds starts_ = 0;
  std::optional<WallSeconds> ends_;
  std::int64_t seconds_ = 0, months_ = 0;  ///< between two runs: one of them; none: it runs once
};

}  // namespace kintsugi::gate
