#include "mysql/quote.h"
#include "tablet/errors.h"
#include "tablet/flavours/common.h"
#include "tablet/gtid.h"

namespace kintsugi::tablet {
namespace {

/// The longest a commit can be told to wait, in ms: a primary must not fall back to asynchronous by itself.
constexpr const char* kForever = "18446744073709551615";

constexpr RefusedSetting kMariadbRefused[] = {
    {"rpl_semi_sync_master_enabled", "the agent decides when commits wait"},
    {"rpl_semi_sync_slave_enabled", "the agent decides who acknowledges"},
    {"unix_socket", "root logs in by nothing else"},
    {"wsrep_on", "Galera does not know XA and has its own replication"},
    {"init_rpl_role", "it cuts acknowledged transactions off a primary's binlog"},
};

class Mariadb final : public Flavour {
 public:
  std::string_view name() const override { return "mariadb"; }
  std::vector<std::string> programs() const override { return {"mariadbd", "mysqld"}; }

  Result<void> check_version(std::string_view text) const override {
    const auto version = parse_version(text);
    if (text.find("MariaDB") == std::string_view::npos || !version || *version < VersionNumber{10, 11, 0}) {
      return failure(kUnsupportedServer,
                     "the server says it is '" + std::string(text) + "', not MariaDB 10.11 or later");
    }
    return {};
  }

  std::vector<std::string> initialise_command(const InitialiseRequest& request) const override {
    std::vector<std::string> command = {
        "mariadb-install-db", "--no-defaults", "--datadir=" + request.data_dir, "--tmpdir=" + request.tmp_dir,
        "--auth-root-authentication-method=socket", "--auth-root-socket-user=" + request.os_user,
        "--skip-test-db", "--skip-name-resolve",
        // The first log file is as large as this says; the server makes another one when its settings differ.
        "--innodb-log-file-size=16M"};
    if (request.run_as_root) command.push_back("--user=root");
    for (const UserSetting& setting : request.user_settings) {
      // These can't be changed once the data directory is there.
      for (const std::string_view fixed :
           {"innodb_page_size", "lower_case_table_names", "innodb_data_file_path", "innodb_undo_tablespaces",
            "innodb_checksum_algorithm"}) {
        if (setting.name == fixed && setting.value)
          command.push_back("--" + setting.name + "=" + *setting.value);
      }
    }
    return command;
  }

  std::vector<Setting> settings(const ServerParameters& parameters) const override {
    std::vector<Setting> settings = common_settings(parameters);
    const auto fixed = [&](const char* name, const char* value, const char* why) {
      settings.push_back({name, value, why, true});
    };
    fixed("gtid_strict_mode", "ON", "a replica stops rather than let its binlog differ from the primary's");
    fixed("gtid_domain_id", "0", "one primary, one stream of transactions");
    fixed("log_slave_updates", "ON", "any replica can become primary and feed the others");
    fixed("skip_slave_start", "ON",
          "the agent starts replication, after it has looked whose replica this is");
    fixed("slave_net_timeout", "5",
          "a primary that went away in silence is noticed after 5 s, not after a minute");
    fixed("master_retry_count", "0", "a replica tries for as long as it takes to reach its primary");
    fixed("rpl_semi_sync_master_wait_point", "AFTER_SYNC", "nobody reads what no replica has");
    fixed("rpl_semi_sync_master_timeout", kForever,
          "without an acknowledgement a commit waits; it never goes on alone");
    fixed("rpl_semi_sync_master_wait_no_slave", "ON",
          "without an acknowledgement a commit waits; it never goes on alone");
    if (parameters.small_memory) {
      constexpr const char* kSmall = "little memory, asked for by --small-memory";
      settings.push_back({"innodb_log_file_size", "16M", kSmall, false});
      settings.push_back({"aria_pagecache_buffer_size", "1M", kSmall, false});
      settings.push_back({"query_cache_size", "0", kSmall, false});
    }
    return settings;
  }

  std::span<const RefusedSetting> refused_settings() const override {
    static const std::vector<RefusedSetting> all = [] {
      const auto common = common_refused_settings();
      std::vector<RefusedSetting> list(common.begin(), common.end());
      list.insert(list.end(), std::begin(kMariadbRefused), std::end(kMariadbRefused));
      return list;
    }();
    return all;
  }

  std::string root_user(const std::string& os_user) const override { return os_user; }
  std::vector<std::string> secure_root(const std::string& os_user) const override {
    // mariadb-install-db has left root to the socket and made nobody else; this is for data directories that
    // were made by other means.
    return {"DELETE FROM mysql.global_priv WHERE User = ''",
            "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost'",
            "DROP DATABASE IF EXISTS test",
            "DELETE FROM mysql.db WHERE Db = 'test' OR Db = 'test\\\\_%'",
            "FLUSH PRIVILEGES",
            "ALTER USER " + mysql::quoted_identifier(os_user) + "@localhost IDENTIFIED VIA unix_socket"};
  }

  std::vector<std::string> begin_local_changes() const override { return {"SET SESSION sql_log_bin = OFF"}; }
  std::vector<std::string> end_local_changes() const override { return {}; }
  std::set<std::string> database_privileges() const override {
    std::set<std::string> all = application_privileges();
    all.insert("DELETE HISTORY");
    return all;
  }
  std::vector<AccountSpec> accounts(const std::string& keyspace) const override {
    AccountSpec gate{kGateUser, "%", "gate", "statements of applications, sent by gates"};
    gate.grants = {{{}, "*.*"}, {application_privileges(), database_object(keyspace)}};
    AccountSpec replication{kReplicationUser, "%", "replication", "replicas of this server"};
    replication.grants = {{{"REPLICATION SLAVE"}, "*.*"}};
    AccountSpec agent{kAgentUser, "localhost", "agent", "the agent beside this server"};
    agent.grants = {{{"PROCESS", "RELOAD", "BINLOG MONITOR", "SLAVE MONITOR", "REPLICATION SLAVE ADMIN",
                      "REPLICATION MASTER ADMIN", "READ_ONLY ADMIN", "CONNECTION ADMIN", "BINLOG ADMIN"},
                     "*.*"}};
    add_agent_databases(agent, keyspace);
    AccountSpec monitor{kMonitorUser, "localhost", "monitor", "metrics and health"};
    monitor.grants = {{{"PROCESS", "BINLOG MONITOR", "SLAVE MONITOR"}, "*.*"}};
    return {gate, replication, agent, monitor};
  }

  std::string create_account(const AccountSpec& account, const std::string& password) const override {
    return "CREATE USER " + named(account) + " IDENTIFIED VIA mysql_native_password USING PASSWORD('" +
           password + "')";
  }
  std::string change_password(const AccountSpec& account, const std::string& password) const override {
    return "ALTER USER " + named(account) + " IDENTIFIED VIA mysql_native_password USING PASSWORD('" +
           password + "')";
  }

  ObservationQueries observation_queries() const override {
    return {
        "SELECT @@global.version AS version, @@global.server_id AS server_id, @@global.read_only AS "
        "read_only,"
        " @@global.gtid_binlog_state AS gtid_executed, @@global.gtid_slave_pos AS gtid_slave_pos,"
        " @@global.rpl_semi_sync_master_enabled AS source_enabled,"
        " @@global.rpl_semi_sync_slave_enabled AS replica_enabled",
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Threads_connected', 'Threads_running', "
        "'Questions',"
        " 'Queries', 'Slow_queries', 'Bytes_received', 'Bytes_sent', 'Com_select', 'Com_insert', "
        "'Com_update',"
        " 'Com_delete', 'Com_commit', 'Com_rollback', 'Aborted_connects', 'Innodb_row_lock_waits',"
        " 'Innodb_buffer_pool_reads', 'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_bytes_data',"
        " 'Rpl_semi_sync_master_status', 'Rpl_semi_sync_master_clients', "
        "'Rpl_semi_sync_master_wait_sessions',"
        " 'Rpl_semi_sync_slave_status') OR Variable_name REGEXP '^Com_(create|alter|drop|rename)_'",
        "SHOW SLAVE STATUS"};
  }

  Result<ServerState> parse_observation(const QueryRows& variables, const QueryRows& status,
                                        const QueryRows& replication) const override {
    ServerState state;
    state.version = variables.text(0, "version");
    state.server_id = to_number(variables.text(0, "server_id"));
    state.read_only = to_bool(variables.text(0, "read_only"));
    state.gtid_executed = variables.text(0, "gtid_executed");
    fill_status(state, status);
    state.semi_sync.source_enabled = to_bool(variables.text(0, "source_enabled"));
    state.semi_sync.source_active = to_bool(state.status["rpl_semi_sync_master_status"]);
    state.semi_sync.replicas = to_number(state.status["rpl_semi_sync_master_clients"]);
    state.semi_sync.waiting = to_number(state.status["rpl_semi_sync_master_wait_sessions"]);
    state.semi_sync.replica_enabled = to_bool(variables.text(0, "replica_enabled"));
    state.semi_sync.replica_active = to_bool(state.status["rpl_semi_sync_slave_status"]);
    if (!replication.empty()) {
      state.replication = parse_replication(replication, variables.text(0, "gtid_slave_pos"));
    }
    return state;
  }

  std::string gtid_query() const override { return "SELECT @@global.gtid_binlog_state"; }

  Result<std::string> errant(std::string_view replica, std::string_view source) const override {
    const Result<MariadbGtids> mine = MariadbGtids::parse(replica);
    if (!mine) return failure(mine.error());
    const Result<MariadbGtids> theirs = MariadbGtids::parse(source);
    if (!theirs) return failure(theirs.error());
    return mine->missing_in(*theirs);
  }
  Result<std::uint64_t> transactions(std::string_view gtids) const override {
    const Result<MariadbGtids> set = MariadbGtids::parse(gtids);
    if (!set) return failure(set.error());
    return set->transactions();
  }

  std::vector<std::string> make_read_only() const override { return {"SET GLOBAL read_only = ON"}; }
  std::vector<std::string> make_writable() const override { return {"SET GLOBAL read_only = OFF"}; }
  std::vector<std::string> semi_sync_source(bool on) const override {
    return {std::string("SET GLOBAL rpl_semi_sync_master_enabled = ") + (on ? "ON" : "OFF")};
  }
  std::vector<std::string> semi_sync_replica(bool on) const override {
    return {std::string("SET GLOBAL rpl_semi_sync_slave_enabled = ") + (on ? "ON" : "OFF")};
  }
  std::vector<std::string> stop_receiving() const override { return {"STOP SLAVE IO_THREAD"}; }
  std::vector<std::string> start_replication() const override { return {"START SLAVE"}; }
  std::vector<std::string> stop_replication() const override { return {"STOP SLAVE"}; }
  std::vector<std::string> forget_source() const override { return {"STOP SLAVE", "RESET SLAVE ALL"}; }

  std::vector<std::string> attach(const ReplicationSource& source, const std::string& password,
                                  bool was_primary) const override {
    std::string change =
        "CHANGE MASTER TO MASTER_HOST = " + mysql::quoted(source.host) +
        ", MASTER_PORT = " + std::to_string(source.port) + ", MASTER_USER = '" + kReplicationUser +
        "', MASTER_PASSWORD = '" + password +
        "', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 1";
    if (was_primary) change += ", MASTER_DEMOTE_TO_SLAVE = 1";
    return {"STOP SLAVE", std::move(change), "START SLAVE"};
  }

  bool shutdown_acknowledges() const override { return false; }
  bool source_purged(int io_errno, std::string_view io_error) const override {
    return io_errno == 1236 && (io_error.find("purged") != std::string_view::npos ||
                                io_error.find("not in the master's binlog") != std::string_view::npos ||
                                io_error.find("Could not find GTID state") != std::string_view::npos);
  }

 private:
  static std::string named(const AccountSpec& account) {
    return "'" + account.user + "'@'" + account.host + "'";
  }

  static ReplicationState parse_replication(const QueryRows& rows, const std::string& applied) {
    ReplicationState state;
    state.source_host = rows.text(0, "Master_Host");
    state.source_port = static_cast<std::uint16_t>(to_number(rows.text(0, "Master_Port")));
    state.source_user = rows.text(0, "Master_User");
    state.by_gtid = rows.text(0, "Using_Gtid") == "Slave_Pos";
    state.io_thread = to_thread_state(rows.text(0, "Slave_IO_Running"));
    state.sql_thread = to_thread_state(rows.text(0, "Slave_SQL_Running"));
    state.io_errno = static_cast<int>(to_number(rows.text(0, "Last_IO_Errno")));
    state.io_error = rows.text(0, "Last_IO_Error");
    state.sql_errno = static_cast<int>(to_number(rows.text(0, "Last_SQL_Errno")));
    state.sql_error = rows.text(0, "Last_SQL_Error");
    if (const auto behind = rows.value(0, "Seconds_Behind_Master")) state.seconds_behind = to_number(*behind);
    state.applied_all = rows.text(0, "Gtid_IO_Pos") == applied;
    return state;
  }
};

}  // namespace

const Flavour& mariadb_flavour() {
  static const Mariadb flavour;
  return flavour;
}

}  // namespace kintsugi::tablet
