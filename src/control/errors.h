#pragma once

#include "base/error.h"

namespace kintsugi::control {

/// The topology has nothing of that name.
inline constexpr ErrorCode kUnknownObject{6001, "unknown_object", 1105, "HY000",
                                          "`kintsugi cluster status` shows what there is"};
/// A tablet's agent does not answer.
inline constexpr ErrorCode kTabletSilent{6002, "tablet_silent", 1105, "HY000",
                                         "Look at its log and at the machine it runs on"};
/// A statement of a schema change failed on a shard.
inline constexpr ErrorCode kSchemaFailed{
    6003, "schema_failed", 1105, "HY000",
    "Statements before the failed one are done: mend it and send the list again"};
/// The shard has no primary.
inline constexpr ErrorCode kNoPrimary{6004, "no_primary", 1105, "HY000",
                                      "`kintsugi shard show` says what the shard waits for"};

/// A shard's primary is being changed already.
inline constexpr ErrorCode kChangeUnderWay{6005, "change_under_way", 1105, "HY000",
                                           "`kintsugi recovery list` shows it; ask again when it is over"};
/// The tablet cannot take over now.
inline constexpr ErrorCode kCannotTakeOver{6006, "cannot_take_over", 1105, "HY000",
                                           "`kintsugi shard show` says how its tablets are"};
/// The change of primary was taken back: the one before goes on.
inline constexpr ErrorCode kTakenBack{6007, "taken_back", 1105, "HY000",
                                      "`kintsugi recovery show` says why, step by step; nothing is lost"};
/// The tablet's data cannot be made anew as it was asked for.
inline constexpr ErrorCode kCannotReclone{6008, "cannot_reclone", 1105, "HY000",
                                          "`kintsugi shard show` says how its tablets are"};
/// The record of a tablet cannot be taken away.
inline constexpr ErrorCode kCannotForget{6009, "cannot_forget", 1105, "HY000",
                                         "`kintsugi shard show` says how the shard's tablets are"};

/// What was asked for contradicts what is decided on the transaction.
inline constexpr ErrorCode kDecidedOtherwise{
    6020, "decided_otherwise", 1105, "HY000",
    "Nothing was done: its agents end it as decided; `kintsugi transaction show` says how far they are"};
/// A transaction was to be committed, of which the shard that decides has not committed its part.
inline constexpr ErrorCode kPartMissing{
    6021, "part_missing", 1105, "HY000",
    "Nothing was done, since it would be half a transaction: wait for its gate, or resolve it with --abort"};
/// The shard that decides on the transaction is there, and cannot be asked.
inline constexpr ErrorCode kDeciderSilent{6022, "decider_silent", 1105, "HY000",
                                          "Nothing was done: bring that shard back, and agents end the "
                                          "transaction; only if it is lost for good, give "
                                          "--force"};

}  // namespace kintsugi::control
