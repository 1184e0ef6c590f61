#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace kintsugi {

namespace detail {
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
inline bool alike(char a, char b) { return lower(a) == lower(b); }
}  // namespace detail

/// The text with its ASCII letters in lower case; other bytes stay. How names of columns, options and
/// character sets are compared.
inline std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), detail::lower);
  return out;
}

/// Whether lower_case() makes one of both.
inline bool equal_names(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, detail::alike);
}
/// Whether lower_case() of one contains that of the other.
inline bool contains_any_case(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, detail::alike).empty() || word.empty();
}

}  // namespace kintsugi
