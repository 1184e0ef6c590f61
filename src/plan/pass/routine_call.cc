#include "plan/pass/draft.h"
#include "plan/pass/functions.h"
#include "plan/planner.h"

// CALL, and compound statements outside of routines. In a sharded keyspace the gate runs what is in them
// statement by statement.

namespace kintsugi::plan {

bool is_routine_call(sql::NodeKind kind) {
  using sql::NodeKind;
  switch (kind) {
    case NodeKind::kCall:
    case NodeKind::kBlock:
    case NodeKind::kIf:
    case NodeKind::kCaseStatement:
    case NodeKind::kLoop:
    case NodeKind::kForLoop:
      return true;
    default:
      return false;
  }
}

namespace pass {

namespace {

using sql::NodeKind;

bool is_own_variable(const sql::SetItem& item) {
  return item.item == sql::SetKind::kVariable && !item.at_at && item.scope == sql::VariableScope::kNone &&
         item.prefix.empty();
}

Result<void> plan_call(Draft& draft, const sql::Call& call) {
  if (!draft.context.shard.empty()) return route_whole(draft);
  if (!call.routine->schema.empty()) draft.keyspace = call.routine->schema;
  if (draft.keyspace.empty()) return failure(kNoKeyspace, "no keyspace is chosen");
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(draft.keyspace);
  if (keyspace == nullptr) return failure(kUnknownKeyspace, "there is no keyspace '" + draft.keyspace + "'");
  if (keyspace->sharded()) return make_session(draft);
  draft.course = Course::kUnsharded;
  return route_whole(draft);
}

}  // namespace

bool is_self_contained(const sql::Statement& statement) {
  bool contained = true;
  sql::walk(statement, [&contained](const sql::Node& node) {
    switch (node.kind) {
      case NodeKind::kNamedTable:
      case NodeKind::kTableQuery:
      case NodeKind::kTableName:
      case NodeKind::kSequenceValue:
      case NodeKind::kInto:
        contained = false;
        break;
      case NodeKind::kSetItem:
        contained &= is_own_variable(static_cast<const sql::SetItem&>(node));
        break;
      case NodeKind::kSet:
      case NodeKind::kDeclare:
      case NodeKind::kDeclareHandler:
      case NodeKind::kJump:
      case NodeKind::kSignal:
      case NodeKind::kDo:
        break;
      default:
        if (sql::is_statement(node.kind) && !sql::is_query(node.kind)) {
          contained &= is_routine_call(node.kind) && node.kind != NodeKind::kCall;
        }
        break;
    }
    return contained;
  });
  return contained;
}

Result<void> plan_routine_call(Draft& draft) {
  if (const auto* call = sql::as<sql::Call>(&draft.statement)) return plan_call(draft, *call);
  if (!is_self_contained(draft.statement)) return make_session(draft);
  if (!draft.functions.empty())
    return draft.plan->temporary ? plan_beside_temporary(draft) : gather_for_functions(draft);
  // Stored functions that it calls are those of the chosen keyspace.
  if (draft.course == Course::kNoTables && !draft.keyspace.empty()) draft.course = Course::kUnsharded;
  return route_whole(draft);
}

}  // namespace pass

}  // namespace kintsugi::plan
