#include "gate/query_log.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"

namespace kintsugi::gate {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr admin::MetricSpec kLines{"test_lines_total", "Lines.", admin::MetricUnit::count, {"result"}};

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool comes_true(const std::function<bool()>& condition) {
  const Time limit = Clock::now() + 20s;
  while (!condition()) {
    if (Clock::now() > limit) return false;
    ::usleep(1000);
  }
  return true;
}

class QueryLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("kt_query_log_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    options_.path = folder_ / "queries.json";
    options_.every = 1;
    options_.queue_bytes_max = 1 << 20;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<QueryLog> open() {
    Result<std::unique_ptr<QueryLog>> log = QueryLog::open(options_, lines_);
    EXPECT_TRUE(log) << log.error().text();
    return std::move(*log);
  }
  std::uint64_t count(std::string_view result) { return lines_.with({result}).value(); }

  std::filesystem::path folder_;
  QueryLog::Options options_;
  admin::Metrics metrics_;
  admin::Family<admin::Counter>& lines_ = metrics_.counters(kLines);
};

TEST_F(QueryLogTest, WritesWhatItWasGiven) {
  open()->write("one");
  open()->write("two");
  EXPECT_EQ(content(options_.path), "one\ntwo\n");
  EXPECT_EQ(count("written"), 2u);
}

TEST_F(QueryLogTest, TakesWhatIsSlowWhatFailedAndSomeOfTheRest) {
  options_.every = 10;
  options_.slow = 100ms;
  options_.errors = true;
  const auto log = open();
  int taken = 0;
  for (int i = 0; i < 1000; ++i) taken += log->wants(1ms, false) ? 1 : 0;
  EXPECT_EQ(taken, 100);
  EXPECT_TRUE(log->wants(100ms, false));
  EXPECT_TRUE(log->wants(1ms, true));
  options_ = {.path = options_.path, .queue_bytes_max = 100};
  const auto nothing = open();
  EXPECT_FALSE(nothing->wants(1h, true));
}

TEST_F(QueryLogTest, GoesOnInANewFileWhenItsOwnWasMovedAway) {
  const auto log = open();
  log->write("before");
  ASSERT_TRUE(comes_true([&] { return content(options_.path) == "before\n"; }));
  const std::string moved = folder_ / "moved";
  std::filesystem::rename(options_.path, moved);
  ASSERT_TRUE(comes_true([&] { return std::filesystem::exists(options_.path); }));
  log->write("after");
  EXPECT_TRUE(comes_true([&] { return content(options_.path) == "after\n"; }));
  EXPECT_EQ(content(moved), "before\n");
}

TEST_F(QueryLogTest, RenamesWhatIsTooLarge) {
  options_.file_bytes_max = 10;
  options_.files_max = 2;
  for (const char* line : {"first", "second", "third", "fourth"}) open()->write(line);
  EXPECT_EQ(content(options_.path), "fourth\n");
  EXPECT_EQ(content(options_.path + ".1"), "third\n");
  EXPECT_EQ(content(options_.path + ".2"), "second\n");
  EXPECT_FALSE(std::filesystem::exists(options_.path + ".3"));
}

TEST_F(QueryLogTest, CountsAndSaysWhatItDropped) {
  options_.queue_bytes_max = 100;
  {
    const auto log = open();
    log->write(std::string(200, 'x'));
    log->write("fits");
    log->write(std::string(200, 'y'));
  }
  EXPECT_THAT(content(options_.path), HasSubstr("fits\n"));
  EXPECT_THAT(content(options_.path), HasSubstr("\"dropped_lines\":"));
  EXPECT_THAT(content(options_.path), Not(HasSubstr("xxx")));
  EXPECT_EQ(count("dropped"), 2u);
}

TEST_F(QueryLogTest, CountsWhatCouldNotBeWritten) {
  static std::string said;
  said.clear();
  log_settings::set_sink([](LogLevel, std::string_view line) { said += line; });
  options_.path = "/dev/full";
  {
    open()->write("one");
  }
  log_settings::set_sink(nullptr);
  EXPECT_EQ(count("failed"), 1u);
  EXPECT_EQ(count("written"), 0u);
  EXPECT_THAT(said, HasSubstr("query_log.not_written"));
}

TEST_F(QueryLogTest, AFileThatCannotBeOpenedIsRefused) {
  options_.path = folder_ / "missing" / "queries.json";
  Result<std::unique_ptr<QueryLog>> log = QueryLog::open(options_, lines_);
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().message(), HasSubstr(options_.path));
}

}  // namespace
}  // namespace kintsugi::gate
