#pragma once

#include <chrono>
#include <string>

namespace kintsugi {

/// Monotonic time: deadlines, latencies, ages. `Time::max()` is "never".
using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

/// The calendar's time, for records and logs.
using WallTime = std::chrono::system_clock::time_point;

using namespace std::chrono_literals;

/// "2022-03-09T09:34:58Z", or with milliseconds "2022-03-09T09:34:58.123Z".
std::string to_rfc3339(WallTime time, bool milliseconds = false);

}  // namespace kintsugi
