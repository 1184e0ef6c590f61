#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "gate/gate_options.h"
#include "gate/session_state.h"
#include "plan/explain.h"

/// What costly statements may do: those that go to several shards (scatter), and those that copy rows to one
/// server (gather). Said by the gate's options, by a user's entry in users.json and by a keyspace's vschema;
/// the strictest counts. Pure.
namespace kintsugi::gate {

/// kScatterForbidden, kGatherForbidden; the message names who forbids it. Only queries and changes of rows
/// are meant: rows that an INSERT spreads, writes of reference tables, DDL and SHOW are not.
Result<void> check_limits(const plan::Plan& plan, plan::Tier tier, const plan::Directives& directives,
                          const GateOptions& options, const ClientIdentity& identity);

/// The bounds of a query that gathers, and who has set each: a directive can only lower the gate's.
std::vector<plan::Bound> gather_bounds(const plan::Directives& directives, const GateOptions& options);

/// How long a statement may take, and who says so.
struct TimeLimit {
  Duration after{};         ///< zero: for ever
  bool of_session = false;  ///< the session's max_statement_time (MariaDB), which servers heed by themselves

  /// When the gate ends the statement: a little later where servers do that by themselves, so that it ends
  /// only what takes so long over several of them, or waits here.
  Time deadline(Time begun) const;
};
/// The strictest of the gate's option or the statement's directive, and of the session's own setting.
TimeLimit time_limit(const plan::Directives& directives, const GateOptions& options,
                     const Settings& settings);
/// kQueryTimeout or kStatementTime, of a statement that has taken that long.
Error timeout_error(const TimeLimit& limit);

}  // namespace kintsugi::gate
