#pragma once

#include <set>
#include <string>
#include <vector>

#include "plan/pass/draft.h"

// What of a query can be done before rows of a table are copied.
namespace kintsugi::plan::pass {

/// The conditions on this source alone which every row of it fulfils that the query can need: of its block's
/// WHERE, and of the ONs of joins that leave out the rows that do not. They stay in the query too.
std::vector<const sql::Expr*> conditions_before_copy(Draft& draft, const Source& source);

/// Names, in lower case, of columns that are compared with other columns: what an index on a copy is for.
std::set<std::string> joined_columns(const sql::Statement& statement);

/// Whether a column can be an index's whatever its text's bytes are.
bool is_indexable(const Column& column);

std::string lower_case(std::string_view text);

}  // namespace kintsugi::plan::pass
