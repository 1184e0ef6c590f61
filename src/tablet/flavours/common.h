#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tablet/flavour.h"

/// What the flavours' files share.
namespace kintsugi::tablet {

struct VersionNumber {
  int major = 0;
  int minor = 0;
  int patch = 0;
  auto operator<=>(const VersionNumber&) const = default;
};
/// "10.11.14-MariaDB-0+deb12u2" → 10, 11, 14; nothing where there are not three numbers.
std::optional<VersionNumber> parse_version(std::string_view text);

std::uint32_t to_number(std::string_view text);
/// "1", "ON", "Yes".
bool to_bool(std::string_view text);
/// As SHOW SLAVE STATUS says it: "Yes", "No", "Connecting", "Preparing".
ThreadState to_thread_state(std::string_view text);
/// "1236: Could not find …", or empty.
std::string error_text(int number, const std::string& text);

/// The fields of ServerState that come from SHOW GLOBAL STATUS under the same name in both.
void fill_status(ServerState& state, const QueryRows& status);

/// `ks`.* with the wildcards that GRANT knows in database names escaped.
std::string database_object(std::string_view database);

/// What an application may do in a database, in words that both know.
std::set<std::string> application_privileges();

/// Rights of an agent in the keyspace's database and in Kintsugi's own.
void add_agent_databases(AccountSpec& agent, const std::string& keyspace);

const Flavour& mariadb_flavour();
const Flavour& mysql_flavour();

}  // namespace kintsugi::tablet
