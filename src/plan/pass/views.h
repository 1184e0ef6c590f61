#pragma once

#include <optional>
#include <vector>

#include "plan/pass/draft.h"
#include "plan/planner.h"
#include "sql/arena.h"
#include "sql/tree.h"

namespace kintsugi::plan::pass {

/// A statement without the views of sharded keyspaces: each is the query that it stands for. Servers know
/// these views too, but each only over its own rows.
struct WithoutViews {
  const sql::Statement* statement = nullptr;  ///< the statement itself where it names none
  std::vector<TableKey> missing;              ///< not empty: tables that must be known first
  /// It writes through a view with CHECK OPTION: servers are to write through theirs.
  std::optional<CheckedView> checked;
};

/// Of a query in FROM it makes a derived table; INSERT, UPDATE and DELETE of a view become those of the
/// tables below it, where it is a plain selection of one, or (but for DELETE) a join. Fails with
/// kNotUpdatable, kNotInsertable, kSeveralOfJoin, kJoinWithoutColumns, kDeleteFromJoin, and as the parser
/// does. What it makes lives in `arena`.
Result<WithoutViews> replace_views(const sql::Statement& statement, const PlanContext& context,
                                   sql::Arena& arena);

/// Pass "views": the plan's write of a statement with Draft::checked, as servers do it through the view.
/// kNotUpdatable, kNotInsertable: the view does not have a column that is written or sought by.
Result<void> write_through_view(Draft& draft);

}  // namespace kintsugi::plan::pass
