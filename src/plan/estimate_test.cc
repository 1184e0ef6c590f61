#include "plan/estimate.h"

#include <gtest/gtest.h>

namespace kintsugi::plan {
namespace {

using Plan = std::vector<PlanLine>;

PlanLine table(double rows, double filtered = 100, std::uint64_t id = 1, std::string type = "SIMPLE") {
  return {.id = id, .select_type = std::move(type), .rows = rows, .filtered = filtered, .extra = ""};
}

PlanLine without_rows(std::string extra) {
  return {.id = 1, .select_type = "SIMPLE", .rows = std::nullopt, .filtered = 100, .extra = std::move(extra)};
}

/// "12", "<=12" of what is more than there will be, "?".
std::string estimated(std::string_view sql, const Plan& plan) {
  const std::optional<Estimate> estimate = estimate_rows(sql, plan);
  return estimate ? (estimate->at_most ? "<=" : "") + std::to_string(estimate->rows) : "?";
}

TEST(Estimate, MultipliesWhatTheTablesOfAJoinLeave) {
  EXPECT_EQ(estimated("select * from t", {table(200)}), "200");
  EXPECT_EQ(estimated("select * from t where a > 3", {table(200, 25)}), "50");
  EXPECT_EQ(estimated("select * from t, u", {table(200, 25), table(3, 50)}), "75");
  EXPECT_EQ(estimated("select * from t where a = 3", {table(200, 0.01)}), "1") << "no less than a row";
}

TEST(Estimate, TakesQueriesInsideForWhatTheirTablesAre) {
  const Plan derived = {table(40, 100, 1, "PRIMARY"), table(900, 100, 2, "DERIVED")};
  EXPECT_EQ(estimated("select * from (select distinct a from t) d", derived), "40");
  EXPECT_EQ(estimated("select (select count(*) from u), a from t",
                      {table(40, 100, 1, "PRIMARY"), table(9, 100, 2, "SUBQUERY")}),
            "40");
}

TEST(Estimate, KnowsWhatAStatementMakesOfItsRows) {
  EXPECT_EQ(estimated("select count(*) from t", {table(200)}), "1");
  EXPECT_EQ(estimated("select count(*) from t having count(*) > 5", {table(200)}), "<=1");
  EXPECT_EQ(estimated("select a, count(*) from t group by a", {table(200)}), "<=200");
  EXPECT_EQ(estimated("select distinct a from t", {table(200)}), "<=200");
  EXPECT_EQ(estimated("select a from t limit 7", {table(200)}), "7");
  EXPECT_EQ(estimated("select a from t limit 195, 7", {table(200)}), "5");
  EXPECT_EQ(estimated("select a from t limit 7", {table(3)}), "3");
  EXPECT_EQ(estimated("update t set a = 1 limit 7", {table(200)}), "7");
  EXPECT_EQ(estimated("delete from t where a = 1", {table(200, 10)}), "20");
}

TEST(Estimate, AddsUpTheArmsOfAUnion) {
  const Plan plan = {table(200, 100, 1, "PRIMARY"),
                     table(30, 100, 2, "UNION"),
                     table(5, 100, 2, "UNION"),
                     {.id = 0, .select_type = "UNION RESULT", .rows = std::nullopt, .extra = ""}};
  EXPECT_EQ(estimated("select a from t union select u.a from u, v", plan), "<=350");
}

TEST(Estimate, UnderstandsWhatIsSaidInTheMarginOnly) {
  EXPECT_EQ(estimated("select a from t where 1 = 0", {without_rows("Impossible WHERE")}), "0");
  EXPECT_EQ(estimated("select a from t where id = 5",
                      {without_rows("Impossible WHERE noticed after reading const tables")}),
            "0");
  EXPECT_EQ(estimated("select a from t where id = 5", {without_rows("no matching row in const table")}), "0");
  EXPECT_EQ(estimated("select min(a) from t", {without_rows("Select tables optimized away")}), "1");
  EXPECT_EQ(estimated("select 1", {without_rows("No tables used")}), "1");
}

TEST(Estimate, SaysNothingOfWhatNobodySays) {
  EXPECT_EQ(estimated("select a from t", {without_rows("something new")}), "?");
  EXPECT_EQ(estimated("select a from t", {}), "?");
  EXPECT_EQ(estimated("insert into t values (1)", {table(1)}), "?");
  EXPECT_EQ(estimated("no SQL", {table(1)}), "?");
}

}  // namespace
}  // namespace kintsugi::plan
