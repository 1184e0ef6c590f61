#pragma once

#include <span>

#include "exec/executor.h"
#include "plan/row_triggers.h"

namespace kintsugi::gate {

class Session;

/// Runs the body of one trigger for one row, its statements by `statements`: within the unit of the statement
/// that wrote the row. The values are of the columns that `triggers` names.
Task<Result<void>> run_trigger(Session& session, exec::Statements& statements,
                               const plan::RowTriggers& triggers, const vschema::TriggerSpec& trigger,
                               std::span<const plan::Value> old_row, std::span<const plan::Value> new_row);

}  // namespace kintsugi::gate
