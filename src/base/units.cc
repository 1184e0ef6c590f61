#include "base/units.h"

#include <charconv>
#include <limits>
#include <optional>
#include <span>

#include <fmt/format.h>

namespace kintsugi {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
// Largest first, for printing.
constexpr Unit kDurationUnits[] = {{"d", 86'400'000'000'000},
                                   {"h", 3'600'000'000'000},
                                   {"m", 60'000'000'000},
                                   {"s", 1'000'000'000},
                                   {"ms", 1'000'000},
                                   {"us", 1'000},
                                   {"ns", 1}};
constexpr Unit kByteUnits[] = {
    {"TiB", 1ull << 40}, {"GiB", 1ull << 30}, {"MiB", 1ull << 20}, {"KiB", 1ull << 10}, {"", 1}, {"B", 1}};

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& each : units) {
    if (each.name != unit) continue;
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / each.factor) {
      return std::nullopt;
    }
    return number * each.factor;
  }
  return std::nullopt;
}

std::string text_with_unit(std::uint64_t number, std::span<const Unit> units) {
  for (const Unit& each : units) {
    if (number >= each.factor && number % each.factor == 0)
      return fmt::format("{}{}", number / each.factor, each.name);
  }
  return "0";
}

}  // namespace

std::string duration_text(Duration duration) {
  return text_with_unit(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

bool parse_duration(std::string_view text, Duration& into) {
  const auto value = text == "0" ? std::optional<std::uint64_t>(0) : parse_with_unit(text, kDurationUnits);
  if (value) into = Duration(static_cast<std::int64_t>(*value));
  return value.has_value();
}

std::string bytes_text(std::uint64_t bytes) { return text_with_unit(bytes, kByteUnits); }

bool parse_bytes(std::string_view text, std::uint64_t& into) {
  const auto value = parse_with_unit(text, kByteUnits);
  if (value) into = *value;
  return value.has_value();
}

}  // namespace kintsugi
