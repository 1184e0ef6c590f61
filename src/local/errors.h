#pragma once

#include "base/error.h"

namespace kintsugi::local {

inline constexpr ErrorCode kUsage{7101, "local_usage", 1105, "HY000",
                                  "`kintsugi local --help` shows the words and flags"};
inline constexpr ErrorCode kEnvironment{
    7102, "local_environment"};  ///< the machine lacks something; says what to do
inline constexpr ErrorCode kStateFolder{7103, "local_state_folder"};  ///< the state folder is unusable
inline constexpr ErrorCode kNotRunning{7104, "local_not_running", 1105, "HY000",
                                       "`kintsugi local up` starts it"};
inline constexpr ErrorCode kRefusedChange{7105, "local_refused_change"};
inline constexpr ErrorCode kNotReady{
    7106, "local_not_ready", 1105, "HY000",
    "It goes on being tried: `kintsugi local status` tells how it stands, `kintsugi "
    "local down` ends it"};
inline constexpr ErrorCode kBusy{7107, "local_busy", 1105, "HY000",
                                 "Try again when the other change is done"};

}  // namespace kintsugi::local
