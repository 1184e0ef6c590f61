#include "vschema/vindexes/number.h"

#include <charconv>

namespace kintsugi::vschema {

std::optional<std::uint64_t> parse_number(const VindexValue& value) {
  std::string_view text = value.text;
  if (value.is_null) return std::nullopt;
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos && dot > 0) {
    if (text.find_first_not_of('0', dot + 1) != std::string_view::npos) return std::nullopt;
    text = text.substr(0, dot);
  }
  const char* end = text.data() + text.size();
  if (text.starts_with('-')) {
    std::int64_t number = 0;
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || at != end) return std::nullopt;
    return static_cast<std::uint64_t>(number);
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  std::uint64_t number = 0;
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

}  // namespace kintsugi::vschema
