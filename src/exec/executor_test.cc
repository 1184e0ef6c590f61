#include "exec/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/errors.h"
#include "exec/op/merge.h"
#include "exec/testing/execute_fixture.h"
#include "plan/errors.h"
#include "runtime/task_group.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {
namespace {

using testing::Answer;
using ::testing::ElementsAre;
using testing::Execute;

TEST_F(Execute, SendsTheClientsTextToOneShard) {
  shards.answers["80-"] = rows({"dan"});
  ASSERT_TRUE(run("select * from customer where customer_id = 4"));
  EXPECT_THAT(shards.log, ElementsAre("80-: own", "80- sent"));
  EXPECT_EQ(sink.text, "columns 1; dan done");
}

TEST_F(Execute, AParameterChoosesTheShard) {
  ASSERT_TRUE(run("select * from customer where customer_id = ?", {{plan::ValueKind::kInteger, "1", {}}}));
  EXPECT_THAT(shards.log, ElementsAre("-80: own"));
}

TEST_F(Execute, RelaysWithoutExecution) {
  const auto planned = plan::testing::plan_text("select * from customer where customer_id = 4",
                                                plan::testing::sample_context());
  ASSERT_TRUE(planned);
  EXPECT_EQ(relay_shard(*planned->plan, {})->name, "80-");
  const auto scattered = plan::testing::plan_text("select * from customer", plan::testing::sample_context());
  EXPECT_EQ(relay_shard(*scattered->plan, {}), nullptr);
}

TEST_F(Execute, PutsAnswersOneAfterTheOtherInTheOrderOfShards) {
  runtime::Event second_first;
  shards.answers["-80"] = rows({"a", "b"});
  shards.answers["-80"].until = &second_first;
  shards.answers["80-"] = rows({"c"});
  shards.answers["80-"].began = &second_first;
  ASSERT_TRUE(run("select * from customer"));
  EXPECT_EQ(sink.text, "columns 1; a b c done");
}

TEST_F(Execute, HoldsABoundedNumberOfBytes) {
  runtime::Event first_may;
  shards.answers["-80"] = rows({"a"});
  shards.answers["-80"].until = &first_may;
  shards.answers["80-"] = rows({"1", "2", "3", "4", "5", "6"});
  auto both = [&]() -> Task<Result<void>> {
    runtime::TaskGroup group;
    Result<void> result;
    auto one = [](Execute& self, Result<void>& out) -> Task<void> {
      out = co_await self.start("select * from customer");
    };
    group.spawn(one(*this, result));
    for (int i = 0; i < 20; ++i) co_await runtime::yield();
    // Six bytes a row: the second one fills the twelve, and its sender is made to wait.
    EXPECT_THAT(shards.log, ElementsAre("-80: own", "80-: own", "80- sent"));
    EXPECT_EQ(sink.text, "columns 1;");
    first_may.set();
    co_await group.join();
    co_return result;
  };
  ASSERT_TRUE(loop.block_on(both()));
  EXPECT_EQ(sink.text, "columns 1; a 1 2 3 4 5 6 done");
}

TEST_F(Execute, AFailureCancelsTheOthers) {
  runtime::Event never;
  shards.answers["-80"].until = &never;
  shards.answers["80-"].error = Error::from_server(1054, "42S22", "Unknown column 'x'");
  const Result<void> result = run("select * from customer");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().mysql_errno(), 1054);
  EXPECT_THAT(shards.log, ElementsAre("-80: own", "80-: own", "-80 cancelled"));
}

TEST_F(Execute, AFailureWakesThoseWhoWaitForTheirTurn) {
  runtime::Event second_waits;
  shards.answers["-80"] = rows({"a"});
  shards.answers["-80"].until = &second_waits;
  shards.answers["-80"].error = Error::from_server(1105, "HY000", "gone");
  shards.answers["80-"] = rows({"1", "2", "3"});
  shards.answers["80-"].began = &second_waits;
  EXPECT_FALSE(run("select * from customer"));
  EXPECT_THAT(shards.log, ::testing::Contains("80- stopped"));
}

TEST_F(Execute, TheClientsCancelStopsAll) {
  runtime::Event never;
  shards.answers["-80"].until = &never;
  shards.answers["80-"].until = &never;
  cancel.request();
  const Result<void> result = run("select * from customer");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(kCancelled));
}

TEST_F(Execute, ColumnsMustBeTheSame) {
  shards.answers["-80"] = rows({"a"});
  shards.answers["80-"] = rows({"b"});
  shards.answers["80-"].columns = {mysql::FieldType::longlong};
  const Result<void> result = run("select * from customer");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(kShardsDisagree));
}

TEST_F(Execute, TextsOfOneColumnMayBeCalledOtherwiseByEachShard) {
  shards.answers["-80"] = rows({"a"});
  shards.answers["80-"] = rows({"b"});
  shards.answers["80-"].columns = {mysql::FieldType::string};
  ASSERT_TRUE(run("select * from customer"));
  EXPECT_EQ(sink.text, "columns 1; a b done");
}

TEST_F(Execute, WritesOnSeveralShardsAreOneUnit) {
  shards.answers["-80"].ok = {
      .affected_rows = 3, .warnings = 1, .info = "Rows matched: 4  Changed: 3  Warnings: 1"};
  shards.answers["80-"].ok = {.affected_rows = 1, .info = "Rows matched: 1  Changed: 1  Warnings: 0"};
  ASSERT_TRUE(run("update customer set email = 'x'"));
  EXPECT_THAT(shards.log, ElementsAre("begin -80 80-", "-80: own", "80-: own", "keep"));
  EXPECT_EQ(sink.ok.affected_rows, 4);
  EXPECT_EQ(sink.ok.warnings, 1);
  EXPECT_EQ(sink.ok.info, "Rows matched: 5  Changed: 4  Warnings: 1");
}

TEST_F(Execute, AFailedWriteIsUndone) {
  shards.answers["80-"].error = Error::from_server(1205, "HY000", "Lock wait timeout");
  const Result<void> result = run("update customer set email = 'x'");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().mysql_errno(), 1205);
  EXPECT_EQ(shards.log.back(), "undo");
  EXPECT_EQ(sink.text, "");
}

TEST_F(Execute, AFailedCommitIsTold) {
  shards.end_unit_fails = true;
  const Result<void> result = run("update customer set email = 'x'");
  ASSERT_FALSE(result);
  EXPECT_EQ(sink.text, "");
}

TEST_F(Execute, ATransactionThatIsLostIsToldBeforeWhyItsStatementFailed) {
  shards.answers["80-"].error = Error::from_server(1062, "23000", "Duplicate entry");
  shards.end_unit_fails = true;
  for (const char* write :
       {"update customer set email = 'x'", "update customer set email = 'x' order by email limit 1"}) {
    const Result<void> result = run(write);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message(), "commit failed") << write;
    EXPECT_EQ(shards.log.back(), "undo");
  }
}

TEST_F(Execute, CopiesAreAnsweredOnceAndWrittenAtOneTime) {
  shards.answers["-80"].ok = {.affected_rows = 1};
  shards.answers["80-"].ok = {.affected_rows = 1};
  ASSERT_TRUE(run("update country set title = now()"));
  EXPECT_THAT(shards.log, ElementsAre("begin -80 80-", "-80: own at 1600000000000000",
                                      "80-: own at 1600000000000000", "keep"));
  EXPECT_EQ(sink.ok.affected_rows, 1);
}

TEST_F(Execute, SessionValuesArePutIn) {
  ASSERT_TRUE(run("select last_insert_id(), @@autocommit from customer where customer_id = 4"));
  EXPECT_THAT(shards.log,
              ElementsAre("80-: select 42 as `last_insert_id()`, <autocommit> as `@@autocommit` from "
                          "customer where customer_id = 4"));
}

TEST(AddInfo, AddsNumbersOfTextsThatAreAlike) {
  EXPECT_EQ(add_info("Rows matched: 9  Changed: 1  Warnings: 0", "Rows matched: 1  Changed: 1  Warnings: 2"),
            "Rows matched: 10  Changed: 2  Warnings: 2");
  EXPECT_EQ(add_info("a 1", "b 2"), "a 1");
  EXPECT_EQ(add_info("", ""), "");
}

}  // namespace
}  // namespace kintsugi::exec
