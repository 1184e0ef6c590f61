#include "gate/costly_statements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

CostlyStatement run_of(std::string text, int ms, plan::Tier tier = plan::Tier::kScatter) {
  static int at = 0;
  CostlyStatement run;
  run.text = std::move(text);
  run.tier = tier;
  run.runs = 1;
  run.total = run.longest = std::chrono::milliseconds(ms);
  run.last = WallTime() + std::chrono::seconds(++at);
  return run;
}

sql::StatementKey key(std::uint64_t number) {
  sql::StatementKey key;
  key.low = number;
  return key;
}

TEST(CostlyStatements, RunsOfAShapeAreSummedUp) {
  CostlyStatements statements;
  statements.add(key(1), run_of("a", 5));
  statements.add(key(2), run_of("b", 7));
  statements.add(key(1), run_of("a", 3));
  statements.add(key(1), run_of("a", 9, plan::Tier::kGather));
  const std::vector<CostlyStatement> all = statements.all();
  ASSERT_THAT(all, ElementsAre(Field(&CostlyStatement::text, "a"), Field(&CostlyStatement::text, "a"),
                               Field(&CostlyStatement::text, "b")))
      << "the last one first, each tier by itself";
  EXPECT_EQ(all[0].tier, plan::Tier::kGather);
  EXPECT_EQ(all[1].runs, 2u);
  EXPECT_EQ(all[1].total, std::chrono::milliseconds(8));
  EXPECT_EQ(all[1].longest, std::chrono::milliseconds(5));
}

TEST(CostlyStatements, AreBounded) {
  CostlyStatements statements;
  for (std::uint64_t i = 0; i < 3 * CostlyStatements::kShapesMax; ++i) {
    statements.add(key(i), run_of(std::to_string(i), 1));
    statements.add(key(0), run_of("0", 1));
  }
  const std::vector<CostlyStatement> all = statements.all();
  EXPECT_EQ(all.size(), CostlyStatements::kShapesMax);
  EXPECT_EQ(all.front().text, "0") << "what runs stays";
  EXPECT_EQ(all.front().runs, 3 * CostlyStatements::kShapesMax + 1);
}

TEST(CostlyStatements, LoopsAreMerged) {
  std::vector<CostlyStatement> all = {run_of("a", 5), run_of("b", 1), run_of("a", 2)};
  const std::vector<CostlyStatement> sum = merged(std::move(all));
  ASSERT_EQ(sum.size(), 2u);
  EXPECT_EQ(sum[0].text, "a") << "it ran last";
  EXPECT_EQ(sum[0].runs, 2u);
  EXPECT_EQ(sum[0].total, std::chrono::milliseconds(7));
}

TEST(CostlyStatements, ShowNoValues) {
  const std::string sql = "select * from t where a = 'secret' and b in (1, 22) limit 5";
  sql::Fingerprint fingerprint;
  sql::fingerprint(sql, {}, fingerprint);
  EXPECT_EQ(shape_text(sql, fingerprint), "select * from t where a = ? and b in (?, ?) limit ?");
  const std::string large = "select " + std::string(5000, 'a') + ", 'secret'";
  sql::fingerprint(large, {}, fingerprint);
  EXPECT_EQ(shape_text(large, fingerprint).size(), CostlyStatements::kTextBytesMax);
}

}  // namespace
}  // namespace kintsugi::gate
