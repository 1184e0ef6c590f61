#include "tablet/detail/agent_pages.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "admin/metrics.h"
#include "admin/readiness.h"
#include "admin/status.h"
#include "tablet/detail/agent_core.h"

namespace kintsugi::tablet {
namespace {

using admin::MetricSpec;
using admin::MetricUnit;
using admin::StatusSection;
using admin::StatusValue;
using admin::Tone;

/// A metric that is read off the last look at the server.
struct AgentMetric {
  MetricSpec spec;
  double (*read)(const AgentCore& core);
};

double oldest_prepared_s(const AgentCore& core) {
  double oldest = 0;
  if (core.resolver() == nullptr) return oldest;
  for (const auto& [id, each] : core.resolver()->prepared())
    oldest = std::max(oldest, std::chrono::duration<double>(Clock::now() - each.since).count());
  return oldest;
}

constexpr AgentMetric kAgentMetrics[] = {
    {{"kintsugi_tablet_serving", "1: the tablet may be sent queries of its type."},
     [](const AgentCore& core) { return core.health().serving() ? 1.0 : 0.0; }},
    {{"kintsugi_tablet_primary", "1: the server lets writers in."},
     [](const AgentCore& core) { return core.reachable() && !core.server().read_only ? 1.0 : 0.0; }},
    {{"kintsugi_tablet_mysqld_up", "1: mysqld answered when it was last looked at."},
     [](const AgentCore& core) { return core.reachable() ? 1.0 : 0.0; }},
    {{"kintsugi_tablet_mysqld_restarts_total", "How often mysqld ended unasked since the agent started."},
     [](const AgentCore& core) { return static_cast<double>(core.restarts()); }},
    {{"kintsugi_tablet_mysqld_uptime_seconds", "How long mysqld runs.", MetricUnit::seconds},
     [](const AgentCore& core) { return static_cast<double>(core.health().mysqld_uptime_s()); }},
    {{"kintsugi_tablet_replication_lag_seconds",
      "How far what can be read is behind the primary; -1: not known, or no replica.", MetricUnit::seconds},
     [](const AgentCore& core) {
       const v1::Health& health = core.health();
       return health.replication().has_lag_ms() ? health.replication().lag_ms() / 1000.0 : -1.0;
     }},
    {{"kintsugi_tablet_replication_running", "1: the replica receives and applies."},
     [](const AgentCore& core) {
       const v1::Replication& replication = core.health().replication();
       const bool runs = replication.io_thread() == v1::running && replication.sql_thread() == v1::running;
       return core.health().has_replication() && runs ? 1.0 : 0.0;
     }},
    {{"kintsugi_tablet_semi_sync_active", "1: the primary's commits wait for a replica."},
     [](const AgentCore& core) { return core.health().semi_sync().source_active() ? 1.0 : 0.0; }},
    {{"kintsugi_tablet_semi_sync_replicas", "Replicas that are connected and acknowledge."},
     [](const AgentCore& core) {
       return static_cast<double>(core.health().semi_sync().acknowledging_replicas());
     }},
    {{"kintsugi_tablet_semi_sync_waiting_commits", "Commits that wait for an acknowledgement."},
     [](const AgentCore& core) { return static_cast<double>(core.health().semi_sync().waiting_commits()); }},
    {{"kintsugi_tablet_disk_free_bytes", "Free on the data directory's disk; -1: not known.",
      MetricUnit::bytes},
     [](const AgentCore& core) {
       return core.disk_free_bytes() ? static_cast<double>(*core.disk_free_bytes()) : -1.0;
     }},
    {{"kintsugi_tablet_prepared_transactions",
      "Branches of transactions over several shards that are prepared on the primary; on a replica 0."},
     [](const AgentCore& core) {
       return core.resolver() == nullptr ? 0.0 : static_cast<double>(core.resolver()->prepared().size());
     }},
    {{"kintsugi_tablet_prepared_oldest_seconds",
      "How long the oldest of them is prepared, or the agent knows it; 0: there is none.",
      MetricUnit::seconds},
     oldest_prepared_s},
    {{"kintsugi_tablet_transactions_committed_total",
      "Branches that gates had left prepared and the agent has committed, as the shard that decides said."},
     [](const AgentCore& core) {
       return core.resolver() == nullptr ? 0.0 : static_cast<double>(core.resolver()->committed());
     }},
    {{"kintsugi_tablet_transactions_rolled_back_total", "The same, of those it has rolled back."},
     [](const AgentCore& core) {
       return core.resolver() == nullptr ? 0.0 : static_cast<double>(core.resolver()->rolled_back());
     }},
    {{"kintsugi_tablet_epoch", "Of the shard's record that the agent has read."},
     [](const AgentCore& core) { return static_cast<double>(core.health().epoch()); }},
};

constexpr MetricSpec kLooks = {
    "kintsugi_tablet_look_seconds",
    "How long mysqld takes to answer the agent's questions, once a second: what a small query takes.",
    MetricUnit::seconds};

/// A metric that is one number of SHOW GLOBAL STATUS.
struct ServerMetric {
  MetricSpec spec;
  const char* variable;  ///< in lower case
};

constexpr ServerMetric kServerMetrics[] = {
    {{"kintsugi_tablet_mysqld_queries_total", "Statements that mysqld has run (Queries)."}, "queries"},
    {{"kintsugi_tablet_mysqld_questions_total", "Statements that clients have sent (Questions)."},
     "questions"},
    {{"kintsugi_tablet_mysqld_slow_queries_total", "Statements over long_query_time (Slow_queries)."},
     "slow_queries"},
    {{"kintsugi_tablet_mysqld_selects_total", "SELECT statements (Com_select)."}, "com_select"},
    {{"kintsugi_tablet_mysqld_inserts_total", "INSERT statements (Com_insert)."}, "com_insert"},
    {{"kintsugi_tablet_mysqld_updates_total", "UPDATE statements (Com_update)."}, "com_update"},
    {{"kintsugi_tablet_mysqld_deletes_total", "DELETE statements (Com_delete)."}, "com_delete"},
    {{"kintsugi_tablet_mysqld_commits_total", "COMMIT statements (Com_commit)."}, "com_commit"},
    {{"kintsugi_tablet_mysqld_rollbacks_total", "ROLLBACK statements (Com_rollback)."}, "com_rollback"},
    {{"kintsugi_tablet_mysqld_received_bytes_total", "From clients.", MetricUnit::bytes}, "bytes_received"},
    {{"kintsugi_tablet_mysqld_sent_bytes_total", "To clients.", MetricUnit::bytes}, "bytes_sent"},
    {{"kintsugi_tablet_mysqld_aborted_connects_total", "Failed logins (Aborted_connects)."},
     "aborted_connects"},
    {{"kintsugi_tablet_mysqld_row_lock_waits_total", "Waits for row locks."}, "innodb_row_lock_waits"},
    {{"kintsugi_tablet_mysqld_buffer_pool_reads_total", "Pages read from disk."}, "innodb_buffer_pool_reads"},
    {{"kintsugi_tablet_mysqld_buffer_pool_requests_total", "Pages asked for."},
     "innodb_buffer_pool_read_requests"},
    {{"kintsugi_tablet_mysqld_threads_connected", "Open connections."}, "threads_connected"},
    {{"kintsugi_tablet_mysqld_threads_running", "Connections at work."}, "threads_running"},
};

double server_number(const AgentCore& core, const char* variable) {
  if (!core.reachable()) return 0;
  const auto found = core.server().status.find(variable);
  return found == core.server().status.end() ? 0 : std::strtod(found->second.c_str(), nullptr);
}

std::string text_of(v1::ThreadState state) { return v1::ThreadState_Name(state); }
Tone tone_of(v1::ThreadState state) {
  return state == v1::running ? Tone::good : state == v1::connecting ? Tone::warning : Tone::bad;
}

StatusSection tablet_section(const AgentCore& core) {
  const v1::Health& health = core.health();
  StatusSection section;
  const auto fact = [&](const char* name, StatusValue value) {
    section.facts.emplace_back(name, std::move(value));
  };
  fact("Tablet", core.options().alias);
  fact("Shard", core.options().keyspace + '/' + core.options().shard);
  fact("Type", std::string(topo::name(static_cast<topo::TabletType>(health.type()))));
  fact("Serves", health.serving() ? StatusValue("yes", Tone::good) : StatusValue("no", Tone::bad));
  if (!health.error().empty()) fact("Why", StatusValue(health.error(), Tone::bad));
  fact("Epoch", std::to_string(health.epoch()));
  fact("Schema version", health.schema_version());
  fact("Executed", health.gtid_executed());
  if (!core.topology_lost().empty()) fact("Topology", StatusValue(core.topology_lost(), Tone::warning));
  for (const std::string& pending : core.pending()) fact("Wants to", StatusValue(pending, Tone::warning));
  return section;
}

StatusSection mysqld_section(const AgentCore& core) {
  StatusSection section;
  const auto fact = [&](const char* name, StatusValue value) {
    section.facts.emplace_back(name, std::move(value));
  };
  fact("Version", core.server().version);
  fact("Answers", core.reachable() ? StatusValue("yes", Tone::good) : StatusValue("no", Tone::bad));
  fact("Pid", std::to_string(core.mysqld_pid()));
  fact("Up for", std::to_string(core.health().mysqld_uptime_s()) + " s");
  const bool died = core.restarts() > 0;
  fact("Restarts", StatusValue(std::to_string(core.restarts()), died ? Tone::warning : Tone::plain));
  fact("Read-only", core.server().read_only ? "yes" : "no");
  fact("Listens at", core.options().mysql);
  fact("Folder", core.options().dir);
  section.note =
      "The generated my.cnf and the accounts' rights: kintsugi tablet show " + core.options().alias;
  return section;
}

StatusSection replication_section(const AgentCore& core) {
  const v1::Health& health = core.health();
  StatusSection section;
  const auto fact = [&](const char* name, StatusValue value) {
    section.facts.emplace_back(name, std::move(value));
  };
  if (health.has_replication()) {
    const v1::Replication& replication = health.replication();
    fact("Source", replication.source_host() + ':' + std::to_string(replication.source_port()));
    fact("Receives", StatusValue(text_of(replication.io_thread()), tone_of(replication.io_thread())));
    fact("Applies", StatusValue(text_of(replication.sql_thread()), tone_of(replication.sql_thread())));
    fact("Lag", replication.has_lag_ms() ? std::to_string(replication.lag_ms()) + " ms" : "not known");
    fact("Acknowledges", health.semi_sync().replica_active() ? "yes" : "no");
    return section;
  }
  const v1::SemiSync& semi_sync = health.semi_sync();
  fact("Commits wait for a replica",
       semi_sync.source_active() ? StatusValue("yes", Tone::good) : StatusValue("no"));
  fact("Replicas that acknowledge", std::to_string(semi_sync.acknowledging_replicas()));
  fact("Commits that wait now", std::to_string(semi_sync.waiting_commits()));
  return section;
}

StatusSection shard_section(const AgentCore& core) {
  StatusSection section;
  const ShardPicture* shard = core.shard();
  if (shard == nullptr) {
    section.note = "The topology was not read yet.";
    return section;
  }
  section.columns = {"Tablet", "Type", "Server", "Agent"};
  for (const auto& [alias, tablet] : shard->tablets) {
    const std::string http = tablet.host + ':' + std::to_string(tablet.http_port);
    section.rows.push_back({alias.text(), std::string(topo::name(tablet.type)),
                            tablet.host + ':' + std::to_string(tablet.mysql_port),
                            StatusValue(http, Tone::plain, "http://" + http + "/debug/status")});
  }
  return section;
}

}  // namespace

void add_agent_pages(AgentCore& core, admin::Metrics& metrics, admin::Readiness& readiness,
                     admin::StatusPage& page) {
  for (const AgentMetric& metric : kAgentMetrics) {
    metrics.observe(metric.spec, [&core, read = metric.read] { return read(core); });
  }
  for (const ServerMetric& metric : kServerMetrics) {
    metrics.observe(metric.spec,
                    [&core, variable = metric.variable] { return server_number(core, variable); });
  }
  admin::Histogram& looks = metrics.histogram(kLooks);
  core.measure_looks(looks);
  readiness.add("mysqld", [&core]() -> admin::CheckResult {
    if (core.reachable()) return {true, "mysqld " + core.server().version};
    return {false, core.health().error().empty() ? "the agent is starting" : core.health().error()};
  });
  readiness.add("serving", [&core]() -> admin::CheckResult {
    const v1::Health& health = core.health();
    if (health.serving())
      return {true, std::string(topo::name(static_cast<topo::TabletType>(health.type())))};
    return {false, health.error().empty() ? "the agent is starting" : health.error()};
  });
  page.section("Tablet", [&core] { return tablet_section(core); });
  page.section("mysqld", [&core] { return mysqld_section(core); });
  page.section("Replication", [&core] { return replication_section(core); });
  page.section("Shard", [&core] { return shard_section(core); });
  page.rate("Statements", MetricUnit::count, [&core] { return server_number(core, "questions"); });
  page.rate(
      "Slow statements", MetricUnit::count, [&core] { return server_number(core, "slow_queries"); }, true);
  page.latency("A look at mysqld", [&looks] { return looks.snapshot(); });
  page.rate("Sent to clients", MetricUnit::bytes, [&core] { return server_number(core, "bytes_sent"); });
  page.level("Connections", MetricUnit::count, [&core] { return server_number(core, "threads_connected"); });
  page.level("Replication lag", MetricUnit::seconds, [&core] {
    const v1::Health& health = core.health();
    return health.replication().has_lag_ms() ? health.replication().lag_ms() / 1000.0 : 0.0;
  });
}

}  // namespace kintsugi::tablet
