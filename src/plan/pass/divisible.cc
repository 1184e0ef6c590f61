#include <algorithm>

#include "plan/pass/rules.h"

namespace kintsugi::plan::pass {

using sql::NodeKind;

bool is_divisible(const Draft& draft, const sql::Select& select) {
  const Block& block = *draft.top;
  if (draft.course != Course::kSharded || select.with != nullptr || select.with_rollup ||
      select.into != nullptr)
    return false;
  if (block.node != &select || !block.rows_apart.empty() || block.aggregated_from_inside) return false;
  if ((select.options & sql::kCalcFoundRows) != 0 || !select.windows.empty()) return false;
  if (draft.plan->assigns_last_insert_id) return false;
  if (select.limit != nullptr && (select.limit->with_ties || select.limit->rows_examined != nullptr))
    return false;
  bool plain = true;
  const auto look = [&](const sql::Node& node, bool queries_too) {
    sql::walk(node, [&](const sql::Node& child) {
      const auto* call = sql::as<sql::FunctionCall>(&child);
      if (call != nullptr && call->over != nullptr) plain = false;
      if (child.kind == NodeKind::kAssign || child.kind == NodeKind::kDefaultOf) plain = false;
      if (const auto* lock = sql::as<sql::Locking>(&child)) {
        plain &= select.locking.size() == 1 && lock == select.locking.front() && lock->of.empty() &&
                 lock->wait == sql::LockWait::kDefault;
      }
      if (queries_too && sql::is_query(child.kind)) plain = false;
      return plain;
    });
  };
  look(select, false);
  for (const sql::SelectItem* item : select.items) look(*item, true);
  for (const sql::OrderItem* item : select.order_by) look(*item, true);
  for (const sql::OrderItem* item : select.group_by) look(*item, true);
  if (select.having != nullptr) look(*select.having, true);
  return plain && std::ranges::none_of(draft.tables, [](const TableEntry& entry) {
           return entry.server_name != entry.name->name;
         });
}

Merge merge_of(const sql::FunctionCall& call) {
  // A literal's text is of another type once it was a column: max('').
  const bool of_literal = call.args.count == 1 && sql::is<sql::Literal>(call.args.front());
  if (of_literal && (call.name == "min" || call.name == "max")) return Merge::kNone;
  if (call.distinct || !call.order_by.empty() || call.over != nullptr) {
    return (call.name == "min" || call.name == "max") && call.over == nullptr ? Merge::kSame : Merge::kNone;
  }
  if (call.name == "count") return Merge::kCount;
  if (call.name == "sum") return Merge::kSum;
  if (call.name == "avg") return Merge::kAverage;
  for (const char* name : {"min", "max", "bit_and", "bit_or", "bit_xor"}) {
    if (call.name == name) return Merge::kSame;
  }
  return Merge::kNone;
}

bool holds_aggregate(const sql::Node& node) {
  bool found = false;
  sql::walk(node, [&found](const sql::Node& child) {
    const auto* call = sql::as<sql::FunctionCall>(&child);
    found |= call != nullptr && is_aggregate(*call);
    return !found;
  });
  return found;
}

bool is_typed_by_digits(const sql::Expr& expr) {
  const auto* call = sql::as<sql::FunctionCall>(&expr);
  if (call == nullptr || (call->name != "floor" && call->name != "ceil" && call->name != "ceiling"))
    return false;
  bool average = false;
  sql::walk(expr, [&average](const sql::Node& node) {
    const auto* inner = sql::as<sql::FunctionCall>(&node);
    average |= inner != nullptr && inner->name == "avg";
    return !average;
  });
  return average;
}

}  // namespace kintsugi::plan::pass
