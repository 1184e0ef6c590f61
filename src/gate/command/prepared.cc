#include <fmt/format.h>

#include "gate/command/command.h"
#include "gate/errors.h"
#include "gate/planning.h"
#include "gate/session.h"
#include "gate/statement_runner.h"
#include "gate/warnings.h"
#include "mysql/errors.h"
#include "mysql/last_prepared.h"
#include "mysql/request.h"
#include "mysql/status_flags.h"
#include "plan/planner.h"
#include "sql/set_statement.h"

namespace kintsugi::gate {
namespace {

Task<bool> refuse(Session& session, const Error error) {
  session.note_error(error);
  note_failure(session.state(), error);
  session.respond().error(error);
  co_return true;
}

/// What a server says of a statement: its parameters and columns. A statement that the gate runs itself has
/// no columns until it is executed.
struct Description {
  std::vector<mysql::ColumnDefinition> parameters;
  std::vector<mysql::ColumnDefinition> columns;
};

/// The shard on whose server the temporary tables are that a statement names.
const vschema::Shard* server_of(const plan::Plan& plan) {
  const vschema::Keyspace* keyspace = plan.routing->find_keyspace(plan.temporary->keyspace);
  return keyspace == nullptr ? nullptr : keyspace->find_shard(plan.temporary->shard);
}

mysql::ColumnDefinition parameter_definition() {
  mysql::ColumnDefinition definition;
  definition.name = "?";
  definition.type = mysql::FieldType::var_string;
  definition.collation = 63;
  return definition;
}

/// Null: it is none.
const sql::Set* set_statement(const plan::Plan& plan) {
  if (plan.root->kind != plan::NodeKind::kSession) return nullptr;
  const sql::Statement& statement = *static_cast<const plan::Session&>(*plan.root).statement;
  return sql::is_set_statement(statement) ? &static_cast<const sql::Set&>(statement) : nullptr;
}

Task<Result<Description>> describe(Session& session, std::string_view sql, int parameters);

/// SET STATEMENT has the columns of the statement in it.
Task<Result<Description>> describe_within(Session& session, sql::SetStatementText text, int parameters) {
  const int own = static_cast<int>(text.parameters);
  Result<Description> description = co_await describe(session, text.statement, parameters - own);
  if (description)
    description->parameters.insert(description->parameters.begin(), text.parameters, parameter_definition());
  co_return description;
}

Task<Result<Description>> describe(Session& session, std::string_view sql, int parameters) {
  BoundValues values;
  Result<PlannedStatement> planned = co_await plan_statement(session, sql, values);
  if (!planned) co_return failure(std::move(planned.error()));
  if (const sql::Set* set = set_statement(*planned->plan)) {
    Result<Description> within = co_await describe_within(session, sql::take_apart(*set, sql), parameters);
    co_return within;
  }
  Description description;
  const plan::Route* route = plan::route_of(*planned->plan);
  if (route == nullptr || !route->own_text) {
    description.parameters.assign(static_cast<std::size_t>(parameters), parameter_definition());
    if (route == nullptr) co_return description;
  }
  const plan::Destination& destination = route->destination;
  exec::ShardRequest request;
  request.keyspace = destination.keyspace;
  request.type = destination.type;
  if (planned->plan->temporary) request.shard = server_of(*planned->plan);
  const std::string text(sql);
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    std::string copy = text;
    Result<wire::PreparedStatement> prepared = co_await backend.connection().prepare(std::move(copy));
    // What servers are sent in its place may name tables that the client's text does not.
    if (!prepared && !route->own_text) co_return Result<void>();
    if (!prepared) co_return failure(std::move(prepared.error()));
    co_await backend.close_statement(prepared->id);
    description.parameters = std::move(prepared->parameters);
    description.columns = std::move(prepared->columns);
    co_return Result<void>();
  };
  Result<void> done = co_await session.shards().with_backend(request, use, session.cancel());
  if (!done) co_return failure(std::move(done.error()));
  co_return description;
}

void respond_definitions(Session& session, const std::vector<mysql::ColumnDefinition>& definitions) {
  if (definitions.empty()) return;
  std::string packet;
  for (const mysql::ColumnDefinition& definition : definitions) {
    packet.clear();
    mysql::write_column_definition(packet, definition, session.identity().capabilities);
    session.respond().packet(packet);
  }
  if ((session.identity().capabilities & mysql::capability::kDeprecateEof) != 0) return;
  packet.clear();
  mysql::write_eof_packet(packet, {0, session.respond().status()});
  session.respond().packet(packet);
}

/// Null: it has more literals than are worth keeping.
const sql::Fingerprint* fingerprint_of(Session& session, PreparedStatement& statement) {
  constexpr std::size_t kLiteralsKept = 64;
  if (statement.fingerprint_settings != session.state().settings) {
    sql::Fingerprint fresh;
    sql::fingerprint(statement.sql, session.lexer_mode(), fresh);
    fresh.buffer = {};
    statement.fingerprint = fresh.literals.size() > kLiteralsKept
                                ? nullptr
                                : std::make_unique<const sql::Fingerprint>(std::move(fresh));
    statement.fingerprint_settings = session.state().settings;
  }
  return statement.fingerprint.get();
}

}  // namespace

Task<Result<std::vector<mysql::ColumnDefinition>>> columns_of(Session& session, std::string sql) {
  Result<Description> description = co_await describe(session, sql, 0);
  if (!description) co_return failure(std::move(description.error()));
  co_return std::move(description->columns);
}

Task<Result<std::size_t>> parameters_of(Session& session, std::string sql) {
  sql::Fingerprint fingerprint;
  sql::fingerprint(sql, session.lexer_mode(), fingerprint);
  Result<Description> description = co_await describe(session, sql, fingerprint.parameters);
  if (!description) co_return failure(std::move(description.error()));
  co_return description->parameters.size();
}

Task<bool> command_stmt_prepare(Session& session, std::string_view payload) {
  std::string sql(payload.substr(1));
  session.activity().statement = sql.substr(0, 1024);
  sql::Fingerprint fingerprint;
  sql::fingerprint(sql, session.lexer_mode(), fingerprint);
  Result<Description> description = co_await describe(session, sql, fingerprint.parameters);
  if (!description) {
    session.prepared().close(mysql::kLastPrepared);
    co_return co_await refuse(session, description.error());
  }
  const auto count = static_cast<std::uint16_t>(description->parameters.size());
  Result<PreparedStatement*> statement = session.prepared().add(std::move(sql), count);
  if (!statement) co_return co_await refuse(session, statement.error());
  std::string packet;
  const auto columns = static_cast<std::uint16_t>(description->columns.size());
  mysql::write_prepare_ok(packet, {(*statement)->id, columns, count, 0}, session.identity().capabilities);
  session.respond().packet(packet);
  respond_definitions(session, description->parameters);
  respond_definitions(session, description->columns);
  co_return true;
}

Task<bool> command_stmt_execute(Session& session, std::string_view payload) {
  Result<std::uint32_t> id = mysql::parse_id(payload);
  if (!id) co_return co_await refuse_malformed(session, id.error());
  Result<PreparedStatement*> found = session.prepared().find(*id);
  if (!found) co_return co_await refuse(session, found.error());
  PreparedStatement& prepared = **found;
  const mysql::LongData long_data = session.prepared().take_long_data(prepared);
  const Spares<ExecuteMemory>::Borrowed memory = session.worker().execute_memory().take();
  Result<mysql::ExecuteRequest> request =
      mysql::parse_execute(payload, prepared.parameters, prepared.types, long_data,
                           session.identity().capabilities, std::move(memory->request));
  if (!request) co_return co_await refuse(session, Error(kMalformedExecute, request.error().message()));

  memory->request = std::move(*request);
  memory->parameters.clear();
  for (std::size_t i = 0; i < memory->request.values.size(); ++i)
    memory->parameters.push_back({prepared.types[i], memory->request.values[i]});
  ClientStatement statement;
  statement.text = prepared.sql;
  statement.fingerprint = fingerprint_of(session, prepared);
  statement.binary = true;
  statement.parameters = memory->parameters;
  prepared.cursor.reset();
  if ((memory->request.flags & mysql::execute_flag::kReadOnlyCursor) != 0)
    statement.cursor = &prepared.cursor;
  const bool goes_on = co_await run_statement(session, statement);
  co_return goes_on;
}

Task<bool> command_stmt_send_long_data(Session& session, std::string_view payload) {
  Result<mysql::LongDataRequest> request = mysql::parse_long_data(payload);
  if (!request) co_return false;
  // There is no answer to this command: an unknown statement is told when it is executed.
  Result<PreparedStatement*> found = session.prepared().find(request->statement_id);
  if (!found) co_return true;
  Result<void> added = session.prepared().add_long_data(**found, request->parameter, request->data);
  if (!added) session.prepared().close(request->statement_id);
  co_return true;
}

Task<bool> command_stmt_close(Session& session, std::string_view payload) {
  Result<std::uint32_t> id = mysql::parse_id(payload);
  if (id) session.prepared().close(*id);
  co_return true;
}

Task<bool> command_stmt_reset(Session& session, std::string_view payload) {
  Result<std::uint32_t> id = mysql::parse_id(payload);
  if (!id) co_return co_await refuse_malformed(session, id.error());
  Result<PreparedStatement*> found = session.prepared().find(*id);
  if (!found) co_return co_await refuse(session, found.error());
  session.prepared().take_long_data(**found);
  (*found)->cursor.reset();
  session.respond().ok();
  co_return true;
}

Task<bool> command_stmt_fetch(Session& session, std::string_view payload) {
  Result<mysql::FetchRequest> request = mysql::parse_fetch(payload);
  if (!request) co_return co_await refuse_malformed(session, request.error());
  Result<PreparedStatement*> found = session.prepared().find(request->statement_id);
  if (!found) co_return co_await refuse(session, found.error());
  std::unique_ptr<Cursor>& cursor = (*found)->cursor;
  if (!cursor) {
    co_return co_await refuse(session, Error(kNoCursor, fmt::format("The statement ({}) has no open cursor.",
                                                                    request->statement_id)));
  }
  Cursor::Fetched fetched;
  Result<void> done = co_await cursor->fetch(session.link(), request->rows, fetched);
  if (fetched.client_lost) co_return false;
  if (!done) {
    cursor.reset();
    co_return co_await refuse(session, done.error());
  }
  mysql::OkPacket end;
  end.status = fetched.last ? mysql::status::kLastRowSent : mysql::status::kCursorExists;
  session.respond().end_of_rows(std::move(end));
  if (fetched.last) cursor.reset();
  co_return true;
}

}  // namespace kintsugi::gate
