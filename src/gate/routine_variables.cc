#include "gate/routine_variables.h"

#include <algorithm>
#include <utility>

#include "gate/routine_cache.h"
#include "gate/session.h"
#include "gate/variables.h"

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

}  // namespace

Task<std::vector<std::string>> variables_of_routines(Session& session, std::vector<CalledRoutine> open) {
  std::vector<std::string> variables;
  for (std::size_t next = 0; next < open.size(); ++next) {
    const CalledRoutine routine = open[next];
    RoutineCache& cache = session.worker().routines();
    // Most of what may be a stored function is one of the server's own that is not known here.
    if (routine.function && cache.is_absent_function(routine.keyspace, routine.name)) continue;
    const Result<RoutineCache::Entry> program =
        co_await (routine.function ? cache.find_function(session, routine.keyspace, routine.name)
                                   : cache.find(session, routine.keyspace, routine.name));
    if (!program) continue;
    Effects effects(routine.keyspace);
    effects.look_into((*program)->body());
    for (std::string& variable : effects.variables) {
      if (std::ranges::find(variables, variable) == variables.end()) variables.push_back(std::move(variable));
    }
    for (CalledRoutine& called : effects.calls) {
      if (std::ranges::find(open, called) == open.end()) open.push_back(std::move(called));
    }
  }
  co_return variables;
}

}  // namespace kintsugi::gate
