#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/spares.h"
#include "base/task.h"
#include "gate/admission.h"
#include "gate/backends.h"
#include "gate/bindings.h"
#include "gate/error_log.h"
#include "gate/gate_metrics.h"
#include "gate/gate_options.h"
#include "gate/hot_rows.h"
#include "gate/plan_cache.h"
#include "gate/query_shapes.h"
#include "gate/routine_cache.h"
#include "gate/routing_use.h"
#include "gate/schema_cache.h"
#include "gate/session_state.h"
#include "gate/settings_cache.h"
#include "gate/shared_reads.h"
#include "gate/statement_counters.h"
#include "gate/users.h"
#include "mysql/auth.h"
#include "runtime/lingering_streams.h"
#include "runtime/loop.h"
#include "runtime/spill_buffer.h"
#include "runtime/stream.h"
#include "runtime/task_group.h"
#include "runtime/tls.h"
#include "sql/skim.h"

namespace kintsugi::exec {
class Sequences;
class VSchemaEditor;
}  // namespace kintsugi::exec

namespace kintsugi::gate {

class ClusterTopology;
class QueryLog;
class EventScheduler;
class Session;
class Worker;

/// What all loops of a gate share. Immutable once the gate has started, but for the atomics.
struct GateShared {
  GateShared(GateOptions given, admin::Metrics& registry);
  ~GateShared();

  GateOptions options;
  std::optional<runtime::TlsContext> tls;
  std::shared_ptr<const mysql::RsaKeyPair> rsa;
  BackendAccess access;
  GateMetrics metrics;
  Admission admission;
  HotRows hot_rows;
  std::unique_ptr<QueryLog> query_log;     ///< null: none is kept
  std::vector<Worker*> workers;            ///< by the number of their loop
  const EventScheduler* events = nullptr;  ///< on the home loop; null: there is no topology
  std::atomic<std::uint32_t> connections{0};
  runtime::SpillBudget spill;  ///< of rows that clients have not fetched yet
  Time started = Clock::now();
  std::atomic<bool> stopping{false};  ///< loops may end soon: nobody goes there any more
};

/// Calls `visit` with each loop's worker, on its loop, and comes back to the caller's; only while the gate
/// runs.
Task<void> on_each_loop(GateShared& shared, std::function<void(Worker&)> visit);

/// A session as SHOW PROCESSLIST has it.
struct ProcessInfo {
  std::uint32_t id = 0;
  std::string user, peer, target, command, statement;
  std::int64_t seconds = 0;
  Pins pins;
  bool in_transaction = false;  ///< also where no shard was touched yet
};

/// One loop of the gate: its listener, its sessions, and what they share: pools, plans, schema, users. All
/// calls on its loop, but for those said to be for any thread.
class Worker {
 public:
  Worker(GateShared& shared, runtime::Loop& loop, std::uint32_t number);
  ~Worker();

  runtime::Loop& loop() { return loop_; }
  GateShared& shared() { return shared_; }
  const GateOptions& options() const { return shared_.options; }
  GateMetrics& metrics() { return shared_.metrics; }
  StatementCounters& counters() { return counters_; }
  Backends& backends() { return backends_; }
  PlanCache& plans() { return plans_; }
  RoutineCache& routines() { return routines_; }
  /// Working memory for the statement at hand: not to be held over a wait.
  sql::Fingerprint& fingerprint() { return fingerprint_; }
  sql::Fingerprints& fingerprints() { return fingerprints_; }
  /// Working memory for a statement for as long as it runs.
  Spares<BoundValues>& values() { return values_; }
  Spares<ExecuteMemory>& execute_memory() { return execute_memory_; }
  SettingsCache& settings_cache() { return settings_cache_; }
  RoutingUse& routing_use() { return routing_use_; }
  ErrorLog& error_log() { return error_log_; }
  QueryShapes& queries() { return queries_; }
  SharedReads& shared_reads() { return shared_reads_; }
  exec::Sequences& sequences() { return *sequences_; }
  exec::VSchemaEditor& vschema_editor() { return *vschema_editor_; }
  ClusterTopology& topology() { return *topology_; }

  void set_routing(std::shared_ptr<const vschema::Snapshot> routing);
  void set_health(std::shared_ptr<const HealthMap> health);
  void set_users(std::shared_ptr<const Users> users) { users_ = std::move(users); }
  void set_services(exec::Sequences* sequences, exec::VSchemaEditor* editor, ClusterTopology* topology);
  const std::shared_ptr<const Users>& users() const { return users_; }
  /// What the servers behind the gate say of themselves; before one has answered, a version of MariaDB.
  const std::string& server_version() const { return server_version_; }
  bool is_mariadb() const { return server_version_.find("MariaDB") != std::string::npos; }
  void set_server_version(std::string version);
  bool knows_server_version() const { return server_version_known_; }
  /// What clients are told: the same, or what the option says.
  const std::string& told_version() const;

  SchemaCache& schema() { return schema_; }
  /// After DDL: the keyspace's tables are read again when they are needed.
  void forget_schema(const std::string& keyspace);
  /// The same on every loop. Any thread.
  static void forget_schema_everywhere(GateShared& shared, std::string keyspace);

  /// Listens; `address` with port 0: a free one, which is returned.
  Result<runtime::Address> listen(const runtime::Address& address);
  /// Stops accepting, lets sessions finish until `deadline`, then ends them.
  Task<void> stop(Time deadline);
  bool stopping() const { return stopping_; }
  /// Statements of some keyspace are limited.
  bool limits_keyspaces() const { return limits_keyspaces_; }

  /// A session of the gate's own, with no client, which `work` uses. Ends with the others when the gate
  /// stops.
  void serve_own(std::function<Task<void>(Session&)> work);

  std::vector<ProcessInfo> processes() const;
  /// Null: no such session on this loop.
  Session* find(std::uint32_t connection_id);
  std::size_t sessions() const { return sessions_.size(); }
  /// The loop that has the connection. Any thread.
  static Worker& of_connection(GateShared& shared, std::uint32_t connection_id);

 private:
  friend class Session;
  Task<void> accept(runtime::Listener& listener);
  Task<void> serve(runtime::Stream stream);
  Task<void> run_own(std::function<Task<void>(Session&)> work);
  Task<void> maintain();
  Task<void> clean_up();
  Task<void> keep_warm();
  Task<void> end_sessions();
  runtime::KeepAlive keep_alive() const;
  std::uint32_t next_connection_id();

  GateShared& shared_;
  runtime::Loop& loop_;
  std::uint32_t number_;
  Backends backends_;
  SchemaCache schema_;
  PlanCache plans_;
  RoutineCache routines_;
  RoutingUse routing_use_;
  StatementCounters counters_{shared_.metrics};
  sql::Fingerprint fingerprint_;
  sql::Fingerprints fingerprints_;
  Spares<BoundValues> values_;
  Spares<ExecuteMemory> execute_memory_;
  SettingsCache settings_cache_;
  ErrorLog error_log_;
  QueryShapes queries_;
  SharedReads shared_reads_;
  std::shared_ptr<const Users> users_;
  std::string server_version_;
  bool server_version_known_ = false;
  exec::Sequences* sequences_ = nullptr;
  exec::VSchemaEditor* vschema_editor_ = nullptr;
  ClusterTopology* topology_ = nullptr;
  std::vector<std::unique_ptr<runtime::Listener>> listeners_;
  std::unordered_map<std::uint32_t, Session*> sessions_;
  std::uint32_t connection_counter_ = 0;
  bool stopping_ = false;
  bool limits_keyspaces_ = false;
  runtime::Event drained_;
  runtime::TaskGroup tasks_;          // accepting, maintenance
  runtime::TaskGroup session_tasks_;  // serve()
  runtime::LingeringStreams lingering_;
};

}  // namespace kintsugi::gate
