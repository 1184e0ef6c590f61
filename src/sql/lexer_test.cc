#include "sql/lexer.h"

#include <vector>

#include <gtest/gtest.h>

namespace kintsugi::sql {
namespace {

std::string name_of(TokenClass cls) {
  static const char* kNames[] = {"end",       "invalid",  "name",       "keyword",  "integer",
                                 "decimal",   "float",    "string",     "national", "hexnumber",
                                 "hexstring", "bit",      "introducer", "user",     "system",
                                 "parameter", "operator", "hint",       "directive"};
  return kNames[static_cast<int>(cls)];
}

/// "class:text" of each token, up to the end or the first that is none.
std::vector<std::string> lex(std::string_view sql, const LexerMode& mode = {}) {
  std::vector<std::string> tokens;
  Lexer lexer(sql, mode);
  for (;;) {
    Token token = lexer.next();
    if (token.cls == TokenClass::kEnd) return tokens;
    tokens.push_back(name_of(token.cls) + ":" + std::string(lexer.text(token)));
    if (token.cls == TokenClass::kInvalid) return tokens;
  }
}

using Tokens = std::vector<std::string>;

std::string value(std::string_view sql, const LexerMode& mode = {}) {
  Arena arena;
  Token token = Lexer(sql, mode).next();
  return std::string(token_value(sql, token, mode, arena));
}

TEST(Lexer, Numbers) {
  EXPECT_EQ(lex("1 12.5 .5 1. 1e5 1.5E-3 .5e+2"),
            (Tokens{"integer:1", "decimal:12.5", "decimal:.5", "decimal:1.", "float:1e5", "float:1.5E-3",
                    "float:.5e+2"}));
  EXPECT_EQ(
      lex("0x1F 0b101 x'1f' X'AB' b'01' B'1'"),
      (Tokens{"hexnumber:0x1F", "bit:0b101", "hexstring:x'1f'", "hexstring:X'AB'", "bit:b'01'", "bit:B'1'"}));
  EXPECT_EQ(lex("1..10"), (Tokens{"integer:1", "operator:..", "integer:10"}));
}

TEST(Lexer, NamesThatBeginLikeNumbers) {
  EXPECT_EQ(lex("1e5a"), (Tokens{"float:1e5", "name:a"}));
  EXPECT_EQ(lex("1a 2fast 0xZ 0b2 1e 1ea"),
            (Tokens{"name:1a", "name:2fast", "name:0xZ", "name:0b2", "name:1e", "name:1ea"}));
  EXPECT_EQ(lex("x y'1'"), (Tokens{"name:x", "name:y", "string:'1'"}));
}

TEST(Lexer, HexStringsHaveWholeBytes) {
  EXPECT_EQ(lex("x'abc'"), (Tokens{"invalid:x'abc'"}));
  EXPECT_EQ(lex("x'zz'"), (Tokens{"invalid:x'zz'"}));
  EXPECT_EQ(lex("x''"), (Tokens{"hexstring:x''"}));
}

TEST(Lexer, Strings) {
  EXPECT_EQ(value("'it''s'"), "it's");
  EXPECT_EQ(value("\"a\"\"b\""), "a\"b");
  EXPECT_EQ(value("'a\\n\\t\\0\\Z\\b\\r\\\\\\'\\x'"), std::string("a\n\t\0\x1a\b\r\\'x", 10));
  EXPECT_EQ(value("'\\%\\_'"), "\\%\\_");
  EXPECT_EQ(value("N'x'"), "x");
  EXPECT_EQ(lex("'open"), (Tokens{"invalid:'open"}));
  EXPECT_EQ(lex("'open\\'"), (Tokens{"invalid:'open\\'"}));
  EXPECT_EQ(lex("'\\"), (Tokens{"invalid:'\\"}));
}

TEST(Lexer, ModesOfStrings) {
  LexerMode no_escapes;
  no_escapes.no_backslash_escapes = true;
  EXPECT_EQ(value("'a\\'", no_escapes), "a\\");
  LexerMode ansi;
  ansi.ansi_quotes = true;
  EXPECT_EQ(lex("\"a b\"", ansi), (Tokens{"name:\"a b\""}));
  EXPECT_EQ(value("\"a\"\"b\"", ansi), "a\"b");
}

TEST(Lexer, QuotedNames) {
  EXPECT_EQ(lex("`a b` `select`"), (Tokens{"name:`a b`", "name:`select`"}));
  EXPECT_EQ(value("`a``b`"), "a`b");
  EXPECT_EQ(lex("``"), (Tokens{"invalid:``"}));
}

TEST(Lexer, WordsAfterAPointAreNames) {
  EXPECT_EQ(lex("t.select"), (Tokens{"name:t", "operator:.", "name:select"}));
  EXPECT_EQ(lex("select.a"), (Tokens{"name:select", "operator:.", "name:a"}));
  EXPECT_EQ(lex("t.1"), (Tokens{"name:t", "operator:.", "name:1"}));
  EXPECT_EQ(lex("t. select"), (Tokens{"name:t", "operator:.", "keyword:select"}));
}

TEST(Lexer, FunctionWordsNeedTheirParenthesis) {
  EXPECT_EQ(lex("cast(")[0], "keyword:cast");
  EXPECT_EQ(lex("cast (")[0], "name:cast");
  LexerMode mode;
  mode.ignore_space = true;
  EXPECT_EQ(lex("cast (", mode)[0], "keyword:cast");
  EXPECT_EQ(lex("json_table (")[0], "keyword:json_table");
  EXPECT_EQ(lex("json_table")[0], "name:json_table");
}

TEST(Lexer, Comments) {
  EXPECT_EQ(lex("1 -- x\n2 # y\n3 /* z */ 4 --"),
            (Tokens{"integer:1", "integer:2", "integer:3", "integer:4"}));
  EXPECT_EQ(lex("1--2"), (Tokens{"integer:1", "operator:-", "operator:-", "integer:2"}));
  EXPECT_EQ(lex("/* open"), (Tokens{"invalid:/* open"}));
  EXPECT_EQ(lex("/**/1"), (Tokens{"integer:1"}));
}

TEST(Lexer, ExecutableComments) {
  EXPECT_EQ(lex("/*! 1 */ 2"), (Tokens{"integer:1", "integer:2"}));
  EXPECT_EQ(lex("/*!50101 1 */ /*!99999 2 */ 3"), (Tokens{"integer:1", "integer:3"}));
  EXPECT_EQ(lex("/*M!100100 1 */ /*M! 2 */ /*!100500 3 */ /*!999999 4 */"),
            (Tokens{"integer:1", "integer:2", "integer:3"}));
  EXPECT_EQ(lex("/*! 1 /* inner */ 2 */ 3"), (Tokens{"integer:1", "integer:2", "integer:3"}));
  EXPECT_EQ(lex("/*!99999 1 /* inner */ 2 */ 3"), (Tokens{"integer:3"}));
  EXPECT_EQ(lex("/*! 1").back(), "invalid:");
  EXPECT_EQ(lex("/*!kintsugi reference */"), (Tokens{"keyword:reference"}));
}

// What MariaDB 10.11 and MySQL 9.7 made of `select 1 /*!50699 +10 */` and the like.
TEST(Lexer, ExecutableCommentsOfAServer) {
  struct Case {
    const char* comment;
    bool mariadb, mysql;
  };
  constexpr Case kCases[] = {
      {"/*!50699 1 */", true, true},    {"/*!50701 1 */", false, true},    {"/*!80000 1 */", false, true},
      {"/*!99999 1 */", false, false},  {"/*!100000 1 */", true, false},   {"/*!100100 1 */", true, false},
      {"/*!080000 1 */", false, true},  {"/*!090700 1 */", false, true},   {"/*!800001 1 */", false, false},
      {"/*! 1 */", true, true},         {"/*M!50101 1 */", true, false},   {"/*M!80000 1 */", true, false},
      {"/*M!100100 1 */", true, false}, {"/*M!111100 1 */", false, false}, {"/*M! 1 */", true, false},
  };
  LexerMode mariadb, mysql;
  mariadb.follow_server("5.5.5-10.11.14-MariaDB-0+deb12u2");
  mysql.follow_server("9.7.4");
  for (const Case& each : kCases) {
    EXPECT_EQ(!lex(each.comment, mariadb).empty(), each.mariadb) << each.comment;
    EXPECT_EQ(!lex(each.comment, mysql).empty(), each.mysql) << each.comment;
  }
  const LexerMode both;
  for (const char* none : {"", "kintsugi", "9", "9.7", "10.11.x-MariaDB", "1000.1.1"}) {
    LexerMode mode;
    mode.follow_server(none);
    EXPECT_EQ(mode, both) << none;
  }
}

TEST(Lexer, HintsAndDirectives) {
  EXPECT_EQ(lex("select /*+ x */ 1"), (Tokens{"keyword:select", "hint:/*+ x */", "integer:1"}));
  EXPECT_EQ(lex("1 /*+ x */ 2"), (Tokens{"integer:1", "integer:2"}));
  EXPECT_EQ(lex("/*kintsugi a=b */ 1"), (Tokens{"directive:/*kintsugi a=b */", "integer:1"}));
  EXPECT_EQ(lex("/*kintsugis */ 1"), (Tokens{"integer:1"}));
  EXPECT_EQ(
      lex("/*kintsugi: a=b */ select /*vt+ C=1 */ 1"),
      (Tokens{"directive:/*kintsugi: a=b */", "keyword:select", "directive:/*vt+ C=1 */", "integer:1"}));
  EXPECT_EQ(lex("/*vt */ /*vt+*/ /*+ vt+ */"), (Tokens{"directive:/*vt+*/"}));
}

TEST(Lexer, Variables) {
  EXPECT_EQ(lex("@a @`b c` @'d' @\"e\" @a.b$c"),
            (Tokens{"user:@a", "user:@`b c`", "user:@'d'", "user:@\"e\"", "user:@a.b$c"}));
  EXPECT_EQ(lex("@@x @@global.x @@`y`"), (Tokens{"system:@@x", "system:@@global.x", "system:@@`y`"}));
  EXPECT_EQ(lex("@"), (Tokens{"invalid:@"}));
  EXPECT_EQ(lex("@@"), (Tokens{"invalid:@@"}));
  EXPECT_EQ(lex("a@b"), (Tokens{"name:a", "user:@b"}));
}

TEST(Lexer, Introducers) {
  EXPECT_EQ(lex("_utf8mb4'x'"), (Tokens{"introducer:_utf8mb4", "string:'x'"}));
  EXPECT_EQ(lex("_latin1 x'41'"), (Tokens{"introducer:_latin1", "hexstring:x'41'"}));
  EXPECT_EQ(lex("_utf8mb4 = 1")[0], "name:_utf8mb4");
  EXPECT_EQ(lex("_nosuch'x'")[0], "name:_nosuch");
}

TEST(Lexer, Operators) {
  EXPECT_EQ(lex("<=> <= <> < << >= >> != := || && -> ->> ?"),
            (Tokens{"operator:<=>", "operator:<=", "operator:<>", "operator:<", "operator:<<",
                    "operator:>=", "operator:>>", "operator:!=", "operator::=", "operator:||", "operator:&&",
                    "operator:->", "operator:->>", "parameter:?"}));
  EXPECT_EQ(lex("\x01"), (Tokens{"invalid:\x01"}));
  EXPECT_EQ(lex("\\N"), (Tokens{"keyword:\\N"}));
}

TEST(Lexer, EveryByteBeyondAsciiIsPartOfAName) {
  EXPECT_EQ(lex("größe 金缮"), (Tokens{"name:größe", "name:金缮"}));
  EXPECT_EQ(lex("\xff\xfe"), (Tokens{"name:\xff\xfe"}));
}

TEST(Lexer, EmbeddedZeroIsNoEnd) {
  EXPECT_EQ(lex(std::string_view("'a\0b'", 5)).size(), 1u);
  EXPECT_EQ(lex(std::string_view("1\0 2", 4)).back().substr(0, 8), "invalid:");
}

TEST(NeedsQuotes, OnlyWhatAServerWouldMisread) {
  for (const char* name : {"a", "a_b", "a$b", "status", "date", "größe", "_x"})
    EXPECT_FALSE(needs_quotes(name)) << name;
  for (const char* name :
       {"", "select", "SELECT", "a b", "a-b", "1", "1a", "1e5", "0x1f", "rank", "rows", "count", "a`b"}) {
    EXPECT_TRUE(needs_quotes(name)) << name;
  }
}

TEST(SplitStatement, EndsAtTheFirstSemicolonOutsideOfStrings) {
  EXPECT_EQ(split_statement("select ';', `;` /* ; */; select 2"), 24u);
  EXPECT_EQ(split_statement("select 1;  -- end\n"), 18u);
  EXPECT_EQ(split_statement("select 1"), 8u);
  EXPECT_EQ(split_statement("select 'open; select 2"), 22u);
  EXPECT_EQ(split_statement("begin; select 1"), 6u);
  EXPECT_EQ(split_statement(""), 0u);
}

TEST(SplitStatement, KeepsABodyTogether) {
  std::string_view procedure = "create procedure p () begin select 1; if a then select 2; end if; end;";
  EXPECT_EQ(split_statement(std::string(procedure) + " select 3"), procedure.size());
  std::string_view block = "begin not atomic select 1; select 2; end;";
  EXPECT_EQ(split_statement(std::string(block) + " select 3"), block.size());
  // What can't be read is not cut: the error is about all of it.
  EXPECT_EQ(split_statement("create procedure p () begin select; end; select 3"), 49u);
}

}  // namespace
}  // namespace kintsugi::sql
