#pragma once

#include "base/error.h"

namespace kintsugi::wire {

// Numbers 46xx belong to this folder.

/// A result has more rows or bytes than its reader takes.
inline constexpr ErrorCode kResultTooLarge{4601, "result_too_large", 1105, "HY000",
                                           "Ask for less, or raise the limit of rows or bytes"};
/// A connection still holds the rest of an answer.
inline constexpr ErrorCode kOutOfStep{4602, "out_of_step", 2014, "HY000",
                                      "An answer was not read to its end; the connection was closed"};

}  // namespace kintsugi::wire
