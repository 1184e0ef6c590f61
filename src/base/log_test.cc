#include "base/log.h"

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

std::string last_line;

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    last_line.clear();
    log_settings::set_sink([](LogLevel, std::string_view line) { last_line = line; });
  }
  void TearDown() override {
    log_settings::set_sink(nullptr);
    log_settings::set_format(LogFormat::text);
    log_settings::set_level("*", LogLevel::info);
  }
};

TEST_F(LogTest, TextLineHasEventAndFields) {
  Logger("tablet").warning("mysqld.exited",
                           {{"alias", "zone1-101"}, {"signal", 9}, {"why", "out of memory"}});
  EXPECT_NE(last_line.find(R"(warning tablet mysqld.exited alias=zone1-101 signal=9 why="out of memory")"),
            std::string::npos)
      << last_line;
}

TEST_F(LogTest, JsonLineEscapes) {
  log_settings::set_format(LogFormat::json);
  Logger("gate").info("query.failed", {{"sql", "select \"a\"\n"}, {"rows", 3}, {"cached", true}});
  EXPECT_NE(
      last_line.find(
          R"("component":"gate","event":"query.failed","sql":"select \"a\"\n","rows":3,"cached":true})"),
      std::string::npos)
      << last_line;
}

TEST_F(LogTest, LevelsChangeWhileRunning) {
  const Logger log("levels_test");
  log.debug("a.b");
  EXPECT_EQ(last_line, "");
  log_settings::set_level("levels_test", LogLevel::debug);
  log.debug("a.b");
  EXPECT_NE(last_line, "");
  EXPECT_FALSE(log_settings::parse_level("loud").has_value());
}

TEST_F(LogTest, RemembersTheLastProblems) {
  const Logger log("problems_test");
  const std::uint64_t before = log_settings::lines(LogLevel::warning);
  for (int i = 0; i < 120; ++i) log.warning("disk.full", {{"n", i}});
  log.info("all.well");
  const std::vector<std::string> problems = log_settings::recent_problems();
  ASSERT_EQ(problems.size(), 100u);
  EXPECT_NE(problems.back().find("disk.full n=119"), std::string::npos) << problems.back();
  EXPECT_EQ(log_settings::lines(LogLevel::warning) - before, 120u);
}

}  // namespace
}  // namespace kintsugi
