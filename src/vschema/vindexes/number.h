#pragma once

#include <cstdint>
#include <optional>

#include "vschema/vindex.h"

namespace kintsugi::vschema {

/// The 64 bits of a signed or unsigned integer written as text; negative ones in two's complement. A fraction
/// of zeros ("7.00") is dropped. Nothing for NULL, for what is no integer and for what does not fit.
std::optional<std::uint64_t> parse_number(const VindexValue& value);

}  // namespace kintsugi::vschema
