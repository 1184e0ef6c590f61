#include <algorithm>
#include <istream>

#include "mysql/gtid.h"
#include "mysql/quote.h"
#include "tablet/errors.h"
#include "tablet/flavours/common.h"
#include "tablet/flavours/common_flavour.h"

namespace kintsugi::tablet {
namespace {

/// Can't be changed once the data directory is there, or say where the server's own files are.
constexpr std::string_view kLasting[] = {
    "innodb_page_size", "lower_case_table_names", "innodb_data_file_path", "basedir",
    "plugin_dir",       "lc_messages_dir",        "character_sets_dir"};

class Mysql final : public CommonFlavour {
 public:
  Mysql() : CommonFlavour({"source", "replica"}) {}

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
    std::vector<std::string> command = {
        request.program, "--no-defaults", "--initialize-insecure", "--datadir=" + request.data_dir,
        "--tmpdir=" + request.tmp_dir, "--init-file=" + request.init_file, "--secure-file-priv=NULL",
        // The server makes it larger when its settings say so. Known from 8.0.30 on.
        "--loose-innodb-redo-log-capacity=16M"};
    if (request.run_as_root) command.push_back("--user=root");
    add_lasting_settings(command, request.user_settings, kLasting);
    return command;
  }

  std::vector<std::string> initialise_statements(const std::string& os_user) const override {
    // Root has an empty password until here, and the server listens only later. By hand, since the plugin is
    // not loaded yet.
    return {"UPDATE mysql.user SET plugin = 'auth_socket', authentication_string = " +
            mysql::quoted(os_user) + " WHERE User = 'root'"};
  }

  std::string root_user(const std::string&) const override { return "root"; }
  std::vector<std::string> secure_root(const std::string& os_user) const override {
    return {"DROP USER IF EXISTS ''@localhost", "DROP USER IF EXISTS root@'%'",
            "DROP DATABASE IF EXISTS test",
            "ALTER USER root@localhost IDENTIFIED WITH auth_socket AS " + mysql::quoted(os_user)};
  }

  // super_read_only stops root too; whoever else could write meanwhile is still stopped by read_only. On a
  // primary, where neither is on, nothing changes. What an agent that died in between has left is put right
  // by the next, since the second depends on nothing that was remembered.
  std::vector<std::string> begin_local_changes() const override {
    return {"SET SESSION sql_log_bin = OFF", "SET GLOBAL super_read_only = OFF"};
  }
  std::vector<std::string> end_local_changes() const override {
    return {"SET GLOBAL super_read_only = @@global.read_only"};
  }
  std::set<std::string> database_privileges() const override { return application_privileges(); }
  std::string identified_by(const std::string& password) const override {
    return "IDENTIFIED WITH caching_sha2_password BY '" + password + "'";
  }

  std::string gtid_query() const override { return "SELECT @@global.gtid_executed"; }
  Result<std::string> errant(std::string_view replica, std::string_view source) const override {
    return difference<mysql::MysqlGtids>(replica, source);
  }
  Result<std::uint64_t> transactions(std::string_view gtids) const override {
    return count_transactions<mysql::MysqlGtids>(gtids);
  }

  std::vector<std::string> make_read_only() const override { return {"SET GLOBAL super_read_only = ON"}; }
  std::vector<std::string> former_primary_options() const override { return {}; }
  bool own_only(std::string_view errant, const ServerState& server) const override {
    const Result<mysql::MysqlGtids> gtids = mysql::MysqlGtids::parse(errant);
    return gtids && gtids->all_from(server.server_uuid);
  }

  Result<std::vector<std::vector<std::string>>> save_commands(std::string_view replica,
                                                              std::string_view source) const override {
    Result<std::string> missing = difference<mysql::MysqlGtids>(replica, source);
    if (!missing) return failure(std::move(missing.error()));
    if (missing->empty()) return std::vector<std::vector<std::string>>();
    return std::vector<std::vector<std::string>>{
        {"mysqlbinlog", "--no-defaults", "--verbose", "--include-gtids=" + *missing}};
  }
  std::vector<std::string> print_binlog_command() const override { return {"mysqlbinlog", "--no-defaults"}; }
  Result<std::string> executed_in(std::istream& printed) const override {
    // "#… 	Previous-GTIDs", "# 3e11…:1-5,", "# 7a2b…:1", and then "SET @@SESSION.GTID_NEXT=
    // '3e11…:6'/*!*/;".
    constexpr std::string_view kOne = "SET @@SESSION.GTID_NEXT= '";
    std::string executed;
    bool known = false, in_list = false;
    for (std::string line; std::getline(printed, line);) {
      if (in_list) {
        in_list = line.ends_with(',');
        if (line != "# [empty]") executed += line.substr(std::min<std::size_t>(line.size(), 2));
      } else if (line.ends_with("\tPrevious-GTIDs")) {
        known = in_list = true;
      } else if (line.starts_with(kOne) && line.find(':') != std::string::npos) {
        executed += (executed.empty() ? "" : ",") +
                    line.substr(kOne.size(), line.find('\'', kOne.size()) - kOne.size());
      }
    }
    if (!known) return failure(kCopyFailed, "the binlog does not say what was executed before it");
    return executed;
  }
  bool wants_older_binlog(std::string_view) const override { return false; }
  std::vector<std::string> copy_command(const CopyRequest&) const override { return {}; }
  std::vector<std::string> unpack_command(const std::string&) const override { return {}; }
  std::vector<std::string> prepare_command(const std::string&) const override { return {}; }
  std::vector<std::string> fetch_statements(const ReplicationSource& from, const std::string& password,
                                            const std::string& folder) const override {
    const std::string port = std::to_string(from.port);
    return {"SET GLOBAL clone_valid_donor_list = " + mysql::quoted(from.host + ':' + port),
            "CLONE INSTANCE FROM " + std::string(kReplicationUser) + '@' + mysql::quoted(from.host) + ':' +
                port + " IDENTIFIED BY '" + password + "' DATA DIRECTORY = " + mysql::quoted(folder)};
  }
  std::string fetched_query() const override {
    return "SELECT COALESCE(SUM(data), 0) FROM performance_schema.clone_progress";
  }
  std::string position_file() const override { return ""; }
  Result<std::vector<std::string>> position_queries(std::string_view) const override {
    return std::vector<std::string>();
  }
  Result<std::string> copied_gtids(std::span<const QueryRows>, std::string_view) const override { return ""; }
  std::vector<std::string> adopt_copy(const std::string&) const override {
    // The other's place as a replica came with the data, and its relay logs did not.
    return {"RESET REPLICA ALL"};
  }
  bool shutdown_acknowledges() const override { return true; }
  std::vector<std::string> before_shutdown() const override {
    // The server waits for its own scheduler, in vain, for 8 s if a replica is connected.
    return {"SET GLOBAL event_scheduler = OFF"};
  }
  bool source_purged(int io_errno, std::string_view io_error) const override {
    return io_errno == 13114 || (io_errno == 1236 && io_error.find("purged") != std::string_view::npos);
  }

 private:
  std::vector<Setting> own_settings(const ServerParameters& parameters) const override {
    std::vector<Setting> settings = {
        {"super_read_only", "ON", "a server starts as nobody's primary, and root is no exception", true},
        {"gtid_mode", "ON", "replicas find their place in any primary's binlog by themselves", true},
        {"enforce_gtid_consistency", "ON", "every transaction has one GTID", true},
        {"plugin_load", "semisync_source.so;semisync_replica.so;auth_socket.so;mysql_clone.so",
         "semi-synchronous replication, root's login over the unix socket, and copies of the data", true},
        {"mysqlx", "OFF", "a second port into the server would go past the gates' accounts", true},
        {"secure_file_priv", "NULL",
         "statements read and write no files of the host; the built-in folder is not there everywhere"}};
    if (parameters.small_memory) {
      settings.push_back(
          {"loose_innodb_redo_log_capacity", "32M", "little memory, asked for by --small-memory"});
    }
    return settings;
  }

  std::vector<RefusedSetting> own_refused_settings() const override {
    return {{"offline_mode", "gates and replicas could not log in"}};
  }

  /// The variable has 32 bits: 49 days.
  const char* longest_wait_ms() const override { return "4294967295"; }

  std::set<std::string> agent_privileges() const override {
    return {"RELOAD", "XA_RECOVER_ADMIN", "REPLICATION CLIENT", "REPLICATION_SLAVE_ADMIN",
            "SYSTEM_VARIABLES_ADMIN"};
  }
  std::set<std::string> monitor_privileges() const override { return {"PROCESS", "REPLICATION CLIENT"}; }
  /// The second for CLONE.
  std::set<std::string> replication_privileges() const override {
    return {"REPLICATION SLAVE", "BACKUP_ADMIN"};
  }

  std::string own_variables() const override {
    return "@@global.read_only OR @@global.super_read_only AS read_only, "
           "@@global.gtid_executed AS gtid_executed, @@global.server_uuid AS server_uuid";
  }
  Result<void> parse_gtids(const QueryRows& variables, const QueryRows& replication,
                           ReplicationState& state) const override {
    state.by_gtid = to_bool(replication.text(0, "Auto_Position"));
    // Not Executed_Gtid_Set: more may be applied by then than what is told as executed has.
    const Result<std::string> left = difference<mysql::MysqlGtids>(replication.text(0, "Retrieved_Gtid_Set"),
                                                                   variables.text(0, "gtid_executed"));
    if (!left) return failure(left.error());
    state.applied_all = left->empty();
    return {};
  }

  std::string change_source() const override { return "CHANGE REPLICATION SOURCE TO"; }
  std::vector<std::string> take_position(const std::string&) const override { return {}; }
  std::string change_source_options() const override {
    return "SOURCE_AUTO_POSITION = 1, SOURCE_RETRY_COUNT = 0, GET_SOURCE_PUBLIC_KEY = 1";
  }
};

}  // namespace

const Flavour& mysql_flavour() {
  static const Mysql flavour;
  return flavour;
}

}  // namespace kintsugi::tablet
