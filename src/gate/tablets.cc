#include "gate/tablets.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/errors.h"

namespace kintsugi::gate {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using topo::TabletType;

/// Replicas whose lags differ by no more take turns.
constexpr milliseconds kHardlyMore{1000};

/// Why a tablet cannot serve as `type`; empty if it can.
std::string objection(const vschema::Tablet& tablet, TabletType type, const HealthMap& all,
                      const TabletPolicy& policy, Time now) {
  if (tablet.http_port == 0) return "";
  const auto found = all.find(tablet.alias);
  if (found == all.end()) return "nothing heard from it yet";
  const TabletHealth& health = *found->second;
  if (now - health.heard_at > policy.silence_max) {
    return fmt::format("last seen {} s ago", duration_cast<seconds>(now - health.heard_at).count());
  }
  if (!health.serving) return health.error.empty() ? "not serving" : health.error;
  if (type == TabletType::primary) {
    if (health.type != TabletType::primary) return fmt::format("is a {} now", topo::name(health.type));
    return health.read_only ? "read-only" : "";
  }
  if (health.type == TabletType::primary) return "";
  if (!health.lag_ms) return "its lag is unknown";
  const milliseconds lag(*health.lag_ms);
  const auto age = lag + duration_cast<milliseconds>(now - health.heard_at);
  if (policy.staleness_max > Duration::zero() && age > policy.staleness_max)
    return fmt::format("may be {} ms behind", age.count());
  if (lag > policy.lag_max) return fmt::format("{} s behind", duration_cast<seconds>(lag).count());
  return "";
}

Result<const vschema::Tablet*> choose_primary(const vschema::Shard& shard, const HealthMap& health,
                                              const TabletPolicy& policy, Time now) {
  if (!shard.primary) {
    return failure(kNoPrimary, fmt::format("shard {} has no primary: none was elected yet", shard.text()));
  }
  const std::string why = objection(*shard.primary, TabletType::primary, health, policy, now);
  if (why.empty()) return &*shard.primary;
  return failure(kNoPrimary,
                 fmt::format("shard {} has no primary ({}: {})", shard.text(), shard.primary->alias, why));
}

/// As it was heard last; of one that is not watched: none.
milliseconds lag_of(const vschema::Tablet& tablet, const HealthMap& health) {
  const auto found = health.find(tablet.alias);
  return milliseconds(found == health.end() ? 0U : found->second->lag_ms.value_or(0U));
}

const vschema::Tablet* pick(std::vector<const vschema::Tablet*> candidates, const HealthMap& health,
                            std::uint64_t turn, std::string_view preferred) {
  for (const vschema::Tablet* candidate : candidates) {
    if (candidate->alias == preferred) return candidate;
  }
  milliseconds least = milliseconds::max();
  for (const vschema::Tablet* candidate : candidates) least = std::min(least, lag_of(*candidate, health));
  std::erase_if(candidates, [&](const vschema::Tablet* candidate) {
    return lag_of(*candidate, health) > least + kHardlyMore;
  });
  return candidates[turn % candidates.size()];
}

}  // namespace

Sight sight_of(const vschema::Tablet& tablet, const HealthMap& all, const TabletPolicy& policy, Time now) {
  const auto found = tablet.http_port == 0 ? all.end() : all.find(tablet.alias);
  if (found == all.end()) return Sight::well;
  if (now - found->second->heard_at > policy.silence_max) return Sight::silent;
  return found->second->reachable ? Sight::well : Sight::unreachable;
}

Result<const vschema::Tablet*> choose_tablet(const vschema::Shard& shard, TabletType type,
                                             const HealthMap& health, const TabletPolicy& policy, Time now,
                                             std::uint64_t turn, std::string_view preferred) {
  if (type == TabletType::primary) return choose_primary(shard, health, policy, now);
  std::vector<const vschema::Tablet*> candidates;
  std::string reasons;
  for (const vschema::Tablet& tablet : shard.tablets) {
    if (tablet.type != type || (shard.primary && shard.primary->alias == tablet.alias)) continue;
    const std::string why = objection(tablet, type, health, policy, now);
    if (why.empty()) {
      candidates.push_back(&tablet);
    } else {
      reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", tablet.alias, why);
    }
  }
  if (!candidates.empty()) return pick(std::move(candidates), health, turn, preferred);
  if (reasons.empty()) {
    return failure(kNoSuchReplica,
                   fmt::format("shard {} has no {} in this cell", shard.text(), topo::name(type)));
  }
  return failure(kNoReplica, fmt::format("shard {} has no {} that can be read from ({})", shard.text(),
                                         topo::name(type), reasons));
}

}  // namespace kintsugi::gate
