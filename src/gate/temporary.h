#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "plan/plan.h"

namespace kintsugi::gate {

class Session;

/// After a statement that made, dropped or altered temporary tables, or failed to: asks their server which of
/// the names are temporary tables now, and of which columns, and notes that in the session. What cannot be
/// found out is noted as lost.
Task<void> look_at_temporary(Session& session, const plan::TemporaryUse& use);

/// SHOW CREATE TABLE of a temporary table of the session.
Task<Result<std::string>> show_create_temporary(Session& session, std::string keyspace,
                                                std::string_view name);

}  // namespace kintsugi::gate
