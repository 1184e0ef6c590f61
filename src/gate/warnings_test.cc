#include "gate/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

using testing::ElementsAre;

std::vector<std::string> told(const std::vector<std::string>& messages) {
  std::vector<Warning> warnings;
  for (const std::string& message : messages) add_warning(warnings, {"Warning", 1265, message});
  std::vector<std::string> out;
  for (const Warning& warning : warnings) out.push_back(warning.message);
  return out;
}

TEST(Warnings, RowsAreTheClients) {
  const std::size_t rows[] = {1, 4, 12};
  const auto message = [&rows](const char* text) { return with_client_row(std::string(text), rows); };
  EXPECT_EQ(message("Data too long for column 'v' at row 2"), "Data too long for column 'v' at row 5");
  EXPECT_EQ(message("Data truncated for column 'at row 1' at row 3"),
            "Data truncated for column 'at row 1' at row 13");
  for (const char* same : {"Data too long for column 'v' at row 4", "Data too long for column 'v' at row 0",
                           "Duplicate entry 'at row 1' for key 'k'", " at row ", "", "at row 1",
                           "it is at row 99999999999999999999999"})
    EXPECT_EQ(message(same), same);
  EXPECT_EQ(with_client_row("Data too long for column 'v' at row 2", {}),
            "Data too long for column 'v' at row 2");
}

TEST(Warnings, AnErrorKeepsItsNumberAndState) {
  const std::size_t rows[] = {7};
  const Error error = with_client_row(Error::from_server(1406, "22001", "too long at row 1"), rows);
  EXPECT_TRUE(error.is(kServerError));
  EXPECT_EQ(error.mysql_errno(), 1406);
  EXPECT_EQ(error.sqlstate(), "22001");
  EXPECT_EQ(error.message(), "too long at row 8");
}

TEST(Warnings, ComeInTheOrderOfTheRows) {
  EXPECT_THAT(told({"b at row 2", "d at row 10", "a at row 1", "c at row 2"}),
              ElementsAre("a at row 1", "b at row 2", "c at row 2", "d at row 10"));
  EXPECT_THAT(told({"b at row 2", "Duplicate entry", "a at row 1"}),
              ElementsAre("a at row 1", "b at row 2", "Duplicate entry"));
}

/// Shards answer in any order.
TEST(Warnings, OneThatNamesNoRowStaysBehindTheOneBeforeItInItsAnswer) {
  for (const bool other_first : {true, false}) {
    std::vector<Warning> warnings;
    if (other_first) add_warning(warnings, {"Warning", 1265, "c at row 5"});
    std::size_t row = add_warning(warnings, {"Warning", 1366, "a at row 4"});
    row = add_warning(warnings, {"Warning", 1062, "Duplicate entry"}, row);
    EXPECT_EQ(row, 4u);
    if (!other_first) add_warning(warnings, {"Warning", 1265, "c at row 5"});
    std::vector<std::uint32_t> codes;
    for (const Warning& warning : warnings) codes.push_back(warning.code);
    EXPECT_THAT(codes, ElementsAre(1366, 1062, 1265)) << other_first;
  }
}

TEST(Warnings, TheFirstSixtyFourStay) {
  std::vector<std::string> messages;
  for (int row = 100; row > 0; --row) messages.push_back("x at row " + std::to_string(row));
  const std::vector<std::string> kept = told(messages);
  ASSERT_EQ(kept.size(), 64u);
  EXPECT_EQ(kept.front(), "x at row 1");
  EXPECT_EQ(kept.back(), "x at row 64");
}

}  // namespace
}  // namespace kintsugi::gate
