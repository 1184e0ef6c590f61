#pragma once

#include "base/error.h"

namespace kintsugi::local {

/// `kintsugi local` was called wrongly.
inline constexpr ErrorCode kUsage{7101, "local_usage", 1105, "HY000",
                                  "`kintsugi local --help` shows the words and flags"};
/// The machine lacks something, or something is in the way; the message says what to do.
inline constexpr ErrorCode kEnvironment{7102, "local_environment"};
/// The state folder cannot be read or written.
inline constexpr ErrorCode kStateFolder{7103, "local_state_folder", 1105, "HY000",
                                        "Mend its rights and the room on its disk, or choose another folder "
                                        "with --dir"};
/// Nothing of the cluster runs.
inline constexpr ErrorCode kNotRunning{7104, "local_not_running", 1105, "HY000",
                                       "`kintsugi local up` starts it"};
/// The change would lose data, or make another cluster of it.
inline constexpr ErrorCode kRefusedChange{7105, "local_refused_change"};
/// Not every process became ready in time.
inline constexpr ErrorCode kNotReady{
    7106, "local_not_ready", 1105, "HY000",
    "It goes on being tried: `kintsugi local status` tells how it stands, `kintsugi "
    "local down` ends it"};
/// The process that watches over the cluster did not begin to answer.
inline constexpr ErrorCode kDaemonFailed{7108, "local_daemon_failed", 1105, "HY000",
                                         "Mend what its log says, then start again"};
/// Another change is under way, or another supervisor has the folder.
inline constexpr ErrorCode kBusy{7107, "local_busy", 1105, "HY000",
                                 "Try again when the other change is done"};

}  // namespace kintsugi::local
