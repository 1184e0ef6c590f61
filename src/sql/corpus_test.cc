#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "sql/fingerprint.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/testing/corpus.h"
#include "sql/testing/mutator.h"
#include "sql/testing/round_trip.h"

namespace kintsugi::sql {
namespace {

TEST(Corpus, IsLarge) { EXPECT_GE(corpus().size(), 10'000u); }

TEST(Corpus, PrinterAndParserAreInverse) {
  for (const Line& line : corpus()) {
    Arena arena;
    auto statement = parse(line.sql, arena);
    ASSERT_TRUE(statement) << where(line) << "\n" << statement.error().message();
    EXPECT_EQ(round_trip_fault(line.sql), "") << where(line);
  }
}

LexerMode random_mode(std::mt19937& random) {
  unsigned bits = random();
  LexerMode mode;
  mode.ansi_quotes = (bits & 1) != 0;
  mode.no_backslash_escapes = (bits & 2) != 0;
  mode.pipes_as_concat = (bits & 4) != 0;
  mode.high_not_precedence = (bits & 8) != 0;
  mode.ignore_space = (bits & 16) != 0;
  return mode;
}

TEST(Corpus, PrinterAndParserAreInverseInEveryMode) {
  std::mt19937 random(20);
  for (const Line& line : corpus()) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(round_trip_fault(line.sql, random_mode(random)), "") << where(line);
  }
}

// What is left of a statement when words, literals and operators in it are others, if it is one.
TEST(Corpus, ChangedStatementsComeBackTheSame) {
  std::mt19937 random(20);
  Mutator mutator(20);
  std::size_t statements = 0;
  for (const Line& line : corpus()) {
    for (int i = 0; i < 6; ++i) {
      LexerMode mode = i % 2 == 0 ? LexerMode{} : random_mode(random);
      std::string sql = mutator.mutate(line.sql, mode);
      ASSERT_EQ(round_trip_fault(sql, mode), "") << where(line);
      Arena arena;
      if (parse(sql, arena, mode)) ++statements;
    }
  }
  EXPECT_GT(statements, corpus().size());
}

TEST(Corpus, ParenthesesEverywhereMeanTheSame) {
  PrintOptions options;
  options.all_parentheses = true;
  for (const Line& line : corpus()) {
    Arena arena;
    auto first = parse(line.sql, arena);
    ASSERT_TRUE(first) << where(line);
    std::string text = print(**first, options);
    auto second = parse(text, arena);
    ASSERT_TRUE(second) << where(line) << "\nprinted: " << text << "\n" << second.error().message();
    EXPECT_TRUE(equal(**first, **second)) << where(line) << "\nprinted: " << text;
  }
}

TEST(Corpus, CloneIsEqualAndIndependent) {
  for (const Line& line : corpus()) {
    Arena kept;
    Statement* copy;
    {
      Arena arena;
      auto statement = parse(line.sql, arena);
      ASSERT_TRUE(statement) << where(line);
      copy = clone(*statement, kept);
      ASSERT_TRUE(equal(**statement, *copy)) << where(line);
    }
    Arena again;
    auto statement = parse(line.sql, again);
    ASSERT_TRUE(equal(**statement, *copy)) << where(line);
  }
}

// A text with the same key: each literal that is not pinned replaced by another of its kind.
std::string with_other_literals(const std::string& sql, const Fingerprint& f,
                                const Parameterization& parameters) {
  static const std::map<LiteralKind, std::string> kOthers = {
      {LiteralKind::kInteger, "12345"},   {LiteralKind::kDecimal, "123.45"},
      {LiteralKind::kFloat, "1e7"},       {LiteralKind::kString, "'it''s'"},
      {LiteralKind::kNational, "N'n'"},   {LiteralKind::kHexNumber, "0xabcd"},
      {LiteralKind::kHexString, "x'AB'"}, {LiteralKind::kBit, "b'1'"}};
  std::string other = sql;
  for (std::size_t i = f.literals.size(); i-- > 0;) {
    bool pinned = std::find(parameters.pinned.begin(), parameters.pinned.end(), i) != parameters.pinned.end();
    if (!pinned) other.replace(f.literals[i].offset, f.literals[i].length, kOthers.at(f.literals[i].kind));
  }
  return other;
}

// The kinds that the grammar derives from a string and the word before it.
LiteralKind token_kind(LiteralKind kind) {
  bool temporal = kind == LiteralKind::kDate || kind == LiteralKind::kTime || kind == LiteralKind::kTimestamp;
  return temporal ? LiteralKind::kString : kind;
}

TEST(Corpus, FingerprintAndTreeNumberLiteralsAlike) {
  std::size_t literals = 0;
  for (const Line& line : corpus()) {
    Arena arena;
    auto statement = parse(line.sql, arena);
    ASSERT_TRUE(statement) << where(line);
    Fingerprint f;
    fingerprint(line.sql, {}, f);
    ASSERT_TRUE(f.valid) << where(line);
    Parameterization parameters = parameterize(**statement, f);
    walk(static_cast<Node&>(**statement), [&](Node& node) {
      auto* literal = as<Literal>(&node);
      if (literal == nullptr || literal->ordinal < 0) return true;
      const LiteralToken& token = f.literals.at(static_cast<std::size_t>(literal->ordinal));
      std::string value;
      literal_value(line.sql, token, {}, value);
      EXPECT_EQ(value, literal->text) << where(line);
      EXPECT_EQ(token.kind, token_kind(literal->literal)) << where(line);
      ++literals;
      return true;
    });
    std::string other = with_other_literals(line.sql, f, parameters);
    Fingerprint g;
    fingerprint(other, {}, g);
    EXPECT_EQ(f.key, g.key) << where(line) << "\n" << other;
    EXPECT_TRUE(pinned_equal(parameters, line.sql, f, other, g)) << where(line);
  }
  EXPECT_GT(literals, 1000u);
}

// The whole text is one statement, also where it holds others.
TEST(Corpus, SplitsOffTheFirstStatement) {
  for (const Line& line : corpus()) {
    EXPECT_EQ(split_statement(line.sql + "\n; select 1"), line.sql.size() + 2) << where(line);
  }
}

}  // namespace
}  // namespace kintsugi::sql
