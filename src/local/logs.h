#pragma once

#include <cstdint>
#include <string>

namespace kintsugi::local {

/// The last lines of a log, for messages.
std::string log_tail(const std::string& path, int lines);

inline constexpr std::uintmax_t kLogBytesMax = 64u << 20;

/// Moves the content of a log that has grown beyond the bound to `path`.1, in place of what was there. Its
/// writers append and go on; a line that is written in that moment may be lost.
void bound_log(const std::string& path, std::uintmax_t bytes_max = kLogBytesMax);

}  // namespace kintsugi::local
