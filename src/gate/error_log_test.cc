#include "gate/error_log.h"

#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

TEST(ErrorLog, KeepsTheLastOnesAndTheBeginningsOfTheirTexts) {
  ErrorLog log;
  for (int i = 0; i < 100; ++i) {
    ErrorNote note;
    note.mysql_errno = static_cast<std::uint16_t>(1000 + i);
    note.statement = std::string(10'000, 's');
    note.message = "short";
    log.add(std::move(note));
  }
  ASSERT_EQ(log.notes().size(), ErrorLog::kNotesMax);
  EXPECT_EQ(log.notes().front().mysql_errno, 1099);
  EXPECT_EQ(log.notes().back().mysql_errno, 1080);
  EXPECT_EQ(log.notes().front().statement.size(), ErrorLog::kTextBytesMax);
  EXPECT_EQ(log.notes().front().message, "short");
}

}  // namespace
}  // namespace kintsugi::gate
