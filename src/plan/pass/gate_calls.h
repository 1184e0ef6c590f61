#pragma once

#include <optional>

#include "plan/pass/functions.h"

// What passes ask of calls of stored functions that gates run (vschema::FunctionSpec::in_gate).
namespace kintsugi::plan::pass {

/// The keyspace whose function is called, if gates run it; else null.
const vschema::Keyspace* gates_keyspace(const PlanContext& context, const sql::FunctionCall& call);
/// The first such call in the node; null: there is none.
const sql::FunctionCall* find_gates_call(const PlanContext& context, const sql::Node& node);
/// A table of the statement's that the function must not meet.
struct Met {
  const sql::TableName* table = nullptr;
  bool written = false;  ///< the function writes it, which one server refuses; else the statement does
};
/// What the function sees of the table, or the statement of what it writes, depends on when it runs.
std::optional<Met> find_met(const PlanContext& context, const sql::Statement& statement,
                            const vschema::Keyspace& keyspace, const sql::FunctionCall& call);
/// Whether it can be a select item: not `interval 1 day`, and the like.
bool is_value(const sql::Node& node);

/// kUnsupportedYet, of Draft::gates_call.
Error refuse_for_rows(const Draft& draft);

/// Whether a call stands in an aggregate or a window function, so that it is made for the rows of a group.
bool is_called_in_group(const PlanContext& context, const sql::Node& node);
/// Whether the expression of ORDER BY, GROUP BY or HAVING calls one, by the name or number of an item too.
bool names_call(const PlanContext& context, const sql::Select& select, const sql::Expr& expr);

}  // namespace kintsugi::plan::pass
