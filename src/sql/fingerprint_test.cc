#include "sql/fingerprint.h"

#include <gtest/gtest.h>

#include "sql/parser.h"

namespace kintsugi::sql {
namespace {

StatementKey key(std::string_view sql, const LexerMode& mode = {}) {
  Fingerprint f;
  fingerprint(sql, mode, f);
  EXPECT_TRUE(f.valid) << sql;
  return f.key;
}

TEST(Fingerprint, IgnoresSpacesCommentsCaseOfReservedWordsAndLiterals) {
  StatementKey expected = key("select a from t where id = 1 and name = 'x'");
  EXPECT_EQ(expected, key("SELECT a\n FROM t /* c */ WHERE id=17 AND name='it''s' -- end"));
  EXPECT_EQ(expected, key("select `a` from t where id = 2 and name = \"y\";"));
  EXPECT_EQ(expected, key("select a from t where id = 2 and name = 'y' 'z'"));
}

TEST(Fingerprint, CountsWhatMayChangeTheMeaning) {
  const char* texts[] = {"select a from t where id = 1",
                         "select A from t where id = 1",
                         "select a from T where id = 1",
                         "select a from t where id = '1'",
                         "select a from t where id = 1.0",
                         "select a from t where id = null",
                         "select a from t where id = ?",
                         "select a from t where id = -1",
                         "select a from t where id in (1)",
                         "select a from t where id in (1, 2)",
                         "select /*+ x */ a from t where id = 1",
                         "/*kintsugi x */ select a from t where id = 1",
                         "/*kintsugi y */ select a from t where id = 1",
                         "select Status from t",
                         "select status from t",
                         "select @a",
                         "select @b",
                         "select @@a",
                         "select _utf8'a'",
                         "select _latin1'a'",
                         "select 'a'"};
  for (const char* a : texts) {
    for (const char* b : texts) {
      if (a != b) EXPECT_NE(key(a), key(b)) << a << " / " << b;
    }
  }
}

TEST(Fingerprint, CountsTheMode) {
  LexerMode ansi;
  ansi.ansi_quotes = true;
  EXPECT_NE(key("select 1"), key("select 1", ansi));
}

TEST(Fingerprint, FoldsTheFirstWord) { EXPECT_EQ(key("DO 1"), key("do 1")); }

TEST(Fingerprint, ListsLiteralsWithTheirValues) {
  Fingerprint f;
  std::string_view sql = "select 'a\\nb' 'c', 12, x'4D', 0x4d, b'01', 1e3, N'n', _utf8'u', ?, \"d\"";
  fingerprint(sql, {}, f);
  std::vector<std::string> values;
  for (const LiteralToken& literal : f.literals) {
    values.emplace_back();
    literal_value(sql, literal, {}, values.back());
  }
  EXPECT_EQ(values, (std::vector<std::string>{"a\nbc", "12", "4D", "4d", "01", "1e3", "n", "u", "d"}));
  EXPECT_EQ(f.parameters, 1);
  EXPECT_EQ(f.literals[1].kind, LiteralKind::kInteger);
  EXPECT_EQ(f.literals[6].kind, LiteralKind::kNational);
}

TEST(Fingerprint, DoesNotAllocateTwice) {
  Fingerprint f;
  std::string_view sql = "select a, 'x', 1, 2, 3 from t where id in (1, 2, 3, 4, 5, 6, 7)";
  fingerprint(sql, {}, f);
  const void* buffer = f.buffer.data();
  const void* literals = f.literals.data();
  fingerprint(sql, {}, f);
  EXPECT_EQ(buffer, f.buffer.data());
  EXPECT_EQ(literals, f.literals.data());
}

TEST(Fingerprint, SaysWhenTheTextIsNoTokens) {
  Fingerprint f;
  fingerprint("select 'open", {}, f);
  EXPECT_FALSE(f.valid);
}

TEST(Parameterize, NumbersLiteralsAndPinsTheRest) {
  std::string_view sql = "select a 'alias', cast(b as char(10)), 'x' 'y' from t where c = 5 limit 3";
  Arena arena;
  auto statement = parse(sql, arena);
  ASSERT_TRUE(statement);
  Fingerprint f;
  fingerprint(sql, {}, f);
  Parameterization result = parameterize(**statement, f);
  EXPECT_EQ(result.pinned, (std::vector<std::uint32_t>{0, 1}));
  std::vector<std::pair<int, std::string>> numbered;
  walk(static_cast<Node&>(**statement), [&numbered](Node& node) {
    if (auto* literal = as<Literal>(&node)) numbered.emplace_back(literal->ordinal, literal->text);
    return true;
  });
  EXPECT_EQ(numbered, (std::vector<std::pair<int, std::string>>{{2, "xy"}, {3, "5"}, {4, "3"}}));
}

TEST(Parameterize, PinsAStringThatOnlyTheLexerJoins) {
  std::string_view sql = "select date '2020-01-01' 'alias'";
  Arena arena;
  auto statement = parse(sql, arena);
  ASSERT_TRUE(statement);
  Fingerprint f;
  fingerprint(sql, {}, f);
  EXPECT_EQ(parameterize(**statement, f).pinned, (std::vector<std::uint32_t>{0}));
}

TEST(Parameterize, ComparesPinnedTexts) {
  Fingerprint a, b, c;
  std::string_view one = "select cast(b as char(10)), 1", two = "select cast(b as char(10)), 2",
                   three = "select cast(b as char(11)), 1";
  fingerprint(one, {}, a);
  fingerprint(two, {}, b);
  fingerprint(three, {}, c);
  ASSERT_EQ(a.key, c.key);
  Parameterization pinned{{0}};
  EXPECT_TRUE(pinned_equal(pinned, one, a, two, b));
  EXPECT_FALSE(pinned_equal(pinned, one, a, three, c));
}

}  // namespace
}  // namespace kintsugi::sql
