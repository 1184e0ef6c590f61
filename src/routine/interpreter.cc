#include "routine/interpreter.h"

#include <algorithm>
#include <utility>

namespace kintsugi::routine {

using sql::NodeKind;

namespace {

constexpr std::uint16_t kInterrupted = 1317;
constexpr std::uint16_t kCaseNotFound = 1339;

Condition interrupted() {
  return {Condition::Level::error, kInterrupted, "70100", "Query execution was interrupted"};
}

}  // namespace

Task<Result<Finished>> Interpreter::run(const Program& program, std::vector<Value> arguments) {
  Frame frame(program, nullptr);
  std::ranges::move(arguments, frame.values.begin());
  const Step step = co_await statement(frame, program.body());
  if (step.kind == Step::Kind::failed) co_return failure(error_of(*frame.error));
  Finished finished;
  finished.affected_rows = affected_rows_;
  finished.warnings = std::move(diagnostics_);
  frame.values.resize(program.parameter_count());
  finished.parameters = std::move(frame.values);
  if (!given_back_.empty())
    finished.out_query = query_of_variables(given_back_, host_.has_blocks(), host_.quoting());
  co_return finished;
}

Task<Result<Value>> Interpreter::call_function(const Program& program, std::vector<Value> arguments) {
  Frame frame(program, nullptr);
  std::ranges::move(arguments, frame.values.begin());
  const Step step = co_await statement(frame, program.body());
  if (step.kind == Step::Kind::failed) co_return failure(error_of(*frame.error));
  if (step.kind == Step::Kind::returned) co_return std::move(*frame.result);
  co_return failure(server_error(1321, "2F005", "FUNCTION " + program.name + " ended without RETURN"));
}

Task<Result<void>> Interpreter::convert(const Program& program, std::vector<Value>& arguments,
                                        std::size_t first) {
  for (std::size_t i = first; i < arguments.size(); ++i) {
    Result<Value> value = co_await converted(program.slots()[i], std::move(arguments[i]));
    if (!value) co_return failure(std::move(value.error()));
    arguments[i] = std::move(*value);
  }
  co_return Result<void>();
}

/// A server may end what was killed as if it had done all of it: SLEEP() returns.
Task<Step> Interpreter::statement(Frame& frame, const sql::Statement& each) {
  Step step = co_await perform(frame, each);
  if (step.kind == Step::Kind::next && host_.is_over()) step = co_await raise(frame, interrupted());
  co_return step;
}

Task<Step> Interpreter::perform(Frame& frame, const sql::Statement& each) {
  switch (each.kind) {
    case NodeKind::kBlock:
      co_return co_await block(frame, static_cast<const sql::Block&>(each));
    case NodeKind::kIf:
      co_return co_await if_statement(frame, static_cast<const sql::If&>(each));
    case NodeKind::kCaseStatement:
      co_return co_await case_statement(frame, static_cast<const sql::CaseStatement&>(each));
    case NodeKind::kLoop:
      co_return co_await loop(frame, static_cast<const sql::Loop&>(each));
    case NodeKind::kForLoop: {
      const auto& over = static_cast<const sql::ForLoop&>(each);
      if (over.high != nullptr) co_return co_await for_range(frame, over);
      co_return co_await for_rows(frame, over);
    }
    case NodeKind::kJump: {
      const auto& jump = static_cast<const sql::Jump&>(each);
      co_return Step{jump.iterate ? Step::Kind::iterate : Step::Kind::leave, jump.label};
    }
    case NodeKind::kReturn:
      co_return co_await return_statement(frame, static_cast<const sql::Return&>(each));
    case NodeKind::kSet: {
      const auto& assigns = static_cast<const sql::Set&>(each);
      if (assigns.statement != nullptr) co_return co_await sql_statement(frame, each);
      co_return co_await set(frame, assigns);
    }
    case NodeKind::kCursor:
      co_return co_await cursor(frame, static_cast<const sql::Cursor&>(each));
    case NodeKind::kCall:
      co_return co_await call(frame, static_cast<const sql::Call&>(each));
    case NodeKind::kSignal:
      co_return co_await signal(frame, static_cast<const sql::Signal&>(each));
    case NodeKind::kGetDiagnostics:
      co_return co_await get_diagnostics(frame, static_cast<const sql::GetDiagnostics&>(each));
    default:
      co_return co_await sql_statement(frame, each);
  }
}

Task<Step> Interpreter::statements(Frame& frame, const sql::List<sql::Statement*>& list) {
  for (const sql::Statement* each : list) {
    const Step step = co_await statement(frame, *each);
    if (step.kind != Step::Kind::next) co_return step;
  }
  co_return kNext;
}

Task<Step> Interpreter::block(Frame& frame, const sql::Block& block) {
  frame.blocks.push_back({&block, {}});
  Step step;
  for (const sql::Statement* each : block.statements) {
    if (const auto* handler = sql::as<sql::DeclareHandler>(each)) {
      frame.blocks.back().handlers.push_back(handler);
    } else if (const auto* declare = sql::as<sql::Declare>(each)) {
      step = co_await declaration(frame, *declare);
    } else {
      step = co_await statement(frame, *each);
    }
    if (step.kind != Step::Kind::next) break;
  }
  frame.blocks.pop_back();
  for (const sql::Statement* each : block.statements) {
    const auto* declare = sql::as<sql::Declare>(each);
    if (declare == nullptr || declare->declares != sql::DeclareKind::kCursor) continue;
    frame.cursors[static_cast<std::size_t>(frame.program.places(*declare).front())].reset();
  }
  if (step.kind == Step::Kind::exit && step.block == &block) co_return kNext;
  if (step.kind == Step::Kind::leave && equal_names(step.label, block.label)) co_return kNext;
  co_return step;
}

Task<Step> Interpreter::declaration(Frame& frame, const sql::Declare& declare) {
  if (declare.declares != sql::DeclareKind::kVariable) co_return kNext;
  const std::vector<int>& places = frame.program.places(declare);
  for (const int place : places) {
    frame.value(place) = {};
    if (declare.default_value == nullptr) continue;
    // Of several variables, MariaDB evaluates the default once, MySQL for each.
    if (place != places.front() && host_.has_blocks()) {
      frame.value(place) = frame.value(places.front());
      continue;
    }
    Result<Value> value = co_await assigned(frame, frame.slot(place), *declare.default_value, true);
    if (value) frame.value(place) = std::move(*value);
    Result<void> done = value ? Result<void>() : failure(std::move(value.error()));
    const Step step = co_await conclude(frame, std::move(done));
    if (step.kind != Step::Kind::next) co_return step;
  }
  co_return kNext;
}

Task<Step> Interpreter::if_statement(Frame& frame, const sql::If& statement) {
  for (const sql::Branch* branch : statement.branches) {
    if (branch->condition != nullptr) {
      const Result<bool> taken = co_await holds(frame, *branch->condition);
      if (!taken) co_return co_await conclude(frame, failure(taken.error()));
      const Step step = co_await conclude(frame, {});
      if (step.kind != Step::Kind::next) co_return step;
      if (!*taken) continue;
    }
    co_return co_await statements(frame, branch->statements);
  }
  co_return kNext;
}

Task<Step> Interpreter::case_statement(Frame& frame, const sql::CaseStatement& statement) {
  const Result<std::optional<std::size_t>> chosen = co_await choose(frame, statement);
  if (!chosen) co_return co_await conclude(frame, failure(chosen.error()));
  if (!*chosen) {
    Condition none{Condition::Level::error, kCaseNotFound, "20000", "Case not found for CASE statement"};
    co_return co_await raise(frame, std::move(none));
  }
  const Step step = co_await conclude(frame, {});
  if (step.kind != Step::Kind::next) co_return step;
  co_return co_await statements(frame, statement.branches[**chosen]->statements);
}

bool Interpreter::goes_on(std::string_view label, Step& step) {
  if (step.kind == Step::Kind::next) return true;
  if (!equal_names(step.label, label) || label.empty()) return false;
  if (step.kind == Step::Kind::iterate) {
    step = kNext;
    return true;
  }
  if (step.kind == Step::Kind::leave) step = kNext;
  return false;
}

Task<Step> Interpreter::loop(Frame& frame, const sql::Loop& loop) {
  for (;;) {
    co_await host_.pause();
    if (host_.is_over()) co_return co_await raise(frame, interrupted());
    if (loop.loop == sql::LoopKind::kWhile) {
      const Result<bool> turns = co_await holds(frame, *loop.condition);
      if (!turns) co_return co_await conclude(frame, failure(turns.error()));
      const Step concluded = co_await conclude(frame, {});
      if (concluded.kind != Step::Kind::next) co_return concluded;
      if (!*turns) co_return kNext;
    }
    Step step = co_await statements(frame, loop.statements);
    const bool iterated = step.kind == Step::Kind::iterate;
    if (!goes_on(loop.label, step)) co_return step;
    if (loop.loop != sql::LoopKind::kRepeat || iterated) continue;
    const Result<bool> ends = co_await holds(frame, *loop.condition);
    if (!ends) co_return co_await conclude(frame, failure(ends.error()));
    const Step concluded = co_await conclude(frame, {});
    if (concluded.kind != Step::Kind::next) co_return concluded;
    if (*ends) co_return kNext;
  }
}

Task<Step> Interpreter::for_range(Frame& frame, const sql::ForLoop& loop) {
  const int counter = frame.program.places(loop).front();
  const Slot& slot = frame.slot(counter);
  Result<Value> low = co_await assigned(frame, slot, *loop.low, true);
  if (!low) co_return co_await conclude(frame, failure(low.error()));
  Result<Value> high = co_await assigned(frame, slot, *loop.high, true);
  if (!high) co_return co_await conclude(frame, failure(high.error()));
  const std::optional<std::int64_t> bound = as_integer(loop.reverse ? *low : *high);
  frame.value(counter) = loop.reverse ? *high : *low;
  for (;;) {
    co_await host_.pause();
    if (host_.is_over()) co_return co_await raise(frame, interrupted());
    std::optional<std::int64_t> now = as_integer(frame.value(counter));
    if (!now || !bound || (loop.reverse ? *now < *bound : *now > *bound)) co_return kNext;
    Step step = co_await statements(frame, loop.statements);
    if (!goes_on(loop.label, step)) co_return step;
    now = as_integer(frame.value(counter));
    if (now) frame.value(counter) = integer(loop.reverse ? *now - 1 : *now + 1);
  }
}

Task<Step> Interpreter::for_rows(Frame& frame, const sql::ForLoop& loop) {
  const std::vector<int>& places = frame.program.places(loop);
  const sql::Node& source = loop.query != nullptr ? static_cast<const sql::Node&>(*loop.query)
                                                  : *frame.program.cursor(places[1]).query;
  Result<std::unique_ptr<Rows>> rows = co_await query(frame, frame.program.piece(source));
  if (!rows) co_return co_await conclude(frame, failure(std::move(rows.error())));
  co_return co_await for_each_row(frame, loop, **rows);
}

Task<Step> Interpreter::for_each_row(Frame& frame, const sql::ForLoop& loop, Rows& rows) {
  const auto place = static_cast<std::size_t>(frame.program.places(loop).front());
  std::vector<mysql::Cell> cells;
  for (;;) {
    if (host_.is_over()) co_return co_await raise(frame, interrupted());
    const Result<bool> found = rows.next(cells);
    if (!found) co_return co_await conclude(frame, failure(found.error()));
    if (!*found) co_return kNext;
    std::vector<Value> values = row_values(rows, cells);
    Frame::Record record;
    for (std::size_t i = 0; i < values.size(); ++i)
      record.emplace_back(rows.columns()[i].name, std::move(values[i]));
    frame.records[place] = std::move(record);
    Step step = co_await statements(frame, loop.statements);
    if (!goes_on(loop.label, step)) co_return step;
  }
}

Task<Step> Interpreter::return_statement(Frame& frame, const sql::Return& statement) {
  Slot result{"result", type_of(*frame.program.routine()->returns)};
  Result<Value> value = co_await assigned(frame, result, *statement.value, true);
  if (!value) co_return co_await conclude(frame, failure(std::move(value.error())));
  frame.result = std::move(*value);
  co_return Step{Step::Kind::returned};
}

}  // namespace kintsugi::routine
