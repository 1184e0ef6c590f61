// Writes whose rows are read first: what is sent to which shard, in what order, as one unit.

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/errors.h"
#include "exec/executor.h"
#include "exec/op/ok_sink.h"
#include "mysql/row.h"
#include "plan/errors.h"
#include "plan/testing/sample.h"
#include "runtime/loop.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Column {
  mysql::FieldType type = mysql::FieldType::var_string;
  std::uint16_t collation = 45;
};

/// Shards that answer every SELECT with their rows, and every write with their OK packet or error.
class ScriptedShards : public Shards {
 public:
  std::vector<Column> columns;
  std::map<std::string, std::vector<std::vector<mysql::Cell>>> rows;  ///< by shard
  mysql::OkPacket written;
  std::string failing;  ///< the text that fails
  std::vector<std::string> log;

  Task<Result<void>> run(const ShardRequest& request, RowSink& sink, runtime::Cancel*) override {
    const std::string name = request.shard == nullptr ? "any" : request.shard->name;
    const std::string text = request.own_text ? "own" : std::string(request.text);
    const bool copy = request.part == ShardRequest::Part::kCopyIn;
    log.push_back(name + (copy ? " copy: " : request.unseen ? " unseen: " : ": ") + text);
    if (!failing.empty() && text.find(failing) != text.npos) co_return failure(kServerError, "refused");
    if (!text.starts_with("select")) co_return co_await sink.done(written);
    std::vector<mysql::ColumnDefinition> definitions(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      definitions[i].type = columns[i].type;
      definitions[i].collation = columns[i].collation;
    }
    Result<void> sent = co_await sink.columns(std::move(definitions));
    std::string frames;
    for (const auto& row : rows[name]) {
      std::string payload;
      mysql::write_text_row(payload, row);
      frames += static_cast<char>(payload.size());
      frames += std::string(3, '\0') + payload;
    }
    RowBatch batch{frames};
    if (sent && !frames.empty()) sent = co_await sink.rows(batch);
    if (!sent) co_return sent;
    co_return co_await sink.done({});
  }
  Task<Result<void>> begin_unit(std::span<const vschema::Shard* const>) override {
    log.push_back("begin");
    co_return Result<void>();
  }
  Task<Result<void>> end_unit(bool keep) override {
    log.push_back(keep ? "keep" : "undo");
    co_return Result<void>();
  }
  Task<void> end_scratch() override { co_return; }
};

class CountingSequences : public Sequences {
 public:
  std::uint64_t raised = 0;
  Task<Result<std::uint64_t>> reserve(const plan::SequenceRef&, std::uint64_t) override { co_return 100; }
  Task<Result<void>> raise(const plan::SequenceRef&, std::uint64_t id) override {
    raised = id;
    co_return Result<void>();
  }
};

class NoEditor : public VSchemaEditor {
 public:
  Task<Result<void>> apply(std::span<const plan::VSchemaEdit>, runtime::Cancel*) override {
    co_return Result<void>();
  }
};

class NoSession : public SessionValues {
 public:
  std::string sql(plan::SessionValue, std::string_view) const override { return "42"; }
};

constexpr Column kInteger{mysql::FieldType::longlong, 63};
constexpr Column kText{};

class Write : public ::testing::Test {
 public:
  Result<void> run(std::string sql, std::uint64_t rows_max = 1000) {
    return loop.block_on(start(std::move(sql), rows_max));
  }
  Task<Result<void>> start(std::string sql, std::uint64_t rows_max) {
    const Result<plan::Planned> planned = plan::testing::plan_text(sql, plan::testing::sample_context());
    if (!planned) co_return failure(planned.error());
    ExecContext context{.plan = *planned->plan,
                        .bindings = {},
                        .shards = shards,
                        .sequences = sequences,
                        .vschema = editor,
                        .session = session};
    context.write_rows_max = rows_max;
    Result<void> result = co_await execute(context, sink);
    generated = context.generated_id;
    co_return result;
  }
  /// What was sent to shards but to read.
  std::vector<std::string> writes() const {
    std::vector<std::string> found;
    for (const std::string& line : shards.log) {
      if (line.find(": select") == line.npos && !line.starts_with("any")) found.push_back(line);
    }
    return found;
  }

  runtime::Loop loop;
  ScriptedShards shards;
  CountingSequences sequences;
  NoEditor editor;
  NoSession session;
  OkSink sink;
  std::optional<std::uint64_t> generated;
};

TEST_F(Write, RowsThatAreReadGoToTheirShards) {
  shards.columns = {kInteger, kInteger};
  shards.rows["-80"] = {{"7", "1"}, {"8", "4"}};
  shards.rows["80-"] = {{"9", "2"}};
  shards.written.affected_rows = 1;
  ASSERT_TRUE(run("insert into address (address_id, customer_id) select customer_id, order_id from corder"));
  EXPECT_THAT(
      writes(),
      ElementsAre("begin",
                  "-80: insert into customer.address (address_id, customer_id) values (7, 1), (9, 2)",
                  "80-: insert into customer.address (address_id, customer_id) values (8, 4)", "keep"));
  EXPECT_EQ(sink.ok.info, "Records: 3  Duplicates: 0  Warnings: 0");
  EXPECT_EQ(sink.ok.affected_rows, 2);
}

TEST_F(Write, IdsComeFromTheSequence) {
  shards.columns = {kInteger, kInteger};
  shards.rows["-80"] = {{std::nullopt, "4"}, {"50", "4"}, {"0", "4"}};
  ASSERT_TRUE(
      run("insert into corder (order_id, customer_id) select customer_id, customer_id + 1 from customer"));
  EXPECT_THAT(
      writes(),
      ElementsAre("begin",
                  "80-: insert into customer.corder (order_id, customer_id) values (100, 4), (50, 4), "
                  "(101, 4)",
                  "keep"));
  EXPECT_EQ(sequences.raised, 50);
  EXPECT_EQ(generated, 100);
  EXPECT_EQ(sink.ok.last_insert_id, 100);
}

TEST_F(Write, AFailureUndoesAll) {
  shards.columns = {kInteger, kInteger};
  shards.rows["-80"] = {{"7", "1"}, {"8", "4"}};
  shards.failing = "(8, 4)";
  EXPECT_FALSE(run("insert into address (address_id, customer_id) select customer_id, order_id from corder"));
  EXPECT_EQ(shards.log.back(), "undo");
}

TEST_F(Write, AKeyThatHasNoPlaceUndoesAll) {
  shards.columns = {kInteger, kInteger};
  shards.rows["-80"] = {{"7", std::nullopt}};
  shards.failing = "into kintsugi_stored_values values (NULL)";
  EXPECT_FALSE(run("insert into address (address_id, customer_id) select customer_id, order_id from corder"));
  EXPECT_EQ(shards.log.back(), "undo");
}

TEST_F(Write, TheNumberOfColumnsIsChecked) {
  shards.columns = {kInteger, kInteger, kInteger};
  const Result<void> done = run("insert into address (address_id, customer_id) select * from tag");
  EXPECT_TRUE(done.error().is(plan::kColumnCount));
}

TEST_F(Write, WhatIsReadIsBounded) {
  shards.columns = {kInteger, kInteger};
  shards.rows["-80"] = {{"7", "1"}, {"8", "4"}};
  shards.rows["80-"] = {{"9", "2"}};
  const std::string sql =
      "insert into address (address_id, customer_id) select customer_id, order_id from corder";
  EXPECT_TRUE(run(sql, 3));
  const Result<void> done = run(sql, 2);
  EXPECT_TRUE(done.error().is(kWriteTooLarge));
  EXPECT_THAT(done.error().text(), HasSubstr("write_rows_max"));
  EXPECT_EQ(shards.log.back(), "undo");
}

TEST_F(Write, ValuesKeepTheirTypes) {
  using mysql::FieldType;
  shards.columns = {kText,
                    {FieldType::var_string, 63},
                    {FieldType::double_, 63},
                    {FieldType::newdecimal, 63},
                    {FieldType::date, 63},
                    {FieldType::datetime, 63},
                    {FieldType::bit, 63},
                    {FieldType::json, 63}};
  shards.rows["-80"] = {{"it's", "\xff", "1.5", "1.50", "2026-01-31", "0000-00-00 00:00:00", "\x01", "[1]"},
                        {"金", std::nullopt, "1e10", "15", "2026-00-00", "2026-01-01 00:00:00", "A", "null"}};
  ASSERT_TRUE(run("insert into commerce.product select email, email, email, email, email, email, email, "
                  "email from customer"
                  " where customer_id < 0")
                  .error()
                  .is(plan::kColumnCount));
  ASSERT_TRUE(
      run("insert into commerce.product (a, b, c, d, e, f, g, h) select email, 2, 3, 4, 5, 6, 7, 8 from "
          "customer"));
  EXPECT_THAT(
      shards.log.end()[-2],
      HasSubstr("('it''s', _binary x'FF', 1.5e0, 1.50, DATE '2026-01-31', '0000-00-00 00:00:00', x'01', "
                "'[1]'), (_utf8mb4 x'E98791', NULL, 1e10, 15, '2026-00-00', "
                "TIMESTAMP '2026-01-01 00:00:00', x'41', 'null')"));
}

TEST_F(Write, EveryCopyOfAReferenceTableGetsTheRows) {
  shards.columns = {kText, kInteger};
  shards.rows["80-"] = {{"de", "1"}};
  shards.written.affected_rows = 1;
  ASSERT_TRUE(run("insert into country select email, customer_id from customer"));
  EXPECT_THAT(writes(), ElementsAre("begin", "-80: insert into customer.country values ('de', 1)",
                                    "80- unseen: insert into customer.country values ('de', 1)", "keep"));
  EXPECT_EQ(sink.ok.affected_rows, 1);
}

TEST_F(Write, ASourceIsWrittenBeforeItsCopies) {
  ASSERT_TRUE(run("insert into rate (id, code, token) values (7, 'EUR', 'x')"));
  const std::string row = " (id, code, token) values (7, 'EUR', 'x')";
  EXPECT_THAT(shards.log, ElementsAre("begin", "-: insert into commerce.rate" + row,
                                      "-80 unseen: insert into customer.rate" + row,
                                      "80- unseen: insert into customer.rate" + row,
                                      "- unseen: insert into lone.fx" + row, "keep"));
  EXPECT_EQ(sequences.raised, 7);
}

TEST_F(Write, WhatTheSourceRefusesNoCopyIsAsked) {
  shards.failing = "commerce.rate";
  EXPECT_FALSE(run("insert into lone.fx (id, code, token) values (7, 'EUR', 'x')"));
  EXPECT_THAT(shards.log, ElementsAre("begin", HasSubstr("-: insert into commerce.rate"), "undo"));
}

TEST_F(Write, WhatACopyRefusesIsUndoneAtTheSource) {
  shards.failing = "lone.fx";
  shards.columns = {kInteger};
  shards.rows["-"] = {{"1"}};
  EXPECT_FALSE(run("delete from rate where code = 'EUR'"));
  ASSERT_GT(shards.log.size(), 3u);
  EXPECT_EQ(shards.log[1],
            "-: select rate.id as _kintsugi_0 from commerce.rate as rate where code = 'EUR' for update");
  EXPECT_EQ(shards.log[2], "-: delete from commerce.rate where id in (1)");
  EXPECT_EQ(shards.log.back(), "undo");
}

TEST_F(Write, ACopyIsFilledUnderTheLocksOfItsSource) {
  shards.columns = {kText, kText};
  shards.rows["-"] = {{"de", "Germany"}, {"fr", std::nullopt}};
  ASSERT_TRUE(run("alter table country reference from commerce.land"));
  const std::string rows =
      " copy: replace into customer.country (code, title) values ('de', 'Germany'), ('fr', NULL)";
  EXPECT_THAT(shards.log,
              ElementsAre("begin", "-: select count(*) from commerce.land lock in share mode",
                          "-80 copy: delete from customer.country", "80- copy: delete from customer.country",
                          "-: select code, title from commerce.land lock in share mode", "-80" + rows,
                          "80-" + rows, "keep"));
}

TEST_F(Write, RowsThatAreAlikeAreWrittenOneByOne) {
  shards.columns = {kText, kInteger, {mysql::FieldType::datetime, 63}, kText};
  const std::vector<mysql::Cell> row = {"p", "1", std::nullopt, "p"};
  shards.rows["any"] = {row, row};
  shards.written.affected_rows = 1;
  ASSERT_TRUE(run("delete from visit where page in (select name from tag)"));
  const std::vector<std::string> sent = writes();
  ASSERT_EQ(sent.size(), 4u);
  EXPECT_EQ(sent[1], sent[2]);
  EXPECT_THAT(sent[1], HasSubstr("seconds + 0e0 <=> 1 and at <=> NULL) limit 1"));
  EXPECT_EQ(sink.ok.affected_rows, 2);
}

TEST_F(Write, AnIndexThatAKeyNeedsIsAskedForFirst) {
  shards.columns = {kInteger};
  shards.rows["-80"] = {{"1"}};
  const Result<void> refused = run("drop index of_parcel on stamp");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().mysql_errno(), 1553);
  shards.rows["-80"].clear();
  shards.log.clear();
  EXPECT_TRUE(run("drop index of_parcel on stamp"));
  EXPECT_THAT(writes(), ElementsAre("-80: own", "80-: own"));
}

TEST_F(Write, RowsAreChangedByTheirKeysOnTheirShards) {
  shards.columns = {kInteger, kText};
  shards.rows["any"] = {{"1", "a"}, {"2", "b"}, {"4", "a"}, {"1", "c"}, {std::nullopt, "d"}};
  shards.written.affected_rows = 1;
  shards.written.info = "Rows matched: 1  Changed: 1  Warnings: 0";
  ASSERT_TRUE(
      run("update customer c join tag t on t.weight = c.customer_id set c.email = concat(t.name, c.email)"));
  // The value is evaluated where both texts have their collations.
  const std::string head = "update customer.customer as c set c.email = ";
  EXPECT_THAT(writes(), ElementsAre("begin", "-80: " + head + "'a' where c.customer_id in (1)",
                                    "80-: " + head + "'a' where c.customer_id in (4)",
                                    "-80: " + head + "'b' where c.customer_id in (2)", "keep"));
  EXPECT_EQ(sink.ok.affected_rows, 3);
  EXPECT_EQ(sink.ok.info, "Rows matched: 3  Changed: 3  Warnings: 0");
}

TEST_F(Write, OrderedRowsAreWrittenInTheirOrder) {
  shards.columns = {kInteger};
  shards.rows["any"] = {{"1"}, {"4"}, {"2"}, {"3"}};
  ASSERT_TRUE(run("delete from customer order by hex(email) limit 4"));
  const std::string head = "delete from customer.customer where customer_id in (";
  EXPECT_THAT(writes(), ElementsAre("begin", "-80: " + head + "1) order by hex(email)",
                                    "80-: " + head + "4) order by hex(email)",
                                    "-80: " + head + "2, 3) order by hex(email)", "keep"));
}

TEST_F(Write, NothingToWriteSaysSo) {
  shards.columns = {kInteger, kInteger};
  ASSERT_TRUE(run("update customer set customer_id = customer_id + 1"));
  // A server looks at SET all the same.
  EXPECT_THAT(writes(),
              ElementsAre("begin",
                          "-80: update customer.customer as customer set customer_id = customer_id + 1 "
                          "where customer.customer_id in (NULL)",
                          "keep"));
  EXPECT_EQ(sink.ok.info, "Rows matched: 0  Changed: 0  Warnings: 0");
}

TEST_F(Write, ARowMovesWithItsShardingKey) {
  shards.columns = {kInteger, kInteger, kText};
  shards.rows["-80"] = {{"1", "4", "x"}, {"2", "3", "y"}};
  shards.written.affected_rows = 1;
  ASSERT_TRUE(run("update customer set customer_id = customer_id + 3 - 2 * (email = 'y')"));
  EXPECT_THAT(
      writes(),
      ElementsAre("begin", "80- copy: insert into customer.customer (customer_id, email) values (1, 'x')",
                  "80-: update customer.customer as customer set customer_id = customer_id + 3 - 2 * (email "
                  "= 'y') where "
                  "customer.customer_id in (1)",
                  "-80 copy: delete from customer.customer where customer_id = 1",
                  "-80: update customer.customer as customer set customer_id = customer_id + 3 - 2 * (email "
                  "= 'y') where "
                  "customer.customer_id in (2)",
                  "keep"));
  EXPECT_EQ(sink.ok.affected_rows, 2);
}

TEST_F(Write, ARowThatDoesNotChangeStaysWhereItIs) {
  shards.columns = {kInteger, kInteger, kText};
  shards.rows["-80"] = {{"1", "4", "x"}};
  shards.written.info = "Rows matched: 1  Changed: 0  Warnings: 1";
  ASSERT_TRUE(run("update ignore customer set customer_id = customer_id + 3"));
  EXPECT_THAT(shards.log.end()[-2], HasSubstr("80- copy: delete"));
}

TEST_F(Write, ANewKeyWithoutAPlaceIsItsServersToRefuse) {
  shards.columns = {kInteger, kText, kText};
  shards.rows["-80"] = {{"1", "many", "x"}};
  const Result<void> done = run("update customer set customer_id = concat(customer_id, 'x')");
  EXPECT_TRUE(done.error().is(plan::kUnroutableValue));
  shards.failing = "update";
  const Result<void> refused = run("update customer set customer_id = concat(customer_id, 'x')");
  EXPECT_TRUE(refused.error().is(kServerError));
  EXPECT_EQ(shards.log.back(), "undo");
}

TEST_F(Write, ValuesOfExpressionsAreAskedForFirst) {
  shards.columns = {kInteger};
  shards.rows["-80"] = {{"4"}};
  ASSERT_TRUE(run("insert into address (address_id, customer_id) values (1, 2 + 2)"));
  EXPECT_THAT(shards.log,
              ElementsAre("-80: select 2 + 2 as _kintsugi_0",
                          "80-: insert into customer.address (address_id, customer_id) values (1, 4)"));
}

// Look-ups.

TEST_F(Write, AnInsertWritesItsEntriesFirstInOneUnit) {
  shards.written.affected_rows = 1;
  ASSERT_TRUE(run("insert into person (id, email, city) values (1, 'a', 'Rome'), (4, 'b', null)"));
  EXPECT_THAT(
      shards.log,
      ElementsAre("begin",
                  "80- unseen: insert into customer.city_idx (city, keyspace_id) values ('Rome', "
                  "x'166b40b44aba4bd6') on duplicate key update keyspace_id = values(keyspace_id)",
                  "- unseen: insert into commerce.email_idx (email, keyspace_id) values ('a', "
                  "x'166b40b44aba4bd6'), ('b', x'd2fd8867d50d2dfe')",
                  "-80: insert into customer.person (id, email, city) values (1, 'a', 'Rome')",
                  "80-: insert into customer.person (id, email, city) values (4, 'b', null)", "keep"));
  EXPECT_EQ(sink.ok.affected_rows, 2U);
}

TEST_F(Write, ANullHasNoEntryWhereItIsAllowed) {
  const Result<void> refused = run("insert into person (id, email) values (1, null)");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("NULL in a column of look-up vindex 'email_idx'"));
  EXPECT_THAT(shards.log, ElementsAre("begin", "undo"));
}

TEST_F(Write, ADeleteRemovesTheEntriesOfItsRows) {
  shards.columns = {kInteger, kText, kText, kText, kText};
  shards.rows["-80"] = {{"1", std::nullopt, "a", std::nullopt, std::nullopt}};
  ASSERT_TRUE(run("delete from person where id = 1"));
  EXPECT_THAT(
      shards.log,
      ElementsAre("begin", HasSubstr("-80: select"), "-80: delete from customer.person where id in (1)",
                  "- unseen: delete from commerce.email_idx where (email = 'a' and keyspace_id = "
                  "x'166b40b44aba4bd6')",
                  "keep"));
}

}  // namespace
}  // namespace kintsugi::exec
