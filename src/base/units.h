#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace kintsugi {

/// "1h", "1500ms": whole, in the largest unit that fits (d, h, m, s, ms, us, ns).
std::string duration_text(Duration duration);
/// Reads what duration_text() writes; "0" needs no unit. False if it is something else.
bool parse_duration(std::string_view text, Duration& into);

/// "64MiB", "1000": whole, in the largest unit that fits (TiB, GiB, MiB, KiB, none).
std::string bytes_text(std::uint64_t bytes);
/// Reads what bytes_text() writes. False if it is something else.
bool parse_bytes(std::string_view text, std::uint64_t& into);

}  // namespace kintsugi
