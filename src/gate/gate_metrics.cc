#include "gate/gate_metrics.h"

namespace kintsugi::gate {
namespace {

using admin::MetricSpec;
using admin::MetricUnit;

constexpr MetricSpec kConnections{"kintsugi_gate_connections", "Client connections now."};
constexpr MetricSpec kPinned{"kintsugi_gate_pinned_connections",
                             "Servers' connections that sessions hold between statements, by what for "
                             "(transaction, reserved: LOCK TABLES or "
                             "PREPARE at a server, named_locks, temporary_tables).",
                             MetricUnit::count,
                             {"reason"}};
constexpr MetricSpec kConnects{"kintsugi_gate_connects_total",
                               "Clients that connected, by how it ended.",
                               MetricUnit::count,
                               {"result"}};
constexpr MetricSpec kCommands{
    "kintsugi_gate_commands_total", "Commands of the MySQL protocol.", MetricUnit::count, {"command"}};
constexpr MetricSpec kStatements{"kintsugi_gate_statements_total",
                                 "Statements that ran, by what they are, where, and how (route, scatter, "
                                 "merge, gather, write, ddl, session).",
                                 MetricUnit::count,
                                 {"kind", "keyspace", "tier"}};
constexpr MetricSpec kLatency{"kintsugi_gate_statement_seconds",
                              "From a statement's arrival to its answer's end.",
                              MetricUnit::seconds,
                              {"kind"}};
constexpr MetricSpec kErrors{"kintsugi_gate_errors_total",
                             "Errors that clients were told, by MySQL's number.",
                             MetricUnit::count,
                             {"code"}};
constexpr MetricSpec kRows{"kintsugi_gate_rows_total", "Rows that were sent to clients."};
constexpr MetricSpec kBytes{"kintsugi_gate_sent_bytes_total", "Bytes of answers relayed to clients.",
                            MetricUnit::bytes};
constexpr MetricSpec kGatheredRows{"kintsugi_gate_gathered_rows_total",
                                   "Rows that were copied to one server so that a query could run there.",
                                   MetricUnit::count,
                                   {"keyspace"}};
constexpr MetricSpec kGatheredBytes{"kintsugi_gate_gathered_bytes_total",
                                    "Bytes of rows that were copied to one server.",
                                    MetricUnit::bytes,
                                    {"keyspace"}};
constexpr MetricSpec kReplicaWait{
    "kintsugi_gate_replica_wait_seconds",
    "Waits of reads until a replica had what their session had seen or written.", MetricUnit::seconds};
constexpr MetricSpec kReplicaFallbacks{"kintsugi_gate_replica_fallbacks_total",
                                       "Reads that no replica could answer as their session wanted: all are "
                                       "further behind (lag), or one did not catch up in time (wait).",
                                       MetricUnit::count,
                                       {"reason"}};
constexpr MetricSpec kHits{"kintsugi_gate_plan_cache_hits_total", "Statements whose plan was known."};
constexpr MetricSpec kMisses{"kintsugi_gate_plan_cache_misses_total", "Statements that had to be planned."};
constexpr MetricSpec kSchemaReads{"kintsugi_gate_schema_reads_total",
                                  "Queries for tables' definitions, which plans are made against."};
constexpr MetricSpec kReloads{"kintsugi_gate_users_reload_failures_total",
                              "Changes of users.json that could not be read."};
constexpr MetricSpec kLoadWait{"kintsugi_gate_load_wait_seconds",
                               "Waits of statements for the limits of their user or keyspace.",
                               MetricUnit::seconds};
constexpr MetricSpec kPoolWait{"kintsugi_gate_pool_wait_seconds",
                               "Waits for a connection to a server to become free.", MetricUnit::seconds};
constexpr MetricSpec kHotRowWait{"kintsugi_gate_hot_row_wait_seconds",
                                 "Waits of writers for others that write the same row (hot_row_writers_max).",
                                 MetricUnit::seconds};
constexpr MetricSpec kSharedReads{
    "kintsugi_gate_shared_reads_total",
    "Reads that might share an answer (shared_reads): sent to a server, or answered "
    "by another's.",
    MetricUnit::count,
    {"result"}};
constexpr MetricSpec kQueryLog{
    "kintsugi_gate_query_log_lines_total",
    "Statements for the query log: written, dropped since too many waited to be written, "
    "or failed, of which the log says why.",
    MetricUnit::count,
    {"result"}};

constexpr MetricSpec kEventRuns{"kintsugi_gate_event_runs_total",
                                "Runs of events that this gate made, by how they ended.",
                                MetricUnit::count,
                                {"keyspace", "event", "result"}};

std::array<admin::Gauge*, kPinCount> pinned_gauges(admin::Metrics& metrics) {
  admin::Family<admin::Gauge>& family = metrics.gauges(kPinned);
  std::array<admin::Gauge*, kPinCount> gauges{};
  for (std::size_t pin = 0; pin < kPinCount; ++pin)
    gauges[pin] = &family.with({label_of(static_cast<Pin>(pin))});
  return gauges;
}

}  // namespace

GateMetrics::GateMetrics(admin::Metrics& metrics)
    : connections(metrics.gauge(kConnections)),
      pinned(pinned_gauges(metrics)),
      connects(metrics.counters(kConnects)),
      commands(metrics.counters(kCommands)),
      statements(metrics.counters(kStatements)),
      latency(metrics.histograms(kLatency)),
      errors(metrics.counters(kErrors)),
      rows(metrics.counter(kRows)),
      bytes_to_clients(metrics.counter(kBytes)),
      gathered_rows(metrics.counters(kGatheredRows)),
      gathered_bytes(metrics.counters(kGatheredBytes)),
      replica_wait(metrics.histogram(kReplicaWait)),
      replica_fallbacks(metrics.counters(kReplicaFallbacks)),
      plan_cache_hits(metrics.counter(kHits)),
      plan_cache_misses(metrics.counter(kMisses)),
      schema_reads(metrics.counter(kSchemaReads)),
      users_reload_failures(metrics.counter(kReloads)),
      load_wait(metrics.histogram(kLoadWait)),
      pool_wait(metrics.histogram(kPoolWait)),
      hot_row_wait(metrics.histogram(kHotRowWait)),
      shared_reads(metrics.counters(kSharedReads)),
      query_log_lines(metrics.counters(kQueryLog)),
      event_runs(metrics.counters(kEventRuns)) {}

}  // namespace kintsugi::gate
