#pragma once

#include "base/error.h"

namespace kintsugi::exec {

// Numbers 33xx belong to this folder.

/// Shards answered with different columns: a schema change is on its way, or one was made behind our back.
inline constexpr ErrorCode kShardsDisagree{
    3300, "shards_disagree", 1105, "HY000",
    "Compare the table on the shards with SHOW CREATE TABLE; while a schema "
    "change runs, retry"};
/// Stopped because another shard failed, or because the client went away.
inline constexpr ErrorCode kCancelled{3301, "cancelled", 1317, "70100"};
/// A schema change that some of the shards have and others have not.
inline constexpr ErrorCode kHalfDone{
    3302, "half_done", 1105, "HY000",
    "Remove the cause, then run the statement again on the shards that lack it: USE "
    "`keyspace/shard`"};

/// A query that runs over copies of its tables, of which there is too much.
inline constexpr ErrorCode kGatherTooLarge{
    3303, "gather_too_large", 1104, "42000",
    "Add conditions on the tables, or raise the gate's gather_rows_max and gather_bytes_max"};

/// A write that reads its rows first, of which there are too many.
inline constexpr ErrorCode kWriteTooLarge{
    3304, "write_too_large", 1104, "42000",
    "Write fewer rows at a time, or raise the gate's write_rows_max and write_bytes_max"};

/// A row cannot be found by the primary key that it was written with: a trigger of the server changed it, or
/// the column's type did.
inline constexpr ErrorCode kNewRowLost{3305, "new_row_lost", 1105, "HY000",
                                       "Write the primary key as a literal or parameter of the columns' own "
                                       "types, and let no BEFORE trigger change "
                                       "it"};

}  // namespace kintsugi::exec
