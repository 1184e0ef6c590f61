#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

/// What one look at a server tells, in words that both flavours share. Values only.
namespace kintsugi::tablet {

enum class ThreadState { stopped, connecting, running };

struct ReplicationState {
  std::string source_host;
  std::uint16_t source_port = 0;
  std::string source_user;
  bool by_gtid = false;
  ThreadState io_thread = ThreadState::stopped;   ///< receives
  ThreadState sql_thread = ThreadState::stopped;  ///< applies
  int io_errno = 0;
  std::string io_error;
  int sql_errno = 0;
  std::string sql_error;
  std::optional<std::uint32_t>
      seconds_behind;        ///< the server's own estimate; nothing while it has no connection
  bool applied_all = false;  ///< everything received is applied
  /// What it would go on from is behind its own binlog. Seen for a moment while it applies, too.
  bool position_behind_binlog = false;

  /// Started, it would receive what its own binlog has: setting it up has failed halfway, or the server was
  /// killed between its binlog and its position.
  bool begins_too_early() const { return position_behind_binlog && sql_thread == ThreadState::stopped; }
};

struct SemiSyncState {
  bool source_enabled = false;
  bool source_active = false;  ///< enabled, and not silently fallen back to asynchronous
  std::uint32_t replicas = 0;  ///< connected replicas that acknowledge
  std::uint32_t waiting = 0;   ///< commits that wait for one
  bool replica_enabled = false;
  bool replica_active = false;
};

struct ServerState {
  std::string version;
  std::uint32_t server_id = 0;
  std::string server_uuid;  ///< MySQL's
  bool read_only = true;
  std::string gtid_executed;
  std::optional<ReplicationState> replication;
  SemiSyncState semi_sync;
  std::uint32_t uptime_s = 0;
  /// SHOW GLOBAL STATUS of what metrics and health look at, by its name in lower case.
  std::map<std::string, std::string> status;
};

}  // namespace kintsugi::tablet
