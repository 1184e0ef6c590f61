#include "tablet/sql_client.h"

#include <algorithm>

namespace kintsugi::tablet {

std::optional<std::string> QueryRows::value(std::size_t row, std::string_view column) const {
  if (row >= rows.size()) return std::nullopt;
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) return std::nullopt;
  return rows[row][static_cast<std::size_t>(found - columns.begin())];
}

std::string quote_literal(std::string_view text) {
  // A backslash means itself or an escape depending on the sql_mode, so that none is ever sent.
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '\\' && c != '\'' && c != '\x7f';
  });
  if (plain) return "'" + std::string(text) + "'";
  constexpr char kDigits[] = "0123456789abcdef";
  std::string literal = "x'";
  for (const char c : text) {
    literal += kDigits[static_cast<unsigned char>(c) >> 4];
    literal += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return literal + "'";
}

std::string quote_name(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + "`";
}

}  // namespace kintsugi::tablet
