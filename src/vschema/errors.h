#pragma once

#include "base/error.h"

namespace kintsugi::vschema {

/// A vschema has mistakes; the message names each with its place.
inline constexpr ErrorCode kBadVSchema{2101, "bad_vschema", 1105, "HY000",
                                       "docs/vschema.md describes every field"};
/// No keyspace has that name.
inline constexpr ErrorCode kUnknownKeyspace{2102, "unknown_keyspace", 1049, "42000"};
/// No keyspace, or not the one that was named, has that table.
inline constexpr ErrorCode kUnknownTable{2103, "unknown_table", 1146, "42S02"};
/// Several keyspaces have a table of that name.
inline constexpr ErrorCode kAmbiguousTable{2104, "ambiguous_table", 1146, "42S02",
                                           "Write keyspace.table, or choose a keyspace with USE"};
/// The keyspace has no such shard.
inline constexpr ErrorCode kUnknownShard{2105, "unknown_shard", 1049, "42000"};
/// The vschema has a table of that name already.
inline constexpr ErrorCode kTableExists{2106, "table_exists", 1050, "42S01"};

}  // namespace kintsugi::vschema
