#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace kintsugi::cli {

// One file a noun; commands.cc lists them.
std::vector<Command> cluster_commands();
std::vector<Command> keyspace_commands();
std::vector<Command> shard_commands();
std::vector<Command> recovery_commands();
std::vector<Command> transaction_commands();
std::vector<Command> tablet_commands();
std::vector<Command> vschema_commands();
std::vector<Command> schema_commands();
std::vector<Command> topo_commands();
std::vector<Command> sql_commands();
std::vector<Command> explain_commands();
std::vector<Command> error_commands();

/// Who calls, for journals: user@host.
std::string caller();

}  // namespace kintsugi::cli
