#include "gate/own_transaction.h"

#include "gate/isolation.h"
#include "gate/partial_answer.h"
#include "gate/session.h"
#include "plan/plan.h"

namespace kintsugi::gate {

bool is_own_transaction(Session& session, const plan::Plan& plan) {
  const SessionState& state = session.state();
  ShardConnections& shards = session.shards();
  const bool query = sql::is_query(plan.statement);
  if (!state.autocommit || shards.transaction().open() || shards.in_unit() || shards.reserved()) return false;
  if (plan.tables.empty() || plan.commits_implicitly || (!query && !plan.writes)) return false;
  if (forgives_shards(session, plan)) return false;
  if (!state.next_transaction.empty()) return true;
  const plan::Route* route = plan::route_of(plan);
  const topo::TabletType type = route != nullptr ? route->destination.type : state.target.type;
  if (type != topo::TabletType::primary || !is_serializable(*state.settings, "")) return false;
  return query || !plan.lookups.empty();
}

}  // namespace kintsugi::gate
