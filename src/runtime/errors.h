#pragma once

#include "base/error.h"

namespace kintsugi::runtime {

/// The other end closed the connection, or the network did.
inline constexpr ErrorCode kConnectionLost{1101, "connection_lost", 2013, "HY000"};
/// No connection could be made: nobody listens there, or the address is wrong.
inline constexpr ErrorCode kConnectFailed{1102, "connect_failed", 2003, "HY000"};
/// The other end took longer than the deadline.
inline constexpr ErrorCode kTimeout{1103, "timeout", 2013, "HY000"};
/// Whoever asked has given up, or the process is stopping.
inline constexpr ErrorCode kCancelled{1104, "cancelled", 1317, "70100"};
/// TLS could not be set up: a certificate, a key, or what the two ends offer does not fit.
inline constexpr ErrorCode kTlsFailed{1105, "tls_failed", 2026, "HY000"};
/// The process cannot listen at its address.
inline constexpr ErrorCode kListenFailed{1106, "listen_failed", 1105, "HY000",
                                         "Is another process listening there? `ss -ltnp` tells which"};
/// What came is not HTTP, or is longer than is taken.
inline constexpr ErrorCode kHttpMalformed{1107, "http_malformed"};
/// A program could not be started, or ended with an error.
inline constexpr ErrorCode kProcessFailed{1108, "process_failed"};
/// A temporary file cannot be made, written or read.
inline constexpr ErrorCode kSpillFailed{
    1109, "spill_failed", 1026, "HY000",
    "Make room in the folder, or let the option spill_folder name another"};
/// Temporary files have as many bytes as they may.
inline constexpr ErrorCode kSpillFull{
    1110, "spill_full", 1114, "HY000",
    "Ask for fewer rows, close cursors, or raise the option spill_disk_max"};

}  // namespace kintsugi::runtime
