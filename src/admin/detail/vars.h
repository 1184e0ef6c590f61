#pragma once

#include <map>
#include <string>
#include <vector>

#include "admin/detail/status_view.h"
#include "base/log.h"

namespace kintsugi::admin {

/// What the status page shows, and all metrics, as JSON.
std::string vars_json(const StatusView& view, const std::vector<MetricView>& metrics);
std::string readiness_json(const std::vector<Readiness::Named>& checks);
std::string levels_json(const std::map<std::string, LogLevel>& levels);

}  // namespace kintsugi::admin
