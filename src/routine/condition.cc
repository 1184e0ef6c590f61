#include "routine/condition.h"

namespace kintsugi::routine {

std::string_view sqlstate_of(std::uint16_t code) {
  struct Known {
    std::uint16_t code;
    std::string_view sqlstate;
  };
  static constexpr Known kKnown[] = {
      {1048, "23000"}, {1049, "42000"}, {1050, "42S01"}, {1051, "42S02"}, {1054, "42S22"},
      {1062, "23000"}, {1146, "42S02"}, {1264, "22003"}, {1292, "22007"}, {1305, "42000"},
      {1329, "02000"}, {1365, "22012"}, {1366, "22007"}, {1367, "22007"}, {1406, "22001"},
      {1441, "22008"}, {1452, "23000"}, {1642, "01000"}, {1643, "02000"},
  };
  for (const Known& known : kKnown) {
    if (known.code == code) return known.sqlstate;
  }
  return code == 1265 || code == 1261 || code == 1262 ? "01000" : "HY000";
}

Condition condition_of(const Error& error) {
  return {Condition::Level::error, error.mysql_errno(), std::string(error.sqlstate()), error.text()};
}

Error error_of(const Condition& condition) {
  return Error::from_server(condition.code, condition.sqlstate, condition.message);
}

Error server_error(std::uint16_t code, std::string_view sqlstate, std::string message) {
  return Error::from_server(code, sqlstate, std::move(message));
}

}  // namespace kintsugi::routine
