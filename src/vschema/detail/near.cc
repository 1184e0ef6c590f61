#include "vschema/detail/near.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace kintsugi::vschema {
namespace {

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& names) {
  std::string_view best;
  std::size_t least = 1 + std::min<std::size_t>(3, name.size() / 3 + 1);
  for (const std::string_view each : names) {
    if (const std::size_t far = distance(name, each); far < least) {
      least = far;
      best = each;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names) {
  const std::string_view best = nearest(name, names);
  return best.empty() ? std::string() : fmt::format(" (did you mean {}?)", best);
}

}  // namespace kintsugi::vschema
