#include "tablet/flavours/common_flavour.h"

#include <algorithm>

#include <fmt/format.h>

#include "mysql/quote.h"
#include "tablet/flavours/common.h"

namespace kintsugi::tablet {
namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string title(const std::string& text) { return upper(text.substr(0, 1)) + text.substr(1); }

const char* on_or_off(bool on) { return on ? "ON" : "OFF"; }

/// What metrics and health look at, under the same name in both.
constexpr const char* kStatus =
    "'Uptime', 'Threads_connected', 'Threads_running', 'Questions', 'Queries', 'Slow_queries', "
    "'Bytes_received', 'Bytes_sent', 'Com_select', 'Com_insert', 'Com_update', 'Com_delete', 'Com_commit', "
    "'Com_rollback', 'Aborted_connects', 'Innodb_row_lock_waits', 'Innodb_buffer_pool_reads', "
    "'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_bytes_data'";

}  // namespace

ReplicationWords::ReplicationWords(std::string_view source_word, std::string_view replica_word)
    : source(source_word),
      replica(replica_word),
      upper_source(upper(source)),
      upper_replica(upper(replica)),
      title_source(title(source)),
      title_replica(title(replica)) {}

std::vector<Setting> CommonFlavour::settings(const ServerParameters& parameters) const {
  std::vector<Setting> settings = common_settings(parameters);
  const auto fixed = [&](std::string name, const char* value, const char* why) {
    settings.push_back({std::move(name), value, why, true});
  };
  const std::string semi_sync = "rpl_semi_sync_" + words_.source;
  fixed("log_" + words_.replica + "_updates", "ON", "any replica can become primary and feed the others");
  fixed("skip_" + words_.replica + "_start", "ON",
        "the agent starts replication, after it has looked whose replica this is");
  fixed(words_.replica + "_net_timeout", "5",
        "a primary that went away in silence is noticed after 5 s, not after a minute");
  fixed("event_scheduler", "OFF", "gates run events: over all shards, and whoever is the primary");
  fixed(semi_sync + "_wait_point", "AFTER_SYNC", "nobody reads what no replica has");
  fixed(semi_sync + "_timeout", longest_wait_ms(),
        "without an acknowledgement a commit waits; it never goes on alone");
  fixed(semi_sync + "_wait_no_" + words_.replica, "ON",
        "without an acknowledgement a commit waits; it never goes on alone");
  std::vector<Setting> own = own_settings(parameters);
  std::move(own.begin(), own.end(), std::back_inserter(settings));
  return settings;
}

std::vector<RefusedSetting> CommonFlavour::refused_settings() const {
  std::vector<RefusedSetting> refused = own_refused_settings();
  const auto common = common_refused_settings();
  refused.insert(refused.end(), common.begin(), common.end());
  return refused;
}

std::vector<AccountSpec> CommonFlavour::accounts(const std::string& keyspace) const {
  const Grant of_applications{application_privileges(), database_object(keyspace)};
  const Grant of_kintsugi{application_privileges(), database_object("_kintsugi")};
  // What transactions over several shards leave of their decisions.
  const Grant of_decisions{{"SELECT", "INSERT", "DELETE"}, database_object("_kintsugi")};
  return {
      {kGateUser,
       "%",
       "gate",
       "statements of applications, sent by gates",
       {{{}, "*.*"}, of_applications, of_decisions}},
      {kReplicationUser, "%", "replication", "replicas of this server", {{replication_privileges(), "*.*"}}},
      {kAgentUser,
       "localhost",
       "agent",
       "the agent beside this server",
       {{agent_privileges(), "*.*"}, of_applications, of_kintsugi}},
      {kMonitorUser, "localhost", "monitor", "metrics and health", {{monitor_privileges(), "*.*"}}},
  };
}

ObservationQueries CommonFlavour::observation_queries() const {
  return {"SELECT @@global.version AS version, @@global.server_id AS server_id, @@global.rpl_semi_sync_" +
              words_.source + "_enabled AS source_enabled, @@global.rpl_semi_sync_" + words_.replica +
              "_enabled AS replica_enabled, " + own_variables(),
          "SHOW GLOBAL STATUS WHERE Variable_name IN (" + std::string(kStatus) + ", 'Rpl_semi_sync_" +
              words_.source + "_status', 'Rpl_semi_sync_" + words_.source + "_clients', 'Rpl_semi_sync_" +
              words_.source + "_wait_sessions', 'Rpl_semi_sync_" + words_.replica +
              "_status') OR Variable_name REGEXP '^Com_(create|alter|drop|rename)_'",
          "SHOW " + words_.upper_replica + " STATUS"};
}

Result<ServerState> CommonFlavour::parse_observation(const QueryRows& variables, const QueryRows& status,
                                                     const QueryRows& replication) const {
  ServerState state;
  state.version = variables.text(0, "version");
  state.server_id = to_number(variables.text(0, "server_id"));
  state.server_uuid = variables.value(0, "server_uuid").value_or("");
  state.read_only = to_bool(variables.text(0, "read_only"));
  state.gtid_executed = variables.text(0, "gtid_executed");
  std::erase(state.gtid_executed, '\n');
  fill_status(state, status);
  const std::string source = "rpl_semi_sync_" + words_.source;
  state.semi_sync.source_enabled = to_bool(variables.text(0, "source_enabled"));
  state.semi_sync.source_active = to_bool(state.status[source + "_status"]);
  state.semi_sync.replicas = to_number(state.status[source + "_clients"]);
  state.semi_sync.waiting = to_number(state.status[source + "_wait_sessions"]);
  state.semi_sync.replica_enabled = to_bool(variables.text(0, "replica_enabled"));
  state.semi_sync.replica_active = to_bool(state.status["rpl_semi_sync_" + words_.replica + "_status"]);
  if (replication.empty()) return state;
  Result<ReplicationState> parsed = parse_replication(variables, replication);
  if (!parsed) return failure(std::move(parsed.error()));
  state.replication = std::move(*parsed);
  return state;
}

Result<ReplicationState> CommonFlavour::parse_replication(const QueryRows& variables,
                                                          const QueryRows& rows) const {
  const std::string& source = words_.title_source;
  const std::string& replica = words_.title_replica;
  ReplicationState state;
  state.source_host = rows.text(0, source + "_Host");
  state.source_port = static_cast<std::uint16_t>(to_number(rows.text(0, source + "_Port")));
  state.source_user = rows.text(0, source + "_User");
  state.io_thread = to_thread_state(rows.text(0, replica + "_IO_Running"));
  state.sql_thread = to_thread_state(rows.text(0, replica + "_SQL_Running"));
  state.io_errno = static_cast<int>(to_number(rows.text(0, "Last_IO_Errno")));
  state.io_error = rows.text(0, "Last_IO_Error");
  state.sql_errno = static_cast<int>(to_number(rows.text(0, "Last_SQL_Errno")));
  state.sql_error = rows.text(0, "Last_SQL_Error");
  if (const auto behind = rows.value(0, "Seconds_Behind_" + source))
    state.seconds_behind = to_number(*behind);
  if (Result<void> parsed = parse_gtids(variables, rows, state); !parsed)
    return failure(std::move(parsed.error()));
  return state;
}

std::vector<std::string> CommonFlavour::make_writable() const { return {"SET GLOBAL read_only = OFF"}; }

std::vector<std::string> CommonFlavour::semi_sync_source(bool on) const {
  return {"SET GLOBAL rpl_semi_sync_" + words_.source + "_enabled = " + on_or_off(on)};
}
std::vector<std::string> CommonFlavour::semi_sync_replica(bool on) const {
  return {"SET GLOBAL rpl_semi_sync_" + words_.replica + "_enabled = " + on_or_off(on)};
}

std::vector<std::string> CommonFlavour::stop_receiving() const {
  return {"STOP " + words_.upper_replica + " IO_THREAD"};
}
std::vector<std::string> CommonFlavour::start_replication() const {
  return {"START " + words_.upper_replica};
}
std::vector<std::string> CommonFlavour::start_applying() const {
  return {"START " + words_.upper_replica + " SQL_THREAD"};
}
std::string CommonFlavour::open_transactions_query() const {
  // A prepared one of XA has no thread: it stays open for as long as it takes, on whatever server.
  return "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id <> 0";
}
std::string CommonFlavour::writers_query() const {
  // Of statements, all that do not begin like one that reads; of idle sessions, those whose transaction has
  // written. Who was killed is told nothing any more.
  return fmt::format(
      "SELECT p.ID, p.COMMAND <> 'Sleep' FROM information_schema.PROCESSLIST p "
      "LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID "
      "WHERE p.ID <> CONNECTION_ID() AND p.USER NOT IN ('system user', 'event_scheduler', '{}', '{}', '{}') "
      "AND p.COMMAND NOT IN ('Killed', 'Connect', 'Daemon', 'Binlog Dump', 'Binlog Dump GTID') "
      "AND (t.trx_rows_modified > 0 OR (p.COMMAND <> 'Sleep' AND p.INFO IS NOT NULL AND (p.INFO NOT REGEXP "
      "'^([[:space:](]|/[*].*[*]/"
      ")*(select|show|with|values|table|explain|describe|desc|set|use|begin|start)' "
      "OR p.INFO REGEXP '^([[:space:](]|/[*].*[*]/)*with.*(update|delete)')))",
      kAgentUser, kReplicationUser, kMonitorUser);
}
std::vector<std::string> CommonFlavour::stop_replication() const { return {"STOP " + words_.upper_replica}; }
std::vector<std::string> CommonFlavour::forget_source() const {
  return {"STOP " + words_.upper_replica, "RESET " + words_.upper_replica + " ALL"};
}

std::vector<std::string> CommonFlavour::attach(const ReplicationSource& source, const std::string& password,
                                               const std::string& executed) const {
  const std::string& word = words_.upper_source;
  std::vector<std::string> statements = {"STOP " + words_.upper_replica};
  // First: where the next one fails halfway, it does not begin anew.
  if (!executed.empty()) std::ranges::move(take_position(executed), std::back_inserter(statements));
  statements.push_back(change_source() + ' ' + word + "_HOST = " + mysql::quoted(source.host) + ", " + word +
                       "_PORT = " + std::to_string(source.port) + ", " + word + "_USER = '" +
                       kReplicationUser + "', " + word + "_PASSWORD = '" + password + "', " + word +
                       "_CONNECT_RETRY = 1, " + word + "_HEARTBEAT_PERIOD = 1, " + change_source_options());
  statements.push_back("START " + words_.upper_replica);
  return statements;
}

}  // namespace kintsugi::tablet
