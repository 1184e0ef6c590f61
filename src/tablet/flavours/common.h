#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tablet/flavour.h"

/// Small things that the flavours share. Pure.
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

/// The fields of ServerState that come from SHOW GLOBAL STATUS under the same name in both.
void fill_status(ServerState& state, const QueryRows& status);

/// `ks`.* with the wildcards that GRANT knows in database names escaped.
std::string database_object(std::string_view database);

/// What an application may do in a database, in words that both know.
std::set<std::string> application_privileges();

/// Those of the user's settings that hold for a data directory's whole life, as options of the program that
/// makes it.
void add_lasting_settings(std::vector<std::string>& command, std::span<const UserSetting> user,
                          std::span<const std::string_view> lasting);

/// What a set of GTIDs has that another has not; "" if nothing.
template <class Gtids>
Result<std::string> difference(std::string_view of, std::string_view without) {
  const Result<Gtids> mine = Gtids::parse(of);
  if (!mine) return failure(mine.error());
  const Result<Gtids> theirs = Gtids::parse(without);
  if (!theirs) return failure(theirs.error());
  return mine->missing_in(*theirs);
}
template <class Gtids>
Result<std::uint64_t> count_transactions(std::string_view gtids) {
  const Result<Gtids> set = Gtids::parse(gtids);
  if (!set) return failure(set.error());
  return set->transactions();
}

const Flavour& mariadb_flavour();
const Flavour& mysql_flavour();

}  // namespace kintsugi::tablet
