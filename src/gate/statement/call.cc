#include <algorithm>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/routine_host.h"
#include "gate/statement/statement.h"
#include "routine/interpreter.h"

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

mysql::OkPacket account(SessionState& state, const routine::Finished& finished) {
  state.warnings.clear();
  std::ranges::transform(finished.warnings, std::back_inserter(state.warnings), warning_of);
  state.warning_count = state.warnings.size();
  state.error_count = 0;
  state.row_count = static_cast<std::int64_t>(finished.affected_rows);
  mysql::OkPacket ok;
  ok.affected_rows = finished.affected_rows;
  ok.warnings = static_cast<std::uint16_t>(std::min<std::size_t>(state.warnings.size(), 65535));
  return ok;
}

}  // namespace

Task<Result<void>> statement_call(Session& session, const sql::Statement&, const ClientStatement& sent) {
  Result<void> done = co_await call_procedure(session, sent);
  co_return done;
}

Task<Result<void>> call_procedure(Session& session, const ClientStatement& sent) {
  if (session.call_depth() >= kCallsMax)
    co_return failure(kCallsTooDeep, fmt::format("{} CALLs run one in another", session.call_depth()));
  std::string text = text_with_parameters(session, sent);
  Result<std::shared_ptr<routine::Program>> program =
      routine::Program::compile(std::move(text), session.lexer_mode());
  if (!program) co_return failure(std::move(program.error()));
  RoutineHost host(session, sent.binary);
  routine::Interpreter interpreter(host);
  const bool more = session.more_results();
  session.set_more_results(true);
  ++session.call_depth();
  const Result<routine::Finished> finished = co_await interpreter.run(**program);
  --session.call_depth();
  session.set_more_results(more);
  if (host.told()) session.set_error_told();
  if (!finished) co_return failure(finished.error());
  session.respond().ok(account(session.state(), *finished));
  co_return Result<void>();
}

}  // namespace kintsugi::gate
