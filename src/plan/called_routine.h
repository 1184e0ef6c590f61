#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/tree.h"

namespace kintsugi::plan {

/// A procedure, or what may be a stored function, that a statement calls.
struct CalledRoutine {
  std::string keyspace;
  std::string name;  ///< in lower case
  bool function = false;

  bool operator==(const CalledRoutine&) const = default;
};

/// Functions that all servers have and that are called most: no stored function takes their names. `name` in
/// lower case.
bool is_native_function(std::string_view name);

/// What the statement calls, each once; `keyspace`: of names without one.
std::vector<CalledRoutine> called_routines(const sql::Statement& statement, std::string_view keyspace);

}  // namespace kintsugi::plan
