#include "gate/query_report.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/utf8.h"

namespace kintsugi::gate {
namespace {

namespace json = boost::json;
using admin::MetricSpec;
using admin::MetricUnit;
using Sample = admin::Metrics::Sample;

constexpr std::size_t kShownMax = 200;   // of the page; `limit` asks for more
constexpr std::size_t kSeriesMax = 500;  // as many shapes as an option may ask for

constexpr MetricSpec kCalls{
    "kintsugi_gate_query_calls_total",
    "Runs of the statements that cost most, by the shape that SHOW KINTSUGI QUERIES and "
    "/debug/queries tell of.",
    MetricUnit::count,
    {"shape", "keyspace", "tier"},
    kSeriesMax};
constexpr MetricSpec kErrors{"kintsugi_gate_query_errors_total",
                             "Those of these runs that failed.",
                             MetricUnit::count,
                             {"shape", "keyspace", "tier"},
                             kSeriesMax};
constexpr MetricSpec kRows{"kintsugi_gate_query_rows_total",
                           "Rows that these runs sent to clients.",
                           MetricUnit::count,
                           {"shape", "keyspace", "tier"},
                           kSeriesMax};
constexpr MetricSpec kSeconds{"kintsugi_gate_query_seconds_total",
                              "How long these runs took in all.",
                              MetricUnit::seconds,
                              {"shape", "keyspace", "tier"},
                              kSeriesMax};
constexpr MetricSpec kQuantiles{"kintsugi_gate_query_quantile_seconds",
                                "How long these runs took: half, 95 % and 99 % of them were no slower.",
                                MetricUnit::seconds,
                                {"shape", "keyspace", "tier", "quantile"},
                                3 * kSeriesMax};

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

std::string shown(double ms) { return fmt::format("{:.3f}", ms); }

double mean_ms(const QueryShape& shape) {
  return milliseconds(shape.totals.total) /
         static_cast<double>(std::max<std::uint64_t>(shape.totals.calls, 1));
}

double quantile_ms(const QueryShape& shape, double q) {
  // Spread over a bucket, it may come out longer than anything that was seen.
  return std::min(shape.totals.histogram().quantile(q) / 1e6, milliseconds(shape.totals.longest));
}

double shards_each(const QueryShape& shape) {
  return static_cast<double>(shape.totals.shards) /
         static_cast<double>(std::max<std::uint64_t>(shape.totals.calls, 1));
}

std::string last_of(const QueryShape& shape) {
  return shape.last == WallTime() ? "" : to_rfc3339(shape.last);
}

std::string tier_of(const QueryShape& shape) {
  return shape.id == 0 ? "" : std::string(plan::tier_name(shape.tier));
}

using Shape = QueryShape;
const std::vector<QueryColumn> kColumns = {
    {"Id", false, [](const Shape& shape) { return shape_name(shape.id); }},
    {"Keyspace", false, [](const Shape& shape) { return shape.keyspace; }},
    {"Tier", false, tier_of},
    {"Calls", true, [](const Shape& shape) { return std::to_string(shape.totals.calls); }},
    {"Errors", true, [](const Shape& shape) { return std::to_string(shape.totals.errors); }},
    {"Rows", true, [](const Shape& shape) { return std::to_string(shape.totals.rows); }},
    {"Bytes", true, [](const Shape& shape) { return std::to_string(shape.totals.bytes); }},
    {"Shards", false, [](const Shape& shape) { return fmt::format("{:.1f}", shards_each(shape)); }},
    {"Total_ms", false, [](const Shape& shape) { return shown(milliseconds(shape.totals.total)); }},
    {"Mean_ms", false, [](const Shape& shape) { return shown(mean_ms(shape)); }},
    {"P50_ms", false, [](const Shape& shape) { return shown(quantile_ms(shape, 0.5)); }},
    {"P95_ms", false, [](const Shape& shape) { return shown(quantile_ms(shape, 0.95)); }},
    {"P99_ms", false, [](const Shape& shape) { return shown(quantile_ms(shape, 0.99)); }},
    {"Max_ms", false, [](const Shape& shape) { return shown(milliseconds(shape.totals.longest)); }},
    {"Waited_ms", false, [](const Shape& shape) { return shown(milliseconds(shape.totals.waited)); }},
    {"Last", false, last_of},
    {"User", false, [](const Shape& shape) { return utf8_only(shape.user); }},
    {"Workload", false, [](const Shape& shape) { return utf8_only(shape.workload); }},
    {"Text", false, [](const Shape& shape) { return shape.text; }},
    {"Why", false, [](const Shape& shape) { return utf8_only(shape.reason); }},
};

/// In the order that a parameter asks for by a column's title; the largest first.
void sort_by(std::vector<QueryShape>& shapes, std::string_view column) {
  const auto found =
      std::ranges::find_if(kColumns, [&](const QueryColumn& each) { return column == each.title; });
  if (found == kColumns.end()) return;
  const auto value = [&](const QueryShape& shape) {
    double number = 0;
    const std::string text = found->text(shape);
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  };
  std::ranges::sort(shapes, std::ranges::greater(),
                    [&](const QueryShape& shape) { return std::pair(value(shape), shape.totals.total); });
}

std::size_t count_asked(const admin::OwnPage::Parameter& parameter, std::size_t otherwise) {
  const std::string text = parameter("limit");
  std::size_t count = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

Task<std::vector<QueryShape>> asked(GateShared& shared, const admin::OwnPage::Parameter& parameter,
                                    std::size_t otherwise) {
  std::vector<QueryShape> shapes = co_await all_queries(shared);
  sort_by(shapes, parameter("sort"));
  const std::size_t count = count_asked(parameter, otherwise);
  if (shapes.size() > count) shapes.resize(count);
  co_return shapes;
}

Task<admin::StatusSection> section(GateShared& shared, admin::OwnPage::Parameter parameter) {
  const std::vector<QueryShape> shapes = co_await asked(shared, parameter, kShownMax);
  admin::StatusSection section;
  section.note =
      "By the shape of the statement, what took longest in all first: ?sort=P99_ms, or another column, and "
      "?limit=1000 ask for more, ?format=json for all of it. docs/queries.md explains the columns.";
  for (const QueryColumn& column : kColumns) section.columns.push_back(column.title);
  for (const QueryShape& shape : shapes) {
    auto& row = section.rows.emplace_back();
    for (const QueryColumn& column : kColumns) row.push_back(admin::StatusValue(column.text(shape)));
    if (shape.totals.errors > 0) row[4].tone = admin::Tone::warning;
  }
  co_return section;
}

json::object json_of(const QueryShape& shape) {
  const QueryTotals& totals = shape.totals;
  return {{"id", shape_name(shape.id)},
          {"keyspace", utf8_only(shape.keyspace)},
          {"tier", tier_of(shape)},
          {"calls", totals.calls},
          {"errors", totals.errors},
          {"rows", totals.rows},
          {"bytes", totals.bytes},
          {"shards", totals.shards},
          {"total_ms", milliseconds(totals.total)},
          {"mean_ms", mean_ms(shape)},
          {"p50_ms", quantile_ms(shape, 0.5)},
          {"p95_ms", quantile_ms(shape, 0.95)},
          {"p99_ms", quantile_ms(shape, 0.99)},
          {"max_ms", milliseconds(totals.longest)},
          {"waited_ms", milliseconds(totals.waited)},
          {"last", last_of(shape)},
          {"user", utf8_only(shape.user)},
          {"workload", utf8_only(shape.workload)},
          {"text", shape.text},
          {"why", utf8_only(shape.reason)}};
}

}  // namespace

Task<std::vector<QueryShape>> all_queries(GateShared& shared) {
  std::vector<QueryShape> all;
  co_await on_each_loop(
      shared, [&all](Worker& worker) { std::ranges::move(worker.queries().all(), std::back_inserter(all)); });
  co_return merged(std::move(all));
}

Task<void> reset_queries(GateShared& shared) {
  co_await on_each_loop(shared, [](Worker& worker) { worker.queries().reset(); });
}

const std::vector<QueryColumn>& query_columns() { return kColumns; }

std::string queries_json(const std::vector<QueryShape>& shapes) {
  json::array all;
  for (const QueryShape& shape : shapes) all.push_back(json_of(shape));
  return json::serialize(all);
}

void add_query_page(admin::StatusPage& page, GateShared& shared) {
  GateShared* state = &shared;
  using Parameter = admin::OwnPage::Parameter;
  page.page({.path = "/debug/queries",
             .name = "Queries",
             .meaning = "what statements cost, by their shape; ?format=json",
             .read = [state](Parameter parameter) { return section(*state, std::move(parameter)); },
             .read_json = [state](Parameter parameter) -> Task<std::string> {
               const std::vector<QueryShape> shapes = co_await asked(*state, parameter, SIZE_MAX);
               co_return queries_json(shapes);
             },
             .action = "begin at zero",
             .act = [state] { return reset_queries(*state); }});
}

void add_query_metrics(admin::Metrics& metrics, GateShared& shared) {
  const auto top = std::make_shared<std::vector<QueryShape>>();
  GateShared* state = &shared;
  metrics.before_reading([top, state]() -> Task<void> {
    *top = co_await all_queries(*state);
    if (top->size() > state->options.query_metrics_max) top->resize(state->options.query_metrics_max);
  });
  const auto observe = [&](const MetricSpec& spec, double (*value)(const QueryShape&)) {
    metrics.observe_all(spec, [top, value] {
      std::vector<Sample> samples;
      for (const QueryShape& shape : *top)
        samples.push_back({{shape_name(shape.id), utf8_only(shape.keyspace), tier_of(shape)}, value(shape)});
      return samples;
    });
  };
  observe(kCalls, [](const QueryShape& shape) { return static_cast<double>(shape.totals.calls); });
  observe(kErrors, [](const QueryShape& shape) { return static_cast<double>(shape.totals.errors); });
  observe(kRows, [](const QueryShape& shape) { return static_cast<double>(shape.totals.rows); });
  observe(kSeconds, [](const QueryShape& shape) { return milliseconds(shape.totals.total) / 1e3; });
  metrics.observe_all(kQuantiles, [top] {
    std::vector<Sample> samples;
    for (const QueryShape& shape : *top) {
      for (const auto& [name, q] : {std::pair{"0.5", 0.5}, {"0.95", 0.95}, {"0.99", 0.99}})
        samples.push_back({{shape_name(shape.id), utf8_only(shape.keyspace), tier_of(shape), name},
                           quantile_ms(shape, q) / 1e3});
    }
    return samples;
  });
}

}  // namespace kintsugi::gate
