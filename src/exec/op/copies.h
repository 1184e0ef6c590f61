#pragma once

#include <string>
#include <vector>

#include "exec/executor.h"

// A table whose rows several servers have: those of one keyspace, and of others that have copies.

namespace kintsugi::exec {

/// All of its shards, in the order in which they are written: those of `destination`, then those of the
/// copies.
Result<plan::ShardList> resolve_all(const ExecContext& context, const plan::Destination& destination,
                                    const std::vector<plan::Copy>& copies);

/// What a shard is sent: `own` is for those of `keyspace`.
const plan::Text& text_for(const vschema::Shard& shard, const std::string& keyspace, const plan::Text& own,
                           const std::vector<plan::Copy>& copies);

}  // namespace kintsugi::exec
