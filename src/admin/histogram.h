#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace kintsugi::admin {

/// How often values of which size were seen, in buckets that are an eighth of their value wide. Values are
/// whole numbers: nanoseconds of a duration, bytes, rows. The idea is that of HdrHistogram
/// (hdrhistogram.org): a bucket is the position of the highest bit and the three bits behind it.
struct HistogramSnapshot {
  /// Everything over 2^44 (4.9 hours in nanoseconds) is counted as that.
  static constexpr std::size_t kBuckets = 336;

  std::array<std::uint64_t, kBuckets> counts{};
  std::uint64_t sum = 0;

  /// Where a value is counted.
  static std::size_t bucket_of(std::uint64_t value);

  std::uint64_t count() const;
  /// How many were at most 2^exponent; exact.
  std::uint64_t count_to_power_of_two(unsigned exponent) const;
  /// The value that the share `q` (0.99) of all does not exceed, at most an eighth too high; 0 if there are
  /// none.
  double quantile(double q) const;
  double mean() const;
  /// What came after `earlier`.
  HistogramSnapshot since(const HistogramSnapshot& earlier) const;
  void add(const HistogramSnapshot& other);
};

/// Any thread; observing costs two atomic additions.
class Histogram {
 public:
  Histogram() = default;
  Histogram(const Histogram&) = delete;
  Histogram& operator=(const Histogram&) = delete;

  void observe(std::uint64_t value) noexcept;
  void observe(Duration duration) noexcept {
    observe(static_cast<std::uint64_t>(duration.count() < 0 ? 0 : duration.count()));
  }
  /// Not of one moment: what is observed meanwhile may be in it or not.
  HistogramSnapshot snapshot() const;

 private:
  std::array<std::atomic<std::uint64_t>, HistogramSnapshot::kBuckets> counts_{};
  std::atomic<std::uint64_t> sum_{0};
};

}  // namespace kintsugi::admin
