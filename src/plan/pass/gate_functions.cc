#include <algorithm>

#include "plan/called_rows.h"
#include "plan/pass/gate_calls.h"
#include "plan/pass/rules.h"
#include "sql/into_file.h"
#include "sql/parameters.h"
#include "sql/set_statement.h"

// Calls of stored functions that gates run, since no server can do alone what they do
// (vschema::FunctionSpec::in_gate). Where one server would evaluate them once, whatever rows there are, their
// values are known before the statement that they stand in is planned. Others: row_calls.cc, called_rows.cc.

namespace kintsugi::plan::pass {

using sql::NodeKind;

const vschema::Keyspace* gates_keyspace(const PlanContext& context, const sql::FunctionCall& call) {
  if (!context.shard.empty()) return nullptr;
  const vschema::Keyspace* keyspace =
      context.routing->find_keyspace(call.schema.empty() ? std::string_view(context.keyspace) : call.schema);
  return keyspace != nullptr && keyspace->runs_in_gate(call.name) ? keyspace : nullptr;
}

const sql::FunctionCall* find_gates_call(const PlanContext& context, const sql::Node& node) {
  return find_call(node,
                   [&](const sql::FunctionCall& call) { return gates_keyspace(context, call) != nullptr; });
}

namespace {

/// Whether it may: of an UPDATE or DELETE of several tables, any.
bool writes(const sql::Statement& statement, const sql::TableName& table) {
  if (const auto* insert = sql::as<sql::Insert>(&statement)) return insert->table == &table;
  const auto* update = sql::as<sql::Update>(&statement);
  const auto* remove = sql::as<sql::Delete>(&statement);
  if (update == nullptr && remove == nullptr) return false;
  bool found = false;
  for (const sql::TableRef* from : update != nullptr ? update->tables : remove->from) {
    sql::walk(*from, [&](const sql::Node& node) {
      found = found || &node == &table;
      return !sql::is_query(node.kind);
    });
  }
  return found;
}

}  // namespace

std::optional<Met> find_met(const PlanContext& context, const sql::Statement& statement,
                            const vschema::Keyspace& keyspace, const sql::FunctionCall& call) {
  const std::vector<std::string> used = tables_used(keyspace, call.name);
  const std::vector<std::string> written = tables_written(keyspace, call.name);
  const auto has = [](const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  for (const sql::TableName* name : tables_named(statement)) {
    const std::string_view schema = name->schema.empty() ? std::string_view(context.keyspace) : name->schema;
    if (schema != keyspace.name()) continue;
    if (has(written, name->name)) return Met{name, true};
    if (has(used, name->name) && writes(statement, *name) && !writes_one_row(statement))
      return Met{name, false};
  }
  return std::nullopt;
}

namespace {

/// Whether it is one row, whatever there is in tables.
bool is_one_row(const sql::Select& select) {
  const auto is_whole = [](const sql::Limit& limit) {
    const auto* count = sql::as<sql::Literal>(limit.count);
    return limit.offset == nullptr && limit.rows_examined == nullptr && count != nullptr &&
           count->literal == sql::LiteralKind::kInteger && count->text != "0";
  };
  return select.from.empty() && select.where == nullptr && select.having == nullptr &&
         select.group_by.empty() && select.with == nullptr &&
         (select.limit == nullptr || is_whole(*select.limit));
}

/// Whether one server would make all calls of the statement once, whatever rows there are.
class Places {
 public:
  explicit Places(const Draft& draft) : draft_(draft) {}

  bool are_called_once() {
    const sql::Statement& statement = draft_.statement;
    once_ = may_be_once(statement);
    look(statement, false);
    return once_;
  }

 private:
  bool may_be_once(const sql::Statement& statement) const {
    const auto calls = [this](const sql::Node* node) {
      return find_gates_call(draft_.context, *node) != nullptr;
    };
    if (const auto* insert = sql::as<sql::Insert>(&statement)) {
      return sql::is<sql::Values>(insert->source) && std::ranges::none_of(insert->returning, calls);
    }
    return sql::is_query(statement.kind) || statement.kind == NodeKind::kDo ||
           (statement.kind == NodeKind::kSet && !sql::is_set_statement(statement));
  }

  /// `of_rows`: what is in the node may be evaluated several times, or not at all.
  void look(const sql::Node& node, bool of_rows) {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    if (call != nullptr && of_rows && gates_keyspace(draft_.context, *call) != nullptr) once_ = false;
    const auto* select = sql::as<sql::Select>(&node);
    const auto* derived = sql::as<sql::DerivedTable>(&node);
    if (derived != nullptr && !derived->lateral) of_rows = false;
    of_rows = of_rows || node.kind == NodeKind::kWith || (select != nullptr && !is_one_row(*select));
    const auto* insert = sql::as<sql::Insert>(&node);
    sql::for_each_child(node, [&](const sql::Node& child) {
      // Calls for rows that are met are left to the statement that has the others' values.
      const bool met = insert != nullptr && child.kind == NodeKind::kAssignment;
      if (!met) look(child, of_rows);
    });
  }

  const Draft& draft_;
  bool once_ = true;
};

/// Whether all calls are in ON DUPLICATE KEY UPDATE: the row that is met is updated by a statement of its
/// own, which makes them.
bool are_of_met_rows(const Draft& draft) {
  const auto* insert = sql::as<sql::Insert>(&draft.statement);
  if (insert == nullptr || insert->on_duplicate.empty()) return false;
  const auto calls = [&draft](const sql::Node* node) {
    return find_gates_call(draft.context, *node) != nullptr;
  };
  return (insert->source == nullptr || !calls(insert->source)) &&
         std::ranges::none_of(insert->returning, calls);
}

Error refuse(const sql::FunctionCall& call, std::string_view where) {
  const std::string name(call.name);
  return Error(kUnsupportedYet, "function '" + name + "', which the gate runs, " + std::string(where) +
                                    ": give its value to a variable first (SET @value = " + name + "(…))");
}

Error refuse_met(const sql::FunctionCall& call, const Met& met) {
  const std::string table(met.table->name);
  constexpr std::uint16_t kBusy = 1442;
  if (met.written)
    return Error::from_server(
        kBusy, "HY000",
        "Can't update table '" + table +
            "' in stored function/trigger because it is already used by statement which "
            "invoked this stored function/trigger");
  return refuse(call, "in a statement that writes table '" + table + "', which it reads");
}

/// 1442, as servers say it, or kUnsupportedYet: one of the calls is of a function that uses a table of the
/// statement's.
Result<void> check_met(const Draft& draft) {
  Result<void> result;
  sql::walk(draft.statement, [&](const sql::Node& node) {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    const vschema::Keyspace* keyspace = call == nullptr ? nullptr : gates_keyspace(draft.context, *call);
    std::optional<Met> met;
    if (keyspace != nullptr && result) met = find_met(draft.context, draft.statement, *keyspace, *call);
    if (met) result = failure(refuse_met(*call, *met));
    return result.has_value();
  });
  return result;
}

/// Queries of one call what it calls for its rows.
bool is_view_of_tables(const sql::Statement& statement) {
  const auto* create = sql::as<sql::CreateView>(&statement);
  return create != nullptr && !tables_named(*create->query).empty();
}

}  // namespace

Error refuse_for_rows(const Draft& draft) {
  std::string_view where =
      "in a query that uses columns of the one around it, or in what a write does with its rows";
  if (is_ddl(draft.statement.kind)) where = "in what defines a table";
  if (draft.statement.kind == NodeKind::kCreateView || (draft.with_views && draft.tables.empty()))
    where = "in a view that names no table";
  return refuse(*draft.gates_call, where);
}

Result<void> plan_gate_functions(Draft& draft) {
  const NodeKind kind = draft.statement.kind;
  // What these have in them, they plan by themselves, or it is run statement by statement.
  const bool within = kind == NodeKind::kShow || kind == NodeKind::kExplain ||
                      kind == NodeKind::kCreateRoutine || kind == NodeKind::kCreateTrigger ||
                      kind == NodeKind::kCall || is_view_of_tables(draft.statement) ||
                      sql::into_file(draft.statement) != nullptr || makes_sharded_of_query(draft);
  if (within) return {};
  const sql::FunctionCall* call = find_gates_call(draft.context, draft.statement);
  if (call == nullptr) return {};
  if (is_routine_call(kind)) return make_session(draft);
  if (Result<void> done = check_met(draft); !done) return done;
  if (draft.context.type != topo::TabletType::primary) {
    return failure(kReadOnlyTarget, "the session's target is @" +
                                        std::string(topo::name(draft.context.type)) + ", and function '" +
                                        std::string(call->name) + "' may write");
  }
  if (are_of_met_rows(draft)) return {};
  // What a view calls is not in the text that would be run again.
  const bool once = !draft.with_views && Places(draft).are_called_once();
  if (!once && !sql::has_parameter(draft.statement)) {
    draft.gates_call = call;
    return {};
  }
  if (Result<void> made = make_session(draft); !made) return made;
  auto& session = static_cast<Session&>(*draft.plan->root);
  session.calls_functions = true;
  if (!once) session.rows = std::make_shared<const CalledRows>();
  return {};
}

}  // namespace kintsugi::plan::pass
