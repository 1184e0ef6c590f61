#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "base/soon.h"
#include "base/task.h"
#include "gate/bindings.h"
#include "plan/planner.h"
#include "sql/fingerprint.h"

namespace kintsugi::gate {

class Session;

/// A plan, and the values that this execution brings to it.
struct PlannedStatement {
  std::shared_ptr<const plan::Plan> plan;
  plan::Bindings bindings;
  sql::StatementKey shape;
};

/// Gives a plan that is there, or null.
using PlanSource = std::function<std::shared_ptr<const plan::Plan>()>;

/// Finds or makes the plan of one statement. `values` holds what the bindings borrow. `known`: the text's
/// fingerprint under the session's settings, if somebody has it.
Soon<Result<PlannedStatement>> plan_statement(Session& session, std::string_view text, BoundValues& values,
                                              const sql::Fingerprint* known = nullptr);

/// Plans a statement; tables that the planner must know are read from a server of their keyspace first. Of
/// `context` all is the caller's but the routing and the schema, which are the worker's of each try. Fails
/// with kRoutingUnknown, and with what the planner and the servers refuse. `statement` and `text` live until
/// it returns. `made_meanwhile`: asked after each wait for a plan that another session has made; may be
/// empty.
Task<Result<std::shared_ptr<const plan::Plan>>> plan_knowing_tables(Session& session,
                                                                    const sql::Statement& statement,
                                                                    std::string_view text,
                                                                    plan::PlanContext context,
                                                                    PlanSource made_meanwhile = {});

}  // namespace kintsugi::gate
