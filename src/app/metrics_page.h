#pragma once

#include <string>

namespace kintsugi::app {

/// docs/metrics.md: what /metrics of every role has, told by the roles' own objects, which are made for that
/// and not started. Runs a loop of its own.
std::string metrics_page();

}  // namespace kintsugi::app
