#pragma once

#include "plan/pass/draft.h"

// What ALTER TABLE does to columns that the vschema names. The draft's keyspace is that of the table.

namespace kintsugi::plan::pass {

/// One action of an ALTER TABLE of a table that the vschema has: that it leaves every row where it lies, and
/// how the vschema follows it. kUnsupportedYet: rows would have to move, or be given ids that are unique on
/// all shards. May ask for the table's columns (Draft::missing).
Result<void> follow_columns(Draft& draft, const vschema::Table& table, const sql::AlterAction& action,
                            Ddl& node);

/// Whether it is an ALTER TABLE that adds an AUTO_INCREMENT column to a sharded table, which has none: the
/// session gives the rows their ids.
bool numbers_rows(const Draft& draft);

}  // namespace kintsugi::plan::pass
