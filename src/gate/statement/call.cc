#include <algorithm>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/routine_host.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"
#include "mysql/status_flags.h"
#include "routine/interpreter.h"
#include "sql/parser.h"

// CALL in a sharded keyspace, and compound statements that use tables: run here, statement by statement.

namespace kintsugi::gate {
namespace {

constexpr int kCallsMax =
    16;  // of EXECUTE 'CALL …' one in another; CALL itself is bounded by the servers' rule

Warning warning_of(const routine::Condition& condition) {
  using Level = routine::Condition::Level;
  const char* level = condition.level == Level::note      ? "Note"
                      : condition.level == Level::warning ? "Warning"
                                                          : "Error";
  return {level, condition.code, condition.message};
}

constexpr std::uint16_t kNoSuchCondition = 1758;

mysql::OkPacket account(SessionState& state, const routine::Finished& finished) {
  state.warnings.clear();
  std::ranges::transform(finished.warnings, std::back_inserter(state.warnings), warning_of);
  state.warning_count = state.warnings.size();
  state.error_count = static_cast<std::uint64_t>(
      std::ranges::count(state.warnings, std::string_view("Error"), &Warning::level));
  state.row_count = static_cast<std::int64_t>(finished.affected_rows);
  mysql::OkPacket ok;
  ok.affected_rows = finished.affected_rows;
  ok.warnings = static_cast<std::uint16_t>(std::min<std::size_t>(state.warnings.size(), 65535));
  return ok;
}

Result<std::shared_ptr<routine::Program>> compile(const Session& session, const ClientStatement& sent) {
  return routine::Program::compile(text_with_parameters(session, sent), session.lexer_mode());
}

/// Arguments that are a `?` each, by number: parameters of a prepared CALL.
std::vector<std::size_t> parameter_arguments(const Session& session, const ClientStatement& sent) {
  std::vector<std::size_t> bound;
  if (sent.parameters.empty()) return bound;
  sql::Arena arena;
  const Result<sql::Statement*> parsed = sql::parse(sent.text, arena, session.lexer_mode());
  const auto* call = parsed ? sql::as<sql::Call>(*parsed) : nullptr;
  if (call == nullptr) return bound;
  for (std::size_t i = 0; i < call->args.size(); ++i) {
    if (sql::is<sql::Parameter>(call->args[i])) bound.push_back(i);
  }
  return bound;
}

/// What a prepared CALL gives its OUT and INOUT parameters: one more answer, of one row, behind those of the
/// procedure.
Task<Result<void>> tell_out_parameters(Session& session, std::string query) {
  Cursor rows(session.worker().shared().spill);
  InnerStatement inner;
  inner.rows = &rows;
  ClientStatement statement;
  statement.text = query;
  statement.binary = true;
  const bool goes_on = co_await run_inner(session, statement, inner);
  if (!goes_on) session.close_after_command();
  if (inner.error) co_return failure(std::move(*inner.error));
  Result<std::optional<std::string>> row = rows.take_row();
  if (!row) co_return failure(std::move(row.error()));
  session.respond().columns(rows.columns(), mysql::status::kOutParameters);
  session.respond().packet(row->value_or(""));
  mysql::OkPacket end;
  end.status = mysql::status::kOutParameters;
  session.respond().end_of_rows(std::move(end));
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> statement_call(Session& session, const sql::Statement&, const ClientStatement& sent) {
  Result<void> done = co_await call_procedure(session, sent);
  co_return done;
}

Task<Result<void>> statement_diagnostics(Session& session, const sql::Statement&,
                                         const ClientStatement& sent) {
  Result<std::shared_ptr<routine::Program>> program = compile(session, sent);
  if (!program) co_return failure(std::move(program.error()));
  RoutineHost host(session, sent.binary);
  routine::Interpreter interpreter(host);
  interpreter.diagnose(conditions_of(session.state().warnings), session.state().row_count);
  std::vector<Warning> before = session.state().warnings;
  const Result<routine::Finished> finished = co_await interpreter.run(**program);
  mysql::OkPacket ok;
  if (finished) {
    ok = account(session.state(), *finished);
    ok.warnings = 0;  // they are of the statement before
  } else if (finished.error().mysql_errno() == kNoSuchCondition) {
    // It does not fail for that: the area has one more condition.
    before.push_back({"Error", kNoSuchCondition, finished.error().message()});
    ok = account(session.state(), routine::Finished{.warnings = conditions_of(before)});
    ok.warnings = 1;
  } else {
    co_return failure(finished.error());
  }
  session.respond().ok(std::move(ok));
  co_return Result<void>();
}

Task<Result<void>> call_procedure(Session& session, const ClientStatement& sent) {
  if (session.call_depth() >= kCallsMax)
    co_return failure(kCallsTooDeep, fmt::format("{} CALLs run one in another", session.call_depth()));
  Result<std::shared_ptr<routine::Program>> program = compile(session, sent);
  if (!program) co_return failure(std::move(program.error()));
  RoutineHost host(session, sent.binary);
  routine::Interpreter interpreter(host);
  interpreter.bind(parameter_arguments(session, sent));
  const bool more = session.more_results();
  session.set_more_results(true);
  ++session.call_depth();
  const Result<routine::Finished> finished = co_await interpreter.run(**program);
  Result<void> told;
  const bool takes = (session.identity().capabilities & mysql::capability::kPsMultiResults) != 0;
  if (finished && !finished->out_query.empty() && takes)
    told = co_await tell_out_parameters(session, finished->out_query);
  --session.call_depth();
  session.set_more_results(more);
  if (host.told()) session.set_error_told();
  if (!finished) co_return failure(finished.error());
  if (!told) co_return told;
  session.respond().ok(account(session.state(), *finished));
  co_return Result<void>();
}

}  // namespace kintsugi::gate
