#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Arithmetic of decimals as servers write them: digits with a sign and a point.

namespace kintsugi::exec {

/// Below 0: `a` is less.
int compare_decimals(std::string_view a, std::string_view b);

/// The sum, with the places of the one that has more.
std::string add_decimals(std::string_view a, std::string_view b);

/// How many digits it has, without zeros at its front.
std::size_t digits_of(std::string_view decimal);

/// `sum` / `count` with so many places, as AVG() has it: servers divide up to a whole number of groups of
/// nine digits, cut off what follows, and round that to `places`, halves away from zero. `count` is not 0.
std::string average(std::string_view sum, std::uint64_t count, unsigned places);

}  // namespace kintsugi::exec
