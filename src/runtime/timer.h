#pragma once

#include "base/task.h"
#include "base/time.h"
#include "runtime/cancel.h"

namespace kintsugi::runtime {

/// Waits on the current loop until `when`, or until `cancel` (may be null) is requested: true if the time
/// came, false if it was cancelled.
Task<bool> sleep_until(Time when, Cancel* cancel = nullptr);
Task<bool> sleep_for(Duration duration, Cancel* cancel = nullptr);

}  // namespace kintsugi::runtime
