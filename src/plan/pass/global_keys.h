#pragma once

#include "plan/pass/draft.h"

// Unique keys of tables that exist, which come to hold over all shards, or cease to. The draft's keyspace is
// that of the table.

namespace kintsugi::plan::pass {

/// ALTER TABLE … ADD GLOBAL UNIQUE (keys). May ask for the table's columns (Draft::missing). kUnknownColumn:
/// the table has no such unique key.
Result<void> add_global_keys(Draft& draft, const sql::AlterTable& alter, Ddl& node);
/// ALTER TABLE … DROP GLOBAL UNIQUE (keys): they hold within each shard, then.
Result<void> drop_global_keys(Draft& draft, const sql::AlterTable& alter, Ddl& node);
/// What a dropped index takes with it, if it was one.
void drop_global_key(Draft& draft, std::string_view table, std::string_view key, Ddl& node);

}  // namespace kintsugi::plan::pass
