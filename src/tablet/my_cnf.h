#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

/// The server's option file: Kintsugi's own settings, each with its reason, then the user's. Pure.
namespace kintsugi::tablet {

/// What the settings of one server are computed from.
struct ServerParameters {
  std::string alias;  ///< for the file's head
  std::uint32_t server_id = 0;
  std::string mysql_data_dir;
  std::string tmp_dir;
  std::string socket;
  std::string pid_file;
  std::string error_log;
  std::uint16_t port = 0;
  std::string bind_address;
  std::string report_host;  ///< how replicas are named in the primary's SHOW REPLICA HOSTS
  bool run_as_root = false;
  std::uint32_t buffer_pool_mb = 0;  ///< 0: the server's default
  bool small_memory = false;         ///< for a laptop: about 60 MB resident instead of 200
};

struct Setting {
  std::string name;  ///< with '_', never '-'
  std::string value;
  std::string why;     ///< one line, written above it; of a fixed one also the reason for a refusal
  bool fixed = false;  ///< the user's settings must not name it
};

/// Names that are not among Kintsugi's settings and must not be among the user's either.
struct RefusedSetting {
  const char* name;
  const char* reason;
};

/// One line of the user's. No value: a flag, "skip_external_locking".
struct UserSetting {
  std::string name;  ///< as written, but with '_' for '-'
  std::optional<std::string> value;
  bool operator==(const UserSetting&) const = default;
};

/// The spec's additions: `map`, then the lines of `text` (comments and the groups [mysqld], [server] and
/// [mariadb] are allowed). kSettingMalformed names the line.
Result<std::vector<UserSetting>> parse_user_settings(const std::map<std::string, std::string>& map,
                                                     std::string_view text);

/// Whether the user may set all of that. Sees through `loose_`, `skip_`, `enable_`, `disable_`, `maximum_`
/// and through abbreviations, which the servers take. kSettingRefused names the setting and the reason.
Result<void> check_user_settings(std::span<const UserSetting> user, std::span<const Setting> own,
                                 std::span<const RefusedSetting> refused);

/// Settings that both flavours have under the same name.
std::vector<Setting> common_settings(const ServerParameters& parameters);
std::span<const RefusedSetting> common_refused_settings();

/// The file. The user's settings come last, so that they win over those that are not fixed.
std::string render_my_cnf(const std::string& alias, std::span<const Setting> own,
                          std::span<const UserSetting> user);

}  // namespace kintsugi::tablet
