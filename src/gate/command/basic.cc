#include <fmt/format.h>

#include "gate/command/command.h"
#include "gate/errors.h"
#include "gate/login.h"
#include "gate/process_list.h"
#include "gate/session.h"
#include "gate/statement_runner.h"
#include "mysql/errors.h"
#include "mysql/quote.h"
#include "mysql/request.h"

namespace kintsugi::gate {
Task<bool> command_quit(Session&, std::string_view) { co_return false; }

Task<bool> command_ping(Session& session, std::string_view) {
  session.respond().ok();
  co_return true;
}

Task<bool> command_init_db(Session& session, std::string_view payload) {
  Result<void> used = session.use(payload.substr(1));
  if (used) {
    session.respond().ok(target_changed(session));
  } else {
    session.respond().error(used.error());
  }
  co_return true;
}

Task<bool> command_set_option(Session& session, std::string_view payload) {
  Result<std::uint16_t> option = mysql::parse_set_option(payload);
  if (!option) co_return co_await refuse_malformed(session, option.error());
  if (*option > 1) {
    session.respond().error(Error(kUnknownCommand, "Unknown option"));
    co_return true;
  }
  session.state().multi_statements = *option == 0;
  session.respond().end_of_rows();
  co_return true;
}

Task<bool> command_reset_connection(Session& session, std::string_view) {
  co_await session.reset();
  session.respond().ok();
  co_return true;
}

Task<bool> command_change_user(Session& session, std::string_view payload) {
  const std::string copy(payload);  // the handshake reads further packets
  Login login(session);
  const bool welcome = co_await login.change_user(copy);
  co_return welcome;
}

Task<bool> command_statistics(Session& session, std::string_view) {
  const GateShared& shared = session.worker().shared();
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - shared.started).count();
  const double questions = session.worker().metrics().statements.total();
  const std::string text = fmt::format(
      "Uptime: {}  Threads: {}  Questions: {:.0f}  Queries per second avg: {:.3f}", uptime,
      shared.connections.load(), questions, questions / static_cast<double>(uptime > 0 ? uptime : 1));
  session.respond().packet(text);
  co_return true;
}

Task<bool> command_process_info(Session& session, std::string_view) {
  std::vector<ProcessInfo> processes = co_await list_processes(session.worker());
  respond_process_list(session.respond(), processes, false);
  co_return true;
}

Task<bool> command_process_kill(Session& session, std::string_view payload) {
  Result<std::uint32_t> id = mysql::parse_id(payload);
  if (!id) co_return co_await refuse_malformed(session, id.error());
  Result<void> killed = co_await kill_connection(session, *id, false);
  if (killed) {
    session.respond().ok();
  } else {
    session.respond().error(killed.error());
  }
  co_return true;
}

/// Answered as the servers do, by what SHOW COLUMNS' sibling says: the columns of an empty result.
Task<bool> command_field_list(Session& session, std::string_view payload) {
  Result<mysql::FieldListRequest> request = mysql::parse_field_list(payload);
  if (!request) co_return co_await refuse_malformed(session, request.error());
  const std::string sql = fmt::format("SELECT * FROM {} LIMIT 0", mysql::quoted_identifier(request->table));
  const std::string wildcard(request->wildcard);
  Result<std::vector<mysql::ColumnDefinition>> columns = co_await columns_of(session, sql);
  if (!columns) {
    session.respond().error(columns.error());
    co_return true;
  }
  for (mysql::ColumnDefinition& column : *columns) {
    if (!wildcard.empty() && wildcard != "%" && wildcard != column.name) continue;
    std::string packet;
    mysql::write_column_definition(packet, column, session.identity().capabilities, true);
    session.respond().packet(packet);
  }
  session.respond().end_of_rows();
  co_return true;
}

}  // namespace kintsugi::gate
