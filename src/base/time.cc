#include "base/time.h"

#include <ctime>

#include <fmt/format.h>

namespace kintsugi {

std::string to_rfc3339(WallTime time, bool milliseconds) {
  const auto since_epoch = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const std::time_t whole = seconds.count();
  std::tm utc{};
  gmtime_r(&whole, &utc);
  const std::string date = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900,
                                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
  if (!milliseconds) return date + "Z";
  return fmt::format("{}.{:03}Z", date, (since_epoch - seconds).count());
}

}  // namespace kintsugi
