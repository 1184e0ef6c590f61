#include "admin/metrics.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace kintsugi::admin {
namespace {

using LabelValues = std::vector<std::string>;

/// Finds a set of values by views of them, so that counting does not allocate.
struct LabelValuesLess {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return std::lexicographical_compare(
        a.begin(), a.end(), b.begin(), b.end(),
        [](std::string_view one, std::string_view other) { return one < other; });
  }
};
using prometheus::MetricType;

[[noreturn]] void broken(const MetricSpec& spec, const char* why) {
  std::fprintf(stderr, "broken invariant: metric %s %s\n", spec.name, why);
  std::abort();
}

double scale(MetricUnit unit) { return unit == MetricUnit::seconds ? 1e-9 : 1; }

std::string_view name(MetricUnit unit) {
  constexpr std::string_view kNames[] = {"", "seconds", "bytes"};
  return kNames[static_cast<std::size_t>(unit)];
}

void check_name(const MetricSpec& spec, MetricType type) {
  const std::string_view metric = spec.name;
  if (metric.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != metric.npos)
    broken(spec, "is no name");
  if ((type == MetricType::Counter) != metric.ends_with("_total"))
    broken(spec, "is a counter if it ends in _total");
  const std::string stem(metric.substr(0, metric.size() - (metric.ends_with("_total") ? 6 : 0)));
  if (spec.unit != MetricUnit::count && !stem.ends_with(name(spec.unit)))
    broken(spec, "does not end in its unit");
}

// The powers of two that a histogram is shown at: 16 µs to 69 s for durations, 1 to 2^40 for the rest.
struct Shown {
  unsigned first;
  unsigned last;
  unsigned step;
};
Shown shown_powers(MetricUnit unit) {
  return unit == MetricUnit::seconds ? Shown{14, 36, 1} : Shown{0, 40, 2};
}

void fill(prometheus::ClientMetric& out, const Counter& counter, MetricUnit unit) {
  out.counter.value = static_cast<double>(counter.value()) * scale(unit);
}
void fill(prometheus::ClientMetric& out, const Gauge& gauge, MetricUnit unit) {
  out.gauge.value = static_cast<double>(gauge.value()) * scale(unit);
}
void fill(prometheus::ClientMetric& out, const Histogram& histogram, MetricUnit unit) {
  const HistogramSnapshot snapshot = histogram.snapshot();
  out.histogram.sample_count = snapshot.count();
  out.histogram.sample_sum = static_cast<double>(snapshot.sum) * scale(unit);
  const Shown powers = shown_powers(unit);
  for (unsigned power = powers.first; power <= powers.last; power += powers.step) {
    const double bound = static_cast<double>(std::uint64_t{1} << power) * scale(unit);
    out.histogram.bucket.push_back({snapshot.count_to_power_of_two(power), bound});
  }
}

void fill(MetricView& out, const Counter& counter, MetricUnit unit) {
  out.value = static_cast<double>(counter.value()) * scale(unit);
}
void fill(MetricView& out, const Gauge& gauge, MetricUnit unit) {
  out.value = static_cast<double>(gauge.value()) * scale(unit);
}
void fill(MetricView& out, const Histogram& histogram, MetricUnit unit) {
  const HistogramSnapshot snapshot = histogram.snapshot();
  out.is_histogram = true;
  out.value = static_cast<double>(snapshot.count());
  out.sum = static_cast<double>(snapshot.sum) * scale(unit);
  out.p50 = snapshot.quantile(0.5) * scale(unit);
  out.p99 = snapshot.quantile(0.99) * scale(unit);
}

template <class Metric>
constexpr MetricType kTypeOf = MetricType::Gauge;
template <>
constexpr MetricType kTypeOf<Counter> = MetricType::Counter;
template <>
constexpr MetricType kTypeOf<Histogram> = MetricType::Histogram;

class AnyFamily {
 public:
  AnyFamily(const MetricSpec& spec, MetricType type) : spec_(spec), type_(type) { check_name(spec, type); }
  virtual ~AnyFamily() = default;
  virtual void collect(prometheus::MetricFamily& out) const = 0;
  virtual void collect(std::vector<MetricView>& out) const = 0;

  const MetricSpec& spec() const { return spec_; }
  MetricType type() const { return type_; }
  std::size_t label_count() const {
    std::size_t count = 0;
    while (count < spec_.labels.size() && spec_.labels[count] != nullptr) ++count;
    return count;
  }

 private:
  MetricSpec spec_;
  MetricType type_;
};

template <class Metric>
class FamilyOf final : public AnyFamily, public Family<Metric> {
 public:
  explicit FamilyOf(const MetricSpec& spec) : AnyFamily(spec, kTypeOf<Metric>) {}

  Metric& with(std::initializer_list<std::string_view> values) override {
    if (values.size() != label_count()) broken(spec(), "is asked for with a wrong number of label values");
    const std::lock_guard lock(mutex_);
    const auto found = series_.find(values);
    if (found != series_.end()) return *found->second;
    LabelValues key(values.begin(), values.end());
    if (!key.empty() && series_.size() >= spec().series_max) key.assign(key.size(), "(other)");
    std::unique_ptr<Metric>& slot = series_[key];
    if (!slot) slot = std::make_unique<Metric>();
    return *slot;
  }

  double total() const override {
    double sum = 0;
    for_each([&](const LabelValues&, const Metric& metric) {
      MetricView view;
      fill(view, metric, spec().unit);
      sum += view.value;
    });
    return sum;
  }

  HistogramSnapshot snapshot() const override {
    HistogramSnapshot all;
    if constexpr (std::is_same_v<Metric, Histogram>) {
      for_each([&](const LabelValues&, const Metric& metric) { all.add(metric.snapshot()); });
    }
    return all;
  }

  void collect(prometheus::MetricFamily& out) const override {
    for_each([&](const LabelValues& values, const Metric& metric) {
      prometheus::ClientMetric& each = out.metric.emplace_back();
      for (std::size_t i = 0; i < values.size(); ++i) each.label.push_back({spec().labels[i], values[i]});
      fill(each, metric, spec().unit);
    });
  }

  void collect(std::vector<MetricView>& out) const override {
    for_each([&](const LabelValues& values, const Metric& metric) {
      MetricView& each = out.emplace_back();
      each.name = spec().name;
      for (std::size_t i = 0; i < values.size(); ++i) each.labels.emplace_back(spec().labels[i], values[i]);
      fill(each, metric, spec().unit);
    });
  }

 private:
  template <class Function>
  void for_each(Function function) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [values, metric] : series_) function(values, *metric);
  }

  mutable std::mutex mutex_;
  std::map<LabelValues, std::unique_ptr<Metric>, LabelValuesLess> series_;
};

class Observed final : public AnyFamily {
 public:
  using Read = std::function<std::vector<Metrics::Sample>()>;
  Observed(const MetricSpec& spec, Read read)
      : AnyFamily(spec,
                  std::string_view(spec.name).ends_with("_total") ? MetricType::Counter : MetricType::Gauge),
        read_(std::move(read)) {}

  void collect(prometheus::MetricFamily& out) const override {
    for (const Metrics::Sample& sample : read_()) {
      prometheus::ClientMetric& each = out.metric.emplace_back();
      for (std::size_t i = 0; i < sample.labels.size(); ++i)
        each.label.push_back({spec().labels[i], sample.labels[i]});
      (type() == MetricType::Counter ? each.counter.value : each.gauge.value) = sample.value;
    }
  }
  void collect(std::vector<MetricView>& out) const override {
    for (const Metrics::Sample& sample : read_()) {
      MetricView& each = out.emplace_back();
      each.name = spec().name;
      for (std::size_t i = 0; i < sample.labels.size(); ++i)
        each.labels.emplace_back(spec().labels[i], sample.labels[i]);
      each.value = sample.value;
    }
  }

 private:
  Read read_;
};

const char* type_name(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "gauge";
  }
}

}  // namespace

struct Metrics::State {
  template <class Metric>
  FamilyOf<Metric>& family(const MetricSpec& spec) {
    const std::lock_guard lock(mutex);
    std::unique_ptr<AnyFamily>& slot = families[spec.name];
    if (!slot) slot = std::make_unique<FamilyOf<Metric>>(spec);
    auto* found = dynamic_cast<FamilyOf<Metric>*>(slot.get());
    if (found == nullptr) broken(spec, "is declared as two kinds");
    return *found;
  }

  // Families are never taken away, so what is pointed at here stays.
  std::vector<const AnyFamily*> all() const {
    const std::lock_guard lock(mutex);
    std::vector<const AnyFamily*> result;
    for (const auto& [metric, family] : families) result.push_back(family.get());
    return result;
  }

  mutable std::mutex mutex;
  std::map<std::string, std::unique_ptr<AnyFamily>> families;
  std::vector<std::function<Task<void>()>> fetches;  // all added before the first is called
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(const MetricSpec& spec) { return state_->family<Counter>(spec).with({}); }
Gauge& Metrics::gauge(const MetricSpec& spec) { return state_->family<Gauge>(spec).with({}); }
Histogram& Metrics::histogram(const MetricSpec& spec) { return state_->family<Histogram>(spec).with({}); }
Family<Counter>& Metrics::counters(const MetricSpec& spec) { return state_->family<Counter>(spec); }
Family<Gauge>& Metrics::gauges(const MetricSpec& spec) { return state_->family<Gauge>(spec); }
Family<Histogram>& Metrics::histograms(const MetricSpec& spec) { return state_->family<Histogram>(spec); }

void Metrics::observe(const MetricSpec& spec, std::function<double()> read) {
  observe_all(spec, [read = std::move(read)] { return std::vector<Sample>{{{}, read()}}; });
}

void Metrics::before_reading(std::function<Task<void>()> fetch) {
  state_->fetches.push_back(std::move(fetch));
}

Task<void> Metrics::refresh() {
  for (const auto& fetch : state_->fetches) co_await fetch();
}

void Metrics::observe_all(const MetricSpec& spec, std::function<std::vector<Sample>()> read) {
  const std::lock_guard lock(state_->mutex);
  std::unique_ptr<AnyFamily>& slot = state_->families[spec.name];
  if (slot) broken(spec, "is declared twice");
  slot = std::make_unique<Observed>(spec, std::move(read));
}

std::string Metrics::text() const {
  std::vector<prometheus::MetricFamily> families;
  for (const AnyFamily* family : state_->all()) {
    prometheus::MetricFamily& out = families.emplace_back();
    out.name = family->spec().name;
    out.help = family->spec().help;
    out.type = family->type();
    family->collect(out);
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return text.str();
}

std::vector<MetricView> Metrics::view() const {
  std::vector<MetricView> views;
  for (const AnyFamily* family : state_->all()) family->collect(views);
  return views;
}

std::string Metrics::reference_markdown() const {
  std::string out = "| metric | kind | labels | meaning |\n|---|---|---|---|\n";
  for (const AnyFamily* family : state_->all()) {
    std::string labels;
    for (std::size_t i = 0; i < family->label_count(); ++i) {
      labels += fmt::format("{}`{}`", i == 0 ? "" : ", ", family->spec().labels[i]);
    }
    out += fmt::format("| `{}` | {} | {} | {} |\n", family->spec().name, type_name(family->type()), labels,
                       family->spec().help);
  }
  return out;
}

}  // namespace kintsugi::admin
