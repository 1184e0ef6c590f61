#include "tablet/sql_client.h"

#include <algorithm>

namespace kintsugi::tablet {

std::optional<std::string> QueryRows::value(std::size_t row, std::string_view column) const {
  if (row >= rows.size()) return std::nullopt;
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) return std::nullopt;
  return rows[row][static_cast<std::size_t>(found - columns.begin())];
}

}  // namespace kintsugi::tablet
