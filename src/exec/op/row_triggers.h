#pragma once

#include "exec/executor.h"

namespace kintsugi::exec {

/// Runs the triggers of a row that has just been written on `shard`. The bindings are the row's; `new_row` is
/// a query that finds it as it is now, or empty. kNewRowLost: it does not.
Task<Result<void>> fire_triggers(ExecContext& context, const plan::RowTriggers& triggers,
                                 const std::vector<plan::Operand>& old_row, std::string new_row,
                                 const vschema::Shard* shard);

}  // namespace kintsugi::exec
