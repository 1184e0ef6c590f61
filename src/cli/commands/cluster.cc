#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/text_table.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;

std::string primary_text(const api::ShardInfo& shard) {
  return shard.record().primary_alias().empty() ? "none" : shard.record().primary_alias();
}

std::string status_text(const api::GetClusterResponse& cluster) {
  std::string out =
      fmt::format("cluster {}: {}, {}, control {}\n\n", cluster.name(), counted(cluster.cells_size(), "cell"),
                  counted(cluster.keyspaces_size(), "keyspace"),
                  cluster.leader_address().empty() ? "has no leader" : "led by " + cluster.leader_address());
  TextTable table({"SHARD", "PRIMARY", "SINCE", "EPOCH", "TABLETS", "STATE"});
  for (const api::KeyspaceInfo& keyspace : cluster.keyspaces()) {
    for (const api::ShardInfo& shard : keyspace.shards()) {
      std::size_t alive = 0;
      for (const api::TabletInfo& tablet : shard.tablets()) alive += tablet.alive() ? 1 : 0;
      table.add({keyspace.name() + "/" + shard.name(), primary_text(shard),
                 time_text(shard.record().primary_since()), std::to_string(shard.record().epoch()),
                 fmt::format("{}/{}", alive, shard.tablets_size()),
                 shard.problems_size() == 0 ? "ok" : "problem"});
    }
  }
  out += table.text();
  for (const std::string& problem : cluster.problems()) out += fmt::format("\nproblem: {}", problem);
  if (cluster.problems_size() > 0) out += '\n';
  return out;
}

Task<Result<void>> cluster_status(Context& context, const Parsed&) {
  api::GetClusterRequest request;
  api::GetClusterResponse response;
  Result<void> done = co_await context.call("GetCluster", request, response);
  if (done) context.answer(response, [&] { return status_text(response); });
  co_return done;
}

Task<Result<void>> cell_list(Context& context, const Parsed&) {
  api::ListCellsRequest request;
  api::ListCellsResponse response;
  Result<void> done = co_await context.call("ListCells", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    TextTable table({"CELL", "TABLETS", "DESCRIPTION"});
    for (const api::CellInfo& cell : response.cells()) {
      table.add({cell.name(), std::to_string(cell.tablets()), cell.record().description()});
    }
    return table.text();
  });
  co_return done;
}

}  // namespace

std::vector<Command> cluster_commands() {
  return {
      {"cluster status",
       "the cluster on one page: shards, primaries, what is wrong",
       "",
       {},
       {},
       {{"cluster status", "What runs, who is primary of what, and what needs a look."},
        {"cluster status --json | jq .problems", "Only what is wrong, for a script."}},
       cluster_status},
      {"cell list",
       "the cells and how many tablets each has",
       "",
       {},
       {},
       {{"cell list", "All cells."}},
       cell_list},
  };
}

}  // namespace kintsugi::cli
