#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kintsugi::gate {

/// What a session holds a server's connection for between its statements; all else is carried from one
/// connection to the next.
enum class Pin : std::uint8_t {
  transaction,
  reserved,  ///< locks of tables, or statements of SQL's PREPARE where a server keeps them
  named_locks,
  temporary_tables,
};

inline constexpr std::size_t kPinCount = 4;

/// As a label of metrics.
constexpr std::string_view label_of(Pin pin) {
  constexpr std::array<std::string_view, kPinCount> kLabels = {"transaction", "reserved", "named_locks",
                                                               "temporary_tables"};
  return kLabels[static_cast<std::size_t>(pin)];
}

/// As people read it.
constexpr std::string_view text_of(Pin pin) {
  constexpr std::array<std::string_view, kPinCount> kTexts = {"in transaction", "table locks or PREPARE",
                                                              "GET_LOCK", "temporary tables"};
  return kTexts[static_cast<std::size_t>(pin)];
}

/// Of one session: how many servers' connections it holds for each.
struct Pins {
  std::array<std::uint32_t, kPinCount> by_reason{};
  std::uint32_t connections = 0;  ///< that it has now, also for a statement that runs

  /// "in transaction, GET_LOCK"; empty: nothing. `in_transaction`: a session may be without any connection
  /// yet.
  std::string text(bool in_transaction) const;
};

}  // namespace kintsugi::gate
