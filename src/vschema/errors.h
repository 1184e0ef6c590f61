#pragma once

#include "base/error.h"

namespace kintsugi::vschema {

inline constexpr ErrorCode kBadVSchema{2101, "bad_vschema", 1105, "HY000",
                                       "docs/vschema.md describes every field"};
inline constexpr ErrorCode kUnknownKeyspace{2102, "unknown_keyspace", 1049, "42000"};
inline constexpr ErrorCode kUnknownTable{2103, "unknown_table", 1146, "42S02"};
inline constexpr ErrorCode kAmbiguousTable{2104, "ambiguous_table", 1146, "42S02",
                                           "Write keyspace.table, or choose a keyspace with USE"};
inline constexpr ErrorCode kUnknownShard{2105, "unknown_shard", 1049, "42000"};
inline constexpr ErrorCode kTableExists{2106, "table_exists", 1050, "42S01"};

}  // namespace kintsugi::vschema
