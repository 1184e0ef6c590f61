#include "gate/warnings.h"

#include <charconv>
#include <string_view>

namespace kintsugi::gate {
namespace {

constexpr std::size_t kWarningsMax = 64;
constexpr std::string_view kAtRow = " at row ";

/// Where the number begins that the message ends with; npos: it names no row.
std::size_t number_at(std::string_view message) {
  const std::size_t at = message.rfind(kAtRow);
  if (at == std::string_view::npos) return at;
  const std::size_t number = at + kAtRow.size();
  const bool ends =
      number < message.size() && message.find_first_not_of("0123456789", number) == std::string_view::npos;
  return ends ? number : std::string_view::npos;
}

/// From 1; 0: the message names none.
std::size_t row_of(std::string_view message) {
  const std::size_t at = number_at(message);
  std::size_t row = 0;
  if (at != std::string_view::npos)
    std::from_chars(message.data() + at, message.data() + message.size(), row);
  return row;
}

}  // namespace

std::size_t add_warning(std::vector<Warning>& warnings, Warning warning, std::size_t row) {
  if (const std::size_t named = row_of(warning.message); named > 0) row = named;
  auto place = warnings.end();
  for (auto at = warnings.end(); row > 0 && at != warnings.begin();) {
    const std::size_t there = row_of((--at)->message);
    if (there > row) place = at;
    if (there > 0 && there <= row) break;
  }
  warnings.insert(place, std::move(warning));
  if (warnings.size() > kWarningsMax) warnings.pop_back();
  return row;
}

std::string with_client_row(std::string message, std::span<const std::size_t> rows) {
  const std::size_t row = row_of(message);
  if (row == 0 || row > rows.size()) return message;
  message.resize(number_at(message));
  message += std::to_string(rows[row - 1] + 1);
  return message;
}

Error with_client_row(const Error& error, std::span<const std::size_t> rows) {
  if (rows.empty()) return error;
  return Error::from_server(error.mysql_errno(), error.sqlstate(), with_client_row(error.message(), rows));
}

void note_failure(SessionState& state, const Error& error) {
  state.row_count = -1;
  state.error_count = state.warning_count = 1;
  state.warnings.assign(1, {"Error", error.mysql_errno(), error.text()});
}

}  // namespace kintsugi::gate
