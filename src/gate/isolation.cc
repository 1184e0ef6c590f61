#include "gate/isolation.h"

namespace kintsugi::gate {
namespace {

struct Names {
  std::string_view older, newer;
};
constexpr Names kNames[] = {{"tx_isolation", "transaction_isolation"},
                            {"tx_read_only", "transaction_read_only"}};

struct Level {
  std::string_view variable, value, words;
};
constexpr Level kLevels[] = {
    {"tx_isolation", "read-uncommitted", "ISOLATION LEVEL READ UNCOMMITTED"},
    {"tx_isolation", "read-committed", "ISOLATION LEVEL READ COMMITTED"},
    {"tx_isolation", "repeatable-read", "ISOLATION LEVEL REPEATABLE READ"},
    {"tx_isolation", "serializable", "ISOLATION LEVEL SERIALIZABLE"},
    {"tx_read_only", "0", "READ WRITE"},
    {"tx_read_only", "off", "READ WRITE"},
    {"tx_read_only", "false", "READ WRITE"},
    {"tx_read_only", "1", "READ ONLY"},
    {"tx_read_only", "on", "READ ONLY"},
    {"tx_read_only", "true", "READ ONLY"},
};

}  // namespace

std::string canonical_variable(std::string name) {
  for (const Names& names : kNames) {
    if (name == names.newer) return std::string(names.older);
  }
  return name;
}

std::string_view native_variable(std::string_view canonical, bool mysql) {
  for (const Names& names : kNames) {
    if (mysql && canonical == names.older) return names.newer;
  }
  return canonical;
}

std::optional<std::string> transaction_characteristic(std::string_view canonical, std::string_view value) {
  for (const Level& level : kLevels) {
    if (level.variable == canonical && level.value == value) return std::string(level.words);
  }
  return std::nullopt;
}

bool is_serializable(const Settings& settings, std::string_view characteristics) {
  if (characteristics.find("ISOLATION LEVEL") != std::string_view::npos)
    return characteristics.find("SERIALIZABLE") != std::string_view::npos;
  const std::string* level = settings.find("tx_isolation");
  return level != nullptr && unquoted(*level) == "SERIALIZABLE";
}

}  // namespace kintsugi::gate
