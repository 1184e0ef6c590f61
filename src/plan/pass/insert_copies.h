#pragma once

#include "plan/pass/draft.h"

// Of an INSERT whose rows several servers get: what must be written otherwise, so that they get the same.

namespace kintsugi::plan::pass {

/// Writes DEFAULTs that differ from server to server as values. `names` are the columns that rows have,
/// `implicit` if the statement does not say them; both may get more. kCopiesWouldDiffer: the rows' query has
/// no place for them.
Result<void> write_defaults(const TableEntry& entry, sql::Insert& insert, bool implicit,
                            std::vector<std::string_view>& names, sql::Arena& arena);
/// ON DUPLICATE KEY UPDATE without the table's name, which may be another one elsewhere.
void unqualify(const TableEntry& entry, sql::Insert& insert);
/// Says which columns the rows have, in the place of what it said of them.
void name_columns(sql::Insert& insert, std::span<const std::string_view> names, sql::Arena& arena);

}  // namespace kintsugi::plan::pass
