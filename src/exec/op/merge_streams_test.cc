#include "exec/op/merge_streams.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/errors.h"
#include "exec/op/operators.h"
#include "mysql/packet.h"
#include "mysql/row.h"
#include "plan/testing/sample.h"
#include "runtime/loop.h"
#include "runtime/timer.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// What one shard answers: batches of rows of two columns, `id` and `_kintsugi_k1`.
struct Answer {
  std::vector<std::vector<std::string>> batches;  ///< of ids
  std::optional<Error> error;                     ///< after the batches
  std::uint16_t warnings = 0;
  runtime::Event* until = nullptr;  ///< waited for before the last batch
};

class FakeShards final : public Shards {
 public:
  std::map<std::string, Answer> answers;
  std::vector<std::string> names = {"customer_id", "email"};
  std::vector<std::string> log;
  bool hidden = false;

  Task<Result<void>> run(const ShardRequest& request, RowSink& sink, runtime::Cancel* cancel) override {
    const std::string name = request.shard->name;
    log.push_back(name + ": " + (request.own_text ? "own" : std::string(request.text)));
    Answer& answer = answers[name];
    std::vector<mysql::ColumnDefinition> columns(2);
    for (std::size_t i = 0; i < 2; ++i) {
      columns[i].name = i == 1 && hidden ? "_kintsugi_k1" : names[i];
      columns[i].type = i == 0 ? mysql::FieldType::longlong : mysql::FieldType::blob;
      columns[i].collation = 63;
    }
    Result<void> sent = co_await sink.columns(std::move(columns));
    if (!sent) co_return sent;
    for (std::size_t i = 0; i < answer.batches.size(); ++i) {
      if (i + 1 == answer.batches.size() && answer.until != nullptr) {
        const bool came = co_await answer.until->wait(Time::max(), cancel);
        if (!came) co_return failure(kCancelled, "asked to stop");
      }
      std::string frames = frames_of(answer.batches[i]);
      RowBatch batch{frames};
      sent = co_await sink.rows(batch);
      if (!sent) {
        log.push_back(name + " stopped");
        co_return sent;
      }
      log.push_back(name + " sent");
    }
    if (answer.error) co_return failure(*answer.error);
    mysql::OkPacket ok;
    ok.warnings = answer.warnings;
    co_return co_await sink.done(ok);
  }
  Task<Result<void>> begin_unit(std::span<const vschema::Shard* const>) override { co_return Result<void>(); }
  Task<Result<void>> end_unit(bool) override { co_return Result<void>(); }
  Task<void> end_scratch() override { co_return; }

 private:
  static std::string frames_of(const std::vector<std::string>& ids) {
    std::string frames;
    std::uint8_t sequence = 0;
    for (const std::string& id : ids) {
      std::string payload;
      const mysql::Cell cells[] = {id == "NULL" ? mysql::Cell() : mysql::Cell(id), mysql::Cell(id)};
      mysql::write_text_row(payload, cells);
      mysql::append_packet(frames, sequence, payload);
    }
    return frames;
  }
};

/// Keeps the first cells of the rows; waits before it takes each batch, if it is told to.
class FakeSink final : public RowSink {
 public:
  std::vector<std::string> ids;
  std::size_t columns_seen = 0;
  std::size_t cells_seen = 0;
  std::size_t batches = 0;
  mysql::OkPacket ok;
  bool is_done = false;
  bool is_gone = false;
  runtime::Event* takes_rows = nullptr;

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    columns_seen = columns.size();
    co_return Result<void>();
  }
  Task<Result<void>> rows(RowBatch batch) override {
    if (is_gone) co_return failure(kCancelled, "the client is gone");
    if (takes_rows != nullptr) co_await takes_rows->wait();
    ++batches;
    std::string_view frames(batch.frames.data(), batch.frames.size());
    while (!frames.empty()) {
      const std::size_t size = mysql::parse_header(frames).length;
      mysql::Reader reader(frames.substr(mysql::kHeaderSize, size));
      ids.push_back(reader.null() ? "NULL" : std::string(reader.lenenc_string()));
      for (cells_seen = 1; !reader.empty(); ++cells_seen) reader.lenenc_string();
      frames.remove_prefix(mysql::kHeaderSize + size);
    }
    co_return Result<void>();
  }
  Task<Result<void>> done(mysql::OkPacket packet) override {
    is_done = true;
    ok = std::move(packet);
    co_return Result<void>();
  }
};

class NoSequences final : public Sequences {
 public:
  Task<Result<std::uint64_t>> reserve(const plan::SequenceRef&, std::uint64_t) override { co_return 0; }
  Task<Result<void>> raise(const plan::SequenceRef&, std::uint64_t) override { co_return Result<void>(); }
};
class NoEditor final : public VSchemaEditor {
 public:
  Task<Result<void>> apply(std::span<const plan::VSchemaEdit>, runtime::Cancel*) override {
    co_return Result<void>();
  }
};
class NoSession final : public SessionValues {
 public:
  std::string sql(plan::SessionValue, std::string_view) const override { return "NULL"; }
};

class MergeStreams : public ::testing::Test {
 public:
  Task<Result<void>> start(std::string sql, std::vector<plan::Value> parameters = {}) {
    const Result<plan::Planned> planned = plan::testing::plan_text(sql, plan::testing::sample_context());
    if (!planned) co_return failure(planned.error());
    EXPECT_EQ(planned->plan->root->kind, plan::NodeKind::kMerge);
    ExecContext context{.plan = *planned->plan,
                        .bindings = {.parameters = parameters},
                        .shards = shards,
                        .sequences = sequences,
                        .vschema = editor,
                        .session = session,
                        .cancel = &cancel};
    Result<void> result = co_await execute(context, sink);
    co_return result;
  }

  Result<void> run(const std::string& sql, std::vector<plan::Value> parameters = {}) {
    return loop.block_on(start(sql, std::move(parameters)));
  }

  /// Starts it, calls `meanwhile` once nothing moves any more, and waits for its end.
  template <class F>
  Result<void> run_with(const std::string& sql, const F& meanwhile) {
    auto both = [&]() -> Task<Result<void>> {
      runtime::TaskGroup group;
      Result<void> result;
      auto one = [](MergeStreams& self, std::string text, Result<void>& out) -> Task<void> {
        out = co_await self.start(std::move(text));
      };
      group.spawn(one(*this, sql, result));
      for (int i = 0; i < 50; ++i) co_await runtime::yield();
      meanwhile();
      co_await group.join();
      co_return result;
    };
    return loop.block_on(both());
  }

  runtime::Loop loop;
  FakeShards shards;
  NoSequences sequences;
  NoEditor editor;
  NoSession session;
  FakeSink sink;
  runtime::Cancel cancel;
};

constexpr const char* kById = "select * from customer order by customer_id";

TEST_F(MergeStreams, PutsSortedRowsIntoOneOrder) {
  shards.answers["-80"].batches = {{"NULL", "1", "4"}, {"9", "10"}};
  shards.answers["80-"].batches = {{"2"}, {"3", "11"}, {"12"}};
  ASSERT_TRUE(run(kById));
  EXPECT_THAT(sink.ids, ElementsAre("NULL", "1", "2", "3", "4", "9", "10", "11", "12"));
  EXPECT_EQ(sink.columns_seen, 2u);
  EXPECT_THAT(shards.log, Contains("-80: own"));
}

TEST_F(MergeStreams, Descending) {
  shards.answers["-80"].batches = {{"10", "9", "NULL"}};
  shards.answers["80-"].batches = {{"11", "2"}};
  ASSERT_TRUE(run("select * from customer order by customer_id desc"));
  EXPECT_THAT(sink.ids, ElementsAre("11", "10", "9", "2", "NULL"));
}

TEST_F(MergeStreams, OfEqualRowsThoseOfTheFirstShardComeFirst) {
  shards.answers["-80"].batches = {{"5", "5"}};
  shards.answers["80-"].batches = {{"5", "6"}};
  ASSERT_TRUE(run(kById));
  EXPECT_THAT(sink.ids, ElementsAre("5", "5", "5", "6"));
}

TEST_F(MergeStreams, DistinctRowsComeOnceAndAreCountedOnce) {
  shards.names = {"price", "order_id"};
  shards.answers["-80"].batches = {{"NULL", "1", "4"}, {"7", "8", "9"}};
  shards.answers["80-"].batches = {{"NULL", "1"}, {"2", "4"}, {"7"}};
  const std::string query = "select distinct price, order_id from corder order by price";
  ASSERT_TRUE(run(query));
  EXPECT_THAT(sink.ids, ElementsAre("NULL", "1", "2", "4", "7", "8", "9"));
  sink.ids.clear();
  ASSERT_TRUE(run(query + " limit 3 offset 2"));
  EXPECT_THAT(sink.ids, ElementsAre("2", "4", "7"));
}

TEST_F(MergeStreams, AShardWithoutRowsHoldsNobodyUp) {
  shards.answers["80-"].batches = {{"1"}, {"2"}};
  ASSERT_TRUE(run(kById));
  EXPECT_THAT(sink.ids, ElementsAre("1", "2"));
}

TEST_F(MergeStreams, WarningsAreAddedUp) {
  shards.answers["-80"].warnings = 2;
  shards.answers["80-"].warnings = 3;
  ASSERT_TRUE(run(kById));
  EXPECT_EQ(sink.ok.warnings, 5);
}

TEST_F(MergeStreams, HiddenColumnsStayHere) {
  shards.hidden = true;
  shards.answers["-80"].batches = {{"1", "3"}};
  shards.answers["80-"].batches = {{"2"}};
  ASSERT_TRUE(run("select customer_id from customer order by email"));
  EXPECT_THAT(sink.ids, ElementsAre("1", "2", "3"));
  EXPECT_EQ(sink.columns_seen, 1u);
  EXPECT_EQ(sink.cells_seen, 1u);
  EXPECT_THAT(shards.log, Contains("80-: select customer_id, weight_string(email) as _kintsugi_k1 from "
                                   "customer order by email"));
}

TEST_F(MergeStreams, SkipsAndEndsOverAllShards) {
  shards.answers["-80"].batches = {{"1", "3", "5", "7"}};
  shards.answers["80-"].batches = {{"2", "4"}, {"6", "8"}};
  ASSERT_TRUE(run("select * from customer order by customer_id limit 2 offset 3"));
  EXPECT_THAT(sink.ids, ElementsAre("4", "5"));
  EXPECT_THAT(shards.log, Contains("-80: select * from customer order by customer_id limit 5"));
}

TEST_F(MergeStreams, ALimitIsSentAsItCame) {
  shards.answers["-80"].batches = {{"1", "3"}};
  shards.answers["80-"].batches = {{"2", "4"}};
  ASSERT_TRUE(
      run("select * from customer order by customer_id limit ?", {{plan::ValueKind::kInteger, "2", {}}}));
  EXPECT_THAT(sink.ids, ElementsAre("1", "2"));
  EXPECT_THAT(shards.log, Contains("-80: own"));
}

TEST_F(MergeStreams, RowsOutOfAnyOrderAreNotWaitedFor) {
  runtime::Event later;
  shards.answers["-80"].batches = {{"1", "2", "3"}};
  shards.answers["-80"].until = &later;
  shards.answers["80-"].batches = {{"7", "8"}};
  ASSERT_TRUE(run_with("select * from customer limit 2", [&] {
    EXPECT_THAT(sink.ids, ElementsAre("7", "8"));
    EXPECT_FALSE(sink.is_done);  // the other server is still at its answer
    later.set();
  }));
  EXPECT_THAT(sink.ids, ElementsAre("7", "8"));
}

TEST_F(MergeStreams, AClientThatDoesNotReadStopsTheServers) {
  runtime::Event reads;
  sink.takes_rows = &reads;
  const std::vector<std::string> many(4000, "1000000000");
  shards.answers["-80"].batches = {many, many, many};
  shards.answers["80-"].batches = {many, many, many};
  ASSERT_TRUE(run_with(kById, [&] {
    EXPECT_TRUE(sink.ids.empty());
    EXPECT_THAT(shards.log, ElementsAre("-80: own", "80-: own"));
    reads.set();
  }));
  EXPECT_EQ(sink.ids.size(), 24000u);
  EXPECT_GT(sink.batches, 10u);  // not all rows at once
}

TEST_F(MergeStreams, AShardIsNotReadAheadOfTheOthers) {
  runtime::Event later;
  shards.answers["-80"].batches = {{"1"}, {"2"}};
  shards.answers["-80"].until = &later;
  shards.answers["80-"].batches = {{"3"}, {"4"}};
  ASSERT_TRUE(run_with(kById, [&] {
    EXPECT_THAT(shards.log, Not(Contains("80- sent")));
    later.set();
  }));
  EXPECT_THAT(sink.ids, ElementsAre("1", "2", "3", "4"));
}

TEST_F(MergeStreams, AFailureInTheMiddleEndsTheOthers) {
  shards.answers["-80"].batches = {{"1"}, {"2"}};
  shards.answers["-80"].error = Error::from_server(1105, "HY000", "gone");
  shards.answers["80-"].batches = {{"3"}, {"4"}};
  const Result<void> result = run(kById);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().mysql_errno(), 1105);
  EXPECT_THAT(shards.log, Contains("80- stopped"));
  EXPECT_FALSE(sink.is_done);
}

TEST_F(MergeStreams, AClientThatIsGoneEndsThemAll) {
  sink.is_gone = true;
  const std::vector<std::string> many(4000, "1000000000");
  shards.answers["-80"].batches = {many, many};
  shards.answers["80-"].batches = {many, many};
  ASSERT_FALSE(run(kById));
  EXPECT_THAT(shards.log, Contains(HasSubstr("stopped")));
}

TEST_F(MergeStreams, ACancelEndsThemAll) {
  runtime::Event never;
  for (const char* shard : {"-80", "80-"}) {
    shards.answers[shard].batches = {{"1"}};
    shards.answers[shard].until = &never;
  }
  const Result<void> result = run_with(kById, [&] { cancel.request(); });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(kCancelled));
}

TEST_F(MergeStreams, ColumnsThatWereNotPlannedWithAreRefused) {
  shards.names = {"email", "customer_id"};
  const Result<void> result = run(kById);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(kShardsDisagree));
}

}  // namespace
}  // namespace kintsugi::exec
