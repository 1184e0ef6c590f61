#pragma once

#include <string>
#include <string_view>

#include "admin/metrics.h"
#include "base/time.h"

namespace kintsugi::admin {

std::string escape_html(std::string_view text);

/// For people: "0.25", "12.3", "4,210", "1.21 M"; "85 µs", "1.2 ms"; "64.2 MiB".
std::string human(double value, MetricUnit unit);
/// "12 s", "5 min 3 s", "2 h 5 min", "3 d 4 h".
std::string human_uptime(Duration uptime);

}  // namespace kintsugi::admin
