#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "admin/histogram.h"
#include "admin/metrics.h"
#include "base/task.h"

namespace kintsugi::admin {

enum class Tone { plain, good, warning, bad, muted };

/// A cell of the status page.
struct StatusValue {
  std::string text;
  Tone tone = Tone::plain;
  std::string link;  ///< where a click leads; empty: nowhere

  StatusValue() = default;
  StatusValue(std::string value, Tone value_tone = Tone::plain, std::string target = "")
      : text(std::move(value)), tone(value_tone), link(std::move(target)) {}
  StatusValue(const char* value, Tone value_tone = Tone::plain) : text(value), tone(value_tone) {}
};

/// A part of the status page: a list of facts, a table, or both.
struct StatusSection {
  std::string note;  ///< a sentence under the title
  std::vector<std::pair<std::string, StatusValue>> facts;
  std::vector<std::string> columns;
  std::vector<std::vector<StatusValue>> rows;  ///< the page shows the first 500
};

/// A page of its own, beside the status page: a table for people, and the same for programs.
struct OwnPage {
  /// The decoded value of a parameter of the query, empty where there is none.
  using Parameter = std::function<std::string(std::string_view name)>;

  const char* path;     ///< "/debug/queries"
  const char* name;     ///< as the pages' heads call it
  const char* meaning;  ///< for the index
  std::function<Task<StatusSection>(Parameter)> read;
  std::function<Task<std::string>(Parameter)> read_json;
  const char* action = "";               ///< what POST does, as a button says it
  std::function<Task<void>()> act = {};  ///< none: nothing to do
};

/// What the status page of a process shows, told by those who know it. All functions are called on the admin
/// loop and must not wait, except async_section's; what they refer to must outlive the admin server. Titles
/// are unique.
class StatusPage {
 public:
  void section(std::string title, std::function<StatusSection()> read);
  /// For what lives on other loops: the task may switch to them and must come back.
  void async_section(std::string title, std::function<Task<StatusSection>()> read);
  void page(OwnPage page) { pages_.push_back(std::move(page)); }

  /// A number that only grows, shown as a rate over 1 s, 1 m and 5 m with its course. `bad`: any is worth a
  /// look.
  void rate(std::string title, MetricUnit unit, std::function<double()> total, bool bad = false);
  void rate(std::string title, const Family<Counter>& counters, bool bad = false) {
    rate(std::move(title), MetricUnit::count, [&counters] { return counters.total(); }, bad);
  }
  /// A number that goes up and down.
  void level(std::string title, MetricUnit unit, std::function<double()> read);
  /// Durations: p50 and p99 over the last minute and five minutes.
  void latency(std::string title, std::function<HistogramSnapshot()> read);
  void latency(std::string title, const Family<Histogram>& histograms) {
    latency(std::move(title), [&histograms] { return histograms.snapshot(); });
  }

 private:
  friend class AdminServer;
  enum class ChartKind { rate, level, latency };
  struct Section {
    std::string title;
    std::function<StatusSection()> read;
    std::function<Task<StatusSection>()> read_async;
  };
  struct Chart {
    std::string title;
    ChartKind kind;
    MetricUnit unit;
    bool bad;
    std::function<double()> number;
    std::function<HistogramSnapshot()> histogram;
  };
  std::vector<Section> sections_;
  std::vector<OwnPage> pages_;
  std::vector<Chart> charts_;
};

}  // namespace kintsugi::admin
