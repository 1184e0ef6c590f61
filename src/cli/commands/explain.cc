#include <charconv>

#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/files.h"
#include "cli/offline.h"
#include "plan/explain.h"
#include "plan/planner.h"
#include "sql/parser.h"

namespace kintsugi::cli {
namespace {

constexpr std::string_view kDefaultKeyspace = "main";

/// "customer=customer.sql", or the file alone: of the default keyspace.
Result<OfflineCluster::File> read_file(const std::string& word, const std::string& keyspace) {
  const std::size_t equals = word.find('=');
  OfflineCluster::File file;
  file.name = equals == std::string::npos ? word : word.substr(equals + 1);
  file.keyspace = equals == std::string::npos ? keyspace : word.substr(0, equals);
  Result<std::string> text = read_input(file.name);
  if (!text) return failure(std::move(text.error()));
  file.text = std::move(*text);
  return file;
}

Result<void> read_files(const std::vector<std::string>& words, const std::string& keyspace,
                        std::vector<OfflineCluster::File>& files) {
  for (const std::string& word : words) {
    Result<OfflineCluster::File> file = read_file(word, keyspace);
    if (!file) return failure(std::move(file.error()));
    files.push_back(std::move(*file));
  }
  return {};
}

Result<void> read_choices(const Parsed& parsed, OfflineCluster& cluster) {
  if (parsed.has("shards")) {
    const std::string& text = parsed.get("shards");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cluster.shards);
    if (error != std::errc() || end != text.data() + text.size()) {
      return failure(kInvalidArgument, fmt::format("--shards: '{}' is no number", text));
    }
  }
  const std::string& flavour = parsed.get("flavour");
  if (!flavour.empty() && flavour != "mysql" && flavour != "mariadb") {
    return failure(kInvalidArgument, fmt::format("--flavour: '{}' is neither mysql nor mariadb", flavour));
  }
  cluster.mysql = flavour == "mysql";
  if (parsed.has("tablet-type")) {
    Result<topo::TabletType> type = topo::parse_tablet_type(parsed.get("tablet-type"));
    if (!type) return failure(type.error().with_context("--tablet-type"));
    cluster.type = *type;
  }
  return {};
}

Result<std::shared_ptr<const plan::Plan>> plan_one(const std::string& query,
                                                   const plan::PlanContext& context) {
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(query, arena);
  if (!statement) return failure(std::move(statement.error()));
  Result<plan::Planned> planned = plan::plan(**statement, query, context);
  if (!planned) return failure(std::move(planned.error()));
  if (planned->plan == nullptr) {
    return failure(kNotFound, fmt::format("the schema has no CREATE TABLE of '{}.{}'",
                                          planned->missing.front().keyspace, planned->missing.front().table));
  }
  return planned->plan;
}

Task<Result<void>> explain(Context& context, const Parsed& parsed) {
  OfflineCluster cluster;
  cluster.keyspace = parsed.has("keyspace") ? parsed.get("keyspace") : std::string(kDefaultKeyspace);
  Result<void> read = read_choices(parsed, cluster);
  if (read) read = read_files(parsed.all("vschema"), cluster.keyspace, cluster.vschemas);
  if (read) read = read_files(parsed.all("schema"), cluster.keyspace, cluster.schemas);
  if (!read) co_return read;
  Result<plan::PlanContext> offline = offline_context(cluster);
  if (!offline) co_return failure(std::move(offline.error()));
  Result<std::string> query = parsed.get("query") == "-" ? read_input("-") : parsed.get("query");
  if (!query) co_return failure(std::move(query.error()));
  Result<std::shared_ptr<const plan::Plan>> plan = plan_one(*query, *offline);
  if (!plan) co_return failure(std::move(plan.error()));
  plan::ExplainRequest request{.plan = **plan, .text = *query};
  if ((*plan)->explained) {
    request.notes.emplace_back("EXPLAIN itself: leave the word out to see the plan of its statement");
  }
  for (const std::string& ignored : (*plan)->directives.ignored) request.notes.push_back(ignored);
  request.notes.emplace_back("rows are not estimated: no server is asked");
  const plan::ExplainedNode root = plan::explain(request);
  context.print(context.json() ? plan::to_json(root) + "\n" : plan::to_text(root));
  co_return Result<void>();
}

}  // namespace

std::vector<Command> explain_commands() {
  return {
      {"explain",
       "how a statement would run on a sharded keyspace, without a cluster",
       "Plans as a gate does, from files: where the statement goes, what each shard is sent, and why it is "
       "no "
       "route to one shard if it is none. Values written as ? are left open. Asks nobody. A keyspace without "
       "a "
       "vschema file is sharded, its tables by SHARD BY in their CREATE TABLE or by the first column of "
       "their "
       "primary key. EXPLAIN FORMAT=KINTSUGI at a gate shows the same of a cluster that runs.",
       {{"query", "the statement; - reads standard input"}},
       {{"schema", "file", "CREATE TABLE statements; keyspace=file of another keyspace than the chosen one",
         true},
        {"vschema", "file", "the vschema as JSON; keyspace=file of another keyspace", true},
        {"keyspace", "name", "the chosen keyspace, whose the files without a name are (default: main)"},
        {"shards", "number", "shards of each sharded keyspace (default: 2)"},
        {"flavour", "name", "mysql or mariadb (default): whose syntax and default collation"},
        {"tablet-type", "type", "primary (default), replica or rdonly"}},
       {{"explain --schema schema.sql --vschema vschema.json --shards 4 'select * from corder where "
         "customer_id = 5'",
         "Which of four shards."},
        {"explain --schema schema.sql 'select count(*) from corder'", "By SHARD BY in the schema alone."},
        {"explain --keyspace customer --schema customer=c.sql --vschema customer=c.json --schema "
         "commerce=p.sql "
         "--vschema commerce=p.json --json 'select * from corder join commerce.product using (sku)'",
         "Two keyspaces, for a program."}},
       explain},
  };
}

}  // namespace kintsugi::cli
