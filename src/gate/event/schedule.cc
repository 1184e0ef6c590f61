#include "gate/event/schedule.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

namespace kintsugi::gate {
namespace {

using namespace std::chrono;

constexpr std::int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr std::int64_t kYear = 12;  // months
/// Beyond it no server's dates go.
constexpr std::int64_t kMost = 10'000 * 366 * kDay;

struct Unit {
  std::int64_t seconds = 0, months = 0;
};

/// An interval's field, and the units of its numbers, the last of them last.
struct Field {
  std::string_view name;
  std::vector<Unit> units;
};

const std::vector<Field>& fields() {
  static const Unit kSeconds{1, 0}, kMinutes{kMinute, 0}, kHours{kHour, 0}, kDays{kDay, 0}, kMonths{0, 1},
      kYears{0, kYear};
  static const std::vector<Field> kFields = {
      {"SECOND", {kSeconds}},
      {"MINUTE", {kMinutes}},
      {"HOUR", {kHours}},
      {"DAY", {kDays}},
      {"WEEK", {{7 * kDay, 0}}},
      {"MONTH", {kMonths}},
      {"QUARTER", {{0, 3}}},
      {"YEAR", {kYears}},
      {"YEAR_MONTH", {kYears, kMonths}},
      {"DAY_HOUR", {kDays, kHours}},
      {"DAY_MINUTE", {kDays, kHours, kMinutes}},
      {"DAY_SECOND", {kDays, kHours, kMinutes, kSeconds}},
      {"HOUR_MINUTE", {kHours, kMinutes}},
      {"HOUR_SECOND", {kHours, kMinutes, kSeconds}},
      {"MINUTE_SECOND", {kMinutes, kSeconds}},
  };
  return kFields;
}

/// The numbers in a text, whatever stands between them; -1: one is too large.
std::vector<std::int64_t> numbers_of(std::string_view text) {
  std::vector<std::int64_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    if (*at < '0' || *at > '9') {
      ++at;
      continue;
    }
    std::int64_t number = 0;
    const auto [stopped, error] = std::from_chars(at, end, number);
    numbers.push_back(error == std::errc() && number <= kMost ? number : -1);
    at = stopped;
  }
  return numbers;
}

WallSeconds add_months(WallSeconds time, std::int64_t months) {
  const auto day = floor<days>(sys_seconds(std::chrono::seconds(time)));
  const year_month_day date(day);
  year_month_day moved = date + std::chrono::months(months);
  if (!moved.ok()) moved = moved.year() / moved.month() / last;
  return sys_days(moved).time_since_epoch() / 1s + (time - day.time_since_epoch() / 1s);
}

std::int64_t month_of(WallSeconds time) {
  const year_month_day date(floor<days>(sys_seconds(std::chrono::seconds(time))));
  return static_cast<int>(date.year()) * kYear + static_cast<unsigned>(date.month());
}

}  // namespace

Result<WallSeconds> parse_wall_time(std::string_view text) {
  const std::vector<std::int64_t> numbers = numbers_of(text);
  constexpr std::size_t kParts = 6;
  if (numbers.size() >= kParts) {
    const year_month_day date{year(static_cast<int>(numbers[0])), month(static_cast<unsigned>(numbers[1])),
                              day(static_cast<unsigned>(numbers[2]))};
    if (date.ok() && numbers[3] < 24 && numbers[4] < 60 && numbers[5] < 60)
      return sys_days(date).time_since_epoch() / 1s + numbers[3] * kHour + numbers[4] * kMinute + numbers[5];
  }
  return failure(kInvalidArgument, fmt::format("'{}' is no time", text));
}

std::string wall_time_text(WallSeconds time) {
  const auto day = floor<days>(sys_seconds(std::chrono::seconds(time)));
  const year_month_day date(day);
  const WallSeconds in_day = time - day.time_since_epoch() / 1s;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), in_day / kHour,
                     in_day / kMinute % 60, in_day % 60);
}

Schedule Schedule::once(WallSeconds at) {
  Schedule schedule;
  schedule.starts_ = at;
  return schedule;
}

Result<Schedule> Schedule::every(std::string_view value, std::string_view field, WallSeconds starts,
                                 std::optional<WallSeconds> ends) {
  Schedule schedule;
  schedule.starts_ = starts;
  schedule.ends_ = ends;
  const auto known = std::ranges::find(fields(), field, &Field::name);
  const std::vector<std::int64_t> numbers = numbers_of(value);
  const auto wrong = [&] {
    return failure(kInvalidArgument, fmt::format("EVERY {} {} is no interval", value, field));
  };
  if (known == fields().end() || numbers.empty() || numbers.size() > known->units.size()) return wrong();
  // Of fewer numbers than units, the last are meant.
  const std::size_t first = known->units.size() - numbers.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] < 0) return wrong();
    const Unit& unit = known->units[first + i];
    schedule.seconds_ = std::min(schedule.seconds_ + numbers[i] * unit.seconds, kMost);
    schedule.months_ = std::min(schedule.months_ + numbers[i] * unit.months, kMost / kDay);
  }
  if (schedule.seconds_ == 0 && schedule.months_ == 0) return wrong();
  return schedule;
}

WallSeconds Schedule::time_of(std::int64_t run) const {
  return months_ > 0 ? add_months(starts_, run * months_) : starts_ + run * seconds_;
}

/// How many times it was to run up to and with `now`, if nothing ended it.
std::int64_t Schedule::runs_until(WallSeconds now) const {
  if (now < starts_) return 0;
  if (seconds_ > 0) return (now - starts_) / seconds_ + 1;
  if (months_ == 0) return 1;
  const std::int64_t runs = (month_of(now) - month_of(starts_)) / months_ + 1;
  return time_of(runs - 1) <= now ? runs : runs - 1;
}

std::optional<WallSeconds> Schedule::latest(WallSeconds now) const {
  const std::int64_t runs = runs_until(ends_ ? std::min(now, *ends_) : now);
  return runs == 0 ? std::nullopt : std::optional(time_of(runs - 1));
}

std::optional<WallSeconds> Schedule::next(WallSeconds now) const {
  if (seconds_ == 0 && months_ == 0) return now < starts_ ? std::optional(starts_) : std::nullopt;
  const WallSeconds time = time_of(runs_until(now));
  return ends_ && time > *ends_ ? std::nullopt : std::optional(time);
}

}  // namespace kintsugi::gate
