#include "exec/op/row_triggers.h"

#include "exec/errors.h"
#include "exec/op/read.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

Task<Result<void>> fire_triggers(ExecContext& context, const plan::RowTriggers& triggers,
                                 const std::vector<plan::Operand>& old_row, std::string new_row,
                                 const vschema::Shard* shard) {
  std::vector<plan::Value> before;
  for (const plan::Operand& operand : old_row) before.push_back(operand.in(context.bindings));
  ReadRows rows(context);
  std::span<const plan::Value> after;
  if (!new_row.empty()) {
    Result<void> found = co_await read_from(context, shard, new_row, rows);
    if (!found) co_return found;
    if (rows.size() != 1) {
      co_return failure(kNewRowLost, "a row of " + triggers.keyspace + "." + triggers.table +
                                         " for trigger '" + triggers.triggers.front().name + "'");
    }
    Result<std::span<const plan::Value>> values = rows.values(0);
    if (!values) co_return failure(std::move(values.error()));
    after = *values;
  }
  co_return co_await context.statements->fire(context.plan, triggers, before, after);
}

}  // namespace kintsugi::exec
