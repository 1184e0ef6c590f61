#include "gate/statement_kinds.h"

#include "gate/brought_ids.h"
#include "gate/variables.h"
#include "plan/planner.h"
#include "sql/set_statement.h"

namespace kintsugi::gate {
namespace {

/// What touches no rows.
bool is_of_session_alone(sql::NodeKind kind) {
  switch (kind) {
    case sql::NodeKind::kSet:
    case sql::NodeKind::kUse:
    case sql::NodeKind::kBegin:
    case sql::NodeKind::kCommit:
    case sql::NodeKind::kRollback:
    case sql::NodeKind::kSavepoint:
    case sql::NodeKind::kReleaseSavepoint:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool keeps_diagnostics(const plan::Plan& plan) {
  if (plan.root->kind != plan::NodeKind::kSession) return false;
  const sql::Statement* statement = static_cast<const plan::Session&>(*plan.root).statement;
  if (is_set_statement(*statement)) return true;
  const auto* show = sql::as<sql::Show>(statement);
  if (show == nullptr) return statement->kind == sql::NodeKind::kGetDiagnostics;
  return show->what.find("warnings") != std::string_view::npos ||
         show->what.find("errors") != std::string_view::npos;
}

bool may_keep_diagnostics(const plan::Plan& plan) {
  if (!plan.tables.empty() || plan.writes || plan.commits_implicitly) return false;
  if (plan.root->kind != plan::NodeKind::kSession)
    return sql::is_query(plan.statement) || plan.statement == sql::NodeKind::kDo;
  return is_of_session_alone(static_cast<const plan::Session&>(*plan.root).statement->kind);
}

bool keeps_to_routing(const plan::Plan& plan) {
  const plan::Plan& runs = plan.explained ? *plan.explained : plan;
  return runs.writes && !runs.commits_implicitly;
}

std::optional<std::int64_t> rows_counted(const sql::Statement& statement) {
  if (is_set_statement(statement)) return std::nullopt;
  if (statement.kind == sql::NodeKind::kShow) return -1;
  return is_of_session_alone(statement.kind) ? std::optional<std::int64_t>(0) : std::nullopt;
}

bool may_define_events(const plan::Plan& plan) {
  return plan.statement == sql::NodeKind::kCreateEvent || plan.statement == sql::NodeKind::kDropObject;
}

bool runs_routine(const plan::Plan& plan) {
  const auto& root = static_cast<const plan::Session&>(*plan.root);
  return root.calls_functions || plan::is_routine_call(root.statement->kind);
}

bool is_costly(plan::Tier tier) {
  return tier == plan::Tier::kScatter || tier == plan::Tier::kMerge || tier == plan::Tier::kGather;
}

AfterStatement asked_after(const plan::Plan& plan, const ClientStatement& statement) {
  AfterStatement after;
  for (const std::string& name : plan.assigned_variables) after.user_variables.push_back(user_variable(name));
  after.found_rows = plan.calc_found_rows;
  after.last_insert_id = plan.assigns_last_insert_id;
  after.keep = plan.keeps_connection;
  after.free = plan.frees_connection;
  after.commits = plan.commits_implicitly;
  after.steady = plan.steady;
  const bool inserts = plan.statement == sql::NodeKind::kInsert || plan.statement == sql::NodeKind::kLoadData;
  if (inserts) after.may_be_brought = [&statement](std::uint64_t id) { return names_number(statement, id); };
  return after;
}

}  // namespace kintsugi::gate
