#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plan/errors.h"
#include "plan/plan.h"
#include "plan/temporary.h"
#include "sql/tree/node.h"

namespace kintsugi::plan {

/// What a statement is planned against. The snapshots are kept by the plan.
struct PlanContext {
  std::shared_ptr<const vschema::Snapshot> routing;
  std::shared_ptr<const Schema> schema;
  std::string keyspace;  ///< of the session's target; empty: none was chosen
  std::string shard;     ///< not empty: everything goes to this shard as it is
  topo::TabletType type = topo::TabletType::primary;
  /// Whether the statement is what the client sent, so that its own text may go out unchanged.
  bool own_text = true;
  /// Those of the session; null: it has none.
  std::shared_ptr<const TemporaryTables> temporary;
  /// Whether rows of shards may be merged by the gate.
  bool merge = true;
  bool mariadb = true;  ///< what servers are: else MySQL's
  /// Whether triggers that gates run do: not of what a foreign key's action changes.
  bool triggers = true;
};

/// Either a plan, or the tables whose columns must be known first: the gate asks a server of their keyspace
/// (schema_query), puts them into a Schema with Schema::with() (also those that do not exist), and plans
/// again.
struct Planned {
  std::shared_ptr<const Plan> plan;
  std::vector<TableKey> missing;
};

/// CALL, and the compound statements that MariaDB takes outside of routines: their statements are planned one
/// by one when they run.
bool is_routine_call(sql::NodeKind kind);

/// One step of planning. `dump` names it for plan_after().
struct PassInfo {
  std::string_view name;
  std::string_view purpose;
};
/// In the order they run.
std::span<const PassInfo> passes();

/// Plans one statement. `text` is what it was parsed from; if parameterize (sql/fingerprint.h) has numbered
/// the statement's literals, the plan takes them from Bindings::literals and may serve other texts; else they
/// are constants of the plan. The statement and the text may go away afterwards. Any thread; no I/O.
///
/// Fails with the codes of plan/errors.h. A statement that would be answered wrongly is refused, never
/// planned.
Result<Planned> plan(const sql::Statement& statement, std::string_view text, const PlanContext& context);

/// What is known of the statement after the pass, as text: for tests and for debugging.
Result<std::string> plan_after(std::string_view pass, const sql::Statement& statement, std::string_view text,
                               const PlanContext& context);

}  // namespace kintsugi::plan
