#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "admin/histogram.h"
#include "base/task.h"
#include "base/time.h"

namespace kintsugi::admin {

/// What a metric's raw whole number stands for. Seconds are counted in nanoseconds and shown in seconds.
enum class MetricUnit { count, seconds, bytes };

/// A metric, declared once by the folder that counts it:
///
///     inline constexpr MetricSpec kStatements{"kintsugi_gate_statements_total", "Statements that clients
///     sent.",
///                                             MetricUnit::count, {"kind", "result"}};
///
/// Names are as Prometheus wants them: kintsugi_<folder>_<what>_<unit>, counters end in _total.
struct MetricSpec {
  const char* name;
  const char* help;
  MetricUnit unit = MetricUnit::count;
  std::array<const char*, 4> labels{};  ///< names, from the first; null: no more
  /// Sets of label values that are told apart; all further ones are counted together as "(other)". A label
  /// must not hold what clients make up.
  std::size_t series_max = 200;
};

/// Only grows. Any thread; one atomic addition.
class Counter {
 public:
  void add(std::uint64_t count = 1) noexcept { value_.fetch_add(count, std::memory_order_relaxed); }
  void add(Duration duration) noexcept { add(static_cast<std::uint64_t>(duration.count())); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Goes up and down. Any thread.
class Gauge {
 public:
  void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void set(Duration duration) noexcept { set(static_cast<std::int64_t>(duration.count())); }
  void add(std::int64_t change = 1) noexcept { value_.fetch_add(change, std::memory_order_relaxed); }
  void subtract(std::int64_t change = 1) noexcept { add(-change); }
  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// A metric with labels. with() looks a set of values up under a lock: ask once and hold what it returns,
/// which lives as long as the registry.
template <class Metric>
class Family {
 public:
  virtual ~Family() = default;
  /// As many values as the metric has labels, in their order.
  virtual Metric& with(std::initializer_list<std::string_view> values) = 0;
  /// All sets of label values together: for charts. For histograms see Metrics::snapshot().
  virtual double total() const = 0;
  virtual HistogramSnapshot snapshot() const = 0;
};

/// One set of label values of one metric, as it is now.
struct MetricView {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;  ///< of a histogram the number of observations
  bool is_histogram = false;
  double sum = 0, p50 = 0, p99 = 0;  ///< of a histogram, in the metric's unit
};

/// The metrics of a process. Made by app/, given to whoever counts by reference. Any thread.
///
/// Asking again for a name gives the same metric (each loop may ask); the same name with another kind or a
/// name that breaks the rules is a broken invariant.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter& counter(const MetricSpec& spec);
  Gauge& gauge(const MetricSpec& spec);
  Histogram& histogram(const MetricSpec& spec);
  Family<Counter>& counters(const MetricSpec& spec);
  Family<Gauge>& gauges(const MetricSpec& spec);
  Family<Histogram>& histograms(const MetricSpec& spec);

  /// A gauge (or a counter, by its name) that is asked for when somebody looks, on the admin loop; `read`
  /// gives it in the unit that is shown (seconds, not nanoseconds) and must live as long as the registry.
  void observe(const MetricSpec& spec, std::function<double()> read);

  /// The same of a metric with labels, whose series come and go; it gives at most spec.series_max of them.
  struct Sample {
    std::vector<std::string> labels;  ///< as many as the metric has
    double value = 0;
  };
  void observe_all(const MetricSpec& spec, std::function<std::vector<Sample>()> read);
  /// What observe() and observe_all() read is fetched by `fetch` first: it may go to other loops, and must
  /// come back to the admin loop.
  void before_reading(std::function<Task<void>()> fetch);
  /// Before text() and view(), so that they have what there is now. On the admin loop.
  Task<void> refresh();

  /// What Prometheus reads, text format 0.0.4.
  std::string text() const;
  std::vector<MetricView> view() const;
  /// A table of all metrics for the reference page.
  std::string reference_markdown() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::admin
