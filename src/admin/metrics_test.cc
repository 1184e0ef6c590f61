#include "admin/metrics.h"

#include <algorithm>
#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/build_info.h"
#include "admin/process_metrics.h"

namespace kintsugi::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr MetricSpec kStatements{
    "test_statements_total", "Statements.", MetricUnit::count, {"kind", "result"}, 3};
constexpr MetricSpec kConnections{"test_connections", "Connections."};
constexpr MetricSpec kLag{"test_lag_seconds", "Lag.", MetricUnit::seconds};
constexpr MetricSpec kLatency{"test_latency_seconds", "Latency.", MetricUnit::seconds};
constexpr MetricSpec kSize{"test_rows", "Rows."};

TEST(Metrics, TextIsWhatPrometheusReads) {
  Metrics metrics;
  Family<Counter>& statements = metrics.counters(kStatements);
  statements.with({"select", "ok"}).add(41);
  metrics.counters(kStatements).with({"select", "ok"}).add();
  statements.with({"in\"s\nert", "ok"}).add(7);
  metrics.gauge(kConnections).add(5);
  metrics.gauge(kConnections).subtract(2);
  metrics.gauge(kLag).set(1500ms);
  metrics.histogram(kLatency).observe(1ms);
  metrics.observe({"test_asked_bytes", "Asked.", MetricUnit::bytes}, [] { return 12.0; });
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# TYPE test_statements_total counter\n"));
  EXPECT_THAT(text, HasSubstr("test_statements_total{kind=\"select\",result=\"ok\"} 42\n"));
  EXPECT_THAT(text, HasSubstr(R"(kind="in\"s\nert")"));
  EXPECT_THAT(text, HasSubstr("test_connections 3\n"));
  EXPECT_THAT(text, HasSubstr("test_lag_seconds 1.5\n"));
  EXPECT_THAT(text, HasSubstr("test_latency_seconds_sum 0.001\n"));
  EXPECT_THAT(text, HasSubstr("test_latency_seconds_bucket{le=\"0.001048576\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("test_latency_seconds_bucket{le=\"0.000524288\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("test_asked_bytes 12\n"));
  EXPECT_EQ(statements.total(), 49);
  EXPECT_THAT(metrics.reference_markdown(),
              HasSubstr("| `test_statements_total` | counter | `kind`, `result` | Statements. |"));
}

TEST(Metrics, LabelSetsAreBounded) {
  Metrics metrics;
  Family<Counter>& statements = metrics.counters(kStatements);
  for (int i = 0; i < 10; ++i) statements.with({"kind" + std::to_string(i), "ok"}).add();
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("kind=\"kind2\""));
  EXPECT_THAT(text, Not(HasSubstr("kind=\"kind3\"")));
  EXPECT_THAT(text, HasSubstr("test_statements_total{kind=\"(other)\",result=\"(other)\"} 7\n"));
}

TEST(Metrics, MistakesInTheTableAreFoundAtOnce) {
  Metrics metrics;
  metrics.counters(kStatements);
  EXPECT_DEATH(metrics.gauges(kStatements), "two kinds");
  EXPECT_DEATH(metrics.gauge({"test_x_total", ""}), "_total");
  EXPECT_DEATH(metrics.counter({"test_x", ""}), "_total");
  EXPECT_DEATH(metrics.gauge({"test-x", ""}), "no name");
  EXPECT_DEATH(metrics.gauge({"test_x", "", MetricUnit::bytes}), "unit");
  EXPECT_DEATH(metrics.counters(kStatements).with({"one"}), "number of label values");
}

TEST(Metrics, ThreadsCountTogether) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Counter& counter = metrics.counters(kStatements).with({"a", "b"});
      Histogram& histogram = metrics.histogram(kSize);
      for (int n = 0; n < 10'000; ++n) {
        counter.add();
        histogram.observe(3);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(metrics.counters(kStatements).with({"a", "b"}).value(), 40'000u);
  EXPECT_EQ(metrics.histogram(kSize).snapshot().sum, 120'000u);
}

TEST(Metrics, OfTheProcess) {
  Metrics metrics;
  add_process_metrics(metrics);
  std::map<std::string, MetricView> views;
  for (MetricView& view : metrics.view()) views[view.name] = view;
  EXPECT_GT(views["process_resident_memory_bytes"].value, 1 << 20);
  EXPECT_GT(views["process_virtual_memory_bytes"].value, views["process_resident_memory_bytes"].value);
  EXPECT_GE(views["process_open_fds"].value, 3);
  EXPECT_GE(views["process_max_fds"].value, views["process_open_fds"].value);
  EXPECT_GE(views["process_threads"].value, 1);
  EXPECT_GE(views["kintsugi_uptime_seconds"].value, 0);
  EXPECT_LT(views["kintsugi_uptime_seconds"].value, 600);
  EXPECT_GT(views["process_start_time_seconds"].value, 1.6e9);
  EXPECT_STRNE(build_info().revision, "");
  EXPECT_THAT(metrics.text(), HasSubstr(std::string("revision=\"") + build_info().revision + "\""));
}

TEST(Histogram, QuantilesAreWithinAnEighth) {
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 100'000; ++value) histogram.observe(value);
  const HistogramSnapshot snapshot = histogram.snapshot();
  EXPECT_EQ(snapshot.count(), 100'000u);
  EXPECT_NEAR(snapshot.quantile(0.5), 50'000, 50'000 / 8.0);
  EXPECT_NEAR(snapshot.quantile(0.99), 99'000, 99'000 / 8.0);
  EXPECT_DOUBLE_EQ(snapshot.mean(), 50'000.5);
  for (unsigned power = 0; power < 17; ++power) {
    EXPECT_EQ(snapshot.count_to_power_of_two(power), std::min(1u << power, 100'000u)) << power;
  }
}

TEST(Histogram, TakesAnyValueAndSubtracts) {
  Histogram histogram;
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}})
    histogram.observe(value);
  histogram.observe(-5ns);
  const HistogramSnapshot before = histogram.snapshot();
  EXPECT_EQ(before.count(), 4u);
  EXPECT_GE(before.quantile(1), 1e13);
  histogram.observe(100);
  const HistogramSnapshot after = histogram.snapshot().since(before);
  EXPECT_EQ(after.count(), 1u);
  EXPECT_EQ(after.sum, 100u);
  EXPECT_NEAR(after.quantile(0.5), 100, 13);
  EXPECT_EQ(HistogramSnapshot().quantile(0.5), 0);
}

}  // namespace
}  // namespace kintsugi::admin
