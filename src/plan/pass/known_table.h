#pragma once

#include <string>

#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

/// The columns of a table of the draft's keyspace. Null: they are not known yet, and are asked for
/// (Draft::missing). kUnknownTable: there is no such table.
Result<const Table*> known_table(Draft& draft, const std::string& name);

}  // namespace kintsugi::plan::pass
