#include "gate/command/command.h"

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/session.h"
#include "mysql/errors.h"
#include "mysql/request.h"

namespace kintsugi::gate {
namespace {

using mysql::Command;

struct Entry {
  Command command;
  const char* activity;  ///< as SHOW PROCESSLIST has it
  CommandHandler run;
};

constexpr Entry kCommands[] = {
    {Command::quit, "Quit", command_quit},
    {Command::init_db, "Init DB", command_init_db},
    {Command::query, "Query", command_query},
    {Command::field_list, "Field List", command_field_list},
    {Command::statistics, "Statistics", command_statistics},
    {Command::process_info, "Processlist", command_process_info},
    {Command::process_kill, "Kill", command_process_kill},
    {Command::ping, "Ping", command_ping},
    {Command::change_user, "Change user", command_change_user},
    {Command::reset_connection, "Reset connection", command_reset_connection},
    {Command::set_option, "Set option", command_set_option},
    {Command::stmt_prepare, "Prepare", command_stmt_prepare},
    {Command::stmt_execute, "Execute", command_stmt_execute},
    {Command::stmt_bulk_execute, "Execute", command_stmt_bulk_execute},
    {Command::stmt_send_long_data, "Long Data", command_stmt_send_long_data},
    {Command::stmt_close, "Close stmt", command_stmt_close},
    {Command::stmt_reset, "Reset stmt", command_stmt_reset},
    {Command::stmt_fetch, "Fetch", command_stmt_fetch},
};

Task<bool> refuse_unknown(Session& session, Command command) {
  session.worker().metrics().commands.with({"unknown"}).add();
  session.respond().error(
      Error(kUnknownCommand, fmt::format("Unknown command 0x{:02x}", static_cast<unsigned>(command))));
  co_return true;
}

}  // namespace

Task<bool> refuse_malformed(Session& session, Error error) {
  session.respond().error(error);
  co_await session.link().flush();
  co_return false;
}

Task<bool> run_command(Session& session, std::string_view payload) {
  const std::optional<Command> command = mysql::command_of(payload);
  if (!command)
    return refuse_malformed(session, Error(mysql::kMalformedPacket, "an empty packet is no command"));
  for (const Entry& entry : kCommands) {
    if (entry.command != *command) continue;
    session.activity().command = entry.activity;
    session.worker().counters().count(*command);
    return entry.run(session, payload);
  }
  return refuse_unknown(session, *command);
}

}  // namespace kintsugi::gate
