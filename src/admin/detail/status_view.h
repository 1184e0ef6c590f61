#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/admin_server.h"
#include "admin/build_info.h"
#include "admin/readiness.h"
#include "admin/status.h"
#include "base/time.h"

namespace kintsugi::admin {

/// One chart's numbers, in the unit that is shown (seconds, bytes).
struct ChartView {
  enum class Kind { rate, level, latency };
  std::string title;
  Kind kind = Kind::rate;
  MetricUnit unit = MetricUnit::count;
  bool bad = false;
  std::optional<double> second, minute, five_minutes;  ///< rates; a level has only `second`: now
  /// Of latencies: over a minute and five.
  std::uint64_t count_minute = 0;
  double p50_minute = 0, p99_minute = 0, p50_five = 0, p99_five = 0;
  std::vector<double> points;  ///< the last five minutes, oldest first
};

struct SectionView {
  std::string title;
  StatusSection content;
};

/// Everything that the status page and /debug/vars show, gathered at one moment.
struct StatusView {
  About about;
  BuildInfo build;
  Duration uptime{};
  std::vector<Readiness::Named> checks;
  std::vector<ChartView> charts;
  std::vector<SectionView> sections;
  std::vector<std::string> problems;  ///< the last lines of the log that are warnings or errors, oldest first

  bool ready() const {
    for (const Readiness::Named& check : checks) {
      if (!check.result.ok) return false;
    }
    return true;
  }
};

}  // namespace kintsugi::admin
