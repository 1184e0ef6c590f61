#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "vschema/load_limits.h"
#include "vschema/vschema.h"

namespace kintsugi {
class OptionTable;
}

namespace kintsugi::gate {

enum class TransactionMode {
  single,  ///< a second shard in a transaction is refused
  multi,   ///< shards commit one after the other
  atomic,  ///< all commit or none, whatever fails
};

/// As users write them, by their values.
inline constexpr std::array<std::string_view, 3> kTransactionModes = {"single", "multi", "atomic"};

/// What becomes of a read from replicas that none of them may answer as the session wants it.
enum class ReplicaFallback { primary, refuse };

/// What a gate can be told. Each field is described where it is declared (gate_options.cc), from which
/// docs/configuration.md is made.
struct GateOptions {
  std::string name = "gate";
  std::string cell = "zone1";

  std::string mysql_host = "127.0.0.1";
  std::uint16_t mysql_port = 15306;
  std::string mysql_socket;
  std::uint32_t loops = 0;
  std::uint32_t connections_max = 20'000;
  std::uint64_t max_allowed_packet = 1ULL << 30;
  Duration idle_timeout = std::chrono::hours(8);
  Duration login_timeout = std::chrono::seconds(10);
  Duration client_write_timeout = std::chrono::minutes(10);
  Duration client_keepalive = std::chrono::minutes(2);
  Duration drain_timeout = std::chrono::seconds(10);
  std::uint32_t prepared_statements_max = 16'382;
  std::uint64_t prepared_bytes_max = 64ULL << 20;
  std::string server_version;

  std::string users_file;
  std::string tls_certificate;
  std::string tls_key;
  std::string tls_ca;
  bool tls_required = false;

  std::string backend_user = "kintsugi_gate";
  std::string backend_password_file;
  bool backend_tls = false;
  std::string backend_tls_ca;
  bool backend_sockets = true;
  std::uint32_t pool_connections_max = 200;
  std::uint32_t pool_idle_min = 1;
  std::uint32_t pool_waiters_max = 10'000;
  Duration pool_wait = std::chrono::seconds(10);
  Duration pool_idle_max = std::chrono::minutes(5);
  Duration pool_age_max = std::chrono::hours(1);
  Duration pool_slow_start = std::chrono::seconds(5);
  Duration connect_timeout = std::chrono::seconds(5);

  vschema::LoadLimits per_user;
  vschema::LoadLimits per_keyspace;
  std::uint32_t load_waiters_max = 1'000;
  Duration load_wait = std::chrono::seconds(10);
  std::uint32_t hot_row_writers_max = 0;
  std::uint32_t hot_row_waiters_max = 100;
  bool shared_reads = false;
  std::uint64_t shared_read_max = 1ULL << 20;

  TransactionMode transaction_mode = TransactionMode::atomic;
  Duration failover_wait = std::chrono::seconds(10);
  Duration replica_lag_max = std::chrono::seconds(30);
  bool read_your_writes = false;
  Duration max_replica_lag{};
  Duration replica_wait = std::chrono::seconds(1);
  ReplicaFallback replica_fallback = ReplicaFallback::primary;
  Duration tablet_silence_max = std::chrono::seconds(5);
  Duration slow_query = std::chrono::seconds(1);
  std::uint32_t query_shapes_max = 500;
  std::uint32_t query_metrics_max = 20;
  std::string query_log;
  std::uint64_t query_log_every = 1;
  Duration query_log_slow = std::chrono::seconds(1);
  bool query_log_errors = true;
  bool query_log_literals = false;
  std::uint64_t query_log_queue_max = 8ULL << 20;
  std::uint64_t query_log_file_max = 1ULL << 30;
  std::uint32_t query_log_files = 3;
  std::uint64_t gather_rows_max = 1'000'000;
  std::uint64_t gather_bytes_max = 1ULL << 30;
  std::uint64_t write_rows_max = 1'000'000;
  std::uint64_t write_bytes_max = 256ULL << 20;
  vschema::Permission scatter = vschema::Permission::allow;
  vschema::Permission gather = vschema::Permission::allow;
  Duration query_timeout{};
  std::string spill_folder = "/tmp";
  std::string files_folder;  ///< of INTO OUTFILE and LOAD DATA INFILE; empty: none
  std::uint64_t spill_buffer_memory_max = 256 * 1024;
  std::uint64_t spill_memory_max = 256ULL << 20;
  std::uint64_t spill_disk_max = 10ULL << 30;
  std::uint32_t plan_cache_entries = 5'000;
  std::uint32_t sequence_block_min = 100;
  std::uint32_t sequence_block_max = 100'000;
};

void declare(OptionTable& table, GateOptions& options);

}  // namespace kintsugi::gate
