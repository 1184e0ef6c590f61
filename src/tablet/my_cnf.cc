#include "tablet/my_cnf.h"

#include <algorithm>
#include <array>

#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

std::string_view trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

std::string underscored(std::string_view name) {
  std::string result(name);
  std::replace(result.begin(), result.end(), '-', '_');
  return result;
}

Result<UserSetting> make_setting(std::string_view name, std::optional<std::string_view> value,
                                 const std::string& where) {
  if (name.starts_with("--")) name.remove_prefix(2);
  if (name.empty() || !std::all_of(name.begin(), name.end(), name_character)) {
    return failure(kSettingMalformed, where + ": '" + std::string(name) + "' is not the name of a setting");
  }
  if (value && value->find_first_of(std::string_view("\n\r\0", 3)) != std::string_view::npos) {
    return failure(kSettingMalformed,
                   where + ": the value of " + std::string(name) + " has more than one line");
  }
  UserSetting setting{underscored(name), std::nullopt};
  if (value) setting.value = std::string(trim(*value));
  return setting;
}

Result<void> check_group(std::string_view line, const std::string& where) {
  for (const std::string_view allowed : {"[mysqld]", "[server]", "[mariadb]", "[mariadbd]"}) {
    if (line == allowed) return {};
  }
  return failure(kSettingMalformed,
                 where + ": the group " + std::string(line) + " is not read by the server here");
}

/// The name the server looks for, without what it takes in front of any.
std::string base_name(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  bool again = true;
  while (again) {
    again = false;
    for (const std::string_view prefix : {"loose_", "skip_", "enable_", "disable_", "maximum_"}) {
      if (!name.starts_with(prefix)) continue;
      name.erase(0, prefix.size());
      again = true;
    }
  }
  return name;
}

Result<void> check_against(const UserSetting& setting, std::string_view fixed_name, std::string_view reason) {
  const std::string wanted = base_name(setting.name);
  const std::string fixed = base_name(std::string(fixed_name));
  if (wanted == fixed) {
    return failure(kSettingRefused,
                   "the setting " + setting.name + " must not be set: " + std::string(reason));
  }
  if (wanted.size() >= 2 && fixed.starts_with(wanted)) {
    return failure(kSettingRefused, "the setting " + setting.name + " would be taken for " +
                                        std::string(fixed_name) +
                                        ", which must not be set: " + std::string(reason));
  }
  return {};
}

constexpr const char* kWaits = "without an acknowledgement a commit waits; it never goes on alone";
constexpr const char* kFeeds = "any replica can become primary and feed the others";
constexpr const char* kStarts = "the agent starts replication, after it has looked whose replica this is";
constexpr const char* kSilence = "a primary that went away in silence is noticed after 5 s";

constexpr RefusedSetting kRefused[] = {
    {"init_file", "it would run statements with all rights that Kintsugi does not know of"},
    {"init_replica", "it would run statements in the applier that the primary did not run"},
    {"init_slave", "it would run statements in the applier that the primary did not run"},
    {"skip_grant_tables", "anyone could log in"},
    {"skip_networking", "gates and replicas reach the server by TCP"},
    {"read_only", "only the agent decides who may write"},
    {"super_read_only", "only the agent decides who may write"},
    {"binlog_do_db", "the binlog must be complete"},
    {"binlog_ignore_db", "the binlog must be complete"},
    {"replicate_do_db", "replicas must be complete"},
    {"replicate_ignore_db", "replicas must be complete"},
    {"replicate_do_table", "replicas must be complete"},
    {"replicate_ignore_table", "replicas must be complete"},
    {"replicate_wild_do_table", "replicas must be complete"},
    {"replicate_wild_ignore_table", "replicas must be complete"},
    {"replicate_rewrite_db", "replicas must be complete"},
    {"replicate_same_server_id", "transactions would be applied twice"},
    {"slave_skip_errors", "replicas would differ from their primary in silence"},
    {"replica_skip_errors", "replicas would differ from their primary in silence"},
    {"master_info_file", "the agent keeps replication's state where the data is"},
    {"relay_log_info_file", "the agent keeps replication's state where the data is"},
    // Names that a server may know besides those that Kintsugi writes.
    {"log_slave_updates", kFeeds},
    {"log_replica_updates", kFeeds},
    {"skip_slave_start", kStarts},
    {"skip_replica_start", kStarts},
    {"slave_net_timeout", kSilence},
    {"replica_net_timeout", kSilence},
    {"rpl_semi_sync_master_timeout", kWaits},
    {"rpl_semi_sync_source_timeout", kWaits},
    {"rpl_semi_sync_master_wait_point", kWaits},
    {"rpl_semi_sync_source_wait_point", kWaits},
    {"rpl_semi_sync_master_wait_no_slave", kWaits},
    {"rpl_semi_sync_source_wait_no_replica", kWaits},
    {"rpl_semi_sync_source_enabled", "the agent decides when commits wait"},
    {"rpl_semi_sync_master_enabled", "the agent decides when commits wait"},
    {"rpl_semi_sync_replica_enabled", "the agent decides who acknowledges"},
    {"rpl_semi_sync_slave_enabled", "the agent decides who acknowledges"},
    {"defaults_file", "the agent writes the one file that is read"},
    {"chroot", "the agent would not find the server's files"},
};

void add_files(std::vector<Setting>& settings, const ServerParameters& p) {
  const auto fixed = [&](const char* name, std::string value, const char* why) {
    settings.push_back({name, std::move(value), why, true});
  };
  fixed("server_id", std::to_string(p.server_id),
        "made with the data directory: a server ignores events that carry its own id, so no other life of it "
        "may share it");
  fixed("datadir", p.mysql_data_dir, "the tablet's own folder");
  fixed("tmpdir", p.tmp_dir, "the tablet's own folder, so that two servers never share files");
  fixed("socket", p.socket, "the agent logs in here; passwords of local accounts work only here");
  fixed("pid_file", p.pid_file, "the tablet's own folder");
  fixed("log_error", p.error_log, "the agent reads it to say why the server did not start");
  fixed("port", std::to_string(p.port), "published in the topology");
  fixed("bind_address", p.bind_address, "set by the tablet's option --mysql-bind");
  if (p.run_as_root)
    fixed("user", "root", "the agent runs as root, and the server refuses that unless it is told");
  if (!p.report_host.empty()) {
    fixed("report_host", p.report_host, "shown in the primary's list of replicas");
  }
}

void add_replication(std::vector<Setting>& settings) {
  const auto fixed = [&](const char* name, const char* value, const char* why) {
    settings.push_back({name, value, why, true});
  };
  fixed("read_only", "ON",
        "a server starts as nobody's primary; the agent of the elected one lets writers in");
  fixed("log_bin", "binlog", "replication and change streams read it");
  fixed("binlog_format", "ROW", "the only format that replicates every statement exactly");
  fixed("binlog_row_image", "FULL", "change streams need whole rows");
  fixed("binlog_row_metadata", "FULL", "change streams read names, keys and character sets from it");
  fixed("sync_binlog", "1", "an acknowledged commit survives a power cut");
  fixed("innodb_flush_log_at_trx_commit", "1", "an acknowledged commit survives a power cut");
  fixed("innodb_doublewrite", "ON", "a page that was half written survives a power cut");
  fixed("relay_log", "relay", "a name that does not depend on the host's");
  fixed("relay_log_recovery", "ON", "what was received but not applied before a crash is fetched anew");
  fixed("log_bin_trust_function_creators", "ON",
        "with rows in the binlog a function cannot make replicas differ, so creating one needs no SUPER");
  fixed("skip_name_resolve", "ON",
        "logins must not hang on DNS; 'localhost' is the unix socket and nothing else");
}

void add_defaults(std::vector<Setting>& settings, const ServerParameters& p) {
  const auto free = [&](const char* name, std::string value, const char* why) {
    settings.push_back({name, std::move(value), why, false});
  };
  free("character_set_server", "utf8mb4", "all of Unicode");
  free("binlog_expire_logs_seconds", "0",
       "binlogs are kept from the first on, so that a new replica can start from nothing");
  free("max_connections", "1000", "gates keep pools; the server's default of 151 is soon used up");
  free("max_allowed_packet", "64M", "rows with large values, loads in large statements");
  if (p.buffer_pool_mb != 0) {
    free("innodb_buffer_pool_size", std::to_string(p.buffer_pool_mb) + "M",
         "set by the tablet's option --buffer-pool-mb");
  }
  if (!p.small_memory) return;
  constexpr const char* kSmall = "little memory, asked for by --small-memory";
  if (p.buffer_pool_mb == 0) free("innodb_buffer_pool_size", "32M", kSmall);
  free("innodb_log_buffer_size", "2M", kSmall);
  free("key_buffer_size", "1M", kSmall);
  free("table_open_cache", "200", kSmall);
  free("performance_schema", "OFF", kSmall);
}

}  // namespace

Result<std::vector<UserSetting>> parse_user_settings(const std::map<std::string, std::string>& map,
                                                     std::string_view text) {
  std::vector<UserSetting> settings;
  for (const auto& [name, value] : map) {
    Result<UserSetting> setting = make_setting(name, value, "my.cnf setting");
    if (!setting) return failure(std::move(setting.error()));
    settings.push_back(std::move(*setting));
  }
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string where = "my.cnf line " + std::to_string(++number);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (Result<void> group = check_group(line, where); !group) return failure(std::move(group.error()));
      continue;
    }
    const std::size_t equals = line.find('=');
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) value = line.substr(equals + 1);
    Result<UserSetting> setting = make_setting(trim(line.substr(0, equals)), value, where);
    if (!setting) return failure(std::move(setting.error()));
    settings.push_back(std::move(*setting));
  }
  return settings;
}

Result<void> check_user_settings(std::span<const UserSetting> user, std::span<const Setting> own,
                                 std::span<const RefusedSetting> refused) {
  for (const UserSetting& setting : user) {
    for (const Setting& mine : own) {
      if (!mine.fixed) continue;
      if (Result<void> checked = check_against(setting, mine.name, mine.why); !checked) return checked;
    }
    for (const RefusedSetting& name : refused) {
      if (Result<void> checked = check_against(setting, name.name, name.reason); !checked) return checked;
    }
  }
  return {};
}

std::vector<Setting> common_settings(const ServerParameters& parameters) {
  std::vector<Setting> settings;
  add_files(settings, parameters);
  add_replication(settings);
  add_defaults(settings, parameters);
  return settings;
}

std::span<const RefusedSetting> common_refused_settings() { return kRefused; }

std::string render_my_cnf(const std::string& alias, std::span<const Setting> own,
                          std::span<const UserSetting> user) {
  std::string file =
      "# Written by Kintsugi for the tablet " + alias +
      " at each start: what is changed here is lost.\n"
      "# Settings of your own belong into the cluster spec; they appear at the end of this file.\n"
      "[mysqld]\n\n# Kintsugi relies on these; the spec cannot change them.\n";
  const auto add = [&](const Setting& setting) {
    file += "\n# " + setting.why + '\n' + setting.name + " = " + setting.value + '\n';
  };
  for (const Setting& setting : own) {
    if (setting.fixed) add(setting);
  }
  file += "\n# Kintsugi's defaults; the spec may say otherwise.\n";
  for (const Setting& setting : own) {
    if (!setting.fixed) add(setting);
  }
  if (user.empty()) return file;
  file += "\n# From the cluster spec.\n\n";
  for (const UserSetting& setting : user) {
    file += setting.name + (setting.value ? " = " + *setting.value : "") + '\n';
  }
  return file;
}

}  // namespace kintsugi::tablet
