#include "admin/detail/format.h"

#include <cmath>

#include <fmt/format.h>

#include "base/utf8.h"

namespace kintsugi::admin {
namespace {

struct Step {
  double from;
  double divide_by;
  const char* unit;
};

// Three digits that mean something.
std::string three_digits(double value) {
  const double size = std::fabs(value);
  if (size == 0) return "0";
  if (size < 0.01) return "<0.01";
  if (size < 10) return fmt::format("{:.2f}", value);
  return fmt::format("{:.{}f}", value, size < 100 ? 1 : 0);
}

template <std::size_t kCount>
std::string stepped(double value, const Step (&steps)[kCount]) {
  for (const Step& step : steps) {
    if (std::fabs(value) >= step.from) return three_digits(value / step.divide_by) + step.unit;
  }
  return three_digits(value);
}

std::string human_count(double value) {
  constexpr Step kSteps[] = {{1e9, 1e9, " G"}, {1e6, 1e6, " M"}};
  if (std::fabs(value) >= 1e6) return stepped(value, kSteps);
  const bool whole = std::floor(value) == value;
  if (std::fabs(value) < 1000) return whole ? fmt::format("{:.0f}", value) : three_digits(value);
  const auto thousands = static_cast<long>(value / 1000);
  return fmt::format("{},{:03.0f}", thousands,
                     std::floor(std::fabs(value) - std::fabs(double(thousands)) * 1000));
}

std::string human_seconds(double value) {
  constexpr Step kSteps[] = {
      {3600, 3600, " h"}, {60, 60, " min"}, {1, 1, " s"}, {1e-3, 1e-3, " ms"}, {0, 1e-6, " µs"}};
  return value == 0 ? "0" : stepped(value, kSteps);
}

std::string human_bytes(double value) {
  constexpr Step kSteps[] = {{double(1ull << 40), double(1ull << 40), " TiB"},
                             {double(1 << 30), double(1 << 30), " GiB"},
                             {double(1 << 20), double(1 << 20), " MiB"},
                             {1024, 1024, " KiB"},
                             {0, 1, " B"}};
  return stepped(value, kSteps);
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : utf8_only(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string human(double value, MetricUnit unit) {
  switch (unit) {
    case MetricUnit::seconds:
      return human_seconds(value);
    case MetricUnit::bytes:
      return human_bytes(value);
    default:
      return human_count(value);
  }
}

std::string human_uptime(Duration uptime) {
  const auto total = std::chrono::duration_cast<std::chrono::seconds>(uptime).count();
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) return fmt::format("{} min {} s", total / 60, total % 60);
  if (total < 86400) return fmt::format("{} h {} min", total / 3600, total % 3600 / 60);
  return fmt::format("{} d {} h", total / 86400, total % 86400 / 3600);
}

}  // namespace kintsugi::admin
