#include <iterator>

#include "cli/command.h"
#include "cli/commands/groups.h"

namespace kintsugi::cli {

const std::string& Parsed::get(std::string_view name) const {
  static const std::string kNone;
  const auto found = values.find(name);
  return found == values.end() || found->second.empty() ? kNone : found->second.front();
}

const std::vector<std::string>& Parsed::all(std::string_view name) const {
  static const std::vector<std::string> kNone;
  const auto found = values.find(name);
  return found == values.end() ? kNone : found->second;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = [] {
    std::vector<Command> all;
    for (auto* group : {cluster_commands, keyspace_commands, shard_commands, recovery_commands,
                        transaction_commands, tablet_commands, vschema_commands, schema_commands,
                        topo_commands, sql_commands, explain_commands, error_commands}) {
      std::vector<Command> some = group();
      all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return all;
  }();
  return kCommands;
}

}  // namespace kintsugi::cli
