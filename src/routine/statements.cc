#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "routine/interpreter.h"

// SQL statements, cursors, CALL.

namespace kintsugi::routine {

namespace {

constexpr std::string_view kNoData = "No data - zero rows fetched, selected, or processed";

Error no_data() { return server_error(1329, "02000", std::string(kNoData)); }

Condition no_data_warning() { return {Condition::Level::warning, 1329, "02000", std::string(kNoData)}; }

/// DDL and the like begin a new diagnostics area, as what names tables does.
bool forgets_warnings(const Piece& piece) { return piece.planned; }

}  // namespace

std::vector<Value> Interpreter::row_values(const Rows& rows, const std::vector<mysql::Cell>& cells) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < cells.size(); ++i) values.push_back(value_of(rows.columns()[i], cells[i]));
  return values;
}

Task<Step> Interpreter::sql_statement(Frame& frame, const sql::Statement& statement) {
  if (frame.program.has_targets(statement)) co_return co_await select_into(frame, statement);
  const Piece& piece = frame.program.piece(statement);
  std::string sql;
  if (fits(piece) && !piece.holes.empty()) {
    sql = block_around({&piece}, frame, fmt::format("{};", in_block(piece, frame)), host_.quoting());
  } else {
    sql = with_values(piece, frame, host_.quoting());
  }
  Result<Done> done = co_await host_.run(std::move(sql));
  if (!done) co_return co_await conclude(frame, failure(std::move(done.error())));
  affected_rows_ += done->affected_rows;
  const auto* set = sql::as<sql::Set>(&statement);
  const sql::Statement& ran = set == nullptr ? statement : *set->statement;
  row_count_ = sql::is_query(ran.kind) ? -1 : static_cast<std::int64_t>(done->affected_rows);
  note(*done, forgets_warnings(piece));
  co_return co_await conclude(frame, {});
}

Task<Result<std::unique_ptr<Rows>>> Interpreter::query(Frame& frame, const Piece& piece) {
  std::string sql;
  if (fits(piece) && !piece.holes.empty() && piece.holes.size() == piece.aliases.size()) {
    sql = block_around({&piece}, frame, fmt::format("{};", in_block(piece, frame)), host_.quoting());
  } else {
    sql = with_values(piece, frame, host_.quoting());
  }
  Done done;
  Result<std::unique_ptr<Rows>> rows = co_await host_.query(std::move(sql), done);
  if (rows) affected_rows_ += done.affected_rows;
  if (rows) note(done, forgets_warnings(piece));
  co_return rows;
}

Task<Step> Interpreter::select_into(Frame& frame, const sql::Statement& statement) {
  const std::vector<Target>& targets = frame.program.targets(statement);
  Result<std::unique_ptr<Rows>> rows = co_await query(frame, frame.program.piece(statement));
  if (!rows) co_return co_await conclude(frame, failure(std::move(rows.error())));
  if ((*rows)->columns().size() != targets.size()) {
    co_return co_await conclude(
        frame, failure(server_error(1222, "21000",
                                    "The used SELECT statements have a different number of columns")));
  }
  std::vector<mysql::Cell> cells;
  Result<bool> found = (*rows)->next(cells);
  if (!found) co_return co_await conclude(frame, failure(found.error()));
  row_count_ = 0;
  if (!*found) {
    Done done;
    done.warnings.push_back(no_data_warning());
    note(done, true);
    co_return co_await conclude(frame, {});
  }
  std::vector<Value> values = row_values(**rows, cells);
  found = (*rows)->next(cells);
  if (!found) co_return co_await conclude(frame, failure(found.error()));
  if (*found) {
    co_return co_await conclude(
        frame, failure(server_error(1172, "42000", "Result consisted of more than one row")));
  }
  row_count_ = 1;
  affected_rows_ += 1;
  Result<void> stored = co_await store(frame, targets, std::move(values));
  co_return co_await conclude(frame, std::move(stored));
}

Task<Step> Interpreter::set(Frame& frame, const sql::Set& set) {
  for (const sql::SetItem* item : set.items) {
    Result<void> done = co_await set_item(frame, *item);
    const Step step = co_await conclude(frame, std::move(done));
    if (step.kind != Step::Kind::next) co_return step;
  }
  co_return kNext;
}

Task<Result<void>> Interpreter::set_item(Frame& frame, const sql::SetItem& item) {
  if (frame.program.has_targets(item)) {
    const int place = frame.program.targets(item).front().slot;
    Result<Value> value = co_await assigned(frame, frame.slot(place), *item.value, false);
    if (!value) co_return failure(std::move(value.error()));
    frame.value(place) = std::move(*value);
    co_return Result<void>();
  }
  const bool by_query = item.item == sql::SetKind::kUserVariable && !host_.query_to_assign("1").empty();
  if (by_query) co_return co_await assign_by_query(frame, item);
  Result<Done> done =
      co_await host_.run("set " + with_values(frame.program.piece(item), frame, host_.quoting()));
  if (!done) co_return failure(std::move(done.error()));
  note(*done, false);
  co_return Result<void>();
}

Task<Result<void>> Interpreter::assign_by_query(Frame& frame, const sql::SetItem& item) {
  const Piece& piece = frame.program.piece(*item.value);
  std::string sql;
  if (fits(piece)) {
    const std::string inside = host_.query_to_assign(in_block(piece, frame)) + ";";
    sql = block_around({&piece}, frame, inside, host_.quoting());
  } else {
    sql = host_.query_to_assign(with_values(piece, frame, host_.quoting()));
  }
  Done done;
  Result<std::unique_ptr<Rows>> rows = co_await host_.query(std::move(sql), done);
  if (!rows) co_return failure(std::move(rows.error()));
  note(done, false);
  std::vector<mysql::Cell> cells;
  const Result<bool> found = (*rows)->next(cells);
  if (!found) co_return failure(found.error());
  co_return host_.assign(item.name, (*rows)->columns(), cells);
}

Task<Step> Interpreter::cursor(Frame& frame, const sql::Cursor& cursor) {
  const int number = frame.program.places(cursor).front();
  std::unique_ptr<Rows>& rows = frame.cursors[static_cast<std::size_t>(number)];
  Result<void> done;
  if (cursor.verb == "open") {
    done = co_await open(frame, cursor, number);
  } else if (rows == nullptr) {
    done = failure(server_error(1326, "24000", "Cursor is not open"));
  } else if (cursor.verb == "close") {
    rows.reset();
  } else {
    done = co_await fetch(frame, cursor, *rows);
  }
  co_return co_await conclude(frame, std::move(done));
}

Task<Result<void>> Interpreter::open(Frame& frame, const sql::Cursor& cursor, int number) {
  if (frame.cursors[static_cast<std::size_t>(number)] != nullptr)
    co_return failure(server_error(1325, "24000", "Cursor is already open"));
  const sql::Declare& declare = frame.program.cursor(number);
  const std::vector<int>& places = frame.program.places(declare);
  if (cursor.arguments.size() + 1 != places.size())
    co_return failure(
        server_error(4107, "HY000", fmt::format("Incorrect parameter count to cursor '{}'", cursor.name)));
  for (std::size_t i = 0; i < cursor.arguments.size(); ++i) {
    Result<Value> value = co_await assigned(frame, frame.slot(places[i + 1]), *cursor.arguments[i], true);
    if (!value) co_return failure(std::move(value.error()));
    frame.value(places[i + 1]) = std::move(*value);
  }
  Result<std::unique_ptr<Rows>> rows = co_await query(frame, frame.program.piece(*declare.query));
  if (!rows) co_return failure(std::move(rows.error()));
  frame.cursors[static_cast<std::size_t>(number)] = std::move(*rows);
  co_return Result<void>();
}

Task<Result<void>> Interpreter::fetch(Frame& frame, const sql::Cursor& cursor, Rows& rows) {
  const std::vector<Target>& targets = frame.program.targets(cursor);
  if (targets.size() != rows.columns().size())
    co_return failure(server_error(1328, "HY000", "Incorrect number of FETCH variables"));
  std::vector<mysql::Cell> cells;
  const Result<bool> found = rows.next(cells);
  if (!found) co_return failure(found.error());
  if (!*found) co_return failure(no_data());
  Result<void> stored = co_await store(frame, targets, row_values(rows, cells));
  co_return stored;
}

Task<Step> Interpreter::call(Frame& frame, const sql::Call& call) {
  Result<void> done = co_await call_program(frame, call);
  co_return co_await conclude(frame, std::move(done));
}

Task<Result<void>> Interpreter::call_program(Frame& frame, const sql::Call& call) {
  const std::string_view schema =
      call.routine->schema.empty() ? std::string_view(frame.program.schema) : call.routine->schema;
  const Result<std::shared_ptr<const Program>> found = co_await host_.find(schema, call.routine->name);
  if (!found) co_return failure(found.error());
  const Program& program = **found;
  if (call.args.size() != program.parameter_count()) {
    co_return failure(
        server_error(1318, "42000",
                     fmt::format("Incorrect number of arguments for PROCEDURE {}.{}; expected {}, got {}",
                                 program.schema, program.name, program.parameter_count(), call.args.size())));
  }
  Result<void> done = co_await check_recursion(frame, program);
  if (!done) co_return done;
  Frame callee(program, &frame);
  std::vector<Condition> before = std::exchange(diagnostics_, {});
  done = co_await bind_arguments(frame, call, callee);
  if (!done) co_return done;
  // The body begins with a diagnostics area of its own; what its statements leave there is added at the end.
  std::vector<Condition> of_call = std::exchange(fresh_, {});
  diagnostics_.clear();
  {
    const std::shared_ptr<void> entered = host_.enter(program);
    const Step step = co_await statement(callee, program.body());
    if (step.kind == Step::Kind::failed) co_return failure(error_of(*callee.error));
  }
  of_call.insert(of_call.end(), diagnostics_.begin(), diagnostics_.end());
  diagnostics_ = of_call.empty() ? std::move(before) : of_call;
  fresh_ = std::move(of_call);
  done = co_await give_back(frame, call, callee);
  co_return done;
}

Task<Result<void>> Interpreter::check_recursion(const Frame& caller, const Program& program) {
  int depth = 0;
  for (const Frame* frame = &caller; frame != nullptr; frame = frame->caller)
    depth +=
        frame->program.schema == program.schema && equal_names(frame->program.name, program.name) ? 1 : 0;
  if (depth == 0) co_return Result<void>();
  const Result<Value> most = co_await ask("select @@max_sp_recursion_depth");
  if (!most) co_return failure(most.error());
  const std::int64_t limit = as_integer(*most).value_or(0);
  if (depth <= limit) co_return Result<void>();
  co_return failure(
      kRecursionLimit,
      fmt::format(
          "Recursive limit {} (as set by the max_sp_recursion_depth variable) was exceeded for routine {}",
          limit, program.name));
}

Task<Result<void>> Interpreter::bind_arguments(Frame& caller, const sql::Call& call, Frame& callee) {
  const Program& program = callee.program;
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    const std::string_view mode = program.mode_of(i);
    if (mode != "in" && !is_bound(caller, call, i)) {
      const Target& target = caller.program.targets(*call.args[i]).front();
      if (target.slot < 0 && target.user_variable.empty()) {
        co_return failure(
            server_error(1414, "42000",
                         fmt::format("OUT or INOUT argument {} for routine {}.{} is not a variable or NEW "
                                     "pseudo-variable in BEFORE trigger",
                                     i + 1, program.schema, program.name)));
      }
    }
    if (mode == "out") continue;
    Result<Value> value = co_await assigned(caller, program.slots()[i], *call.args[i], true);
    if (!value) co_return failure(std::move(value.error()));
    callee.value(static_cast<int>(i)) = std::move(*value);
  }
  co_return Result<void>();
}

Task<Result<void>> Interpreter::give_back(Frame& caller, const sql::Call& call, Frame& callee) {
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    if (callee.program.mode_of(i) == "in") continue;
    if (is_bound(caller, call, i)) {
      const int number = static_cast<int>(i);
      given_back_.emplace_back(callee.slot(number), callee.value(number));
      continue;
    }
    const std::vector<Target>& targets = caller.program.targets(*call.args[i]);
    std::vector<Value> values{callee.value(static_cast<int>(i))};
    Result<void> stored = co_await store(caller, targets, std::move(values));
    if (!stored) co_return stored;
  }
  co_return Result<void>();
}

bool Interpreter::is_bound(const Frame& caller, const sql::Call& call, std::size_t argument) const {
  return caller.caller == nullptr && &call == &caller.program.body() &&
         std::ranges::find(bound_, argument) != bound_.end();
}

}  // namespace kintsugi::routine
