#include <algorithm>

#include <fmt/format.h>

#include "base/lower_case.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"
#include "gate/variables.h"
#include "sql/lexer.h"
#include "sql/parser.h"
#include "sql/printer.h"

// PREPARE, EXECUTE and DEALLOCATE of SQL. In an unsharded keyspace, and where a shard is chosen, they are the
// server's affair; in a sharded one the gate keeps the text, and executing it is running the text with its
// values in it.

namespace kintsugi::gate {
namespace {

bool is_of_server(Session& session) {
  const Target& target = session.state().target;
  const auto routing = session.worker().backends().routing();
  const vschema::Keyspace* keyspace = routing ? routing->find_keyspace(target.keyspace) : nullptr;
  return keyspace != nullptr && (!target.shard.empty() || !keyspace->sharded());
}

/// The text that PREPARE and EXECUTE IMMEDIATE are given: what a server makes of the expression.
Task<Result<std::string>> text_of(Session& session, const sql::Expr* expr) {
  const auto* literal = sql::as<sql::Literal>(expr);
  if (literal != nullptr && literal->literal == sql::LiteralKind::kString)
    co_return std::string(literal->text);
  std::string sql = "SELECT " + sql::print(*expr);
  std::string text;
  const ShardConnections::Use use = [&sql, &text](Backend& backend) -> Task<Result<void>> {
    Result<wire::ResultSet> answer = co_await backend.query(std::string(sql));
    if (!answer) co_return failure(std::move(answer.error()));
    text = answer->value().value_or("");
    co_return Result<void>();
  };
  exec::ShardRequest request;
  Result<void> asked = co_await session.shards().with_backend(request, use, session.cancel());
  if (!asked) co_return failure(std::move(asked.error()));
  co_return text;
}

/// The value of an argument, as SQL; of a CALL the variable itself, which may take what is given back.
std::string value_of(const SessionState& state, const sql::Expr& argument, bool of_call) {
  const auto* variable = sql::as<sql::UserVariable>(&argument);
  if (variable == nullptr) return "(" + sql::print(argument) + ")";
  if (of_call) return user_variable(variable->name);
  const std::string* value = state.settings->find(user_variable(variable->name));
  return value == nullptr ? "NULL" : *value;
}

bool is_call(std::string_view sql, const sql::LexerMode& mode) {
  sql::Arena arena;
  const Result<sql::Statement*> parsed = sql::parse(sql, arena, mode);
  return parsed && (*parsed)->kind == sql::NodeKind::kCall;
}

/// The text with a value for each `?`.
std::string with_values(std::string_view sql, const sql::LexerMode& mode,
                        std::span<const std::string> values) {
  std::string out;
  std::size_t copied = 0;
  sql::Lexer lexer(sql, mode);
  for (sql::Token token = lexer.next(); !values.empty(); token = lexer.next()) {
    if (token.cls == sql::TokenClass::kEnd || token.cls == sql::TokenClass::kInvalid) break;
    if (token.cls != sql::TokenClass::kParameter) continue;
    out += sql.substr(copied, token.offset - copied);
    out += values.front();
    copied = token.offset + token.length;
    values = values.subspan(1);
  }
  out += sql.substr(copied);
  return out;
}

Task<Result<void>> run_text(Session& session, const sql::Execute& execute, std::string text,
                            std::size_t parameters, bool binary) {
  if (execute.arguments.size() != parameters)
    co_return failure(kMalformedExecute, "Incorrect arguments to EXECUTE");
  std::vector<std::string> values;
  const bool call = is_call(text, session.lexer_mode());
  for (const sql::Expr* argument : execute.arguments)
    values.push_back(value_of(session.state(), *argument, call));
  text = with_values(text, session.lexer_mode(), values);
  ClientStatement statement;
  statement.text = text;
  statement.binary = binary;  // of the CALL that it is a part of
  const bool goes_on = co_await run_statement(session, statement);
  if (!goes_on) session.close_after_command();
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> statement_prepare(Session& session, const sql::Statement& statement,
                                     const ClientStatement& sent) {
  const auto& prepare = static_cast<const sql::Prepare&>(statement);
  if (is_of_server(session)) {
    Result<void> done = co_await statement_reserved(session, statement, sent);
    co_return done;
  }
  auto& kept = session.state().sql_prepared;
  const std::string key = lower_case(prepare.name);
  kept.erase(key);  // also if the new one is wrong
  Result<std::string> text = co_await text_of(session, prepare.from);
  if (!text) co_return failure(std::move(text.error()));
  if (kept.size() >= session.worker().options().prepared_statements_max)
    co_return failure(kTooManyStatements, fmt::format("the session has {} prepared statements", kept.size()));
  Result<std::size_t> parameters = co_await parameters_of(session, *text);
  if (!parameters) co_return failure(std::move(parameters.error()));
  kept[key] = {std::move(*text), *parameters};
  session.respond().ok();
  co_return Result<void>();
}

Task<Result<void>> statement_execute(Session& session, const sql::Statement& statement,
                                     const ClientStatement& sent) {
  const auto& execute = static_cast<const sql::Execute&>(statement);
  auto& kept = session.state().sql_prepared;
  const auto found = execute.immediate != nullptr ? kept.end() : kept.find(lower_case(execute.name));
  if (found != kept.end()) {
    SqlPrepared prepared = found->second;
    Result<void> done =
        co_await run_text(session, execute, std::move(prepared.text), prepared.parameters, sent.binary);
    co_return done;
  }
  if (is_of_server(session)) {
    Result<void> done = co_await statement_reserved(session, statement, sent);
    co_return done;
  }
  if (execute.immediate == nullptr) {
    co_return failure(
        kUnknownStatement,
        fmt::format("Unknown prepared statement handler ({}) given to EXECUTE", std::string(execute.name)));
  }
  Result<std::string> text = co_await text_of(session, execute.immediate);
  if (!text) co_return failure(std::move(text.error()));
  Result<std::size_t> parameters = co_await parameters_of(session, *text);
  if (!parameters) co_return failure(std::move(parameters.error()));
  Result<void> done = co_await run_text(session, execute, std::move(*text), *parameters, sent.binary);
  co_return done;
}

Task<Result<void>> statement_deallocate(Session& session, const sql::Statement& statement,
                                        const ClientStatement& sent) {
  const auto& deallocate = static_cast<const sql::Deallocate&>(statement);
  if (session.state().sql_prepared.erase(lower_case(deallocate.name)) > 0) {
    session.respond().ok();
    co_return Result<void>();
  }
  if (is_of_server(session)) {
    Result<void> done = co_await statement_reserved(session, statement, sent);
    co_return done;
  }
  co_return failure(kUnknownStatement,
                    fmt::format("Unknown prepared statement handler ({}) given to DEALLOCATE PREPARE",
                                std::string(deallocate.name)));
}

}  // namespace kintsugi::gate
