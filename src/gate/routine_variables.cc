#include "gate/routine_variables.h"

#include <algorithm>
#include <utility>

#include "gate/routine_cache.h"
#include "gate/session.h"
#include "gate/variables.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

using plan::CalledRoutine;

class Effects {
 public:
  explicit Effects(std::string keyspace) : keyspace_(std::move(keyspace)) {}

  void look_into(const sql::Statement& body) {
    sql::walk(body, [this](const sql::Node& node) {
      look_at(node);
      return true;
    });
    for (CalledRoutine& each : plan::called_routines(body, keyspace_)) calls.push_back(std::move(each));
  }

  std::vector<std::string> variables;
  std::vector<CalledRoutine> calls;

 private:
  void look_at(const sql::Node& node) {
    if (const auto* item = sql::as<sql::SetItem>(&node);
        item != nullptr && item->item == sql::SetKind::kUserVariable)
      variables.push_back(user_variable(item->name));
    if (const auto* assign = sql::as<sql::Assign>(&node)) add(assign->target);
    if (const auto* item = sql::as<sql::DiagnosticsItem>(&node)) add(item->value);
    if (const auto* into = sql::as<sql::Into>(&node)) add_all(into->variables);
    if (const auto* call = sql::as<sql::Call>(&node)) add_all(call->args);  // those that are OUT
  }

  void add(const sql::Expr* target) {
    if (const auto* variable = sql::as<sql::UserVariable>(target))
      variables.push_back(user_variable(variable->name));
  }
  void add_all(const sql::List<sql::Expr*>& targets) {
    for (const sql::Expr* each : targets) add(each);
  }

  std::string keyspace_;
};

/// What some routines assign, and all that they call.
class Search {
 public:
  Search(Session& session, std::vector<CalledRoutine> open) : session_(session), open_(std::move(open)) {}

  void look_into(const routine::Program& program, const std::string& keyspace) {
    Effects effects(keyspace);
    effects.look_into(program.body());
    for (std::string& variable : effects.variables) {
      if (std::ranges::find(variables_, variable) == variables_.end())
        variables_.push_back(std::move(variable));
    }
    for (CalledRoutine& called : effects.calls) {
      if (std::ranges::find(open_, called) == open_.end()) open_.push_back(std::move(called));
    }
  }

  Task<std::vector<std::string>> run() {
    RoutineCache& cache = session_.worker().routines();
    for (std::size_t next = 0; next < open_.size(); ++next) {
      const CalledRoutine routine = open_[next];
      // Most of what may be a stored function is one of the server's own that is not known here.
      if (routine.function && cache.is_absent_function(routine.keyspace, routine.name)) continue;
      const Result<RoutineCache::Entry> program =
          co_await (routine.function ? cache.find_function(session_, routine.keyspace, routine.name)
                                     : cache.find(session_, routine.keyspace, routine.name));
      if (program) look_into(**program, routine.keyspace);
    }
    co_return std::move(variables_);
  }

 private:
  Session& session_;
  std::vector<CalledRoutine> open_;
  std::vector<std::string> variables_;
};

/// Rows of such tables are written by a server that may have triggers of its own.
bool is_written_unseen(const vschema::Snapshot& routing, const plan::TableUse& use) {
  const vschema::Keyspace* keyspace =
      use.access == plan::TableUse::Access::kWrite ? routing.find_keyspace(use.keyspace) : nullptr;
  return keyspace != nullptr && !keyspace->sharded();
}

}  // namespace

bool may_assign_unseen(Session& session, const plan::Plan& plan) {
  if (plan.called.empty() && !plan.writes) return false;
  if (session.worker().routines().is_silent(plan)) return false;
  if (!plan.called.empty()) return true;
  const auto routing = session.worker().backends().routing();
  return std::ranges::any_of(plan.tables,
                             [&](const plan::TableUse& use) { return is_written_unseen(*routing, use); });
}

Task<std::vector<std::string>> variables_of_routines(Session& session, std::vector<CalledRoutine> called) {
  Search search(session, std::move(called));
  co_return co_await search.run();
}

Task<std::vector<std::string>> variables_of_routines(Session& session,
                                                     std::shared_ptr<const plan::Plan> plan) {
  RoutineCache& cache = session.worker().routines();
  const std::uint64_t generation = cache.generation();
  Search search(session, plan->called);
  const auto routing = session.worker().backends().routing();
  for (const plan::TableUse& use : plan->tables) {
    if (!is_written_unseen(*routing, use)) continue;
    const Result<std::vector<RoutineCache::Entry>> triggers =
        co_await cache.find_triggers(session, use.keyspace, use.table);
    if (!triggers) continue;
    for (const RoutineCache::Entry& trigger : *triggers) search.look_into(*trigger, use.keyspace);
  }
  std::vector<std::string> variables = co_await search.run();
  if (variables.empty()) cache.note_silent(std::move(plan), generation);
  co_return variables;
}

}  // namespace kintsugi::gate
