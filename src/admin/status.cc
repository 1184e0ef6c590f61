#include "admin/status.h"

namespace kintsugi::admin {

void StatusPage::section(std::string title, std::function<StatusSection()> read) {
  sections_.push_back({std::move(title), std::move(read), nullptr});
}

void StatusPage::async_section(std::string title, std::function<Task<StatusSection>()> read) {
  sections_.push_back({std::move(title), nullptr, std::move(read)});
}

void StatusPage::rate(std::string title, MetricUnit unit, std::function<double()> total, bool bad) {
  charts_.push_back({std::move(title), ChartKind::rate, unit, bad, std::move(total), nullptr});
}

void StatusPage::level(std::string title, MetricUnit unit, std::function<double()> read) {
  charts_.push_back({std::move(title), ChartKind::level, unit, false, std::move(read), nullptr});
}

void StatusPage::latency(std::string title, std::function<HistogramSnapshot()> read) {
  charts_.push_back(
      {std::move(title), ChartKind::latency, MetricUnit::seconds, false, nullptr, std::move(read)});
}

}  // namespace kintsugi::admin
