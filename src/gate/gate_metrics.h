#pragma once

#include <array>

#include "admin/metrics.h"
#include "gate/pins.h"

namespace kintsugi::gate {

/// What a gate counts. Any thread.
struct GateMetrics {
  explicit GateMetrics(admin::Metrics& metrics);

  admin::Gauge& connections;
  std::array<admin::Gauge*, kPinCount> pinned;  ///< by Pin: servers' connections that sessions hold
  admin::Family<admin::Counter>& connects;      ///< result
  admin::Family<admin::Counter>& commands;      ///< command
  admin::Family<admin::Counter>& statements;    ///< kind, keyspace, tier
  admin::Family<admin::Histogram>& latency;     ///< kind
  admin::Family<admin::Counter>& errors;        ///< code
  admin::Counter& rows;
  admin::Counter& bytes_to_clients;
  admin::Family<admin::Counter>& gathered_rows;   ///< keyspace
  admin::Family<admin::Counter>& gathered_bytes;  ///< keyspace
  admin::Histogram& replica_wait;
  admin::Family<admin::Counter>& replica_fallbacks;  ///< reason
  admin::Counter& plan_cache_hits;
  admin::Counter& plan_cache_misses;
  admin::Counter& schema_reads;
  admin::Counter& users_reload_failures;
  admin::Histogram& load_wait;
  admin::Histogram& pool_wait;
  admin::Histogram& hot_row_wait;
  admin::Family<admin::Counter>& shared_reads;     ///< result
  admin::Family<admin::Counter>& query_log_lines;  ///< result
  admin::Family<admin::Counter>& event_runs;       ///< keyspace, event, result
};

}  // namespace kintsugi::gate
