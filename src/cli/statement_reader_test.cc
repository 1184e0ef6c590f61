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
  if (auto statement = reader.rest())
    all.push_back("rest:" + statement->text + (statement->vertical ? "|G" : ""));
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

TEST(StatementReader, AClientEndMayBeTheInputsEnd) {
  EXPECT_EQ(cut("select 1\\G"), (Words{"rest:select 1|G"}));
  EXPECT_EQ(cut("select 1; select '\\\\Global'"), (Words{"select 1", "rest:select '\\\\Global'"}));
}

TEST(StatementReader, KnowsTheLines) {
  StatementReader reader;
  reader.feed("select 1;\n\n  select\n2; select 3;\n");
  EXPECT_EQ(reader.next()->line, 1);
  EXPECT_EQ(reader.next()->line, 3);
  EXPECT_EQ(reader.next()->line, 4);
  reader.feed("\nselect 4");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_EQ(reader.rest()->line, 6);
}

TEST(StatementReader, ManyStatementsTakeTimeInProportion) {
  // A dump: moving what is left for each statement would take minutes.
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "insert into t values (1, 'some text of a row');\n";
  StatementReader reader;
  reader.feed(text);
  int count = 0;
  while (reader.next()) ++count;
  EXPECT_EQ(count, 200'000);
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
