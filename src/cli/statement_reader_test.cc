#include "cli/statement_reader.h"

#include <vector>

#include <gtest/gtest.h>

namespace kintsugi::cli {
namespace {

std::vector<std::string> cut(std::string_view text) {
  StatementReader reader;
  reader.feed(text);
  std::vector<std::string> all;
  while (auto statement = reader.next()) all.push_back(statement->text + (statement->vertical ? "|G" : ""));
  if (auto statement = reader.rest()) all.push_back("rest:" + statement->text);
  return all;
}

using Words = std::vector<std::string>;

TEST(StatementReader, CutsAtSemicolons) {
  EXPECT_EQ(cut("select 1; select ';';\n select 3"), (Words{"select 1", "select ';'", "rest:select 3"}));
  EXPECT_EQ(cut(";;\n ;"), Words{});
}

TEST(StatementReader, CutsAtClientEnds) {
  EXPECT_EQ(cut("select 1\\G\nselect 2\\g\n"), (Words{"select 1|G", "select 2"}));
}

TEST(StatementReader, ASemicolonInAStringOrCommentIsNoEnd) {
  EXPECT_EQ(cut("select 'a;b', `c;d` /* ; */ from t;\n"), (Words{"select 'a;b', `c;d` /* ; */ from t"}));
}

TEST(StatementReader, WaitsForTheEnd) {
  StatementReader reader;
  reader.feed("select\n");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_TRUE(reader.is_pending());
  reader.feed("1;\n");
  EXPECT_EQ(reader.next()->text, "select\n1");
  EXPECT_FALSE(reader.is_pending());
}

}  // namespace
}  // namespace kintsugi::cli
