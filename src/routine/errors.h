#pragma once

#include "base/error.h"

namespace kintsugi::routine {

// Numbers 34xx belong to this folder.

/// A stored routine uses what the gate cannot run over shards; the message says what.
inline constexpr ErrorCode kUnsupportedRoutine{
    3400, "unsupported_routine", 1235, "42000",
    "Write the statement another way, or choose a shard with USE `keyspace/shard` and run it there"};
/// A procedure calls itself more deeply than max_sp_recursion_depth allows.
inline constexpr ErrorCode kRecursionLimit{3401, "recursion_limit", 1456, "HY000",
                                           "Raise it with SET max_sp_recursion_depth = …, at most 255"};
/// The statement has no procedure or function of that name to run.
inline constexpr ErrorCode kNoSuchRoutine{3402, "no_such_routine", 1305, "42000",
                                          "SHOW PROCEDURE STATUS and SHOW FUNCTION STATUS list them"};

}  // namespace kintsugi::routine
