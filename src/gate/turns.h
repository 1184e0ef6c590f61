#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "gate/admission.h"
#include "gate/shard_connections.h"
#include "gate/statement_use.h"
#include "plan/plan.h"

namespace kintsugi::gate {

class Session;

/// Whether there is something that the statement may have to wait for.
bool needs_turn(Session& session, const plan::Plan& plan);

/// The turns that a statement has at the limits of its user and of the keyspaces whose tables it uses; given
/// back when this goes. Its turn at the row that it locks becomes its session's (RowTurns in hot_rows.h). On
/// the session's loop.
class Turns {
 public:
  Turns() = default;
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  ~Turns();

  /// Waits for them, one after the other; that counts as waiting in `use`. To a session that holds a server's
  /// connection, for a transaction say, they come at once: others may wait for its locks. kLoadStatements,
  /// kLoadRate, kHotRow, kCancelled.
  Task<Result<void>> take(Session& session, const plan::Plan& plan, const plan::Bindings& bindings,
                          const ClientStatement& statement, StatementUse& use);

 private:
  std::vector<std::shared_ptr<LoadAccount>> taken_;
};

/// After a statement: gives back the session's turns at rows unless it still has locks.
void settle_row_turns(Session& session);

}  // namespace kintsugi::gate
