#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "plan/pass/draft.h"

// Of which schemas a query of information_schema wants to know.
namespace kintsugi::plan::pass {

/// The schemas whose rows of a table reference can matter, lower case; unset: those of all.
using AskedSchemas = std::map<const sql::TableName*, std::optional<std::set<std::string>>>;

/// For every table that the statement's FROMs name: what `x_schema = 'name'`, `= DATABASE()` and `IN ('a',
/// 'b')` in WHERE and ON say, for the reference itself or for one whose schema must be the same. Pins the
/// literals that it goes by.
AskedSchemas asked_schemas(Draft& draft);

}  // namespace kintsugi::plan::pass
