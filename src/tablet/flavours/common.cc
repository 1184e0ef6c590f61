#include "tablet/flavours/common.h"

#include <algorithm>
#include <charconv>

namespace kintsugi::tablet {

std::optional<VersionNumber> parse_version(std::string_view text) {
  VersionNumber version;
  for (int* part : {&version.major, &version.minor, &version.patch}) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *part);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (part == &version.patch) return version;
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
  }
  return version;
}

std::uint32_t to_number(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool to_bool(std::string_view text) { return text == "1" || text == "ON" || text == "Yes"; }

ThreadState to_thread_state(std::string_view text) {
  if (text == "Yes") return ThreadState::running;
  if (text == "Connecting" || text == "Preparing") return ThreadState::connecting;
  return ThreadState::stopped;
}

void fill_status(ServerState& state, const QueryRows& status) {
  for (const auto& row : status.rows) {
    if (row.size() < 2 || !row[0] || !row[1]) continue;
    std::string name = *row[0];
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    state.status[name] = *row[1];
  }
  const auto uptime = state.status.find("uptime");
  if (uptime != state.status.end()) state.uptime_s = to_number(uptime->second);
}

std::string database_object(std::string_view database) {
  std::string object = "`";
  for (const char c : database) {
    if (c == '_' || c == '%' || c == '\\') object += '\\';
    if (c == '`') object += '`';
    object += c;
  }
  return object + "`.*";
}

std::set<std::string> application_privileges() {
  return {
      "SELECT",     "INSERT",    "UPDATE",         "DELETE",        "CREATE",      "DROP",
      "REFERENCES", "INDEX",     "ALTER",          "LOCK TABLES",   "CREATE VIEW", "EVENT",
      "TRIGGER",    "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE",     "CREATE TEMPORARY TABLES"};
}

void add_lasting_settings(std::vector<std::string>& command, std::span<const UserSetting> user,
                          std::span<const std::string_view> lasting) {
  for (const UserSetting& setting : user) {
    const bool lasts = std::find(lasting.begin(), lasting.end(), setting.name) != lasting.end();
    if (lasts && setting.value) command.push_back("--" + setting.name + "=" + *setting.value);
  }
}

Result<const Flavour*> find_flavour(std::string_view name) {
  for (const Flavour* flavour : {&mariadb_flavour(), &mysql_flavour()}) {
    if (flavour->name() == name) return flavour;
  }
  return failure(kInvalidArgument, "'" + std::string(name) + "' is not a flavour: mariadb or mysql");
}

std::vector<std::string_view> flavour_names() { return {mariadb_flavour().name(), mysql_flavour().name()}; }

}  // namespace kintsugi::tablet
