#include "sql/parser.h"

#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "base/testing/source_dir.h"
#include "sql/printer.h"

namespace kintsugi::sql {
namespace {

std::string error(std::string_view sql, const LexerMode& mode = {}) {
  Arena arena;
  auto statement = parse(sql, arena, mode);
  return statement ? "no error" : statement.error().message();
}

std::string round(std::string_view sql, const PrintOptions& options = {}, const LexerMode& mode = {}) {
  Arena arena;
  auto statement = parse(sql, arena, mode);
  return statement ? print(**statement, options) : statement.error().message();
}

// testdata/errors.txt: pairs of lines, a statement and what its error is near to ("near 'x' at line 1").
TEST(Parser, RefusesWithThePlace) {
  std::ifstream in(source_dir() + "/src/sql/testdata/errors.txt");
  std::string sql;
  std::string near;
  int cases = 0;
  while (std::getline(in, sql)) {
    if (sql.empty() || sql.starts_with("--")) continue;
    ASSERT_TRUE(std::getline(in, near)) << sql;
    std::string message = error(sql);
    EXPECT_TRUE(message.ends_with("right syntax to use " + near)) << sql << "\n" << message;
    ++cases;
  }
  EXPECT_GE(cases, 100);
}

TEST(Parser, ErrorIsMysqls) {
  Arena arena;
  auto statement = parse("select 1\nfrom\nwhere", arena);
  ASSERT_FALSE(statement);
  EXPECT_TRUE(statement.error().is(kSyntaxError));
  EXPECT_EQ(statement.error().mysql_errno(), 1064);
  EXPECT_EQ(statement.error().sqlstate(), "42000");
  EXPECT_EQ(statement.error().message(),
            "You have an error in your SQL syntax; check the manual that corresponds to your server version "
            "for the "
            "right syntax to use near 'where' at line 3");
}

TEST(Parser, ErrorCutsLongTextsBetweenCharacters) {
  std::string message = error("select = " + std::string(77, 'x') + "\u91d1\u7f2e");
  EXPECT_NE(message.find("near '= " + std::string(77, 'x') + "' at line 1"), std::string::npos) << message;
}

TEST(Parser, EmptyQuery) {
  for (const char* sql : {"", " ", ";", "-- x", "/* x */ ;"}) {
    Arena arena;
    auto statement = parse(sql, arena);
    ASSERT_FALSE(statement);
    EXPECT_TRUE(statement.error().is(kEmptyQuery)) << sql;
    EXPECT_EQ(statement.error().mysql_errno(), 1065);
  }
}

TEST(Parser, DerivedTableNeedsAnAlias) {
  Arena arena;
  auto statement = parse("select * from (select 1)", arena);
  ASSERT_FALSE(statement);
  EXPECT_EQ(statement.error().mysql_errno(), 1248);
}

TEST(Parser, TakesOneStatementWithItsSemicolon) {
  EXPECT_EQ(round("select 1;"), "select 1");
  EXPECT_EQ(round("select 1 ; -- end"), "select 1");
  EXPECT_NE(error("select 1; select 2").find("near 'select 2'"), std::string::npos);
}

TEST(Parser, NodesKnowTheirPlace) {
  std::string_view sql = "select a + b as x from db . t where c > 5";
  Arena arena;
  auto* select = as<Select>(*parse(sql, arena));
  ASSERT_NE(select, nullptr);
  auto text = [&](const Node* node) { return sql.substr(node->offset, node->length); };
  EXPECT_EQ(text(select->items[0]->value), "a + b");
  EXPECT_EQ(select->items[0]->source.text, "a + b");
  EXPECT_EQ(text(as<NamedTable>(select->from[0])->name), "db . t");
  EXPECT_EQ(text(select->where), "c > 5");
  EXPECT_EQ(text(as<Binary>(select->where)->right), "5");
}

TEST(Parser, TreeOutlivesTheText) {
  Arena arena;
  Statement* statement;
  {
    std::string sql = "select a_long_enough_name from another_long_name";
    statement = *parse(sql, arena);
    sql.assign(sql.size(), 'x');
  }
  EXPECT_EQ(print(*statement), "select a_long_enough_name from another_long_name");
}

TEST(Parser, CountsParametersInOrder) {
  Arena arena;
  auto* select = as<Select>(*parse("select ? from t where a = ? limit ?", arena));
  EXPECT_EQ(as<Parameter>(select->items[0]->value)->index, 0);
  EXPECT_EQ(as<Parameter>(as<Binary>(select->where)->right)->index, 1);
  EXPECT_EQ(as<Parameter>(select->limit->count)->index, 2);
}

TEST(Parser, KeepsDirectivesFromAnywhere) {
  Arena arena;
  Statement* statement = *parse("/*kintsugi a=1 */ select /*kintsugi b */ 1 /*kintsugi*/", arena);
  ASSERT_EQ(statement->directives.size(), 3u);
  EXPECT_EQ(statement->directives[0], "a=1");
  EXPECT_EQ(statement->directives[1], "b");
  statement = *parse("select /*vt+ C=1 */ 1 /*vt+*/ /*kintsugi: d */", arena);
  ASSERT_EQ(statement->directives.size(), 3u);
  EXPECT_EQ(statement->directives[0], "C=1");
  EXPECT_EQ(statement->directives[1], "");
  EXPECT_EQ(statement->directives[2], ": d");
}

TEST(Parser, Modes) {
  LexerMode mode;
  mode.pipes_as_concat = true;
  PrintOptions pipes;
  pipes.pipes_as_concat = true;
  EXPECT_EQ(round("select a || b", pipes, mode), "select a || b");
  EXPECT_EQ(round("select a || b", {}, mode), "select concat(a, b)");
  EXPECT_EQ(round("select a || b"), "select a or b");
  LexerMode high;
  high.high_not_precedence = true;
  EXPECT_EQ(round("select not a = b", {}, high), "select (not a) = b");
  LexerMode ansi;
  ansi.ansi_quotes = true;
  EXPECT_EQ(round("select \"a b\"", {}, ansi), "select `a b`");
}

// Under HIGH_NOT_PRECEDENCE the lexer's NOT is another token.
TEST(Parser, NotIsAWordOfClausesInEveryMode) {
  LexerMode high;
  high.high_not_precedence = true;
  for (const char* sql :
       {"create table if not exists t (a int not null)", "select a not in (1), a is not null",
        "show create database if not exists d", "begin not atomic end",
        "create event e on schedule every 1 day on completion not preserve do select 1"}) {
    EXPECT_EQ(error(sql, high), "no error") << sql;
  }
}

TEST(Parser, ParametersKeepTheirOrder) {
  EXPECT_EQ(round("select a from t limit ?, ?"), "select a from t limit ?, ?");
  EXPECT_EQ(round("select a from t limit ? offset ?"), "select a from t limit ? offset ?");
  EXPECT_EQ(round("select interval ? day + ?"), "select interval ? day + ?");
  EXPECT_EQ(error("create table t (a int default (?), b int check (b > ?))"), "no error");
  // Printed, the check would come last.
  EXPECT_NE(error("create table t (check (a > ?), a int default (?))"), "no error");
  EXPECT_NE(error("create table t (a int default (?) as (?))"), "no error");
}

// What a rule leaves for the rule around it must not be taken by one inside.
TEST(Parser, PartsStayWithTheirStatement) {
  EXPECT_EQ(round("create definer = a@b procedure p () begin create view v as select 1; end"),
            "create definer = 'a'@'b' procedure p () begin create view v as select 1; end");
  EXPECT_EQ(
      round("create trigger a before insert on t for each row follows b create trigger c after delete on u "
            "for each row set @x = 1"),
      "create trigger a before insert on t for each row follows b create trigger c after delete on u for "
      "each row set @x = 1");
  EXPECT_EQ(round("begin not atomic create table a (x int) shard by (x); create table b (x int); end"),
            "begin not atomic create table a (x int) shard by (x); create table b (x int); end");
  EXPECT_EQ(round("values row(1), row((values (1)))"), "values row(1), row((values (1)))");
}

TEST(Parser, AdjacentStringsAreOne) {
  EXPECT_EQ(round("select 'a' 'b' \"c\", N'a' 'b', _utf8'a' 'b', x'41' 'b', 1 'b'"),
            "select 'abc', N'ab', _utf8'ab', x'41' as b, 1 as b");
  EXPECT_EQ(round("select _utf8/* c */'a', _utf8 /*kintsugi d */ x'41', _utf8 a"),
            "/*kintsugi d */ select _utf8'a', _utf8 x'41', `_utf8` as a");
}

TEST(Parser, ShowKnowsWhatTheGateCanTell) {
  EXPECT_EQ(round("show kintsugi Tablets like 'a%'"), "show kintsugi tablets like 'a%'");
  for (const char* wrong : {"show kintsugi nothing", "show funct\xff\xff f", "show vschema shards"}) {
    Arena arena;
    const Result<Statement*> parsed = parse(wrong, arena);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_TRUE(parsed.error().is(kSyntaxError)) << parsed.error().text();
  }
}

// What servers tell from what looks alike.
TEST(Parser, KeepsWhatMeansSomethingElse) {
  EXPECT_EQ(round("alter table t alter a set default (5), alter a set default 5"),
            "alter table t alter column a set default (5), alter column a set default 5");
  EXPECT_EQ(round("create table t (a text default ('x'), b text default 'x', c int default (-1), d int "
                  "default uuid())"),
            "create table t (a text default ('x'), b text default 'x', c int default (-1), d int default "
            "(uuid()))");
  EXPECT_EQ(round("select {d'1'}, value(a), current_role, current_role()"),
            "select {d '1'}, value(a), current_role, current_role()");
}

TEST(Parser, RawTextKeepsItsTokensApart) {
  EXPECT_EQ(round("help a/**/b"), "help a b");
  EXPECT_EQ(round("help --/**/5"), "help - - 5");
  EXPECT_EQ(round("help 1/**/.5"), "help 1 .5");
  EXPECT_EQ(round("/*!40101 change */ master /*!40101 to */ a"), "change master to a");
}

TEST(Parser, KeepsBothKeysOfAColumn) {
  EXPECT_EQ(round("create table t (a int unique primary key)"),
            "create table t (a int primary key unique key)");
  EXPECT_EQ(round("create table t (a int primary key)"), "create table t (a int primary key)");
}

// In quotes it would be a stored function of that name.
TEST(Parser, BuiltinFunctionsStandWithoutQuotes) {
  EXPECT_NE(error("select `count`(a)"), "no error");
  EXPECT_NE(error("select `if`(a, b, c)"), "no error");
  EXPECT_EQ(round("select `coalesce`(a), `f`(1), `from`(1), d.`count`(1), `connection`(1)"),
            "select coalesce(a), f(1), `from`(1), d.`count`(1), `connection`(1)");
}

TEST(Parser, Expressions) {
  Arena arena;
  auto expr = parse_expression("a + 1 > ?", arena);
  ASSERT_TRUE(expr);
  EXPECT_EQ(print(**expr), "a + 1 > ?");
  EXPECT_FALSE(parse_expression("a from", arena));
  EXPECT_FALSE(parse_expression("", arena));
}

// ---- bounds ----

std::string repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Parser, DeepNestingIsAnErrorAndNoOverflow) {
  constexpr int kDeep = 100'000;
  const std::string texts[] = {
      "select " + repeat("(", kDeep) + "1" + repeat(")", kDeep),
      "select " + repeat("not ", kDeep) + "1",
      "select " + repeat("- ", kDeep) + "1",
      "select " + repeat("a + ", kDeep) + "1",
      "select 1" + repeat(" collate x", kDeep),
      "select " + repeat("case when 1 then ", kDeep) + "1" + repeat(" end", kDeep),
      "select " + repeat("(select ", kDeep) + "1" + repeat(")", kDeep),
      "select * from " + repeat("(", kDeep) + "t" + repeat(")", kDeep),
      "select * from t" + repeat(" join t", kDeep),
      "select " + repeat("f(", kDeep) + "1" + repeat(")", kDeep),
      repeat("begin not atomic ", kDeep),
      repeat("explain ", kDeep) + "select 1",
  };
  for (const std::string& text : texts) {
    Arena arena;
    auto statement = parse(text, arena);
    ASSERT_FALSE(statement) << text.substr(0, 40);
    EXPECT_TRUE(statement.error().is(kTooDeep) || statement.error().is(kSyntaxError))
        << statement.error().message();
  }
}

TEST(Parser, WhatIsUnderTheBoundIsWalkedWhole) {
  for (const std::string& text :
       {"select " + repeat("not ", 900) + "1", "select " + repeat("a + ", 900) + "1",
        "select " + repeat("(", 3000) + "1" + repeat(")", 3000)}) {
    Arena arena;
    auto statement = parse(text, arena);
    ASSERT_TRUE(statement) << statement.error().message();
    Arena other;
    EXPECT_TRUE(equal(**statement, *clone(*statement, other)));
    EXPECT_TRUE(parse(print(**statement), other));
    EXPECT_FALSE(dump(**statement).empty());
  }
}

TEST(Parser, LongChainsAreNotDeep) {
  for (const std::string& text :
       {"select * from t where id = 0" + repeat(" or id = 1", 20'000),
        "select 1" + repeat(" union all select 1", 5'000),
        "insert into t values (1)" + repeat(", (2)", 50'000), "select 1" + repeat(", 1", 50'000),
        "select a in (1" + repeat(", 1", 50'000) + ")"}) {
    Arena arena;
    EXPECT_TRUE(parse(text, arena)) << text.substr(0, 60);
  }
}

// ---- precedence ----

std::string precedence(const std::string& expression) {
  PrintOptions options;
  options.all_parentheses = true;
  Arena arena;
  auto expr = parse_expression(expression, arena);
  return expr ? print(**expr, options) : expr.error().message();
}

TEST(Parser, Precedence) {
  const std::pair<const char*, const char*> cases[] = {
      {"a or b and c", "(a or (b and c))"},
      {"a or b xor c", "(a or (b xor c))"},
      {"a xor b and c", "(a xor (b and c))"},
      {"not a = b", "(not (a = b))"},
      {"! a = b", "((not a) = b)"},
      {"not a and b", "((not a) and b)"},
      {"not a is null", "(not (a is null))"},
      {"a = b = c", "((a = b) = c)"},
      {"a = b is null", "((a = b) is null)"},
      {"a is null = b", "((a is null) = b)"},
      {"a = b between c and d", "(a = (b between c and d))"},
      {"a between b and c and d", "((a between b and c) and d)"},
      {"a between b and c between d and e", "(a between b and (c between d and e))"},
      {"a = b in (c)", "(a = (b in (c)))"},
      {"a = b not in (c)", "(a = (b not in (c)))"},
      {"a like b escape c and d", "((a like b escape c) and d)"},
      {"a like b like c", "((a like b) like c)"},
      {"a like b not like c", "(a like (b not like c))"},
      {"a | b & c", "(a | (b & c))"},
      {"a & b << c", "(a & (b << c))"},
      {"a << b + c", "(a << (b + c))"},
      {"a + b * c", "(a + (b * c))"},
      {"a - b - c", "((a - b) - c)"},
      {"a - (b - c)", "(a - (b - c))"},
      {"a * b ^ c", "(a * (b ^ c))"},
      {"- a ^ b", "((-a) ^ b)"},
      {"- a collate x", "(-(a collate x))"},
      {"binary a + b", "((binary a) + b)"},
      {"- - a", "(-(-a))"},
      {"a div b mod c", "((a div b) % c)"},
      {"@a := b or c", "(@a := (b or c))"},
      {"a regexp b = c", "((a regexp b) = c)"},
      {"a member of (b) and c", "((a member of (b)) and c)"},
      {"a sounds like b or c", "((a sounds like b) or c)"},
      {"a -> '$.b' = c", "(a -> '$.b' = c)"},
      {"a > all (select 1) and b", "((a > all (select 1)) and b)"},
      {"case a when b then c else d end + 1", "(case a when b then c else d end + 1)"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(precedence(text), expected) << text;
  }
}

// ---- random expressions ----

/// Expressions of every form, from a seed.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string expression(int depth) {
    if (depth == 0) return leaf();
    switch (pick(14)) {
      case 0:
        return one_of({"-", "+", "~", "!", "not ", "binary "}) + operand(depth);
      case 1:
        return operand(depth) +
               one_of({" is null", " is not null", " is true", " is not false", " is unknown"});
      case 2:
        return operand(depth) + one_of({" in (", " not in ("}) + expression(depth - 1) + ", " + leaf() + ")";
      case 3:
        return operand(depth) + one_of({" between ", " not between "}) + operand(depth) + " and " +
               operand(depth);
      case 4:
        return operand(depth) + one_of({" like ", " not like ", " regexp ", " sounds like "}) +
               operand(depth);
      case 5:
        return "case when " + expression(depth - 1) + " then " + expression(depth - 1) + " else " + leaf() +
               " end";
      case 6:
        return one_of({"f(", "coalesce(", "if(", "count(distinct "}) + expression(depth - 1) + ", " +
               expression(depth - 1) + ")";
      case 7:
        return operand(depth) + " + interval " + expression(depth - 1) + " day";
      case 8:
        return "(" + expression(depth - 1) + ", " + leaf() + ") = row(" + leaf() + ", " +
               expression(depth - 1) + ")";
      case 9:
        return operand(depth) + one_of({" > all ", " = any ", " <> some "}) + "(select " +
               expression(depth - 1) + ")";
      default:
        return operand(depth) + " " + op() + " " + operand(depth);
    }
  }

 private:
  unsigned pick(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random_); }
  std::string one_of(std::initializer_list<const char*> texts) {
    return texts.begin()[pick(static_cast<unsigned>(texts.size()))];
  }
  std::string operand(int depth) { return pick(2) == 0 ? leaf() : "(" + expression(depth - 1) + ")"; }
  std::string op() {
    return one_of({"or", "and", "xor", "=", "<=>", "<>", "<",   "<=", ">", ">=", "|", "&",
                   "<<", ">>",  "+",   "-", "*",   "/",  "div", "%",  "^", "&&", "||"});
  }
  std::string leaf() {
    return one_of({"1",
                   "2.5",
                   "1e3",
                   "'s'",
                   "x'41'",
                   "0x41",
                   "b'1'",
                   "null",
                   "true",
                   "a",
                   "t.a",
                   "`select`",
                   "@v",
                   "@@x",
                   "?",
                   "(select 1)",
                   "now()",
                   "count(*)",
                   "date '2020-01-01'",
                   "exists (select 1)",
                   "a -> '$.x'",
                   "'a' 'b'"});
  }

  std::mt19937 random_;
};

TEST(Parser, RandomExpressionsComeBackTheSame) {
  Generator generator(20);
  int parsed = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string sql = generator.expression(1 + i % 5);
    Arena arena;
    auto first = parse_expression(sql, arena);
    if (!first) continue;
    ++parsed;
    for (bool all : {false, true}) {
      PrintOptions options;
      options.all_parentheses = all;
      std::string text = print(**first, options);
      auto second = parse_expression(text, arena);
      ASSERT_TRUE(second) << sql << "\n" << text << "\n" << second.error().message();
      ASSERT_TRUE(equal(**first, **second)) << sql << "\n" << text;
    }
  }
  EXPECT_GT(parsed, 4'000);
}

}  // namespace
}  // namespace kintsugi::sql
