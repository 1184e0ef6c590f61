#include "gate/trigger_host.h"

#include <utility>
#include <vector>

#include "gate/cursor.h"
#include "gate/routine_cache.h"
#include "gate/routine_host.h"
#include "routine/interpreter.h"

namespace kintsugi::gate {
namespace {

/// Of a statement in a trigger that has no business to answer with rows.
class OkOnly final : public exec::RowSink {
 public:
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition>) override {
    constexpr std::uint16_t kResultSet = 1415;
    co_return failure(
        Error::from_server(kResultSet, "0A000", "Not allowed to return a result set from a trigger"));
  }
  Task<Result<void>> rows(exec::RowBatch) override { co_return Result<void>(); }
  Task<Result<void>> done(mysql::OkPacket packet) override {
    ok = std::move(packet);
    co_return Result<void>();
  }

  mysql::OkPacket ok;
};

/// A session as a trigger's body sees it.
class TriggerHost final : public RoutineHost {
 public:
  TriggerHost(Session& session, exec::Statements& statements)
      : RoutineHost(session, false), statements_(statements) {}

 private:
  Task<Result<routine::Done>> perform(std::string sql, Cursor* rows) override {
    OkOnly none;
    exec::RowSink& sink = rows == nullptr ? static_cast<exec::RowSink&>(none) : *rows;
    using Part = exec::ShardRequest::Part;
    // As text, whatever protocol the client speaks: servers prepare no blocks.
    const Part part = rows == nullptr ? Part::kShape : Part::kCopyOut;
    Result<void> done = co_await statements_.run(std::move(sql), part, sink);
    if (!done) co_return failure(std::move(done.error()));
    routine::Done made;
    made.affected_rows = none.ok.affected_rows;
    co_return made;
  }

  exec::Statements& statements_;
};

routine::Value value_of(const plan::Value& value) {
  using From = plan::ValueKind;
  using Kind = routine::Value::Kind;
  const auto as = [&value](Kind kind) { return routine::Value{kind, std::string(value.text)}; };
  switch (value.kind) {
    case From::kNull:
      return {};
    case From::kInteger:
      return as(Kind::integer);
    case From::kDecimal:
      return as(Kind::decimal);
    case From::kFloat:
      return as(Kind::real);
    case From::kString:
      return as(Kind::text);
    case From::kDate:
      return as(Kind::date);
    case From::kTime:
      return as(Kind::time);
    case From::kTimestamp:
      return as(Kind::timestamp);
    default:
      return as(value.charset == "utf8mb4" ? Kind::text : Kind::bytes);
  }
}

}  // namespace

Task<Result<void>> run_trigger(Session& session, exec::Statements& statements,
                               const plan::RowTriggers& triggers, const vschema::TriggerSpec& trigger,
                               std::span<const plan::Value> old_row, std::span<const plan::Value> new_row) {
  Result<RoutineCache::Entry> program =
      co_await session.worker().routines().find_trigger(session, triggers, trigger);
  if (!program) co_return failure(std::move(program.error()));
  std::vector<routine::Value> values;
  for (const auto& row : {old_row, new_row}) {
    for (const plan::Value& value : row) values.push_back(value_of(value));
  }
  TriggerHost host(session, statements);
  routine::Interpreter interpreter(host);
  const std::shared_ptr<void> entered = host.enter(**program);
  Result<routine::Finished> finished = co_await interpreter.run(**program, std::move(values));
  if (!finished) co_return failure(std::move(finished.error()));
  co_return Result<void>();
}

}  // namespace kintsugi::gate
