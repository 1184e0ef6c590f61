#include "sql/skim.h"

#include <random>

#include <gtest/gtest.h>

#include "sql/testing/corpus.h"
#include "sql/testing/skim_fault.h"

namespace kintsugi::sql {
namespace {

// What becomes of a text when it is asked for the second time.
enum class Way { kHit, kMiss, kGivenUp };

Way second_way(Fingerprints& fingerprints, std::string_view sql, const LexerMode& mode = {}) {
  Fingerprint f;
  fingerprints.of(sql, mode, f);
  Fingerprints::Counts before = fingerprints.counts();
  fingerprints.of(sql, mode, f);
  if (fingerprints.counts().hits != before.hits) return Way::kHit;
  return fingerprints.counts().misses != before.misses ? Way::kMiss : Way::kGivenUp;
}

std::vector<LexerMode> modes() {
  std::vector<LexerMode> modes(7);
  modes[1].ansi_quotes = true;
  modes[2].no_backslash_escapes = true;
  modes[3].ignore_space = true;
  modes[4].pipes_as_concat = true;
  modes[5].high_not_precedence = true;
  modes[6].follow_server("5.7.44");
  return modes;
}

// Whether the text, and texts of its skeleton with other values, are as the lexer has them, in every mode.
std::string fault_of_values(Fingerprints& fingerprints, std::string_view sql, std::size_t first = 0) {
  for (const LexerMode& mode : modes()) {
    std::string fault = skim_fault(fingerprints, sql, mode);
    Fingerprint f;
    fingerprint(sql, mode, f);
    for (std::size_t i = 0; fault.empty() && !f.literals.empty() && i < 3; ++i) {
      fault = skim_fault(fingerprints, with_other_values(sql, f, first + i), mode);
    }
    if (!fault.empty()) return fault;
  }
  return {};
}

TEST(Skim, HitsAreTextsOfTheSameSkeleton) {
  Fingerprints fingerprints;
  Fingerprint f;
  fingerprints.of("select name from customer where customer_id = 17 and state = 'open'", {}, f);
  StatementKey key = f.key;
  EXPECT_EQ(fingerprints.counts().misses, 1u);
  fingerprints.of("select name from customer where customer_id = 4711 and state = ''", {}, f);
  EXPECT_EQ(fingerprints.counts().hits, 1u);
  EXPECT_TRUE(f.valid);
  EXPECT_EQ(f.key, key);
  ASSERT_EQ(f.literals.size(), 2u);
  EXPECT_EQ(f.literals[0].kind, LiteralKind::kInteger);
  EXPECT_EQ(f.literals[0].offset, 46u);
  EXPECT_EQ(f.literals[0].length, 4u);
  EXPECT_EQ(f.literals[1].kind, LiteralKind::kString);
  EXPECT_EQ(f.literals[1].offset, 63u);
  EXPECT_EQ(f.literals[1].length, 2u);
  EXPECT_TRUE(f.literals[1].plain);
}

TEST(Skim, OtherSkeletonsAreNoHits) {
  Fingerprints fingerprints;
  Fingerprint f;
  for (const char* sql :
       {"select a from t where b = 17 and c = 'open'", "select a from t where b = '17' and c = 'open'",
        "select a from t where b = 17 and c = 2", "select a from t where b = ? and c = 'open'",
        "select a  from t where b = 17 and c = 'open'", "select A from t where b = 17 and c = 'open'",
        "select a from t where b = 17 and c = 'open' "}) {
    fingerprints.of(sql, {}, f);
  }
  EXPECT_EQ(fingerprints.counts().hits, 0u);
  EXPECT_EQ(fingerprints.counts().misses, 7u);
  EXPECT_EQ(fingerprints.counts().given_up, 0u);
}

TEST(Skim, EveryByteOutsideOfLiteralsCounts) {
  for (std::size_t length : {8, 15, 16, 17, 31, 32, 33, 70}) {
    Fingerprints fingerprints;
    std::string words = "select ";
    words.resize(length, 'a');
    for (std::size_t i = 7; i < length; ++i) {
      std::string other = words;
      other[i] = 'b';
      EXPECT_EQ(skim_fault(fingerprints, other), "");
      EXPECT_EQ(skim_fault(fingerprints, other + "+1 "), "");
      EXPECT_EQ(skim_fault(fingerprints, "select 1 , 'x' , " + other), "");
    }
    EXPECT_EQ(fingerprints.counts().misses, 3 * (length - 7));
  }
}

TEST(Skim, TakesWhatDependsOnNoLiteral) {
  for (const char* sql : {
           "",
           ";",
           "select 1;",
           "select 1 ; ",
           "select a.b, `a`.`b`, a . b, `a`.b from t where c1 = 1 and c2x3 = 'x'",
           "select 1+2-3*4/5%6, -1, - -1, 1 - - 1, a-1, (1), 1<>2, 1<=>2, 1||2, 'a'||'b'",
           "select 1,2\t,\n3\r\n",
           "select `a`1, 'a'1, 'a'b, 1 a, 1 'a', 1`a`",
           "select `a'b`, `a\"b--c/*#`, '`', '\"', '--', '/*', '?', '1'",
           "insert into t values (1, 'a', ?, null), (?, '', 0, true)",
           "select _utf8mb4 'a', _latin1 '', n 'a', date '2020-01-01', {d '2020-01-01'}",
           "select 'a' as b, 'c', 'd' , 'e'",
           "select count(*), count (1), max (1), now ( ) from t limit 5, 10",
           "select a*/b",
           "select \xc3\xa4 from \xc3\xa4\x31 where `\xff` = '\xff\n\t\x01'",
           "select $1, a$1, _1, _1a, a . 5, t. 1",
           "select not 1, j->'$.a', j->>'$.b', a:=1",
           "select a from t where b in (1,2,3,4,5,6,7,8,9,10) and c = 'an apple, quite a long one'",
       }) {
    Fingerprints fingerprints;
    EXPECT_EQ(second_way(fingerprints, sql), Way::kHit) << sql;
    EXPECT_EQ(fault_of_values(fingerprints, sql), "");
  }
}

void expect_given_up(std::string_view sql) {
  Fingerprints fingerprints;
  EXPECT_EQ(second_way(fingerprints, sql), Way::kGivenUp) << sql;
  EXPECT_EQ(fault_of_values(fingerprints, sql), "");
}

TEST(Skim, GivesUpOnNumbersOfOtherKinds) {
  for (const char* sql :
       {"select 1from t", "select 1.5", "select 1.", "select .5", "select a.5", "select a .5", "select `a`.5",
        "select t.1a", "select 1..10", "select 1 ..10", "select 1e5", "select 1e", "select 1e5x",
        "select 0x4d", "select 0b1", "select 1a", "select 1_", "select 1$", "select 1\xc3\xa4"}) {
    expect_given_up(sql);
  }
}

TEST(Skim, GivesUpOnStringsOfOtherKinds) {
  for (const char* sql : {"select 'a' 'b'", "select 'a'\n\t 'b'", "select 'a''b'",
                          "select '''a'",   "select 'a'''",       "select ''''",
                          "select 'a\\'b'", "select 'a\\nb'",     "select 'a\\\\'",
                          "select 'a\\'",   "select n'a'",        "select N'a'",
                          "select x'4d'",   "select b'1'",        "select _utf8mb4'a'",
                          "select a'b'",    "select 1'a'",        "select @'a'",
                          "select \"a\"",   "select \"a",         "select 'open",
                          "select '"}) {
    expect_given_up(sql);
  }
}

TEST(Skim, GivesUpOnComments) {
  for (const char* sql :
       {"select 1 -- 2", "select 1--2", "select 1-- 2", "select 1 --", "select 1 --\n2", "select 1 # 2",
        "select /* 1 */ 2", "/*! 1 */", "select /*! 1 */", "select /*!50000 1 */", "select /*!99999 1 */ 2",
        "select /*M! 1 */", "select /*+ x */ 1", "/*kintsugi x */ select 1", "select 1/*"}) {
    expect_given_up(sql);
  }
}

TEST(Skim, GivesUpOnWhatElseNeedsTheLexer) {
  using namespace std::string_view_literals;
  for (std::string_view sql :
       {"select @a"sv,      "select @@a"sv,     "select @`a`"sv,   "select `a``b`"sv, "select ````"sv,
        "select `a\x01`"sv, "select `a\nb`"sv,  "select `open"sv,  "select `"sv,      "select \\N"sv,
        "select \\1"sv,     "select \x01"sv,    "select \x02"sv,   "select 1\x7f"sv,  "select [1]"sv,
        "select 1\0"sv,     "select 1\0 + 1"sv, "select 'a\0b'"sv, "select `a\0b`"sv, "\0"sv}) {
    expect_given_up(sql);
  }
}

// These are skimmed, and the lexer has the last word each time.
TEST(Skim, KeepsOnlyWhatTheLexerConfirms) {
  for (const char* sql : {"select ``", "select 'a';'b'"}) {
    Fingerprints fingerprints;
    EXPECT_EQ(second_way(fingerprints, sql), Way::kMiss) << sql;
    EXPECT_EQ(fault_of_values(fingerprints, sql), "");
  }
}

TEST(Skim, LeavesTextsOver64KiBToTheLexer) {
  Fingerprints fingerprints;
  std::string sql = "select '";
  sql.resize(64 * 1024 - 1, 'a');
  sql += '\'';
  EXPECT_EQ(second_way(fingerprints, sql), Way::kHit);
  EXPECT_EQ(skim_fault(fingerprints, sql), "");
  sql.insert(0, " ");
  EXPECT_EQ(second_way(fingerprints, sql), Way::kGivenUp);
  EXPECT_EQ(skim_fault(fingerprints, sql), "");
  EXPECT_EQ(second_way(fingerprints, std::string(64 * 1024, '+')), Way::kHit);
}

TEST(Skim, KeepsModesApart) {
  Fingerprints fingerprints;
  std::vector<StatementKey> keys;
  for (const LexerMode& mode : modes()) {
    Fingerprint f;
    fingerprints.of("select not 1 || 2", mode, f);
    keys.push_back(f.key);
    EXPECT_EQ(skim_fault(fingerprints, "select not 1 || 2", mode), "");
  }
  EXPECT_EQ(fingerprints.counts().misses, modes().size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(keys[i], keys[j]) << i << " " << j;
  }
}

// How many of as many statements are found again in a second round.
std::uint64_t hits_of_second_round(int statements) {
  Fingerprints fingerprints;
  std::uint64_t first = 0;
  for (int round = 0; round < 2; ++round) {
    first = fingerprints.counts().hits;
    for (int i = 0; i < statements; ++i) {
      Fingerprint f;
      fingerprints.of("select c" + std::to_string(i) + " from t where a = 1", {}, f);
    }
  }
  return fingerprints.counts().hits - first;
}

// There is room for two in each of 1024 sets.
TEST(Skim, NewSkeletonsTakeThePlacesOfOldOnes) {
  EXPECT_GT(hits_of_second_round(500), 435u);  // about 390 with one in a set
  EXPECT_LT(hits_of_second_round(10'000), 500u);
  Fingerprints fingerprints;
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(skim_fault(fingerprints, "select c" + std::to_string(i) + " from t where a = 1"), "");
  }
  EXPECT_EQ(fingerprints.counts().hits, 10'000u);
}

TEST(Skim, AHitAllocatesNothing) {
  Fingerprints fingerprints;
  Fingerprint f;
  std::string_view sql = "select a, 'x', 1, 2, 3 from t where id in (1, 2, 3, 4, 5, 6, 7)";
  for (int i = 0; i < 2; ++i) fingerprints.of(sql, {}, f);
  const void* literals = f.literals.data();
  for (int i = 0; i < 10; ++i) fingerprints.of(sql, {}, f);
  EXPECT_EQ(literals, f.literals.data());
  EXPECT_EQ(fingerprints.counts().misses, 1u);
}

TEST(Skim, AgreesWithTheLexerAboutTheCorpus) {
  Fingerprints fingerprints;
  std::size_t hits = 0;
  std::size_t first = 0;
  for (const Line& line : corpus()) {
    if (second_way(fingerprints, line.sql) == Way::kHit) ++hits;
    ASSERT_EQ(fault_of_values(fingerprints, line.sql, first++), "") << where(line);
  }
  EXPECT_GT(hits * 10, corpus().size() * 7) << hits << " of " << corpus().size();
}

// Whatever stands beside whatever, and texts with other values where the first one has been kept.
TEST(Skim, AgreesWithTheLexerAboutAnyFragments) {
  const std::string_view fragments[] = {
      "select", "a", "b1", "_utf8mb4", "n",    "x",    "e",  "not", "count", "0",  "1",  "17",
      "'",      "'", "''", "'x'",      "'4d'", "`",    "`",  "`a`", "\"",    ".",  "..", ",",
      "(",      ")", "-",  "--",       "/",    "*",    "/*", "*/",  "/*!",   "#",  "@",  "\\",
      "\\N",    ";", "?",  "=",        "<=>",  "||",   " ",  " ",   " ",     "\n", "\t", "{d",
      "}",      "$", "_",  "\xc3",     "\x01", "\x02", "0x", "1e5"};
  std::mt19937 random(20);
  std::vector<LexerMode> all = modes();
  Fingerprints fingerprints;
  for (int i = 0; i < 40'000; ++i) {
    std::string sql;
    for (std::size_t n = random() % 12; n > 0; --n) sql += fragments[random() % std::size(fragments)];
    const LexerMode& mode = all[random() % all.size()];
    ASSERT_EQ(skim_fault(fingerprints, sql, mode), "");
    Fingerprint f;
    fingerprint(sql, mode, f);
    for (std::size_t k = 0; k < 2 && !f.literals.empty(); ++k) {
      ASSERT_EQ(skim_fault(fingerprints, with_other_values(sql, f, random() % 100), mode), "");
    }
  }
  EXPECT_GT(fingerprints.counts().hits, 10'000u);
  EXPECT_GT(fingerprints.counts().given_up, 10'000u);
}

}  // namespace
}  // namespace kintsugi::sql
