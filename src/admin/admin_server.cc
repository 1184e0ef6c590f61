#include "admin/admin_server.h"

#include <algorithm>
#include <list>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "admin/detail/history.h"
#include "admin/detail/page.h"
#include "admin/detail/status_view.h"
#include "admin/detail/vars.h"
#include "admin/process_metrics.h"
#include "base/log.h"
#include "base/options.h"
#include "runtime/http_server.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::admin {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;

const Logger kLog{"admin"};

constexpr auto kSampleEvery = std::chrono::seconds(1);

enum class Format { text, html, json };

// What was asked for, or text for curl and a page for browsers.
Format wanted_format(const HttpRequest& request) {
  const std::string asked = request.parameter("format");
  if (asked == "json") return Format::json;
  if (asked == "html") return Format::html;
  if (asked == "text") return Format::text;
  const auto accept = request.headers.find("Accept");
  if (accept == request.headers.end()) return Format::text;
  if (accept->second.find("text/html") != std::string::npos) return Format::html;
  return accept->second.find("application/json") != std::string::npos ? Format::json : Format::text;
}

HttpResponse json_line(int status, std::string body) {
  return HttpResponse::json(status, std::move(body) + '\n');
}

HttpResponse html(int status, std::string body) {
  HttpResponse response = HttpResponse::html(std::move(body));
  response.status = status;
  response.headers["Content-Security-Policy"] =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
      "img-src data:; "
      "form-action 'self'; frame-ancestors 'none'";
  return response;
}

// A page of another site that somebody looks at must not change anything here.
bool from_another_site(const HttpRequest& request) {
  const auto site = request.headers.find("Sec-Fetch-Site");
  return site != request.headers.end() && site->second != "same-origin" && site->second != "none";
}

std::string options_text(const std::vector<OptionValue>& options) {
  std::string out;
  for (const OptionValue& option : options) {
    out += fmt::format("{} = {}  # {}\n", option.name, option.value, name(option.origin));
  }
  return out;
}

}  // namespace

struct AdminServer::State {
  struct Watched {
    NumberHistory numbers;
    LatencyHistory latencies;
  };

  explicit State(Parts given) : parts(std::move(given)) {}

  void add_routes(runtime::HttpServer& http);
  void add_own_page(runtime::HttpServer& http, const OwnPage& page);
  void sample();
  Task<void> sample_until_stopped();
  ChartView chart_view(const StatusPage::Chart& chart, const Watched& watched) const;
  Task<StatusView> gather();

  HttpResponse readyz(const HttpRequest& request) const;
  HttpResponse config(const HttpRequest& request) const;
  HttpResponse log(const HttpRequest& request) const;
  HttpResponse set_log(const HttpRequest& request) const;

  Parts parts;
  std::list<Watched> watched;  // as many as there are charts
  runtime::TaskGroup tasks;
};

void AdminServer::State::sample() {
  watched.resize(parts.status.charts_.size());
  const Time now = Clock::now();
  auto history = watched.begin();
  for (const StatusPage::Chart& chart : parts.status.charts_) {
    if (chart.number) history->numbers.sample(now, chart.number());
    if (chart.histogram) history->latencies.sample(now, chart.histogram());
    ++history;
  }
}

Task<void> AdminServer::State::sample_until_stopped() {
  Time next = Clock::now();
  for (;;) {
    sample();
    // A loop that stood still does not make up for what it missed.
    next = std::max(next + kSampleEvery, Clock::now());
    const bool came = co_await runtime::sleep_until(next, &tasks.cancel());
    if (!came) co_return;
  }
}

ChartView AdminServer::State::chart_view(const StatusPage::Chart& chart, const Watched& history) const {
  constexpr double kNano = 1e-9;
  ChartView view;
  view.title = chart.title;
  view.unit = chart.unit;
  view.bad = chart.bad;
  switch (chart.kind) {
    case StatusPage::ChartKind::rate:
      view.kind = ChartView::Kind::rate;
      view.second = history.numbers.rate(1s);
      view.minute = history.numbers.rate(60s);
      view.five_minutes = history.numbers.rate(300s);
      view.points = history.numbers.rates();
      break;
    case StatusPage::ChartKind::level:
      view.kind = ChartView::Kind::level;
      view.second = history.numbers.latest();
      view.points = history.numbers.levels();
      break;
    case StatusPage::ChartKind::latency: {
      view.kind = ChartView::Kind::latency;
      const HistogramSnapshot minute = history.latencies.within(60s);
      const HistogramSnapshot five = history.latencies.within(300s);
      view.count_minute = minute.count();
      view.p50_minute = minute.quantile(0.5) * kNano;
      view.p99_minute = minute.quantile(0.99) * kNano;
      view.p50_five = five.quantile(0.5) * kNano;
      view.p99_five = five.quantile(0.99) * kNano;
      view.points = history.latencies.p99s();
      for (double& point : view.points) point *= kNano;
      break;
    }
  }
  return view;
}

Task<StatusView> AdminServer::State::gather() {
  StatusView view{.about = parts.about, .build = build_info(), .uptime = process_uptime()};
  view.checks = parts.readiness.run();
  view.problems = log_settings::recent_problems();
  auto history = watched.begin();
  for (const StatusPage::Chart& chart : parts.status.charts_) {
    if (history == watched.end()) break;
    view.charts.push_back(chart_view(chart, *history++));
  }
  for (const StatusPage::Section& section : parts.status.sections_) {
    if (section.read) {
      view.sections.push_back({section.title, section.read()});
    } else {
      StatusSection content = co_await section.read_async();
      view.sections.push_back({section.title, std::move(content)});
    }
  }
  co_return view;
}

HttpResponse AdminServer::State::readyz(const HttpRequest& request) const {
  const std::vector<Readiness::Named> checks = parts.readiness.run();
  std::string text;
  bool ready = true;
  for (const Readiness::Named& check : checks) {
    ready = ready && check.result.ok;
    text += fmt::format("[{}] {}{}{}\n", check.result.ok ? '+' : '-', check.name,
                        check.result.detail.empty() ? "" : ": ", check.result.detail);
  }
  const int status = ready ? 200 : 503;
  switch (wanted_format(request)) {
    case Format::json:
      return json_line(status, readiness_json(checks));
    case Format::html:
      return html(status, readiness_page(parts.about, checks));
    default:
      return HttpResponse::text(status, (ready ? "ready\n" : "not ready\n") + text);
  }
}

HttpResponse AdminServer::State::config(const HttpRequest& request) const {
  const std::vector<OptionValue> options =
      parts.options == nullptr ? std::vector<OptionValue>() : parts.options->values();
  switch (wanted_format(request)) {
    case Format::json:
      return json_line(200, parts.options == nullptr ? "[]" : parts.options->values_json());
    case Format::html:
      return html(200, config_page(parts.about, options));
    default:
      return HttpResponse::text(200, options_text(options));
  }
}

HttpResponse AdminServer::State::log(const HttpRequest& request) const {
  const std::map<std::string, LogLevel> levels = log_settings::levels();
  switch (wanted_format(request)) {
    case Format::json:
      return json_line(200, levels_json(levels));
    case Format::html:
      return html(200, log_page(parts.about, levels, log_settings::recent_problems()));
    default: {
      std::string text;
      for (const auto& [component, level] : levels) {
        text += fmt::format("{} {}\n", component, log_settings::name(level));
      }
      return HttpResponse::text(200, text);
    }
  }
}

HttpResponse AdminServer::State::set_log(const HttpRequest& request) const {
  if (from_another_site(request)) return HttpResponse::text(403, "not from the page of another site\n");
  HttpRequest form = request;
  if (form.query.empty()) form.query = request.body;
  std::string component = form.parameter("component");
  if (component.empty()) component = "*";
  const Result<LogLevel> level = log_settings::parse_level(form.parameter("level"));
  if (!level) return HttpResponse::text(400, level.error().message() + '\n');
  if (component != "*" && !log_settings::levels().contains(component)) {
    return HttpResponse::text(
        404, fmt::format("there is no log component '{}'; GET /debug/log lists them\n", component));
  }
  log_settings::set_level(component, *level);
  kLog.info("level.changed",
            {{"component", component}, {"level", log_settings::name(*level)}, {"by", request.peer}});
  if (wanted_format(request) == Format::html) return {303, {{"Location", "/debug/log"}}, ""};
  return HttpResponse::text(200, fmt::format("{} {}\n", component, log_settings::name(*level)));
}

void AdminServer::State::add_own_page(runtime::HttpServer& http, const OwnPage& page) {
  parts.about.own_pages.push_back({page.path, page.name, page.meaning});
  http.route("GET", page.path, [this, &page](HttpRequest request) -> Task<HttpResponse> {
    const OwnPage::Parameter parameter = [&request](std::string_view name) {
      return request.parameter(name);
    };
    if (wanted_format(request) != Format::html) {
      std::string json = co_await page.read_json(parameter);
      co_return json_line(200, std::move(json));
    }
    const StatusSection section = co_await page.read(parameter);
    co_return html(200, own_page(parts.about, page, section));
  });
  if (!page.act) return;
  http.route("POST", page.path, [&page](HttpRequest request) -> Task<HttpResponse> {
    if (from_another_site(request)) co_return HttpResponse::text(403, "not from the page of another site\n");
    co_await page.act();
    if (wanted_format(request) == Format::html) co_return HttpResponse{303, {{"Location", page.path}}, ""};
    co_return HttpResponse::text(200, std::string(page.action) + ": done\n");
  });
}

void AdminServer::State::add_routes(runtime::HttpServer& http) {
  using Answer = HttpResponse (State::*)(const HttpRequest&) const;
  const auto route = [&](std::string method, std::string path, Answer answer) {
    http.route(std::move(method), std::move(path), [this, answer](HttpRequest request) -> Task<HttpResponse> {
      co_return (this->*answer)(request);
    });
  };
  route("GET", "/readyz", &State::readyz);
  route("GET", "/debug/config", &State::config);
  route("GET", "/debug/log", &State::log);
  route("POST", "/debug/log", &State::set_log);
  http.route("GET", "/",
             [this](HttpRequest) -> Task<HttpResponse> { co_return html(200, index_page(parts.about)); });
  http.route("GET", "/healthz",
             [](HttpRequest) -> Task<HttpResponse> { co_return HttpResponse::text(200, "ok\n"); });
  for (const OwnPage& page : parts.status.pages_) add_own_page(http, page);
  http.route("GET", "/metrics", [this](HttpRequest) -> Task<HttpResponse> {
    co_await parts.metrics.refresh();
    co_return HttpResponse{
        200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, parts.metrics.text()};
  });
  http.route("GET", "/debug/status", [this](HttpRequest) -> Task<HttpResponse> {
    const StatusView view = co_await gather();
    co_return html(200, status_page(view));
  });
  http.route("GET", "/debug/vars", [this](HttpRequest) -> Task<HttpResponse> {
    co_await parts.metrics.refresh();
    const StatusView view = co_await gather();
    co_return json_line(200, vars_json(view, parts.metrics.view()));
  });
}

AdminServer::AdminServer(runtime::HttpServer& http, Parts parts)
    : state_(std::make_unique<State>(std::move(parts))) {
  add_process_metrics(state_->parts.metrics);
  StatusPage& status = state_->parts.status;
  status.rate("CPU", MetricUnit::seconds, cpu_seconds);
  status.level("Memory", MetricUnit::bytes, resident_bytes);
  state_->add_routes(http);
}

AdminServer::~AdminServer() = default;

void AdminServer::start() { state_->tasks.spawn(state_->sample_until_stopped()); }

Task<void> AdminServer::stop() {
  state_->tasks.cancel().request();
  co_await state_->tasks.join();
}

}  // namespace kintsugi::admin
