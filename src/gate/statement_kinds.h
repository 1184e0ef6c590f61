#pragma once

#include <cstdint>
#include <optional>

#include "gate/shard_connections.h"
#include "plan/explain.h"
#include "plan/plan.h"

namespace kintsugi::gate {

/// SHOW WARNINGS and its like tell of the statement before: they do not begin a new account. SET STATEMENT
/// leaves that to the statement in it.
bool keeps_diagnostics(const plan::Plan& plan);
/// Of MariaDB: or may leave them, if it warns of nothing itself: it uses no tables.
bool may_keep_diagnostics(const plan::Plan& plan);

/// Whether it must go by the vschemas as they are when it runs, of EXPLAIN and ANALYZE what they are of: it
/// writes, and who changes a vschema waits for it.
bool keeps_to_routing(const plan::Plan& plan);

/// ROW_COUNT() after a statement that the session runs itself; none: it is that of another statement.
std::optional<std::int64_t> rows_counted(const sql::Statement& statement);

/// CREATE and ALTER EVENT, and DROP of what may be one.
bool may_define_events(const plan::Plan& plan);

/// Of a plan for the session: CALL, compound statements and those that call functions which gates run take as
/// long as their statements do.
bool runs_routine(const plan::Plan& plan);

/// Whether several shards work for it, or rows are copied: what the lists of costly statements tell of.
bool is_costly(plan::Tier tier);

/// What the statement's servers are asked right after it. Borrows `statement`.
AfterStatement asked_after(const plan::Plan& plan, const ClientStatement& statement);

}  // namespace kintsugi::gate
