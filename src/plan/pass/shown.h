#pragma once

#include "plan/planner.h"
#include "sql/arena.h"
#include "sql/tree.h"

namespace kintsugi::plan::pass {

/// SHOW TABLE STATUS of a keyspace with several shards, whose sizes and numbers of rows are those of all, as
/// the query of information_schema that it stands for (with the columns that MySQL and MariaDB both have).
/// Null: any other statement. It lives in `arena`.
Result<const sql::Statement*> shown_query(const sql::Statement& statement, const PlanContext& context,
                                          sql::Arena& arena);

}  // namespace kintsugi::plan::pass
