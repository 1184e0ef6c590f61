#include "mysql/quote.h"
#include "tablet/errors.h"
#include "tablet/flavours/common.h"
#include "tablet/gtid.h"

namespace kintsugi::tablet {
namespace {

/// The longest a commit can be told to wait, in ms (the variable has 32 bits): 49 days.
constexpr const char* kForever = "4294967295";

constexpr RefusedSetting kMysqlRefused[] = {
    {"rpl_semi_sync_source_enabled", "the agent decides when commits wait"},
    {"rpl_semi_sync_replica_enabled", "the agent decides who acknowledges"},
    {"rpl_semi_sync_master_enabled", "the agent decides when commits wait"},
    {"rpl_semi_sync_slave_enabled", "the agent decides who acknowledges"},
    {"offline_mode", "gates and replicas could not log in"},
    {"mysqlx", "a second port into the server would go past the gates' accounts"},
};

class Mysql final : public Flavour {
 public:
  std::string_view name() const override { return "mysql"; }
  std::vector<std::string> programs() const override { return {"mysqld"}; }

  Result<void> check_version(std::string_view text) const override {
    const auto version = parse_version(text);
    // 8.0.26 is the first that knows the words "source" and "replica" everywhere.
    if (text.find("MariaDB") != std::string_view::npos || !version || *version < VersionNumber{8, 0, 26}) {
      return failure(kUnsupportedServer,
                     "the server says it is '" + std::string(text) + "', not MySQL 8.0.26 or later");
    }
    return {};
  }

  std::vector<std::string> initialise_command(const InitialiseRequest& request) const override {
    // The empty password of root ends before anybody else can log in: see secure_root.
    std::vector<std::string> command = {request.program, "--no-defaults", "--initialize-insecure",
                                        "--datadir=" + request.data_dir, "--tmpdir=" + request.tmp_dir};
    if (request.run_as_root) command.push_back("--user=root");
    for (const UserSetting& setting : request.user_settings) {
      for (const std::string_view fixed :
           {"innodb_page_size", "lower_case_table_names", "innodb_data_file_path", "basedir", "plugin_dir",
            "lc_messages_dir", "character_sets_dir"}) {
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
    fixed("super_read_only", "ON", "a server starts as nobody's primary, and root is no exception");
    fixed("gtid_mode", "ON", "replicas find their place in any primary's binlog by themselves");
    fixed("enforce_gtid_consistency", "ON", "every transaction has one GTID");
    fixed("log_replica_updates", "ON", "any replica can become primary and feed the others");
    fixed("skip_replica_start", "ON",
          "the agent starts replication, after it has looked whose replica this is");
    fixed("replica_net_timeout", "5",
          "a primary that went away in silence is noticed after 5 s, not after a minute");
    fixed("plugin_load", "semisync_source.so;semisync_replica.so;auth_socket.so",
          "semi-synchronous replication, and root's login over the unix socket");
    fixed("rpl_semi_sync_source_wait_point", "AFTER_SYNC", "nobody reads what no replica has");
    fixed("rpl_semi_sync_source_timeout", kForever,
          "without an acknowledgement a commit waits; it never goes on alone");
    fixed("rpl_semi_sync_source_wait_no_replica", "ON",
          "without an acknowledgement a commit waits; it never goes on alone");
    fixed("mysqlx", "OFF", "a second port into the server would go past the gates' accounts");
    if (parameters.small_memory) {
      settings.push_back(
          {"innodb_redo_log_capacity", "32M", "little memory, asked for by --small-memory", false});
    }
    return settings;
  }

  std::span<const RefusedSetting> refused_settings() const override {
    static const std::vector<RefusedSetting> all = [] {
      const auto common = common_refused_settings();
      std::vector<RefusedSetting> list(common.begin(), common.end());
      list.insert(list.end(), std::begin(kMysqlRefused), std::end(kMysqlRefused));
      return list;
    }();
    return all;
  }

  std::string root_user(const std::string&) const override { return "root"; }
  std::vector<std::string> secure_root(const std::string& os_user) const override {
    return {"DROP USER IF EXISTS ''@localhost", "DROP USER IF EXISTS root@'%'",
            "DROP DATABASE IF EXISTS test",
            "ALTER USER root@localhost IDENTIFIED WITH auth_socket AS " + mysql::quoted(os_user)};
  }

  // super_read_only stops root too; whoever else could write meanwhile is still stopped by read_only. A
  // primary is neither and stays what it is: the second statement does nothing there.
  std::vector<std::string> begin_local_changes() const override {
    return {"SET SESSION sql_log_bin = OFF", "SET @kintsugi_was_read_only = @@global.super_read_only",
            "SET GLOBAL super_read_only = OFF"};
  }
  std::vector<std::string> end_local_changes() const override {
    return {"SET GLOBAL super_read_only = @kintsugi_was_read_only"};
  }
  std::set<std::string> database_privileges() const override { return application_privileges(); }
  std::vector<AccountSpec> accounts(const std::string& keyspace) const override {
    AccountSpec gate{kGateUser, "%", "gate", "statements of applications, sent by gates"};
    gate.grants = {{{}, "*.*"}, {application_privileges(), database_object(keyspace)}};
    AccountSpec replication{kReplicationUser, "%", "replication", "replicas of this server"};
    replication.grants = {{{"REPLICATION SLAVE"}, "*.*"}};
    AccountSpec agent{kAgentUser, "localhost", "agent", "the agent beside this server"};
    agent.grants = {{{"PROCESS", "RELOAD", "REPLICATION CLIENT", "REPLICATION_SLAVE_ADMIN",
                      "SYSTEM_VARIABLES_ADMIN", "CONNECTION_ADMIN"},
                     "*.*"}};
    add_agent_databases(agent, keyspace);
    AccountSpec monitor{kMonitorUser, "localhost", "monitor", "metrics and health"};
    monitor.grants = {{{"PROCESS", "REPLICATION CLIENT"}, "*.*"}};
    return {gate, replication, agent, monitor};
  }

  std::string create_account(const AccountSpec& account, const std::string& password) const override {
    return "CREATE USER " + named(account) + " IDENTIFIED WITH caching_sha2_password BY '" + password + "'";
  }
  std::string change_password(const AccountSpec& account, const std::string& password) const override {
    return "ALTER USER " + named(account) + " IDENTIFIED WITH caching_sha2_password BY '" + password + "'";
  }

  ObservationQueries observation_queries() const override {
    return {
        "SELECT @@global.version AS version, @@global.server_id AS server_id,"
        " @@global.read_only OR @@global.super_read_only AS read_only, @@global.gtid_executed AS "
        "gtid_executed,"
        " @@global.rpl_semi_sync_source_enabled AS source_enabled,"
        " @@global.rpl_semi_sync_replica_enabled AS replica_enabled",
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Threads_connected', 'Threads_running', "
        "'Questions',"
        " 'Queries', 'Slow_queries', 'Bytes_received', 'Bytes_sent', 'Com_select', 'Com_insert', "
        "'Com_update',"
        " 'Com_delete', 'Com_commit', 'Com_rollback', 'Aborted_connects', 'Innodb_row_lock_waits',"
        " 'Innodb_buffer_pool_reads', 'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_bytes_data',"
        " 'Rpl_semi_sync_source_status', 'Rpl_semi_sync_source_clients', "
        "'Rpl_semi_sync_source_wait_sessions',"
        " 'Rpl_semi_sync_replica_status') OR Variable_name REGEXP '^Com_(create|alter|drop|rename)_'",
        "SHOW REPLICA STATUS"};
  }

  Result<ServerState> parse_observation(const QueryRows& variables, const QueryRows& status,
                                        const QueryRows& replication) const override {
    ServerState state;
    state.version = variables.text(0, "version");
    state.server_id = to_number(variables.text(0, "server_id"));
    state.read_only = to_bool(variables.text(0, "read_only"));
    state.gtid_executed = variables.text(0, "gtid_executed");
    std::erase(state.gtid_executed, '\n');
    fill_status(state, status);
    state.semi_sync.source_enabled = to_bool(variables.text(0, "source_enabled"));
    state.semi_sync.source_active = to_bool(state.status["rpl_semi_sync_source_status"]);
    state.semi_sync.replicas = to_number(state.status["rpl_semi_sync_source_clients"]);
    state.semi_sync.waiting = to_number(state.status["rpl_semi_sync_source_wait_sessions"]);
    state.semi_sync.replica_enabled = to_bool(variables.text(0, "replica_enabled"));
    state.semi_sync.replica_active = to_bool(state.status["rpl_semi_sync_replica_status"]);
    if (!replication.empty()) {
      Result<ReplicationState> parsed = parse_replication(replication);
      if (!parsed) return failure(std::move(parsed.error()));
      state.replication = std::move(*parsed);
    }
    return state;
  }

  std::string gtid_query() const override { return "SELECT @@global.gtid_executed"; }

  Result<std::string> errant(std::string_view replica, std::string_view source) const override {
    const Result<MysqlGtids> mine = MysqlGtids::parse(replica);
    if (!mine) return failure(mine.error());
    const Result<MysqlGtids> theirs = MysqlGtids::parse(source);
    if (!theirs) return failure(theirs.error());
    return mine->missing_in(*theirs);
  }
  Result<std::uint64_t> transactions(std::string_view gtids) const override {
    const Result<MysqlGtids> set = MysqlGtids::parse(gtids);
    if (!set) return failure(set.error());
    return set->transactions();
  }

  std::vector<std::string> make_read_only() const override { return {"SET GLOBAL super_read_only = ON"}; }
  std::vector<std::string> make_writable() const override { return {"SET GLOBAL read_only = OFF"}; }
  std::vector<std::string> semi_sync_source(bool on) const override {
    return {std::string("SET GLOBAL rpl_semi_sync_source_enabled = ") + (on ? "ON" : "OFF")};
  }
  std::vector<std::string> semi_sync_replica(bool on) const override {
    return {std::string("SET GLOBAL rpl_semi_sync_replica_enabled = ") + (on ? "ON" : "OFF")};
  }
  std::vector<std::string> stop_receiving() const override { return {"STOP REPLICA IO_THREAD"}; }
  std::vector<std::string> start_replication() const override { return {"START REPLICA"}; }
  std::vector<std::string> stop_replication() const override { return {"STOP REPLICA"}; }
  std::vector<std::string> forget_source() const override { return {"STOP REPLICA", "RESET REPLICA ALL"}; }

  std::vector<std::string> attach(const ReplicationSource& source, const std::string& password,
                                  bool) const override {
    return {"STOP REPLICA",
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST = " + mysql::quoted(source.host) +
                ", SOURCE_PORT = " + std::to_string(source.port) + ", SOURCE_USER = '" + kReplicationUser +
                "', SOURCE_PASSWORD = '" + password +
                "', SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 0,"
                " SOURCE_HEARTBEAT_PERIOD = 1, GET_SOURCE_PUBLIC_KEY = 1",
            "START REPLICA"};
  }

  bool shutdown_acknowledges() const override { return true; }
  bool source_purged(int io_errno, std::string_view io_error) const override {
    return io_errno == 13114 || (io_errno == 1236 && io_error.find("purged") != std::string_view::npos);
  }

 private:
  static std::string named(const AccountSpec& account) {
    return "'" + account.user + "'@'" + account.host + "'";
  }

  static Result<ReplicationState> parse_replication(const QueryRows& rows) {
    ReplicationState state;
    state.source_host = rows.text(0, "Source_Host");
    state.source_port = static_cast<std::uint16_t>(to_number(rows.text(0, "Source_Port")));
    state.source_user = rows.text(0, "Source_User");
    state.by_gtid = to_bool(rows.text(0, "Auto_Position"));
    state.io_thread = to_thread_state(rows.text(0, "Replica_IO_Running"));
    state.sql_thread = to_thread_state(rows.text(0, "Replica_SQL_Running"));
    state.io_errno = static_cast<int>(to_number(rows.text(0, "Last_IO_Errno")));
    state.io_error = rows.text(0, "Last_IO_Error");
    state.sql_errno = static_cast<int>(to_number(rows.text(0, "Last_SQL_Errno")));
    state.sql_error = rows.text(0, "Last_SQL_Error");
    if (const auto behind = rows.value(0, "Seconds_Behind_Source")) state.seconds_behind = to_number(*behind);
    const Result<MysqlGtids> received = MysqlGtids::parse(rows.text(0, "Retrieved_Gtid_Set"));
    if (!received) return failure(received.error());
    const Result<MysqlGtids> executed = MysqlGtids::parse(rows.text(0, "Executed_Gtid_Set"));
    if (!executed) return failure(executed.error());
    state.applied_all = received->missing_in(*executed).empty();
    return state;
  }
};

}  // namespace

const Flavour& mysql_flavour() {
  static const Mysql flavour;
  return flavour;
}

}  // namespace kintsugi::tablet
