#include "plan/called_rows.h"
#include "plan/errors.h"
#include "plan/explain.h"
#include "plan/merge.h"

// Which way an execution takes.

namespace kintsugi::plan {

namespace {

/// Whether rows of tables go into a temporary one, where functions are called for them.
bool copies_rows(const Session& session) {
  return session.rows != nullptr && session.rows->rows != nullptr && sql::is_query(session.rows->rows->kind);
}

}  // namespace

std::string why_several(const Plan& plan) {
  if (plan.root->kind == NodeKind::kGather) return static_cast<const Gather&>(*plan.root).reason;
  if (plan.root->kind == NodeKind::kKeyedWrite) return static_cast<const KeyedWrite&>(*plan.root).reason;
  if (plan.root->kind == NodeKind::kSession && copies_rows(static_cast<const Session&>(*plan.root)))
    return "calls a stored function that the gate runs for rows of tables";
  if (plan.root->kind == NodeKind::kMerge) return static_cast<const MergeStreams&>(*plan.root).reason;
  const Route* route = route_of(plan);
  if (route == nullptr) return {};
  return route->destination.reach == Destination::Reach::kAllShards
             ? "no condition gives the sharding key a value"
             : "its values lead to several shards";
}

std::string_view tier_name(Tier tier) {
  switch (tier) {
    case Tier::kNone:
      return "none";
    case Tier::kSession:
      return "session";
    case Tier::kRoute:
      return "route";
    case Tier::kScatter:
      return "scatter";
    case Tier::kMerge:
      return "merge";
    case Tier::kGather:
      return "gather";
    case Tier::kWrite:
      return "write";
    case Tier::kDdl:
      return "ddl";
  }
  return "none";
}

Tier tier_of(const Plan& plan, const Bindings& bindings) {
  const Node& root = *plan.root;
  const Route* route = route_of(plan);
  if (route != nullptr) {
    const Result<ShardList> shards = resolve(plan, route->destination, bindings);
    if (shards) return shards->size() > 1 ? Tier::kScatter : Tier::kRoute;
    if (!shards.error().is(kUnsupportedYet)) return Tier::kNone;
    if (root.kind == NodeKind::kRoute) return Tier::kNone;
  }
  switch (root.kind) {
    case NodeKind::kGather:
      return Tier::kGather;
    case NodeKind::kMerge:
      return Tier::kMerge;
    case NodeKind::kDdl:
      return Tier::kDdl;
    case NodeKind::kSession:
      return copies_rows(static_cast<const Session&>(root)) ? Tier::kGather : Tier::kSession;
    case NodeKind::kExplanation:
      return Tier::kSession;
    default:
      break;
  }
  // A write is what its reading costs.
  const Plan* read = root.kind == NodeKind::kInsert       ? static_cast<const Insert&>(root).read.get()
                     : root.kind == NodeKind::kKeyedWrite ? static_cast<const KeyedWrite&>(root).read.get()
                                                          : nullptr;
  return read != nullptr && tier_of(*read, bindings) == Tier::kGather ? Tier::kGather : Tier::kWrite;
}

}  // namespace kintsugi::plan
