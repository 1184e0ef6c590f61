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
  if (select.limit != nullptr && (select.limit->with_ties || select.limit->rows_examined != nullptr))
    return false;
  bool plain = true;
  const auto look = [&](const sql::Node& node, bool queries_too) {
    sql::walk(node, [&](const sql::Node& child) {
      const auto* call = sql::as<sql::FunctionCall>(&child);
      if (call != nullptr && call->over != nullptr) plain = false;
      if (child.kind == NodeKind::kAssign) plain = false;
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

}  // namespace kintsugi::plan::pass
