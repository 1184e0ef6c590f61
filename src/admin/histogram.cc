#include "admin/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace kintsugi::admin {
namespace {

// Three bits behind the highest one tell eight buckets apart between two powers of two.
constexpr unsigned kBits = 3;
constexpr std::size_t kPerPower = 1u << kBits;

double upper_end(std::size_t bucket) {
  if (bucket < kPerPower) return static_cast<double>(bucket + 1);
  const std::size_t power = bucket / kPerPower + kBits - 1;
  const double width = std::ldexp(1.0, static_cast<int>(power - kBits));
  return std::ldexp(1.0, static_cast<int>(power)) + static_cast<double>(bucket % kPerPower + 1) * width;
}

double lower_end(std::size_t bucket) { return bucket == 0 ? 0 : upper_end(bucket - 1); }

}  // namespace

// A bucket holds (lower, upper], so that "at most a power of two" is a sum of whole buckets: hence one less.
std::size_t HistogramSnapshot::bucket_of(std::uint64_t value) {
  const std::uint64_t below = value == 0 ? 0 : value - 1;
  if (below < kPerPower) return static_cast<std::size_t>(below);
  const auto power = static_cast<unsigned>(std::bit_width(below)) - 1;
  const std::size_t bucket = (power - kBits + 1) * kPerPower + ((below >> (power - kBits)) & (kPerPower - 1));
  return std::min(bucket, kBuckets - 1);
}

std::uint64_t HistogramSnapshot::count() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t HistogramSnapshot::count_to_power_of_two(unsigned exponent) const {
  const std::size_t last = bucket_of(std::uint64_t{1} << exponent);
  return std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(last) + 1,
                         std::uint64_t{0});
}

double HistogramSnapshot::quantile(double q) const {
  const std::uint64_t all = count();
  if (all == 0) return 0;
  const double wanted = q * static_cast<double>(all);
  double seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    const auto here = static_cast<double>(counts[bucket]);
    if (here != 0 && seen + here >= wanted) {
      // As if the bucket's values were spread evenly over it.
      const double share = std::clamp((wanted - seen) / here, 0.0, 1.0);
      return lower_end(bucket) + share * (upper_end(bucket) - lower_end(bucket));
    }
    seen += here;
  }
  return upper_end(kBuckets - 1);
}

double HistogramSnapshot::mean() const {
  const std::uint64_t all = count();
  return all == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(all);
}

HistogramSnapshot HistogramSnapshot::since(const HistogramSnapshot& earlier) const {
  HistogramSnapshot result;
  for (std::size_t i = 0; i < kBuckets; ++i) result.counts[i] = counts[i] - earlier.counts[i];
  result.sum = sum - earlier.sum;
  return result;
}

void HistogramSnapshot::add(const HistogramSnapshot& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) counts[i] += other.counts[i];
  sum += other.sum;
}

void Histogram::observe(std::uint64_t value) noexcept {
  counts_[HistogramSnapshot::bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

HistogramSnapshot Histogram::snapshot() const {
  HistogramSnapshot result;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    result.counts[i] = counts_[i].load(std::memory_order_relaxed);
  result.sum = sum_.load(std::memory_order_relaxed);
  return result;
}

}  // namespace kintsugi::admin
