#pragma once

#include "base/time.h"

namespace kintsugi::runtime {

/// When the loop that this thread runs last woke: the time, but for the milliseconds that the loop has worked
/// since. Reading it costs nothing; for deadlines and ages, not for latencies. Where no loop has run, the
/// clock's.
Time coarse_now();

}  // namespace kintsugi::runtime
