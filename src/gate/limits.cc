#include "gate/limits.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "gate/errors.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

using vschema::Permission;

/// A permission, and whose it is.
struct Said {
  Permission permission = Permission::allow;
  std::string by;
};

/// Whether it reads tables of keyspaces, and not only what servers tell of them.
bool reads_keyspaces(const plan::Plan& plan) {
  return std::ranges::any_of(plan.tables, [&plan](const plan::TableUse& use) {
    return plan.routing->find_keyspace(use.keyspace) != nullptr;
  });
}

bool is_meant(const plan::Plan& plan, plan::Tier tier) {
  if (tier == plan::Tier::kGather) return reads_keyspaces(plan);
  if (tier == plan::Tier::kMerge) return true;
  if (tier != plan::Tier::kScatter) return false;
  const plan::Route* route = plan::route_of(plan);
  const bool rows = sql::is_query(plan.statement) || plan.statement == sql::NodeKind::kUpdate ||
                    plan.statement == sql::NodeKind::kDelete;
  return rows && route != nullptr && !route->copies;
}

Said strictest(const plan::Plan& plan, bool gather, const GateOptions& options,
               const ClientIdentity& identity) {
  Said said{gather ? options.gather : options.scatter, "the gate's option"};
  const auto take = [&said](Permission permission, const std::string& by) {
    if (permission > said.permission) said = {permission, by};
  };
  take(gather ? identity.gather : identity.scatter, fmt::format("users.json, for user '{}'", identity.user));
  for (const plan::TableUse& use : plan.tables) {
    const vschema::Keyspace* keyspace = plan.routing->find_keyspace(use.keyspace);
    if (keyspace == nullptr) continue;
    take(gather ? keyspace->gather() : keyspace->scatter(),
         fmt::format("the vschema of keyspace '{}'", use.keyspace));
  }
  return said;
}

}  // namespace

Result<void> check_limits(const plan::Plan& plan, plan::Tier tier, const plan::Directives& directives,
                          const GateOptions& options, const ClientIdentity& identity) {
  if (!is_meant(plan, tier)) return {};
  const bool gather = tier == plan::Tier::kGather;
  const std::optional<bool> asked = gather ? directives.allow_gather : directives.allow_scatter;
  Said said = strictest(plan, gather, options, identity);
  if (asked == false) said = {Permission::forbid, "its own directive"};
  if (said.permission == Permission::allow) return {};
  if (said.permission == Permission::ask && asked == true) return {};
  const std::string_view does = gather ? "would copy rows of its tables to one server (gather)"
                                       : "would go to several shards (scatter)";
  const std::string how = said.permission == Permission::forbid
                              ? fmt::format("{} forbids it", said.by)
                              : fmt::format("{} allows it only with /*kintsugi: {}=1 */", said.by,
                                            gather ? "allow_gather" : "allow_scatter");
  return failure(gather ? kGatherForbidden : kScatterForbidden,
                 fmt::format("the statement {}: {}", does, how));
}

std::vector<plan::Bound> gather_bounds(const plan::Directives& directives, const GateOptions& options) {
  const auto bound = [](const char* name, std::uint64_t of_gate, std::optional<std::uint64_t> own) {
    const bool lowered = own && *own < of_gate;
    return plan::Bound{name, lowered ? *own : of_gate, lowered ? "directive" : "gate option"};
  };
  return {bound("gather_rows_max", options.gather_rows_max, directives.gather_rows_max),
          bound("gather_bytes_max", options.gather_bytes_max, directives.gather_bytes_max)};
}

TimeLimit time_limit(const plan::Directives& directives, const GateOptions& options,
                     const Settings& settings) {
  TimeLimit limit{options.query_timeout};
  if (directives.timeout_ms)
    limit.after = std::chrono::milliseconds(std::min<std::uint64_t>(*directives.timeout_ms, 1ULL << 40));
  const std::string* own = settings.find("max_statement_time");
  const double seconds = own == nullptr ? 0 : std::strtod(own->c_str(), nullptr);
  if (seconds <= 0) return limit;
  const auto after = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  return limit.after > Duration::zero() && limit.after < after ? limit : TimeLimit{after, true};
}

Time TimeLimit::deadline(Time begun) const {
  constexpr Duration kServersEndFirst = std::chrono::milliseconds(50);
  return begun + after + (of_session ? kServersEndFirst : Duration::zero());
}

Error timeout_error(const TimeLimit& limit) {
  const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(limit.after);
  return Error(limit.of_session ? kStatementTime : kQueryTimeout,
               fmt::format("the statement was ended after {} ms", after.count()));
}

}  // namespace kintsugi::gate
