#include "gate/trigger_host.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "gate/cursor.h"
#include "gate/function_values.h"
#include "gate/routine_cache.h"
#include "gate/routine_host.h"
#include "gate/variables.h"
#include "routine/interpreter.h"

namespace kintsugi::gate {
namespace {

/// A session as a trigger's body sees it.
class TriggerHost final : public RoutineHost {
 public:
  TriggerHost(Session& session, exec::Statements& statements)
      : RoutineHost(session, false), statements_(statements) {}

  std::string query_to_assign(std::string_view expression) const override {
    return read_back_query(expression);
  }
  Result<void> assign(std::string_view name, const std::vector<mysql::ColumnDefinition>& columns,
                      const std::vector<mysql::Cell>& cells) override {
    const std::string names[] = {user_variable(name)};
    Result<std::vector<ReadBack>> values = read_back(names, columns, cells);
    if (!values) return failure(std::move(values.error()));
    session().state().settings = with_user_variables(*session().state().settings, std::move(*values));
    return {};
  }
  using RoutineHost::assign;

 private:
  Task<Result<routine::Done>> perform(std::string sql, Cursor* rows) override {
    NoRows none("trigger");
    exec::RowSink& sink = rows == nullptr ? static_cast<exec::RowSink&>(none) : *rows;
    using Part = exec::ShardRequest::Part;
    // As text, whatever protocol the client speaks: servers prepare no blocks.
    const Part part = rows == nullptr ? Part::kShape : Part::kCopyOut;
    Result<void> done = co_await statements_.run(std::move(sql), part, sink);
    if (!done) co_return failure(std::move(done.error()));
    if (none.ok.last_insert_id != 0) session().state().last_insert_id = none.ok.last_insert_id;
    routine::Done made;
    made.affected_rows = none.ok.affected_rows;
    co_return made;
  }

  exec::Statements& statements_;
};

using Kinds = std::pair<plan::ValueKind, routine::Value::Kind>;
/// What the two have alike; texts and bytes go by their character set.
constexpr Kinds kKinds[] = {
    {plan::ValueKind::kInteger, routine::Value::Kind::integer},
    {plan::ValueKind::kDecimal, routine::Value::Kind::decimal},
    {plan::ValueKind::kFloat, routine::Value::Kind::real},
    {plan::ValueKind::kDate, routine::Value::Kind::date},
    {plan::ValueKind::kTime, routine::Value::Kind::time},
    {plan::ValueKind::kTimestamp, routine::Value::Kind::timestamp},
};
constexpr std::string_view kUtf8 = "utf8mb4";

routine::Value value_of(const plan::Value& value) {
  using Kind = routine::Value::Kind;
  if (value.is_null()) return {};
  const auto* known = std::ranges::find(kKinds, value.kind, &Kinds::first);
  const bool text = value.kind == plan::ValueKind::kString || value.charset == kUtf8;
  const Kind kind = known != std::end(kKinds) ? known->second : text ? Kind::text : Kind::bytes;
  return {kind, std::string(value.text)};
}

plan::Value value_of(routine::Value value, std::deque<std::string>& texts) {
  if (value.is_null()) return {};
  const auto* known = std::ranges::find(kKinds, value.kind, &Kinds::second);
  const plan::ValueKind kind = known != std::end(kKinds) ? known->first : plan::ValueKind::kBytes;
  const bool text = value.kind == routine::Value::Kind::text;
  return {kind, texts.emplace_back(std::move(value.text)), text ? kUtf8 : std::string_view()};
}

/// What servers say of a variable, of the column that it stands for.
Error as_of_column(const Error& error) {
  if (!error.is(kServerError)) return error;
  std::string message = error.message();
  const auto replace = [&message](std::string_view what, std::string_view by) {
    if (const std::size_t at = message.find(what); at != message.npos) message.replace(at, what.size(), by);
  };
  replace("'new.", "'");
  if (message.ends_with("at row 0")) message.back() = '1';
  return Error::from_server(error.mysql_errno(), error.sqlstate(), std::move(message));
}

}  // namespace

Task<Result<std::vector<plan::Value>>> run_trigger(Session& session, exec::Statements& statements,
                                                   const plan::RowTriggers& triggers,
                                                   const vschema::TriggerSpec& trigger,
                                                   std::span<const plan::Value> old_row,
                                                   std::span<const plan::Value> new_row,
                                                   std::deque<std::string>* texts) {
  Result<RoutineCache::Entry> program =
      co_await session.worker().routines().find_trigger(session, triggers, trigger);
  if (!program) co_return failure(std::move(program.error()));
  std::vector<routine::Value> values;
  for (const auto& row : {old_row, new_row}) {
    for (const plan::Value& value : row) values.push_back(value_of(value));
  }
  TriggerHost host(session, statements);
  routine::Interpreter interpreter(host);
  if (trigger.time == "before") {
    Result<void> typed = co_await interpreter.convert(**program, values, old_row.size());
    if (!typed) co_return failure(as_of_column(typed.error()));
  }
  const std::shared_ptr<void> entered = host.enter(**program);
  const std::uint64_t last_insert_id = session.state().last_insert_id;  // what a body does stays within it
  Result<routine::Finished> finished = co_await interpreter.run(**program, std::move(values));
  session.state().last_insert_id = last_insert_id;
  if (!finished) co_return failure(as_of_column(finished.error()));
  std::vector<plan::Value> after;
  for (std::size_t i = 0; i < new_row.size() && texts != nullptr; ++i)
    after.push_back(value_of(std::move(finished->parameters[old_row.size() + i]), *texts));
  co_return after;
}

Task<Result<std::string>> with_values_in_trigger(Session& session, exec::Statements& statements,
                                                 std::string text) {
  TriggerHost host(session, statements);
  co_return co_await with_function_values(session, host, std::move(text));
}

}  // namespace kintsugi::gate
