#include "admin/detail/history.h"

#include <algorithm>

namespace kintsugi::admin {
namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// A sample is not to be taken for a second older than it is when the sampler was a little late.
constexpr Duration kTolerance = std::chrono::milliseconds(100);

}  // namespace

void NumberHistory::sample(Time now, double value) {
  samples_.push_back({now, value});
  while (samples_.front().time + kHistoryLength + kTolerance < now) samples_.pop_front();
}

std::optional<double> NumberHistory::latest() const {
  if (samples_.empty()) return std::nullopt;
  return samples_.back().value;
}

std::optional<double> NumberHistory::rate(Duration window) const {
  if (samples_.size() < 2) return std::nullopt;
  const Sample& last = samples_.back();
  auto first = std::find_if(samples_.begin(), samples_.end(), [&](const Sample& sample) {
    return sample.time + window + kTolerance >= last.time;
  });
  if (&*first == &last) --first;
  return (last.value - first->value) / seconds(last.time - first->time);
}

std::vector<double> NumberHistory::rates() const {
  std::vector<double> points;
  const Sample* first = nullptr;
  for (const Sample& sample : samples_) {
    if (first == nullptr) first = &sample;
    if (sample.time - first->time + kTolerance < kPointLength) continue;
    points.push_back((sample.value - first->value) / seconds(sample.time - first->time));
    first = &sample;
  }
  return points;
}

std::vector<double> NumberHistory::levels() const {
  std::vector<double> points;
  const Sample* first = nullptr;
  for (const Sample& sample : samples_) {
    if (first != nullptr && sample.time - first->time + kTolerance < kPointLength) continue;
    points.push_back(sample.value);
    first = &sample;
  }
  return points;
}

void LatencyHistory::sample(Time now, const HistogramSnapshot& snapshot) {
  latest_ = {now, snapshot};
  if (!samples_.empty() && now - samples_.back().time + kTolerance < kPointLength) return;
  samples_.push_back(latest_);
  while (samples_.front().time + kHistoryLength + kTolerance < now) samples_.pop_front();
}

HistogramSnapshot LatencyHistory::within(Duration window) const {
  for (const Sample& sample : samples_) {
    if (sample.time + window + kTolerance >= latest_.time) return latest_.snapshot.since(sample.snapshot);
  }
  return {};
}

std::vector<double> LatencyHistory::p99s() const {
  std::vector<double> points;
  for (std::size_t i = 1; i < samples_.size(); ++i) {
    points.push_back(samples_[i].snapshot.since(samples_[i - 1].snapshot).quantile(0.99));
  }
  return points;
}

}  // namespace kintsugi::admin
