#include "admin/detail/vars.h"

#include <algorithm>
#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.h"

namespace kintsugi::admin {
namespace {

namespace json = boost::json;

// Whole numbers as such: "7", not "7E0".
json::value number(double value) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (std::trunc(value) == value && std::fabs(value) < kExact) return static_cast<std::int64_t>(value);
  return value;
}

json::value number_or_null(const std::optional<double>& value) {
  return value ? number(*value) : json::value(nullptr);
}

json::object chart_json(const ChartView& chart) {
  switch (chart.kind) {
    case ChartView::Kind::rate:
      return {{"kind", "rate"},
              {"per_second_1s", number_or_null(chart.second)},
              {"per_second_1m", number_or_null(chart.minute)},
              {"per_second_5m", number_or_null(chart.five_minutes)}};
    case ChartView::Kind::level:
      return {{"kind", "level"}, {"now", number_or_null(chart.second)}};
    default:
      return {{"kind", "latency"},
              {"count_1m", chart.count_minute},
              {"p50_s_1m", chart.p50_minute},
              {"p99_s_1m", chart.p99_minute},
              {"p50_s_5m", chart.p50_five},
              {"p99_s_5m", chart.p99_five}};
  }
}

json::object section_json(const StatusSection& section) {
  json::object out;
  if (!section.facts.empty()) {
    json::object facts;
    for (const auto& [key, value] : section.facts) facts[key] = value.text;
    out["facts"] = std::move(facts);
  }
  if (!section.columns.empty()) {
    json::array rows;
    for (const std::vector<StatusValue>& row : section.rows) {
      json::object object;
      for (std::size_t i = 0; i < std::min(row.size(), section.columns.size()); ++i) {
        object[section.columns[i]] = row[i].text;
      }
      rows.push_back(std::move(object));
    }
    out["rows"] = std::move(rows);
  }
  return out;
}

json::array checks_json(const std::vector<Readiness::Named>& checks) {
  json::array out;
  for (const Readiness::Named& check : checks) {
    out.push_back({{"name", check.name}, {"ok", check.result.ok}, {"detail", check.result.detail}});
  }
  return out;
}

json::object metric_json(const MetricView& metric) {
  json::object out{{"name", metric.name}};
  if (!metric.labels.empty()) {
    json::object labels;
    for (const auto& [label, value] : metric.labels) labels[label] = value;
    out["labels"] = std::move(labels);
  }
  if (metric.is_histogram) {
    out["count"] = number(metric.value);
    out["sum"] = metric.sum;
    out["p50"] = metric.p50;
    out["p99"] = metric.p99;
  } else {
    out["value"] = number(metric.value);
  }
  return out;
}

}  // namespace

std::string vars_json(const StatusView& view, const std::vector<MetricView>& metrics) {
  json::object charts;
  for (const ChartView& chart : view.charts) charts[chart.title] = chart_json(chart);
  json::object sections;
  for (const SectionView& section : view.sections) sections[section.title] = section_json(section.content);
  json::array problems(view.problems.begin(), view.problems.end());
  json::array values;
  for (const MetricView& metric : metrics) values.push_back(metric_json(metric));
  const json::object all{
      {"role", view.about.role},
      {"name", view.about.name},
      {"cluster", view.about.cluster},
      {"cell", view.about.cell},
      {"build",
       {{"version", view.build.version},
        {"revision", view.build.revision},
        {"type", view.build.build_type},
        {"compiler", view.build.compiler},
        {"sanitizers", view.build.sanitizers}}},
      {"uptime_s", std::chrono::duration<double>(view.uptime).count()},
      {"ready", view.ready()},
      {"checks", checks_json(view.checks)},
      {"charts", std::move(charts)},
      {"sections", std::move(sections)},
      {"problems", std::move(problems)},
      {"metrics", std::move(values)},
  };
  return utf8_only(json::serialize(all));
}

std::string readiness_json(const std::vector<Readiness::Named>& checks) {
  const bool ready =
      std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.result.ok; });
  return json::serialize(json::object{{"ready", ready}, {"checks", checks_json(checks)}});
}

std::string levels_json(const std::map<std::string, LogLevel>& levels) {
  json::object out;
  for (const auto& [component, level] : levels) {
    const std::string_view word = log_settings::name(level);
    out[component] = json::string_view(word.data(), word.size());
  }
  return json::serialize(out);
}

}  // namespace kintsugi::admin
