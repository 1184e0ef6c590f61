// INSERT … VALUES: where rows go, and what is told of those that are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/testing/execute_fixture.h"
#include "plan/errors.h"

namespace kintsugi::exec {
namespace {

using testing::Answer;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Execute;
using ::testing::HasSubstr;

TEST_F(Execute, InsertsRowsByShard) {
  shards.answers["-80"].ok = {.affected_rows = 2, .info = "Records: 2  Duplicates: 0  Warnings: 0"};
  shards.answers["80-"].ok = {.affected_rows = 1};
  ASSERT_TRUE(run("insert into address (address_id, customer_id) values (1, 1), (2, 4), (3, 5)"));
  EXPECT_THAT(
      shards.log,
      ElementsAre("begin -80 80-",
                  "-80: insert into customer.address (address_id, customer_id) values (1, 1), (3, 5)",
                  "80-: insert into customer.address (address_id, customer_id) values (2, 4)", "keep"));
  EXPECT_EQ(sink.ok.affected_rows, 3);
  EXPECT_EQ(sink.ok.info, "Records: 3  Duplicates: 0  Warnings: 0");
}

TEST_F(Execute, InsertsOnOneShardAsTheyCame) {
  ASSERT_TRUE(run("insert into address (address_id, customer_id) values (1, 1), (2, 2)"));
  EXPECT_THAT(shards.log, ElementsAre("-80: own"));
}

TEST_F(Execute, FillsIdsFromTheSequence) {
  shards.answers["-80"].ok = {.affected_rows = 1, .last_insert_id = 7};
  ASSERT_TRUE(run("insert into corder (customer_id, sku) values (?, 'it''s \\\\')",
                  {{plan::ValueKind::kInteger, "2", {}}}));
  EXPECT_THAT(
      shards.log,
      ElementsAre(
          "-80: insert into customer.corder (order_id, customer_id, sku) values (100, 2, 'it''s \\\\')"));
  EXPECT_EQ(sink.ok.last_insert_id, 100);
  EXPECT_EQ(generated, 100);
}

TEST_F(Execute, IdsThatAreGivenRaiseTheSequence) {
  shards.answers["-80"].ok = {.affected_rows = 3};
  ASSERT_TRUE(run("insert into corder (order_id, customer_id) values (500, 1), (0, 1), (20, 1)"));
  EXPECT_THAT(
      shards.log,
      ElementsAre(
          "-80: insert into customer.corder (order_id, customer_id) values (500, 1), (100, 1), (20, 1)"));
  EXPECT_EQ(sequences.raised, 500);
  EXPECT_EQ(generated, 100);
}

TEST_F(Execute, TheIdIsTheKey) {
  ASSERT_TRUE(run("insert into customer (email) values ('a'), ('b'), ('c'), ('d')"));
  // hash(100) and hash(103) lie in 80-, hash(101) and hash(102) in -80: from the vindex, as everybody else's.
  EXPECT_THAT(shards.log, Contains(HasSubstr("(customer_id, email) values")));
  std::size_t rows = 0;
  for (const std::string& entry : shards.log)
    rows += static_cast<std::size_t>(std::count(entry.begin(), entry.end(), '('));
  EXPECT_EQ(rows, 4 + shards.log.size() - 2);
  EXPECT_EQ(sequences.next, 104);
}

// hash(4) lies in 80-, hash(1) and hash(2) in -80.
constexpr const char* kThreeRows =
    "insert into address (address_id, customer_id) values (1, 1), (2, 4), (3, 2)";

TEST_F(Execute, OfSeveralRefusedRowsTheFirstIsTold) {
  for (const std::size_t refused : {0, 1}) {
    runtime::Event first_failed;
    shards.answers["-80"] = {
        .error = Error::from_server(1062, "23000", "of -80"), .refused = refused, .began = &first_failed};
    shards.answers["80-"] = {.error = Error::from_server(1048, "23000", "of 80-"), .until = &first_failed};
    const Result<void> result = run(kThreeRows);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message(), refused == 0 ? "of -80" : "of 80-");
  }
}

TEST_F(Execute, WhatComesAfterARefusedRowIsNotWaitedFor) {
  runtime::Event began, never;
  shards.answers["-80"] = {
      .error = Error::from_server(1062, "23000", "of -80"), .refused = 0, .until = &began};
  shards.answers["80-"] = {.until = &never, .began = &began};
  const Result<void> result = run(kThreeRows);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "of -80");
  EXPECT_THAT(shards.log, Contains("80- cancelled"));
}

TEST_F(Execute, ADeadlockIsToldAtOnce) {
  runtime::Event never;
  shards.answers["-80"] = {.until = &never};
  shards.answers["80-"] = {.error = Error::from_server(1213, "40001", "deadlock")};
  const Result<void> result = run(kThreeRows);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().mysql_errno(), 1213);
  EXPECT_THAT(shards.log, Contains("-80 cancelled"));
}

constexpr const char* kTwoRows = "insert into address (address_id, customer_id) values (1, 1), (2, ?)";

TEST_F(Execute, OfAValueThatOnlyAServerConvertsOneIsAsked) {
  shards.answers["scratch"] = rows({"4"});
  ASSERT_TRUE(run(kTwoRows, {{plan::ValueKind::kString, "4x", {}}}));
  EXPECT_THAT(
      shards.log,
      ElementsAre("scratch: create temporary table kintsugi_stored_values as select `customer_id` "
                  "from `customer`.`address` limit 0",
                  "scratch sent", "scratch: insert into kintsugi_stored_values values ('4x')", "scratch sent",
                  "scratch: select * from kintsugi_stored_values", "scratch sent", "end scratch",
                  "begin -80 80-",
                  "-80: insert into customer.address (address_id, customer_id) values (1, 1)",
                  "80-: insert into customer.address (address_id, customer_id) values (2, '4x')", "keep"));
}

TEST_F(Execute, AValueThatCannotBePlacedIsRefused) {
  shards.answers["scratch"] = rows({"x1"});
  const Result<void> result = run(kTwoRows, {{plan::ValueKind::kString, "x1", {}}});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(plan::kUnroutableValue));
  EXPECT_THAT(result.error().message(), HasSubstr("row 2"));
  EXPECT_EQ(shards.log.back(), "end scratch");
}

TEST_F(Execute, AValueThatAServerRefusesIsItsError) {
  shards.answers["scratch"] = {.error = Error::from_server(1366, "22007", "Incorrect integer value")};
  const Result<void> result = run(kTwoRows, {{plan::ValueKind::kString, "x1", {}}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().mysql_errno(), 1366);
  EXPECT_EQ(shards.log.back(), "end scratch");
}

TEST_F(Execute, OfANullKeyAServerSaysWhatIsWrong) {
  shards.answers["scratch"] = {.error =
                                   Error::from_server(1048, "23000", "Column 'customer_id' cannot be null")};
  const Result<void> result = run("insert into address (address_id, customer_id) values (1, null)");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text(), "Column 'customer_id' cannot be null");
}

TEST_F(Execute, ReferenceRowsGoEverywhere) {
  ASSERT_TRUE(run("insert into country values ('de', 'Germany')"));
  EXPECT_THAT(shards.log, ElementsAre("begin -80 80-", "-80: own at 1600000000000000",
                                      "80-: own at 1600000000000000", "keep"));
}

}  // namespace
}  // namespace kintsugi::exec
