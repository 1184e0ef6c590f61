#include "gate/hot_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"

namespace kintsugi::gate {
namespace {

using ::testing::HasSubstr;

TEST(HotRows, WritersOfOneRowComeOneAfterTheOther) {
  admin::Histogram waits;
  HotRows rows({.waiters_max = 1, .wait_max = 20s}, waits);
  runtime::Loop loop;
  loop.block_on([](HotRows& hot) -> Task<void> {
    const std::string row("customer.t\0id = 1", 17);
    Result<void> first = co_await hot.enter(row, 1, false, nullptr);
    EXPECT_TRUE(first);
    Result<void> other = co_await hot.enter("customer.t", 1, false, nullptr);
    EXPECT_TRUE(other) << "another row";
    hot.leave("customer.t");
    runtime::TaskGroup tasks;
    bool came = false;
    tasks.spawn([](HotRows& all, std::string key, bool& in) -> Task<void> {
      Result<void> entered = co_await all.enter(key, 1, false, nullptr);
      in = entered.has_value();
      all.leave(key);
    }(hot, row, came));
    EXPECT_FALSE(came);
    Result<void> third = co_await hot.enter(row, 1, false, nullptr);
    EXPECT_FALSE(third);
    EXPECT_TRUE(third.error().is(kHotRow));
    EXPECT_THAT(third.error().message(), HasSubstr("a row of customer.t is written by as many as may (1)"));
    EXPECT_EQ(hot.size(), 1u);
    hot.leave(row);
    co_await tasks.join();
    EXPECT_TRUE(came);
    EXPECT_EQ(hot.size(), 0u) << "what nobody writes is forgotten";
  }(rows));
  EXPECT_EQ(waits.snapshot().count(), 1u);
}

TEST(RowTurns, AreHadUntilTheTransactionEnds) {
  admin::Histogram waits;
  HotRows rows({.waiters_max = 1, .wait_max = 50ms}, waits);
  runtime::Loop loop;
  loop.block_on([](HotRows& hot) -> Task<void> {
    RowTurns first(hot), second(hot);
    Result<void> in = co_await first.enter("a", 1, false, nullptr);
    EXPECT_TRUE(in);
    in = co_await first.enter("a", 1, false, nullptr);
    EXPECT_TRUE(in) << "it has it already";
    in = co_await first.enter("b", 1, true, nullptr);
    EXPECT_TRUE(in);
    EXPECT_EQ(hot.size(), 2u);
    in = co_await second.enter("b", 1, false, nullptr);
    EXPECT_FALSE(in);
    EXPECT_TRUE(in.error().is(kHotRow)) << "the wait is bounded";
    EXPECT_TRUE(second.empty());
    in = co_await second.enter("b", 1, true, nullptr);
    EXPECT_TRUE(in) << "who has locks goes ahead, and is counted";
    first.leave();
    EXPECT_TRUE(first.empty());
    EXPECT_EQ(hot.size(), 1u) << "the second still writes b";
    in = co_await first.enter("b", 1, false, nullptr);
    EXPECT_FALSE(in);
    second.leave();
    in = co_await first.enter("b", 1, false, nullptr);
    EXPECT_TRUE(in);
  }(rows));
  EXPECT_EQ(rows.size(), 0u) << "a session that ends leaves its rows";
}

TEST(RowTurns, OfALargeTransactionAreBounded) {
  admin::Histogram waits;
  HotRows rows({.waiters_max = 1, .wait_max = 20s}, waits);
  runtime::Loop loop;
  loop.block_on([](HotRows& hot) -> Task<void> {
    RowTurns turns(hot);
    for (std::size_t i = 0; i < 10 * RowTurns::kRowsMax; ++i) {
      Result<void> in = co_await turns.enter(std::to_string(i), 1, i > 0, nullptr);
      EXPECT_TRUE(in);
    }
    EXPECT_EQ(hot.size(), RowTurns::kRowsMax);
  }(rows));
}

plan::Plan update_of(sql::NodeKind kind) {
  plan::Plan plan;
  plan.statement = kind;
  plan.tables = {{"customer", "t", plan::TableUse::Access::kWrite}};
  return plan;
}

TEST(HotRows, ARowIsKnownByItsTableAndItsCondition) {
  const plan::Plan update = update_of(sql::NodeKind::kUpdate);
  const auto key = [&](std::string_view text, std::vector<mysql::Parameter> parameters = {}) {
    ClientStatement statement;
    statement.text = text;
    statement.parameters = parameters;
    return row_key(update, statement, {});
  };
  const auto number = [](std::int64_t value) {
    return mysql::Parameter{{mysql::FieldType::longlong, false, ""}, value};
  };
  EXPECT_EQ(key("update t set a = 1 where id = 5"), key("update t set b = 2, a = 3 where id=5"));
  EXPECT_NE(key("update t set a = 1 where id = 5"), key("update t set a = 1 where id = 6"));
  const char* prepared = "update t set a = ? where id = ?";
  EXPECT_EQ(key(prepared, {number(1), number(5)}), key(prepared, {number(2), number(5)}));
  EXPECT_NE(key(prepared, {number(1), number(5)}), key(prepared, {number(1), number(6)}));
  EXPECT_FALSE(key("update t set a = 1"));
  EXPECT_FALSE(key(prepared)) << "without its parameters";
  ClientStatement statement;
  statement.text = "select * from t where id = 5 for update";
  plan::Plan select = update_of(sql::NodeKind::kSelect);
  EXPECT_FALSE(row_key(select, statement, {})) << "it locks nothing";
  select.locks = true;
  EXPECT_EQ(row_key(select, statement, {}), key("delete from t where id = 5"));
  statement.text = "select * from t where id = 5 lock in share mode";
  EXPECT_FALSE(row_key(select, statement, {})) << "readers do not wait for one another";
}

}  // namespace
}  // namespace kintsugi::gate
