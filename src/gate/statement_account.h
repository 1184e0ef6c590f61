#pragma once

#include "base/error.h"
#include "base/time.h"
#include "exec/executor.h"
#include "gate/statement_use.h"
#include "plan/explain.h"
#include "sql/fingerprint.h"

namespace kintsugi::gate {

class Session;
struct ClientStatement;

/// A statement that has ended.
struct EndedStatement {
  const ClientStatement& sent;
  const plan::Plan* plan = nullptr;          ///< null: it could not be planned
  const sql::StatementKey* shape = nullptr;  ///< null: not known
  plan::Tier tier = plan::Tier::kNone;
  Time begun{};
  const Error* error = nullptr;  ///< null: it did not fail
  const StatementUse& use;
};

/// Counts it: in the gate's metrics and in what its shape costs (query_shapes.h); writes it to the query log,
/// and as a slow one to the gate's.
void account_for(Session& session, const EndedStatement& ended);
/// Rows that were copied to one server, in the gate's metrics.
void note_gathered(Session& session, const exec::ExecContext::Usage& gathered);

}  // namespace kintsugi::gate
