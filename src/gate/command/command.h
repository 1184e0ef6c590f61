#pragma once

#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "mysql/command.h"

namespace kintsugi::gate {

class Session;

/// Runs one command of a client; its answer waits in the link to be flushed. False: the connection is to be
/// closed without another word.
Task<bool> run_command(Session& session, std::string_view payload);

/// For a command whose bytes make no sense: the client is told, and disconnected.
Task<bool> refuse_malformed(Session& session, Error error);

/// What a command does. Each is a function in a file of this folder and one line in the table of command.cc.
using CommandHandler = Task<bool> (*)(Session& session, std::string_view payload);

Task<bool> command_quit(Session& session, std::string_view payload);
Task<bool> command_init_db(Session& session, std::string_view payload);
Task<bool> command_query(Session& session, std::string_view payload);
Task<bool> command_field_list(Session& session, std::string_view payload);
Task<bool> command_statistics(Session& session, std::string_view payload);
Task<bool> command_process_info(Session& session, std::string_view payload);
Task<bool> command_process_kill(Session& session, std::string_view payload);
Task<bool> command_ping(Session& session, std::string_view payload);
Task<bool> command_change_user(Session& session, std::string_view payload);
Task<bool> command_reset_connection(Session& session, std::string_view payload);
Task<bool> command_set_option(Session& session, std::string_view payload);
Task<bool> command_stmt_prepare(Session& session, std::string_view payload);
Task<bool> command_stmt_execute(Session& session, std::string_view payload);
Task<bool> command_stmt_bulk_execute(Session& session, std::string_view payload);
Task<bool> command_stmt_send_long_data(Session& session, std::string_view payload);
Task<bool> command_stmt_close(Session& session, std::string_view payload);
Task<bool> command_stmt_reset(Session& session, std::string_view payload);
Task<bool> command_stmt_fetch(Session& session, std::string_view payload);

}  // namespace kintsugi::gate
