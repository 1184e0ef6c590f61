#pragma once

#include "plan/pass/draft.h"

// Rows of tables without a primary key are told apart by all that they hold.

namespace kintsugi::plan::pass {

/// One expression for each column that is no function of others: those of two rows are the same (<=>) where
/// the columns' values are the same to the last byte. Columns are qualified with `table`, if it is not empty.
std::vector<sql::Expr*> whole_row(const Table& schema, std::string_view table, sql::Arena& arena);

/// A column of the table that no row has as NULL; null: there is none.
const Column* never_null(const Table& schema);

}  // namespace kintsugi::plan::pass
