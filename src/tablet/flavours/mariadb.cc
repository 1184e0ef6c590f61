#include <algorithm>
#include <istream>

#include "mysql/gtid.h"
#include "mysql/quote.h"
#include "tablet/errors.h"
#include "tablet/flavours/common.h"
#include "tablet/flavours/common_flavour.h"

namespace kintsugi::tablet {
namespace {

/// Can't be changed once the data directory is there.
constexpr std::string_view kLasting[] = {"innodb_page_size", "lower_case_table_names",
                                         "innodb_data_file_path", "innodb_undo_tablespaces",
                                         "innodb_checksum_algorithm"};

/// A binlog's file begins with its format, the key it is encrypted with if it is, and the list of GTIDs.
constexpr int kHeaderEvents = 3;

/// What an answer of SHOW BINLOG EVENTS says a file begins after: "0-101-7,0-102-8".
std::string listed_gtids(const QueryRows& events) {
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    if (events.text(row, "Event_type") != "Gtid_list") continue;
    std::string info = events.text(row, "Info");
    std::erase_if(info, [](char c) { return c == '[' || c == ']' || c == ' '; });
    return info;
  }
  return "";
}

class Mariadb final : public CommonFlavour {
 public:
  Mariadb() : CommonFlavour({"master", "slave"}) {}

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
    add_lasting_settings(command, request.user_settings, kLasting);
    return command;
  }

  std::vector<std::string> initialise_statements(const std::string&) const override { return {}; }

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
  std::string identified_by(const std::string& password) const override {
    return "IDENTIFIED VIA mysql_native_password USING PASSWORD('" + password + "')";
  }

  std::string gtid_query() const override { return "SELECT @@global.gtid_binlog_state"; }
  Result<std::string> errant(std::string_view replica, std::string_view source) const override {
    return difference<mysql::MariadbGtids>(replica, source);
  }
  Result<std::uint64_t> transactions(std::string_view gtids) const override {
    return count_transactions<mysql::MariadbGtids>(gtids);
  }

  std::vector<std::string> make_read_only() const override { return {"SET GLOBAL read_only = ON"}; }
  std::vector<std::string> former_primary_options() const override { return {"--init-rpl-role=SLAVE"}; }
  bool own_only(std::string_view errant, const ServerState& server) const override {
    const Result<mysql::MariadbGtids> gtids = mysql::MariadbGtids::parse(errant);
    return gtids && std::ranges::all_of(gtids->tails_beyond({}), [&](const mysql::MariadbGtids::Tail& tail) {
             return tail.server == server.server_id;
           });
  }

  Result<std::vector<std::vector<std::string>>> save_commands(std::string_view replica,
                                                              std::string_view source) const override {
    const Result<mysql::MariadbGtids> ours = mysql::MariadbGtids::parse(replica);
    if (!ours) return failure(ours.error());
    const Result<mysql::MariadbGtids> theirs = mysql::MariadbGtids::parse(source);
    if (!theirs) return failure(theirs.error());
    std::vector<std::vector<std::string>> commands;
    for (const mysql::MariadbGtids::Tail& tail : ours->tails_beyond(*theirs)) {
      commands.push_back(
          {"mariadb-binlog", "--no-defaults", "--verbose", "--do-server-ids=" + std::to_string(tail.server)});
      if (tail.after != 0) {
        commands.back().push_back("--start-position=" + std::to_string(tail.domain) + '-' +
                                  std::to_string(tail.server) + '-' + std::to_string(tail.after));
      }
    }
    return commands;
  }
  std::vector<std::string> print_binlog_command() const override {
    return {"mariadb-binlog", "--no-defaults"};
  }
  Result<std::string> executed_in(std::istream& printed) const override {
    // "#261127 11:21:20 server id 7  end_log_pos 299 CRC32 0x2f01e204 	Gtid list [0-1-5,", "# 0-2-7]", and
    // then "#…	GTID 0-7-4 trans".
    constexpr std::string_view kList = "\tGtid list [", kOne = "\tGTID ";
    std::string executed;
    bool known = false, in_list = false;
    for (std::string line; std::getline(printed, line);) {
      if (!line.starts_with('#')) continue;
      const std::size_t list = line.find(kList), one = line.find(kOne);
      if (in_list || list != std::string::npos) {
        const std::string part = line.substr(in_list ? 2 : list + kList.size());
        executed += part.substr(0, part.find(']'));
        known = true;
        in_list = part.find(']') == std::string::npos;
      } else if (one != std::string::npos) {
        const std::string gtid = line.substr(one + kOne.size());
        executed += (executed.empty() ? "" : ",") + gtid.substr(0, gtid.find(' '));
      }
    }
    if (!known) return failure(kCopyFailed, "the binlog does not say what was executed before it");
    const Result<mysql::MariadbGtids> set = mysql::MariadbGtids::parse(executed);
    if (!set) return failure(set.error());
    return set->text();
  }
  bool wants_older_binlog(std::string_view said) const override {
    return said.find("Binary logs are missing data") != std::string_view::npos;
  }
  std::vector<std::string> copy_command(const CopyRequest& request) const override {
    return {"mariadb-backup",
            "--defaults-file=" + request.my_cnf,
            "--backup",
            "--stream=xbstream",
            "--parallel=2",
            "--user=" + request.os_user,
            "--socket=" + request.socket,
            "--datadir=" + request.data_dir,
            "--target-dir=" + request.tmp_dir,
            "--extra-lsndir=" + request.tmp_dir};
  }
  std::vector<std::string> unpack_command(const std::string& folder) const override {
    return {"mbstream", "-x", "-C", folder};
  }
  std::vector<std::string> prepare_command(const std::string& folder) const override {
    return {"mariadb-backup", "--no-defaults", "--prepare", "--target-dir=" + folder};
  }
  std::vector<std::string> fetch_statements(const ReplicationSource&, const std::string&,
                                            const std::string&) const override {
    return {};
  }
  std::string fetched_query() const override { return ""; }
  std::string position_file() const override { return "xtrabackup_info"; }
  Result<std::vector<std::string>> position_queries(std::string_view info) const override {
    // "binlog_pos = filename 'binlog.000002', position '47541', GTID of the last change '0-102-8'". Its GTID
    // is not used: on a replica that is in the middle of an XA statement it is the one before, for such a
    // statement is in the engine and the binlog before it is in gtid_slave_pos.
    constexpr std::string_view kFile = "\nbinlog_pos = filename '", kPosition = "', position '";
    const std::size_t file = info.find(kFile);
    const std::size_t position = file == std::string_view::npos ? file : info.find(kPosition, file);
    const std::size_t end =
        position == std::string_view::npos ? position : info.find('\'', position + kPosition.size());
    if (end == std::string_view::npos)
      return failure(kCopyFailed,
                     "the copy does not say where it stands in the binlog: '" + std::string(info) + "'");
    const std::string name = mysql::quoted(info.substr(file + kFile.size(), position - file - kFile.size()));
    const std::string_view offset =
        info.substr(position + kPosition.size(), end - position - kPosition.size());
    if (offset.empty() || offset.find_first_not_of("0123456789") != std::string_view::npos)
      return failure(kCopyFailed,
                     "the copy stands at no position of the binlog: '" + std::string(offset) + "'");
    return std::vector{"SELECT BINLOG_GTID_POS(" + name + ", " + std::string(offset) + ")",
                       "SHOW BINLOG EVENTS IN " + name + " LIMIT " + std::to_string(kHeaderEvents)};
  }
  Result<std::string> copied_gtids(std::span<const QueryRows> answers,
                                   std::string_view source_later) const override {
    if (answers.size() != 2 || answers[0].empty() || !answers[0].rows[0][0])
      return failure(kCopyFailed, "the server no longer knows the place in its binlog where its copy stands");
    // BINLOG_GTID_POS goes by what the file begins with, the last of each server, and of these it may take
    // one that is not the last of its domain: so it does where the binlog was begun with a state of
    // another's. What the file has of the domain comes after all of these, so the highest of them all is
    // right.
    std::string position = *answers[0].rows[0][0];
    const std::string list = listed_gtids(answers[1]);
    if (!position.empty() && !list.empty()) position += ',';
    const Result<mysql::MariadbGtids> then = mysql::MariadbGtids::parse(position + list);
    if (!then) return failure(then.error());
    const Result<mysql::MariadbGtids> later = mysql::MariadbGtids::parse(source_later);
    if (!later) return failure(later.error());
    return later->as_of(*then).text();
  }
  std::vector<std::string> adopt_copy(const std::string& gtids) const override {
    return {"RESET MASTER", "SET GLOBAL gtid_binlog_state = " + mysql::quoted(gtids),
            take_position(gtids).front()};
  }
  bool shutdown_acknowledges() const override { return false; }
  std::vector<std::string> before_shutdown() const override { return {}; }
  bool source_purged(int io_errno, std::string_view io_error) const override {
    return io_errno == 1236 && (io_error.find("purged") != std::string_view::npos ||
                                io_error.find("not in the master's binlog") != std::string_view::npos ||
                                io_error.find("Could not find GTID state") != std::string_view::npos);
  }

 private:
  std::vector<Setting> own_settings(const ServerParameters& parameters) const override {
    std::vector<Setting> settings = {
        {"gtid_strict_mode", "ON", "a replica stops rather than let its binlog differ from the primary's",
         true},
        {"gtid_domain_id", "0", "one primary, one stream of transactions", true},
        {"master_retry_count", "0", "a replica tries for as long as it takes to reach its primary", true}};
    if (parameters.small_memory) {
      constexpr const char* kSmall = "little memory, asked for by --small-memory";
      settings.push_back({"innodb_log_file_size", "16M", kSmall});
      settings.push_back({"aria_pagecache_buffer_size", "1M", kSmall});
      settings.push_back({"query_cache_size", "0", kSmall});
    }
    return settings;
  }

  std::vector<RefusedSetting> own_refused_settings() const override {
    return {{"unix_socket", "root logs in by nothing else"},
            {"wsrep_on", "Galera does not know XA and has its own replication"},
            {"init_rpl_role", "it cuts acknowledged transactions off a primary's binlog"}};
  }

  const char* longest_wait_ms() const override { return "18446744073709551615"; }

  std::set<std::string> agent_privileges() const override {
    return {"RELOAD",          "BINLOG MONITOR",          "SLAVE MONITOR", "REPLICATION SLAVE ADMIN",
            "READ_ONLY ADMIN", "REPLICATION MASTER ADMIN"};
  }
  std::set<std::string> monitor_privileges() const override {
    return {"PROCESS", "BINLOG MONITOR", "SLAVE MONITOR"};
  }

  std::string own_variables() const override {
    // In this order: what is applied by then is in the binlog's state, which is looked at later and told.
    return "@@global.read_only AS read_only, @@global.gtid_slave_pos AS gtid_slave_pos, "
           "@@global.gtid_binlog_state AS gtid_executed";
  }
  Result<void> parse_gtids(const QueryRows& variables, const QueryRows& replication,
                           ReplicationState& state) const override {
    state.by_gtid = replication.text(0, "Using_Gtid") == "Slave_Pos";
    state.applied_all = replication.text(0, "Gtid_IO_Pos") == variables.text(0, "gtid_slave_pos");
    const auto position = mysql::MariadbGtids::parse(variables.text(0, "gtid_slave_pos"));
    const auto binlog = mysql::MariadbGtids::parse(variables.text(0, "gtid_executed"));
    state.position_behind_binlog = position && binlog && position->transactions() < binlog->transactions();
    return {};
  }

  std::string change_source() const override { return "CHANGE MASTER TO"; }
  std::string change_source_options() const override { return "MASTER_USE_GTID = slave_pos"; }
  std::vector<std::string> take_position(const std::string& executed) const override {
    const Result<mysql::MariadbGtids> set = mysql::MariadbGtids::parse(executed);
    return {"SET GLOBAL gtid_slave_pos = " + mysql::quoted(set ? set->last_of_each_domain() : executed)};
  }
};

}  // namespace

const Flavour& mariadb_flavour() {
  static const Mariadb flavour;
  return flavour;
}

}  // namespace kintsugi::tablet
