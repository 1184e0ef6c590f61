#pragma once

#include <string_view>
#include <vector>

#include "plan/pass/draft.h"
#include "plan/row_triggers.h"

namespace kintsugi::plan::pass {

/// Where a column stands among those that rows are given; -1: nowhere.
int position_of(const std::vector<std::string_view>& columns, std::string_view name);
/// What a row gives the column in that place; null: nothing.
const sql::Expr* item_at(const sql::Row& row, int position);

/// Of an INSERT whose table has BEFORE triggers that gates run: in `rows`, marks (set_mark) take the place of
/// what these set, whose columns come behind `columns` where they are not among them. Returns what the
/// triggers find in NEW, by row: of each of their new_columns. kColumnCount, kUnroutableValue,
/// kUnsupportedYet.
Result<std::vector<std::vector<Operand>>> give_way_to_triggers(Draft& draft, const TableEntry& entry,
                                                               const RowTriggers& triggers, sql::Values& rows,
                                                               std::vector<std::string_view>& columns,
                                                               sql::Arena& arena);

}  // namespace kintsugi::plan::pass
