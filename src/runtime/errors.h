#pragma once

#include "base/error.h"

namespace kintsugi::runtime {

inline constexpr ErrorCode kConnectionLost{1101, "connection_lost", 2013, "HY000"};
inline constexpr ErrorCode kConnectFailed{1102, "connect_failed", 2003, "HY000"};
inline constexpr ErrorCode kTimeout{1103, "timeout", 2013, "HY000"};
inline constexpr ErrorCode kCancelled{1104, "cancelled", 1317, "70100"};
inline constexpr ErrorCode kTlsFailed{1105, "tls_failed", 2026, "HY000"};
inline constexpr ErrorCode kListenFailed{1106, "listen_failed", 1105, "HY000",
                                         "Is another process listening there? `ss -ltnp` tells which"};
inline constexpr ErrorCode kHttpMalformed{1107, "http_malformed"};
inline constexpr ErrorCode kProcessFailed{1108, "process_failed"};
inline constexpr ErrorCode kSpillFailed{
    1109, "spill_failed", 1026, "HY000",
    "Make room in the folder, or let the option spill_folder name another"};
inline constexpr ErrorCode kSpillFull{
    1110, "spill_full", 1114, "HY000",
    "Ask for fewer rows, close cursors, or raise the option spill_disk_max"};

}  // namespace kintsugi::runtime
