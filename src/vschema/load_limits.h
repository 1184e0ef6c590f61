#pragma once

#include <cstdint>

namespace kintsugi::vschema {

/// What a user, or a keyspace, may ask of one gate; 0: as much as it likes.
struct LoadLimits {
  std::uint32_t connections_max = 0;
  std::uint32_t statements_max = 0;  ///< under way at the same time
  std::uint32_t rate_max = 0;        ///< statements that begin in a second

  bool any() const { return connections_max != 0 || statements_max != 0 || rate_max != 0; }
  bool operator==(const LoadLimits&) const = default;
};

/// Of each the smaller one.
inline LoadLimits strictest(const LoadLimits& a, const LoadLimits& b) {
  const auto of = [](std::uint32_t one, std::uint32_t other) {
    return one == 0 || (other != 0 && other < one) ? other : one;
  };
  return {of(a.connections_max, b.connections_max), of(a.statements_max, b.statements_max),
          of(a.rate_max, b.rate_max)};
}

}  // namespace kintsugi::vschema
