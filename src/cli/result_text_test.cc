#include "cli/result_text.h"

#include <gtest/gtest.h>

namespace kintsugi::cli {
namespace {

ResultTable sample() {
  return {.columns = {"id", "name"}, .numeric = {true, false}, .rows = {{"1", "金缮"}, {"12", std::nullopt}}};
}

TEST(ResultText, Framed) {
  EXPECT_EQ(framed(sample()),
            "+----+------+\n"
            "| id | name |\n"
            "+----+------+\n"
            "|  1 | 金缮 |\n"
            "| 12 | NULL |\n"
            "+----+------+\n");
}

TEST(ResultText, Vertical) {
  const std::string text = vertical(sample());
  EXPECT_NE(text.find("1. row"), std::string::npos);
  EXPECT_NE(text.find("  id: 12\nname: NULL\n"), std::string::npos) << text;
}

TEST(ResultText, TabbedEscapes) {
  EXPECT_EQ(tabbed({.columns = {"a"}, .numeric = {false}, .rows = {{"x\ty\\\n"}, {std::nullopt}}}),
            "a\nx\\ty\\\\\\n\nNULL\n");
}

TEST(ResultText, Json) {
  EXPECT_EQ(as_json({.columns = {"a"}, .numeric = {false}, .rows = {{"x\"\n"}, {std::nullopt}}}),
            "{\"columns\":[\"a\"],\"rows\":[[\"x\\\"\\u000a\"],[null]]}");
}

TEST(ResultText, WidthOfWhatATerminalShows) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("金缮"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("\xff"), 1u);
}

}  // namespace
}  // namespace kintsugi::cli
