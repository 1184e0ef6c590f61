#include "gate/routine_rules.h"

namespace kintsugi::gate {

Result<void> check_within_function(const plan::Plan& plan) {
  using sql::NodeKind;
  constexpr std::uint16_t kNoCommit = 1422, kNoDynamicSql = 1336;
  const NodeKind kind = plan.statement;
  const bool transaction = kind == NodeKind::kBegin || kind == NodeKind::kCommit ||
                           kind == NodeKind::kRollback || kind == NodeKind::kSavepoint ||
                           kind == NodeKind::kReleaseSavepoint;
  if (transaction || plan.commits_implicitly) {
    return failure(Error::from_server(
        kNoCommit, "HY000", "Explicit or implicit commit is not allowed in stored function or trigger"));
  }
  if (kind == NodeKind::kPrepare || kind == NodeKind::kExecute || kind == NodeKind::kDeallocate) {
    return failure(Error::from_server(kNoDynamicSql, "0A000",
                                      "Dynamic SQL is not allowed in stored function or trigger"));
  }
  return {};
}

}  // namespace kintsugi::gate
