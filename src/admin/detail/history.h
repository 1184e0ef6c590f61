#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "admin/histogram.h"
#include "base/time.h"

namespace kintsugi::admin {

inline constexpr Duration kHistoryLength = std::chrono::minutes(5);
/// Points of a chart: one for each five seconds.
inline constexpr Duration kPointLength = std::chrono::seconds(5);

/// A number looked at about once a second, for the last five minutes.
class NumberHistory {
 public:
  void sample(Time now, double value);
  std::optional<double> latest() const;
  /// Growth per second over the window, or over what there is of it; nothing before two samples.
  std::optional<double> rate(Duration window) const;
  /// Oldest first: growth per second, or the last value, of each kPointLength.
  std::vector<double> rates() const;
  std::vector<double> levels() const;

 private:
  struct Sample {
    Time time;
    double value;
  };
  std::deque<Sample> samples_;
};

/// A histogram, kept every kPointLength for the last five minutes.
class LatencyHistory {
 public:
  void sample(Time now, const HistogramSnapshot& snapshot);
  /// What was observed within the window.
  HistogramSnapshot within(Duration window) const;
  /// Oldest first: the 99th percentile of each kPointLength, 0 where nothing was observed.
  std::vector<double> p99s() const;

 private:
  struct Sample {
    Time time;
    HistogramSnapshot snapshot;
  };
  std::deque<Sample> samples_;
  Sample latest_{};
};

}  // namespace kintsugi::admin
