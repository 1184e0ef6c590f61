#pragma once

#include <string>
#include <string_view>

#include "vschema/snapshot.h"

// Triggers that gates run, as information_schema and SHOW tell of a server's own.

namespace kintsugi::plan::pass {

/// A query of their rows in information_schema.TRIGGERS; empty: the keyspace has none.
std::string trigger_rows(const vschema::Keyspace& keyspace);
/// A query of what SHOW CREATE TRIGGER says; empty: gates run none of that name.
std::string create_trigger_row(const vschema::Keyspace& keyspace, std::string_view name);
/// A query of what SHOW TRIGGERS says, up to its order.
std::string triggers_query(std::string_view keyspace);

}  // namespace kintsugi::plan::pass
