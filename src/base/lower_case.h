#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace kintsugi {

/// The text with its ASCII letters in lower case; other bytes stay. How names of columns, options and
/// character sets are compared.
inline std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace kintsugi
