#include <algorithm>

#include "plan/pass/functions.h"
#include "sql/set_statement.h"

// Calls of stored functions that gates run, since no server can do alone what they do
// (vschema::FunctionSpec::in_gate). Their values are known before the statement that they stand in is
// planned, so they may stand only where one server would evaluate them once, whatever rows there are.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

/// The keyspace whose function is called, if gates run it; else null.
const vschema::Keyspace* gates_keyspace(const PlanContext& context, const sql::FunctionCall& call) {
  if (!context.shard.empty()) return nullptr;
  const vschema::Keyspace* keyspace =
      context.routing->find_keyspace(call.schema.empty() ? std::string_view(context.keyspace) : call.schema);
  return keyspace != nullptr && keyspace->runs_in_gate(call.name) ? keyspace : nullptr;
}

/// Whether the node always evaluates the first of its children alone.
bool is_conditional(const sql::Node& node) {
  constexpr std::string_view kNames[] = {"coalesce", "elt", "if", "ifnull", "nullif", "nvl", "nvl2"};
  if (const auto* call = sql::as<sql::FunctionCall>(&node))
    return std::ranges::find(kNames, call->name) != std::end(kNames);
  return node.kind == NodeKind::kCase || node.kind == NodeKind::kWhen || node.kind == NodeKind::kLogical;
}

const sql::FunctionCall* find_gates_call(const Draft& draft, const sql::Node& node) {
  return find_call(
      node, [&](const sql::FunctionCall& call) { return gates_keyspace(draft.context, call) != nullptr; });
}

class Places {
 public:
  explicit Places(const Draft& draft) : draft_(draft) {}

  /// Why the statement cannot have the values of its calls first; empty: it can.
  std::string refused() {
    const sql::Statement& statement = draft_.statement;
    std::string where = where_of(statement);
    if (where.empty()) look(statement, {});
    if (where.empty()) where = where_;
    return where;
  }

 private:
  std::string where_of(const sql::Statement& statement) const {
    if (const auto* select = sql::as<sql::Select>(&statement)) {
      const bool plain = select->from.empty() && select->where == nullptr && select->having == nullptr &&
                         select->group_by.empty() && select->limit == nullptr && select->with == nullptr;
      return plain ? "" : "in a query of tables, which may evaluate it for each row";
    }
    if (const auto* insert = sql::as<sql::Insert>(&statement)) {
      const bool told = std::ranges::any_of(insert->returning, [this](const sql::SelectItem* item) {
        return find_gates_call(draft_, *item) != nullptr;
      });
      if (told) return "in RETURNING";
      const bool plain = sql::is<sql::Values>(insert->source) && insert->on_duplicate.empty();
      return plain ? "" : "in a statement that may evaluate it for each row";
    }
    if (statement.kind == NodeKind::kDo) return "";
    if (statement.kind == NodeKind::kSet && !sql::is_set_statement(statement)) return "";
    return "in a statement that may evaluate it for each row, or not at all";
  }

  void look(const sql::Node& node, std::string_view within) {
    if (const auto* call = sql::as<sql::FunctionCall>(&node)) {
      const vschema::Keyspace* keyspace = gates_keyspace(draft_.context, *call);
      if (keyspace != nullptr && where_.empty()) where_ = within;
      if (keyspace != nullptr && where_.empty()) meets(*keyspace, *call);
    }
    if (sql::is_query(node.kind) && node.kind != NodeKind::kValues && &node != &draft_.statement)
      within = "in a nested query";
    const bool conditional = is_conditional(node);
    bool first = true;
    sql::for_each_child(node, [&](const sql::Node& child) {
      look(child, conditional && !first ? "where it may not be evaluated at all" : within);
      first = false;
    });
  }

  /// Tables of the function that the statement uses too: what it sees of them depends on when it runs, and
  /// one server lets it write none of them.
  void meets(const vschema::Keyspace& keyspace, const sql::FunctionCall& call) {
    const std::vector<std::string> tables = tables_used(keyspace, call.name);
    for (const sql::TableName* name : tables_named(draft_.statement)) {
      const std::string_view schema =
          name->schema.empty() ? std::string_view(draft_.context.keyspace) : name->schema;
      if (schema == keyspace.name() && std::ranges::find(tables, name->name) != tables.end())
        where_ = "in a statement of table '" + std::string(name->name) + "', which it uses too";
    }
  }

  const Draft& draft_;
  std::string where_;
};

}  // namespace

Result<void> plan_gate_functions(Draft& draft) {
  const NodeKind kind = draft.statement.kind;
  // What these have in them, they plan by themselves, or it is run statement by statement.
  const bool within = kind == NodeKind::kShow || kind == NodeKind::kExplain ||
                      kind == NodeKind::kCreateRoutine || kind == NodeKind::kCreateTrigger ||
                      kind == NodeKind::kCall;
  if (within) return {};
  const sql::FunctionCall* call = find_gates_call(draft, draft.statement);
  if (call == nullptr) return {};
  if (is_routine_call(kind)) return make_session(draft);
  if (const std::string where = Places(draft).refused(); !where.empty()) {
    return failure(kUnsupportedYet, "function '" + std::string(call->name) + "', which the gate runs, " +
                                        where + ": give its value to a variable first (SET @value = " +
                                        std::string(call->name) + "(…))");
  }
  if (draft.context.type != topo::TabletType::primary) {
    return failure(kReadOnlyTarget, "the session's target is @" +
                                        std::string(topo::name(draft.context.type)) + ", and function '" +
                                        std::string(call->name) + "' may write");
  }
  if (Result<void> made = make_session(draft); !made) return made;
  static_cast<Session&>(*draft.plan->root).calls_functions = true;
  return {};
}

}  // namespace kintsugi::plan::pass
