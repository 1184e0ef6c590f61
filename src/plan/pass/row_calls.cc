#include <algorithm>
#include <map>

#include "plan/pass/gate_calls.h"
#include "plan/pass/rules.h"
#include "sql/conditional.h"

// Stored functions that gates run, called for each row that an UPDATE or an INSERT … SELECT reads: their
// arguments are read with the row, then they are called, and then it is written.

namespace kintsugi::plan::pass {

namespace {

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
  bool is_row_by_row(const sql::Select& select) const {
    const auto is_star = [](const sql::SelectItem* item) { return sql::is<sql::Star>(item->value); };
    const bool plain = !select.distinct && select.windows.empty() && !select.from.empty() &&
                       select.procedure == nullptr && std::ranges::none_of(select.items, is_star);
    const auto ordered_by_call = [&](const sql::OrderItem* item) {
      return names_call(context_, select, *item->value);
    };
    return plain && std::ranges::none_of(select.order_by, ordered_by_call) &&
           std::ranges::none_of(select.group_by, ordered_by_call) &&
           (select.having == nullptr || !names_call(context_, select, *select.having)) &&
           !is_called_in_group(context_, select);
  }

  sql::Expr* replaced(sql::Expr& value) { return static_cast<sql::Expr*>(replace(value, nullptr)); }

  sql::Node* replace(sql::Node& node, sql::Expr* guard) {
    if (const auto* call = sql::as<sql::FunctionCall>(&node)) {
      if (const vschema::Keyspace* keyspace = gates_keyspace(context_, *call))
        return mark(*keyspace, *call, guard);
    }
    // A call in there may not be made for each row.
    if (sql::is_query(node.kind)) return &node;
    std::map<const sql::Node*, sql::Expr*> guards;
    for (const sql::GuardedOperand& operand : sql::guarded_operands(node, arena_)) {
      if (operand.guard != nullptr && find_gates_call(context_, *operand.operand) != nullptr)
        guards[operand.operand] = operand.guard;
    }
    replace_children(node, guard, guards);
    return &node;
  }

  void replace_children(sql::Node& node, sql::Expr* guard,
                        const std::map<const sql::Node*, sql::Expr*>& guards) {
    sql::rewrite_children(node, [&](sql::Node& child) -> sql::Node* {
      if (child.kind == sql::NodeKind::kWhen) {
        replace_children(child, guard, guards);
        return &child;
      }
      const auto found = guards.find(&child);
      if (found == guards.end()) return replace(child, guard);
      return replace(child, sql::both(guard, sql::clone(settled(found->second), arena_), arena_));
    });
  }

  /// What a guard shares with the tree has marks by now, but for operands that are calls themselves.
  sql::Expr* settled(sql::Expr* guard) {
    const auto settle = [this](sql::Node& node, const auto& self) -> sql::Node* {
      for (std::size_t i = 0; i < calls_.size(); ++i) {
        if (calls_[i].call == &node) return read_mark(i, arena_);
      }
      sql::rewrite_children(node, [&](sql::Node& child) { return self(child, self); });
      return &node;
    };
    return static_cast<sql::Expr*>(settle(*guard, settle));
  }

  sql::Node* mark(const vschema::Keyspace& keyspace, const sql::FunctionCall& call, sql::Expr* guard) {
    sound_ = sound_ && !find_met(context_, statement_, keyspace, call);
    sql::walk(call, [&](const sql::Node& node) {
      const auto* inner = sql::as<sql::FunctionCall>(&node);
      const vschema::Keyspace* of = inner == nullptr ? nullptr : gates_keyspace(context_, *inner);
      sound_ = sound_ && (of == nullptr || !find_met(context_, statement_, *of, *inner)) &&
               !(sql::is_query(node.kind) && find_gates_call(context_, node) != nullptr);
      return sound_;
    });
    calls_.push_back({&call, guard});
    return read_mark(calls_.size() - 1, arena_);
  }

  const sql::Statement& statement_;
  const PlanContext& context_;
  sql::Arena& arena_;
  bool sound_ = true;
  std::vector<RowCall> calls_;
};

/// Marks all that is read in a call's arguments.
class ArgumentReader {
 public:
  ArgumentReader(Draft& draft, ArgumentSource& source, std::size_t call)
      : draft_(draft), source_(source), call_(call) {}

  Result<sql::Expr*> run(sql::Expr& argument) {
    auto* marked = static_cast<sql::Expr*>(mark(argument, false));
    if (failed_) return failure(*failed_);
    return marked;
  }

 private:
  sql::Node* mark(sql::Node& node, bool settled) {
    if (failed_ || !is_value(node)) return descend(node, settled);
    auto& expr = static_cast<sql::Expr&>(node);
    if (constant_operand(&expr, draft_)) return &node;
    if (find_gates_call(draft_.context, node) != nullptr) return descend(node, settled);
    if (!settled) {
      Result<sql::Expr*> value = source_.settle(call_, expr);
      if (value) return mark(**value, true);
      failed_ = value.error();
      return &node;
    }
    return has_row_mark(node) ? descend(node, true) : source_.read(expr);
  }

  sql::Node* descend(sql::Node& node, bool settled) {
    sql::rewrite_children(node, [&](sql::Node& child) { return mark(child, settled); });
    return &node;
  }

  Draft& draft_;
  ArgumentSource& source_;
  std::size_t call_;
  std::optional<Error> failed_;
};

}  // namespace

bool is_value(const sql::Node& node) {
  return sql::is_expr(node.kind) && node.kind != sql::NodeKind::kInterval &&
         node.kind != sql::NodeKind::kKeyword && node.kind != sql::NodeKind::kStar;
}

bool is_called_in_group(const PlanContext& context, const sql::Node& node) {
  return find_call(node, [&](const sql::FunctionCall& call) {
           return (is_aggregate(call) || call.over != nullptr) && find_gates_call(context, call) != nullptr;
         }) != nullptr;
}

bool names_call(const PlanContext& context, const sql::Select& select, const sql::Expr& expr) {
  if (find_gates_call(context, expr) != nullptr) return true;
  const auto calls = [&](const sql::SelectItem* item) {
    return find_gates_call(context, *item->value) != nullptr;
  };
  if (const auto* literal = sql::as<sql::Literal>(&expr))
    return literal->literal == sql::LiteralKind::kInteger && std::ranges::any_of(select.items, calls);
  bool named = false;
  sql::walk(expr, [&](const sql::Node& node) {
    const auto* column = sql::as<sql::ColumnRef>(&node);
    named = named || (column != nullptr && column->table.empty() &&
                      std::ranges::any_of(select.items, [&](const sql::SelectItem* item) {
                        return calls(item) && same_column(item->alias, column->name);
                      }));
    return !named;
  });
  return named;
}

WithoutRowCalls replace_row_calls(const sql::Statement& statement, const PlanContext& context,
                                  sql::Arena& arena) {
  return RowCallReplacer(statement, context, arena).run();
}

Result<RowCalls> make_row_calls(Draft& draft, ArgumentSource& source, sql::Arena& arena) {
  RowCalls made;
  for (std::size_t i = 0; i < draft.row_calls.size(); ++i) {
    const RowCall& row_call = draft.row_calls[i];
    ArgumentReader reader(draft, source, i);
    sql::Expr* guard = sql::clone(row_call.guard, arena);
    if (guard != nullptr) {
      Result<sql::Expr*> marked = reader.run(*guard);
      if (!marked) return failure(marked.error());
      guard = *marked;
    }
    auto* call = sql::clone(row_call.call, arena);
    for (sql::Expr*& argument : call->args) {
      Result<sql::Expr*> marked = reader.run(*argument);
      if (!marked) return failure(marked.error());
      argument = *marked;
    }
    auto* item = sql::make_node<sql::SelectItem>(arena);
    item->value = guard == nullptr ? call : sql::guarded(*guard, *call, arena);
    auto* select = sql::make_node<sql::Select>(arena);
    select->items.push_back(arena, item);
    made.texts.push_back(make_text(draft, *select));
    draft.plan->cacheable = false;
  }
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

}  // namespace kintsugi::plan::pass
