#include "gate/event/schedule.h"

#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

WallSeconds at(const char* text) { return *parse_wall_time(text); }

std::string text(std::optional<WallSeconds> time) { return time ? wall_time_text(*time) : "none"; }

Schedule every(const char* value, const char* field, const char* starts, const char* ends = nullptr) {
  return *Schedule::every(value, field, at(starts), ends == nullptr ? std::nullopt : std::optional(at(ends)));
}

TEST(Schedule, Times) {
  EXPECT_EQ(at("1970-01-01 00:00:00"), 0);
  EXPECT_EQ(at("1970-01-02 00:00:01.999999"), 86401);
  EXPECT_EQ(wall_time_text(at("2024-02-29 23:59:59")), "2024-02-29 23:59:59");
  EXPECT_EQ(wall_time_text(at("1969-12-31 23:59:59")), "1969-12-31 23:59:59");
  for (const char* wrong : {"", "2026-02-30 00:00:00", "2026-01-01", "2026-01-01 24:00:00", "now"}) {
    EXPECT_TRUE(parse_wall_time(wrong).error().is(kInvalidArgument)) << wrong;
  }
}

TEST(Schedule, Once) {
  const Schedule once = Schedule::once(at("2026-11-29 12:00:00"));
  EXPECT_EQ(text(once.latest(at("2026-11-29 11:59:59"))), "none");
  EXPECT_EQ(text(once.next(at("2026-11-29 11:59:59"))), "2026-11-29 12:00:00");
  EXPECT_EQ(text(once.latest(at("2026-11-29 12:00:00"))), "2026-11-29 12:00:00");
  EXPECT_EQ(text(once.next(at("2026-11-29 12:00:00"))), "none");
  EXPECT_EQ(text(once.latest(at("2027-01-01 00:00:00"))), "2026-11-29 12:00:00");
}

TEST(Schedule, EverySoManySeconds) {
  const Schedule minutes = every("10", "MINUTE", "2026-11-29 12:00:00", "2026-11-29 12:30:00");
  EXPECT_EQ(text(minutes.latest(at("2026-11-29 11:59:59"))), "none");
  EXPECT_EQ(text(minutes.next(at("2026-11-29 11:00:00"))), "2026-11-29 12:00:00");
  EXPECT_EQ(text(minutes.latest(at("2026-11-29 12:09:59"))), "2026-11-29 12:00:00");
  EXPECT_EQ(text(minutes.next(at("2026-11-29 12:00:00"))), "2026-11-29 12:10:00");
  EXPECT_EQ(text(minutes.next(at("2026-11-29 12:29:59"))), "2026-11-29 12:30:00");  // ENDS is one of them
  EXPECT_EQ(text(minutes.next(at("2026-11-29 12:30:00"))), "none");
  EXPECT_EQ(text(minutes.latest(at("2026-12-24 00:00:00"))), "2026-11-29 12:30:00");
  EXPECT_EQ(text(every("1", "WEEK", "2026-11-29 12:00:00").next(at("2026-11-29 12:00:00"))),
            "2026-12-06 12:00:00");
}

TEST(Schedule, EverySoManyMonths) {
  const Schedule monthly = every("1", "MONTH", "2026-01-31 03:00:00");
  EXPECT_EQ(text(monthly.next(at("2026-01-31 03:00:00"))), "2026-02-28 03:00:00");
  EXPECT_EQ(text(monthly.next(at("2026-02-28 03:00:00"))), "2026-03-31 03:00:00");
  EXPECT_EQ(text(monthly.latest(at("2026-03-31 02:59:59"))), "2026-02-28 03:00:00");
  EXPECT_EQ(text(monthly.latest(at("2028-02-29 03:00:00"))), "2028-02-29 03:00:00");
  EXPECT_EQ(text(every("1", "QUARTER", "2026-11-30 00:00:00").next(at("2026-12-01 00:00:00"))),
            "2027-02-28 00:00:00");
  EXPECT_EQ(text(every("2", "YEAR", "2024-02-29 00:00:00").next(at("2024-02-29 00:00:00"))),
            "2026-02-28 00:00:00");
}

TEST(Schedule, IntervalsOfSeveralUnits) {
  const char* starts = "2026-11-29 00:00:00";
  const WallSeconds now = at(starts);
  EXPECT_EQ(text(every("'1:30'", "HOUR_MINUTE", starts).next(now)), "2026-11-29 01:30:00");
  EXPECT_EQ(text(every("'1 2:3:4'", "DAY_SECOND", starts).next(now)), "2026-11-30 02:03:04");
  EXPECT_EQ(text(every("'5'", "DAY_SECOND", starts).next(now)), "2026-11-29 00:00:05");
  EXPECT_EQ(text(every("'1-2'", "YEAR_MONTH", starts).next(now)), "2028-01-29 00:00:00");
  for (const auto& [value, field] : {std::pair("0", "DAY"),
                                     {"1", "MICROSECOND"},
                                     {"", "DAY"},
                                     {"'1 2 3'", "DAY_HOUR"},
                                     {"99999999999999999999", "SECOND"}}) {
    EXPECT_TRUE(Schedule::every(value, field, now, {}).error().is(kInvalidArgument)) << value << field;
  }
}

}  // namespace
}  // namespace kintsugi::gate
