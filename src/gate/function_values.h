#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "routine/host.h"

namespace kintsugi::gate {

class Session;

/// A query, or a write with RETURNING, whose items have their own texts as aliases, which their columns are
/// called by, where they have none and call stored functions that gates run (vschema::Keyspace::runs_in_gate)
/// or have a parameter; another statement as it is.
Result<std::string> with_item_names(Session& session, std::string_view text);

/// The statement with the values of its calls of such functions in their places: innermost first, from left
/// to right. `host` runs them. Fails as the functions do; 1318: another number of arguments.
Task<Result<std::string>> with_function_values(Session& session, routine::Host& host, std::string text);

}  // namespace kintsugi::gate
