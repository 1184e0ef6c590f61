#include <algorithm>

#include "plan/pass/functions.h"
#include "plan/pass/rules.h"
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

const sql::FunctionCall* find_gates_call(const PlanContext& context, const sql::Node& node) {
  return find_call(node,
                   [&](const sql::FunctionCall& call) { return gates_keyspace(context, call) != nullptr; });
}

/// A table of the function that the statement uses too: what it sees of it depends on when it runs, and one
/// server lets it write none of them. Null: there is none.
const sql::TableName* find_met(const PlanContext& context, const sql::Statement& statement,
                               const vschema::Keyspace& keyspace, const sql::FunctionCall& call) {
  const std::vector<std::string> tables = tables_used(keyspace, call.name);
  for (const sql::TableName* name : tables_named(statement)) {
    const std::string_view schema = name->schema.empty() ? std::string_view(context.keyspace) : name->schema;
    if (schema == keyspace.name() && std::ranges::find(tables, name->name) != tables.end()) return name;
  }
  return nullptr;
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
        return find_gates_call(draft_.context, *item) != nullptr;
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

  void meets(const vschema::Keyspace& keyspace, const sql::FunctionCall& call) {
    if (const sql::TableName* name = find_met(draft_.context, draft_.statement, keyspace, call))
      where_ = "in a statement of table '" + std::string(name->name) + "', which it uses too";
  }

  const Draft& draft_;
  std::string where_;
};

/// Puts marks in the places of calls that are made for each row.
class RowCallReplacer {
 public:
  RowCallReplacer(const sql::Statement& statement, const PlanContext& context, sql::Arena& arena)
      : statement_(statement), context_(context), arena_(arena) {}

  WithoutRowCalls run() {
    const WithoutRowCalls unchanged{&statement_, {}};
    if (find_gates_call(context_, statement_) == nullptr) return unchanged;
    sql::Statement* copy = sql::clone(&statement_, arena_);
    if (auto* update = sql::as<sql::Update>(copy)) {
      for (sql::Assignment* assignment : update->set) assignment->value = replaced(*assignment->value);
    } else if (auto* insert = sql::as<sql::Insert>(copy)) {
      auto* select = sql::as<sql::Select>(insert->source);
      if (select == nullptr || !is_row_by_row(*select)) return unchanged;
      for (sql::SelectItem* item : select->items) item->value = replaced(*item->value);
    }
    // Others are called once, or not at all.
    if (!sound_ || calls_.empty() || find_gates_call(context_, *copy) != nullptr) return unchanged;
    return {copy, std::move(calls_)};
  }

 private:
  static bool is_row_by_row(const sql::Select& select) {
    const auto is_star = [](const sql::SelectItem* item) { return sql::is<sql::Star>(item->value); };
    const bool plain = !select.distinct && select.group_by.empty() && select.having == nullptr &&
                       select.windows.empty() && !select.from.empty() && select.procedure == nullptr;
    return plain && !holds_aggregate(select) && std::ranges::none_of(select.items, is_star);
  }

  sql::Expr* replaced(sql::Expr& value) { return static_cast<sql::Expr*>(replace(value)); }

  sql::Node* replace(sql::Node& node) {
    if (const auto* call = sql::as<sql::FunctionCall>(&node)) {
      if (const vschema::Keyspace* keyspace = gates_keyspace(context_, *call)) return mark(*keyspace, *call);
    }
    // A call in there may not be made for each row.
    if (sql::is_query(node.kind) || is_conditional(node)) return &node;
    sql::rewrite_children(node, [this](sql::Node& child) { return replace(child); });
    return &node;
  }

  sql::Node* mark(const vschema::Keyspace& keyspace, const sql::FunctionCall& call) {
    sql::walk(call, [this](const sql::Node& node) {
      sound_ = sound_ && !sql::is_query(node.kind);
      return sound_;
    });
    sound_ = sound_ && find_met(context_, statement_, keyspace, call) == nullptr;
    calls_.push_back(&call);
    return read_mark(calls_.size() - 1, arena_);
  }

  const sql::Statement& statement_;
  const PlanContext& context_;
  sql::Arena& arena_;
  bool sound_ = true;
  std::vector<const sql::FunctionCall*> calls_;
};

}  // namespace

WithoutRowCalls replace_row_calls(const sql::Statement& statement, const PlanContext& context,
                                  sql::Arena& arena) {
  return RowCallReplacer(statement, context, arena).run();
}

Result<RowCalls> make_row_calls(Draft& draft, const ReadArgument& read, sql::Arena& arena) {
  RowCalls made;
  if (draft.row_calls.empty()) return made;
  auto* select = sql::make_node<sql::Select>(arena);
  for (std::size_t i = 0; i < draft.row_calls.size(); ++i) {
    auto* call = sql::clone(draft.row_calls[i], arena);
    for (sql::Expr*& argument : call->args) {
      if (constant_operand(argument, draft)) continue;
      Result<sql::Node*> mark = read(i, *argument);
      if (!mark) return failure(mark.error());
      argument = static_cast<sql::Expr*>(*mark);
    }
    auto* item = sql::make_node<sql::SelectItem>(arena);
    item->value = call;
    select->items.push_back(arena, item);
  }
  made.text = make_text(draft, *select);
  made.count = draft.row_calls.size();
  draft.plan->cacheable = false;
  return made;
}

std::vector<std::size_t> row_calls_in(Draft& draft, const sql::Node& node) {
  std::vector<std::size_t> found;
  sql::walk(node, [&](const sql::Node& child) {
    const auto* literal = sql::as<sql::Literal>(&child);
    if (literal == nullptr || !is_row_mark(*literal)) return true;
    const std::optional<Operand> operand = constant_operand(literal, draft);
    if (operand->from == Operand::From::kRead && operand->index < draft.row_calls.size())
      found.push_back(operand->index);
    return true;
  });
  return found;
}

Result<void> plan_gate_functions(Draft& draft) {
  const NodeKind kind = draft.statement.kind;
  // What these have in them, they plan by themselves, or it is run statement by statement.
  const bool within = kind == NodeKind::kShow || kind == NodeKind::kExplain ||
                      kind == NodeKind::kCreateRoutine || kind == NodeKind::kCreateTrigger ||
                      kind == NodeKind::kCall;
  if (within) return {};
  const sql::FunctionCall* call = find_gates_call(draft.context, draft.statement);
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
