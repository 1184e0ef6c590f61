#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "exec/errors.h"
#include "exec/executor.h"
#include "mysql/row.h"
#include "plan/testing/sample.h"
#include "runtime/event.h"
#include "runtime/loop.h"

// Statements that are executed on shards which answer what a test has told them.

namespace kintsugi::exec::testing {

inline std::string frame(const std::string& payload) {
  std::string out{static_cast<char>(payload.size()), '\0', '\0', '\0'};
  return out + payload;
}

inline std::string text_frame(const std::string& cell) {
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

}  // namespace kintsugi::exec::testing
