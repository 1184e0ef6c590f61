#pragma once

#include "base/error.h"
#include "base/task.h"
#include "gate/shard_connections.h"
#include "plan/plan.h"

namespace kintsugi::gate {

class Session;

/// Answers EXPLAIN or ANALYZE FORMAT=KINTSUGI: `plan`'s root is a plan::Explanation. ANALYZE runs what it
/// explains, to its end, and drops the rows. `sent` is the client's statement; `plan` and what the bindings
/// borrow live until it returns.
Task<Result<void>> run_explanation(Session& session, const ClientStatement& sent, const plan::Plan& plan,
                                   const plan::Bindings& bindings);

/// What a statement of the session runs with; lacks only what its caller adds.
exec::ExecContext exec_context(Session& session, const plan::Plan& plan, const plan::Directives& directives,
                               const plan::Bindings& bindings, exec::Shards& shards);

}  // namespace kintsugi::gate
