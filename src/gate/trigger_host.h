#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "plan/row_triggers.h"

namespace kintsugi::gate {

class Session;

/// Runs the body of one trigger for one row, its statements by `statements`: within the unit of the statement
/// that writes the row. The values are of the columns that `triggers` names; before the row is written, NEW
/// gets them as they were said, with the conversions of its columns. Returns NEW as the trigger leaves it, if
/// `texts` is there to hold it.
Task<Result<std::vector<plan::Value>>> run_trigger(Session& session, exec::Statements& statements,
                                                   const plan::RowTriggers& triggers,
                                                   const vschema::TriggerSpec& trigger,
                                                   std::span<const plan::Value> old_row,
                                                   std::span<const plan::Value> new_row,
                                                   std::deque<std::string>* texts);

/// A trigger's statement with the values of the functions that gates run (with_function_values()).
Task<Result<std::string>> with_values_in_trigger(Session& session, exec::Statements& statements,
                                                 std::string text);

}  // namespace kintsugi::gate
