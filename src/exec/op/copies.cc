#include "exec/op/copies.h"

#include <algorithm>

#include "vschema/snapshot.h"

namespace kintsugi::exec {

Result<plan::ShardList> resolve_all(const ExecContext& context, const plan::Destination& destination,
                                    const std::vector<plan::Copy>& copies) {
  Result<plan::ShardList> shards = resolve(context.plan, destination, context.bindings);
  for (const plan::Copy& copy : copies) {
    if (!shards) break;
    plan::Destination elsewhere;
    elsewhere.keyspace = copy.keyspace;
    elsewhere.type = destination.type;
    elsewhere.reach = plan::Destination::Reach::kAllShards;
    Result<plan::ShardList> more = resolve(context.plan, elsewhere, context.bindings);
    if (!more) return more;
    shards->insert(shards->end(), more->begin(), more->end());
  }
  return shards;
}

const plan::Text& text_for(const vschema::Shard& shard, const std::string& keyspace, const plan::Text& own,
                           const std::vector<plan::Copy>& copies) {
  if (shard.keyspace == keyspace) return own;
  const auto copy = std::ranges::find(copies, shard.keyspace, &plan::Copy::keyspace);
  return copy == copies.end() ? own : copy->text;
}

}  // namespace kintsugi::exec
