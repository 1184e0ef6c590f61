#pragma once

#include "plan/pass/draft.h"

// Unique keys that hold over all shards. The draft's keyspace is that of the table.

namespace kintsugi::plan::pass {

/// What places a key's entries by a column of this type ("bigint", in lower case); empty: all are in one
/// place. Texts may have any collation, so that those that differ in case only must lie together, but for
/// `binary` ones.
std::string placing_type(std::string_view type, bool binary);
/// Whether the columns of a key have those of the sharding key among them: then it is unique on all shards as
/// it is.
bool holds_sharding_key(std::span<const std::string> key, std::span<const std::string> sharding);

/// ALTER TABLE … ADD GLOBAL UNIQUE (keys). May ask for the table's columns (Draft::missing). kUnknownColumn:
/// the table has no such unique key.
Result<void> add_global_keys(Draft& draft, const sql::AlterTable& alter, Ddl& node);
/// ALTER TABLE … DROP GLOBAL UNIQUE (keys): they hold within each shard, then.
Result<void> drop_global_keys(Draft& draft, const sql::AlterTable& alter, Ddl& node);
/// What a dropped index takes with it, if it was one.
void drop_global_key(Draft& draft, std::string_view table, std::string_view key, Ddl& node);

}  // namespace kintsugi::plan::pass
