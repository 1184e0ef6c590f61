#include "admin/detail/page.h"

#include <algorithm>

#include <fmt/format.h>

#include "admin/detail/format.h"
#include "admin/detail/style.h"

namespace kintsugi::admin {

const std::vector<PageLink> kPages = {
    {"/debug/status", "Status", "what this process is doing, for people"},
    {"/readyz", "Readiness", "200 if it can be given work, else 503 and why not"},
    {"/healthz", "Health", "200: the process lives"},
    {"/metrics", "Metrics", "for Prometheus"},
    {"/debug/vars", "Variables", "the status page and all metrics as JSON"},
    {"/debug/config", "Configuration", "each option, its value and where that comes from"},
    {"/debug/log", "Log", "levels, which can be changed, and the last problems"},
};

namespace {

/// All pages of a process: its own follow the first one.
std::vector<PageLink> pages_of(const About& about) {
  std::vector<PageLink> pages = kPages;
  pages.insert(pages.begin() + 1, about.own_pages.begin(), about.own_pages.end());
  return pages;
}

constexpr std::size_t kRowsMax = 500;
constexpr std::size_t kShortCell = 24;  ///< bytes of a name, a time, a number: not to be broken

std::string_view tone_class(Tone tone) {
  constexpr std::string_view kNames[] = {"", "good", "warning", "bad", "muted"};
  return kNames[static_cast<std::size_t>(tone)];
}

std::string cell(const StatusValue& value) {
  std::string text = escape_html(value.text);
  if (!value.link.empty()) text = fmt::format(R"(<a href="{}">{}</a>)", escape_html(value.link), text);
  if (value.tone == Tone::plain) return text;
  return fmt::format(R"(<span class="{}">{}</span>)", tone_class(value.tone), text);
}

std::string title_of(const About& about) {
  std::string title = escape_html(about.role);
  if (!about.name.empty() && about.name != about.role) title += ' ' + escape_html(about.name);
  return title;
}

// `state`: what stands at the right of the head; `path`: the page that is shown.
std::string frame(const About& about, std::string_view path, std::string_view state, std::string_view body,
                  bool live) {
  std::string place;
  if (!about.cluster.empty()) place += " cluster " + escape_html(about.cluster);
  if (!about.cell.empty()) place += (place.empty() ? " cell " : " · cell ") + escape_html(about.cell);
  const BuildInfo& build = build_info();
  place += fmt::format("{}{} ({})", place.empty() ? " " : " · ", build.version, build.revision);
  std::string nav;
  for (const PageLink& page : pages_of(about)) {
    nav += fmt::format(R"(<a href="{}"{}>{}</a>)", page.path,
                       std::string_view(page.path) == path ? R"( class="here")" : "", page.name);
  }
  return fmt::format(
      R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{0} · Kintsugi</title>)"
      R"(<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">)"
      R"(<style>{1}</style></head><body><header><div class="top">{2}<h1>{0}<small>{3}</small></h1>)"
      R"(<span class="grow"></span><span id="state">{4}</span>{5}</div><nav>{6}</nav></header><main>{7}</main>{8})"
      R"(</body></html>)",
      title_of(about), kStyle, kLogo, place, state, live ? R"(<button id="live" hidden></button>)" : "", nav,
      body, live ? fmt::format("<script>{}</script>", kLiveScript) : "");
}

std::string badge(std::string_view text, std::string_view tone) {
  return fmt::format(R"(<span class="badge {}">{}</span>)", tone, escape_html(text));
}

std::string ready_badge(bool ready) { return ready ? badge("ready", "good") : badge("not ready", "bad"); }

// The course of the last five minutes; what is not known yet is left empty at the left.
std::string sparkline(const std::vector<double>& points, const std::string& peak) {
  constexpr double kWidth = 240;
  constexpr double kHeight = 44;
  constexpr double kPoints = 60;
  std::string line;
  const double top = points.empty() ? 0 : *std::max_element(points.begin(), points.end());
  const double step = kWidth / (kPoints - 1);
  const double begin = std::max(0.0, kWidth - step * (static_cast<double>(points.size()) - 1));
  double x = begin;
  for (const double point : points) {
    const double y = top <= 0 ? kHeight - 1 : kHeight - 1 - point / top * (kHeight - 4);
    line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "" : "L", x, y);
    x += step;
  }
  std::string drawn;
  if (points.size() >= 2) {
    drawn = fmt::format(R"(<path class="under" d="M{:.1f} 44L{}L240 44Z"/><path class="spark" d="M{}"/>)",
                        begin, line, line);
  }
  return fmt::format(
      R"(<svg viewBox="0 0 240 44" preserveAspectRatio="none"><title>5 minutes, peak {}</title>)"
      R"(<path class="base" d="M0 43.5H240"/>{}</svg>)",
      peak, drawn);
}

std::string per_second(const std::optional<double>& rate, MetricUnit unit) {
  if (!rate) return "–";
  // Seconds of CPU per second are a share of one core.
  if (unit == MetricUnit::seconds) return fmt::format("{:.{}f}%", *rate * 100, *rate < 0.1 ? 1 : 0);
  return human(*rate, unit) + "/s";
}

std::string chart_card(const ChartView& chart) {
  std::string big;
  std::string more;
  switch (chart.kind) {
    case ChartView::Kind::rate:
      big = per_second(chart.second, chart.unit);
      more = fmt::format("1 min <b>{}</b> · 5 min <b>{}</b>", per_second(chart.minute, chart.unit),
                         per_second(chart.five_minutes, chart.unit));
      break;
    case ChartView::Kind::level:
      big = chart.second ? human(*chart.second, chart.unit) : "–";
      if (!chart.points.empty()) {
        const auto [low, high] = std::minmax_element(chart.points.begin(), chart.points.end());
        more = fmt::format("5 min <b>{}</b> to <b>{}</b>", human(*low, chart.unit), human(*high, chart.unit));
      }
      break;
    case ChartView::Kind::latency:
      big = chart.count_minute == 0
                ? "–"
                : fmt::format("{} <small>p99 {}</small>", human(chart.p50_minute, chart.unit),
                              human(chart.p99_minute, chart.unit));
      more = fmt::format("5 min <b>{}</b>, p99 <b>{}</b>", human(chart.p50_five, chart.unit),
                         human(chart.p99_five, chart.unit));
      break;
  }
  const bool alarming = chart.bad && chart.minute.value_or(0) > 0;
  const double top = chart.points.empty() ? 0 : *std::max_element(chart.points.begin(), chart.points.end());
  const std::string peak =
      chart.kind == ChartView::Kind::rate ? per_second(top, chart.unit) : human(top, chart.unit);
  return fmt::format(
      R"(<div class="card chart{}"><h3>{}</h3><div class="big">{}</div><div class="more">{}</div>{}</div>)",
      alarming ? " bad" : "",
      escape_html(chart.title) + (chart.kind == ChartView::Kind::latency ? ", median of 1 min" : ""), big,
      more, sparkline(chart.points, peak));
}

std::string facts_list(const std::vector<std::pair<std::string, StatusValue>>& facts) {
  std::string out = R"(<dl class="facts">)";
  for (const auto& [key, value] : facts)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", escape_html(key), cell(value));
  return out + "</dl>";
}

std::string table(const StatusSection& section) {
  std::string out = R"(<div class="scroll"><table><thead><tr>)";
  for (const std::string& column : section.columns) out += "<th>" + escape_html(column) + "</th>";
  out += "</tr></thead><tbody>";
  for (std::size_t i = 0; i < std::min(section.rows.size(), kRowsMax); ++i) {
    out += "<tr>";
    for (const StatusValue& value : section.rows[i]) {
      const bool is_short = value.text.size() <= kShortCell;
      out += fmt::format("<td{}>{}</td>", is_short ? R"( class="short")" : "", cell(value));
    }
    out += "</tr>";
  }
  out += "</tbody></table></div>";
  if (section.rows.empty()) out += R"(<p class="note">none</p>)";
  if (section.rows.size() > kRowsMax) {
    out += fmt::format(R"(<p class="note">and {} more</p>)", section.rows.size() - kRowsMax);
  }
  return out;
}

std::string section_block(std::string_view title, std::string_view note, std::string_view content) {
  return fmt::format(R"(<section><h2>{}</h2>{}<div class="card">{}</div></section>)", escape_html(title),
                     note.empty() ? "" : fmt::format(R"(<p class="note">{}</p>)", escape_html(note)),
                     content);
}

std::string section_block(const SectionView& section) {
  std::string content;
  if (!section.content.facts.empty()) content += facts_list(section.content.facts);
  if (!section.content.columns.empty()) content += table(section.content);
  return section_block(section.title, section.content.note, content);
}

std::string checks_table(const std::vector<Readiness::Named>& checks) {
  StatusSection section;
  section.columns = {"Check", "State", ""};
  for (const Readiness::Named& check : checks) {
    section.rows.push_back({check.name,
                            {check.result.ok ? "ok" : "failing", check.result.ok ? Tone::good : Tone::bad},
                            check.result.detail});
  }
  return table(section);
}

std::string log_lines(const std::vector<std::string>& lines) {
  if (lines.empty()) return R"(<span class="good">none since the start</span>)";
  std::string text;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    // The level is the second word of a line of text; a line of JSON is left as it is.
    const std::size_t word = std::min(line->find(' '), line->size());
    const bool is_error = std::string_view(*line).substr(word).starts_with(" error");
    text += fmt::format("<span class=\"{}\">{}</span>\n", is_error ? "bad" : "", escape_html(*line));
  }
  return "<pre>" + text + "</pre>";
}

StatusSection about_section(const StatusView& view) {
  const BuildInfo& build = view.build;
  std::string built = fmt::format("{}, {}", build.build_type, build.compiler);
  if (*build.sanitizers != '\0') built += fmt::format(", sanitizers {}", build.sanitizers);
  StatusSection section;
  section.facts = {
      {"Version", fmt::format("{} (revision {})", build.version, build.revision)},
      {"Build", {built, std::string_view(build.build_type) == "Release" ? Tone::plain : Tone::warning}},
      {"Up for", human_uptime(view.uptime)}};
  return section;
}

}  // namespace

std::string status_page(const StatusView& view) {
  constexpr std::size_t kProblemsShown = 20;
  std::string body;
  if (!view.about.purpose.empty())
    body += fmt::format(R"(<p class="note">{}</p>)", escape_html(view.about.purpose));
  if (!view.ready()) body += section_block("Why it is not ready", "", checks_table(view.checks)) + "<br>";
  body += R"(<div class="grid">)";
  for (const ChartView& chart : view.charts) body += chart_card(chart);
  body += "</div>";
  std::vector<std::string> problems = view.problems;
  if (problems.size() > kProblemsShown) problems.erase(problems.begin(), problems.end() - kProblemsShown);
  const std::string log = section_block("Last warnings and errors", "", log_lines(problems));
  // What went wrong comes before what is.
  if (!problems.empty()) body += log;
  for (const SectionView& section : view.sections) body += section_block(section);
  if (problems.empty()) body += log;
  if (view.ready() && !view.checks.empty()) body += section_block("Readiness", "", checks_table(view.checks));
  body += section_block({"This process", about_section(view)});
  const std::string state = fmt::format(R"(<span class="muted">up {}&nbsp;&nbsp;</span>{})",
                                        human_uptime(view.uptime), ready_badge(view.ready()));
  return frame(view.about, "/debug/status", state, body, /*live=*/true);
}

std::string index_page(const About& about) {
  std::string rows = "<table>";
  for (const PageLink& page : pages_of(about)) {
    rows += fmt::format(R"(<tr><td><a href="{}">{}</a></td><td><code>{}</code></td><td>{}</td></tr>)",
                        page.path, page.name, page.path, page.meaning);
  }
  return frame(about, "/", "", section_block("What this process shows", about.purpose, rows + "</table>"),
               false);
}

std::string own_page(const About& about, const OwnPage& page, const StatusSection& section) {
  std::string body = section_block({page.name, section});
  if (page.act) body += fmt::format(R"(<form method="post"><button>{}</button></form>)", page.action);
  return frame(about, page.path, "", body, false);
}

std::string readiness_page(const About& about, const std::vector<Readiness::Named>& checks) {
  const bool ready =
      std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.result.ok; });
  return frame(about, "/readyz", ready_badge(ready), section_block("Readiness", "", checks_table(checks)),
               false);
}

std::string config_page(const About& about, const std::vector<OptionValue>& options) {
  std::string body;
  SectionView section;
  const auto flush = [&] {
    if (!section.content.rows.empty()) body += section_block(section);
    section.content.rows.clear();
  };
  section.content.columns = {"Option", "Value", "From", "Default", "Environment", "Meaning"};
  for (const OptionValue& option : options) {
    if (option.section != section.title) flush();
    section.title = option.section;
    const bool changed = option.origin != OptionOrigin::built_in;
    section.content.rows.push_back(
        {option.name,
         option.value,
         {std::string(name(option.origin)), changed ? Tone::good : Tone::muted},
         {option.default_value, Tone::muted},
         {option.environment, Tone::muted},
         option.help + (option.reloadable ? " (takes effect while running)" : "")});
  }
  flush();
  if (body.empty()) body = section_block("Configuration", "", "This process has no options.");
  return frame(about, "/debug/config", "", body, false);
}

std::string log_page(const About& about, const std::map<std::string, LogLevel>& levels,
                     const std::vector<std::string>& problems) {
  std::string rows = "<table><thead><tr><th>Component</th><th>Level</th><th></th></tr></thead>";
  const auto row = [&](const std::string& component, std::string_view shown, std::string_view level) {
    std::string choices;
    for (const LogLevel each :
         {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error, LogLevel::off}) {
      const std::string_view word = log_settings::name(each);
      choices += fmt::format("<option{}>{}</option>", word == level ? " selected" : "", word);
    }
    rows += fmt::format(
        R"(<tr><td>{1}</td><td>{2}</td><td><form method="post"><input type="hidden" name="component" value="{0}">)"
        R"(<select name="level">{3}</select> <button>set</button></form></td></tr>)",
        escape_html(component), shown, level, choices);
  };
  row("*", "<b>all</b>", "");
  for (const auto& [component, level] : levels)
    row(component, escape_html(component), log_settings::name(level));
  return frame(
      about, "/debug/log", "",
      section_block("Levels",
                    "Until the process ends; also: curl -X POST '…/debug/log?component=gate&level=debug'",
                    rows + "</table>") +
          section_block("Last warnings and errors", "", log_lines(problems)),
      false);
}

}  // namespace kintsugi::admin
