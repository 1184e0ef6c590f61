#pragma once

#include "exec/executor.h"

namespace kintsugi::exec {

/// Runs the triggers of a row that has just been written on `shard`. The bindings are the row's; `new_row` is
/// a query that finds it as it is now, or empty. kNewRowLost: it does not.
Task<Result<void>> fire_triggers(ExecContext& context, const plan::RowTriggers& triggers,
                                 const std::vector<plan::Operand>& old_row, std::string new_row,
                                 const vschema::Shard* shard);

/// Runs the triggers of a row that is about to be written; the context's bindings get what they set, for as
/// long as `set` holds it. `waits_for_id`: which of `new_row` the row waits for a value of; else -1.
Task<Result<void>> fire_before(ExecContext& context, const plan::RowTriggers& triggers,
                               const std::vector<plan::Operand>& old_row,
                               const std::vector<plan::Operand>& new_row, OwnValues& set,
                               int waits_for_id = -1);

}  // namespace kintsugi::exec
