#pragma once

#include <vector>

#include "plan/planner.h"
#include "sql/arena.h"
#include "sql/tree.h"

namespace kintsugi::plan::pass {

/// A statement without the views of sharded keyspaces: each is the query that it stands for. Servers know
/// these views too, but each only over its own rows.
struct WithoutViews {
  const sql::Statement* statement = nullptr;  ///< the statement itself where it names none
  std::vector<TableKey> missing;              ///< not empty: tables that must be known first
};

/// Of a query in FROM it makes a derived table; INSERT, UPDATE and DELETE of a view become those of the table
/// below it, where it is a plain selection of one. Fails with kNotUpdatable, kNotInsertable, and as the
/// parser does. What it makes lives in `arena`.
Result<WithoutViews> replace_views(const sql::Statement& statement, const PlanContext& context,
                                   sql::Arena& arena);

}  // namespace kintsugi::plan::pass
