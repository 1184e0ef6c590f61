#pragma once

#include "spec/parse.h"

namespace kintsugi::app {

/// What gates, controls, agents and servers say of the parts of a spec that are about them. No state but for
/// files that options name; any thread.
spec::PartChecks spec_checks();

}  // namespace kintsugi::app
