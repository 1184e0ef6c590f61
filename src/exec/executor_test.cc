#include "exec/executor.h"

#include <algorithm>
#include <map>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/errors.h"
#include "exec/op/merge.h"
#include "mysql/row.h"
#include "plan/errors.h"
#include "plan/testing/sample.h"
#include "runtime/event.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string frame(const std::string& payload) {
  std::string out{static_cast<char>(payload.size()), '\0', '\0', '\0'};
  return out + payload;
}

std::string text_frame(const std::string& cell) {
  std::string payload;
  const mysql::Cell cells[] = {std::string_view(cell)};
  mysql::write_text_row(payload, cells);
  return frame(payload);
}

/// The answer of one shard.
struct Answer {
  std::vector<mysql::FieldType> columns;
  std::vector<std::string> batches;  ///< cells; each is a row and a batch
  mysql::OkPacket ok;
  std::optional<Error> error;
  int errors_after = 0;     ///< how many batches come before the error
  std::size_t refused = 0;  ///< which of the request's rows the error is about
  /// Waited for before anything is answered.
  runtime::Event* until = nullptr;
  runtime::Event* began = nullptr;
};

class FakeShards : public Shards {
 public:
  std::map<std::string, Answer> answers;
  std::vector<std::string> log;
  bool end_unit_fails = false;

  Task<Result<void>> run(const ShardRequest& request, RowSink& sink, runtime::Cancel* cancel) override {
    const std::string name = request.scratch            ? "scratch"
                             : request.shard == nullptr ? "any"
                                                        : request.shard->name;
    log.push_back(name + ": " + (request.own_text ? "own" : std::string(request.text)) +
                  (request.timestamp_us != 0 ? " at " + std::to_string(request.timestamp_us) : ""));
    Answer& answer = answers[name];
    if (answer.began != nullptr) answer.began->set();
    if (answer.until != nullptr) {
      const bool came = co_await answer.until->wait(Time::max(), cancel);
      if (!came) {
        log.push_back(name + " cancelled");
        co_return failure(kCancelled, "asked to stop");
      }
    }
    if (!answer.columns.empty()) {
      std::vector<mysql::ColumnDefinition> columns(answer.columns.size());
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].type = answer.columns[i];
      Result<void> sent = co_await sink.columns(std::move(columns));
      if (!sent) co_return sent;
    }
    int count = 0;
    for (const std::string& batch : answer.batches) {
      if (answer.error && count++ == answer.errors_after) break;
      std::string frames = text_frame(batch);
      RowBatch rows{frames};
      Result<void> sent = co_await sink.rows(rows);
      if (!sent) {
        log.push_back(name + " stopped");
        co_return sent;
      }
      log.push_back(name + " sent");
    }
    if (answer.error && request.refused_row != nullptr) *request.refused_row = request.rows[answer.refused];
    if (answer.error) co_return failure(*answer.error);
    co_return co_await sink.done(answer.ok);
  }
  Task<Result<void>> begin_unit(std::span<const vschema::Shard* const> shards) override {
    std::string text = "begin";
    for (const vschema::Shard* shard : shards) text += " " + shard->name;
    log.push_back(text);
    co_return Result<void>();
  }
  Task<Result<void>> end_unit(bool keep) override {
    log.push_back(keep ? "keep" : "undo");
    if (end_unit_fails) co_return failure(kServerError, "commit failed");
    co_return Result<void>();
  }
  Task<void> end_scratch() override {
    log.push_back("end scratch");
    co_return;
  }
};

class FakeSequences : public Sequences {
 public:
  std::uint64_t next = 100;
  std::uint64_t raised = 0;
  Task<Result<std::uint64_t>> reserve(const plan::SequenceRef&, std::uint64_t count) override {
    const std::uint64_t first = next;
    next += count;
    co_return first;
  }
  Task<Result<void>> raise(const plan::SequenceRef&, std::uint64_t id) override {
    raised = id;
    co_return Result<void>();
  }
};

class FakeEditor : public VSchemaEditor {
 public:
  std::vector<std::string> applied;
  Task<Result<void>> apply(std::span<const plan::VSchemaEdit> edits, runtime::Cancel*) override {
    for (const plan::VSchemaEdit& edit : edits) applied.push_back(edit.table);
    co_return Result<void>();
  }
};

class FakeSession : public SessionValues {
 public:
  std::string sql(plan::SessionValue value, std::string_view name) const override {
    return value == plan::SessionValue::kVariable ? "<" + std::string(name) + ">" : "42";
  }
};

/// Keeps the answer as text; may be told to stop taking rows.
class FakeSink : public RowSink {
 public:
  std::string text;
  mysql::OkPacket ok;
  runtime::Event* takes_rows = nullptr;
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    text += "columns " + std::to_string(columns.size()) + ";";
    co_return Result<void>();
  }
  Task<Result<void>> rows(RowBatch batch) override {
    if (takes_rows != nullptr) {
      const bool taken = co_await takes_rows->wait();
      EXPECT_TRUE(taken);
    }
    std::string_view frames(batch.frames.data(), batch.frames.size());
    while (!frames.empty()) {
      const auto size = static_cast<std::size_t>(static_cast<unsigned char>(frames[0]));
      std::vector<mysql::Cell> cells;
      EXPECT_TRUE(mysql::parse_text_row(frames.substr(4, size), 1, cells).has_value());
      text += " " + std::string(*cells[0]);
      frames.remove_prefix(4 + size);
    }
    co_return Result<void>();
  }
  Task<Result<void>> done(mysql::OkPacket packet) override {
    text += " done";
    ok = std::move(packet);
    co_return Result<void>();
  }
};

class Execute : public ::testing::Test {
 public:
  Result<void> run(const std::string& sql, std::vector<plan::Value> parameters = {}) {
    return loop.block_on(start(sql, std::move(parameters)));
  }

  Task<Result<void>> start(std::string sql, std::vector<plan::Value> parameters = {}) {
    const Result<plan::Planned> planned = plan::testing::plan_text(sql, plan::testing::sample_context());
    if (!planned) co_return failure(planned.error());
    ExecContext context{.plan = *planned->plan,
                        .bindings = {.parameters = parameters},
                        .shards = shards,
                        .sequences = sequences,
                        .vschema = editor,
                        .session = session,
                        .cancel = &cancel,
                        .now_us = 1'600'000'000'000'000,
                        .lookahead_bytes_max = 12};
    Result<void> result = co_await execute(context, sink);
    generated = context.generated_id;
    co_return result;
  }

  Answer rows(std::vector<std::string> batches) {
    return {.columns = {mysql::FieldType::var_string}, .batches = std::move(batches)};
  }

  runtime::Loop loop;
  FakeShards shards;
  FakeSequences sequences;
  FakeEditor editor;
  FakeSession session;
  FakeSink sink;
  runtime::Cancel cancel;
  std::optional<std::uint64_t> generated;
};

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
  EXPECT_THAT(shards.log, ::testing::Contains(HasSubstr("(customer_id, email) values")));
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
  EXPECT_THAT(shards.log, testing::Contains("80- cancelled"));
}

TEST_F(Execute, ADeadlockIsToldAtOnce) {
  runtime::Event never;
  shards.answers["-80"] = {.until = &never};
  shards.answers["80-"] = {.error = Error::from_server(1213, "40001", "deadlock")};
  const Result<void> result = run(kThreeRows);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().mysql_errno(), 1213);
  EXPECT_THAT(shards.log, testing::Contains("-80 cancelled"));
}

TEST_F(Execute, AValueThatCannotBePlacedIsRefused) {
  const Result<void> result = run("insert into address (address_id, customer_id) values (1, 1), (2, ?)",
                                  {{plan::ValueKind::kString, "x1", {}}});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(plan::kUnroutableValue));
  EXPECT_THAT(result.error().message(), HasSubstr("row 2"));
  EXPECT_THAT(shards.log, IsEmpty());
}

TEST_F(Execute, ANullKeyHasNoShard) {
  const Result<void> result = run("insert into address (address_id, customer_id) values (1, null)");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(plan::kNoShardForValue));
}

TEST_F(Execute, ReferenceRowsGoEverywhere) {
  ASSERT_TRUE(run("insert into country values ('de', 'Germany')"));
  EXPECT_THAT(shards.log, ElementsAre("begin -80 80-", "-80: own at 1600000000000000",
                                      "80-: own at 1600000000000000", "keep"));
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
