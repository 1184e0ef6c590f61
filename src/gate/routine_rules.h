#pragma once

#include "base/error.h"
#include "plan/plan.h"

namespace kintsugi::gate {

/// What neither a stored function nor a trigger may do, nor a procedure that they call. Of a server's they
/// are told when they are made, but of what a procedure does only when it runs. 1422: it commits; 1336:
/// dynamic SQL.
Result<void> check_within_function(const plan::Plan& plan);

}  // namespace kintsugi::gate
