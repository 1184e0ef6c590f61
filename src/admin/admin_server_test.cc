#include "admin/admin_server.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "admin/detail/format.h"
#include "admin/detail/history.h"
#include "base/log.h"
#include "base/options.h"
#include "runtime/http_client.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/timer.h"

namespace kintsugi::admin {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr MetricSpec kStatements{"test_statements_total", "Statements.", MetricUnit::count, {"kind"}};
constexpr MetricSpec kLatency{"test_latency_seconds", "Latency.", MetricUnit::seconds};
const Logger kLog{"admin_test"};

// A process that has everything a page can show.
struct Process {
  Process() {
    table.section("MySQL");
    table.integer("mysql_port", port, {1, 65535}, "Where clients connect.");
    table.text("password", password, "Of the account.").secret();
    Family<Counter>& statements = metrics.counters(kStatements);
    Family<Histogram>& latencies = metrics.histograms(kLatency);
    statements.with({"select"}).add(10);
    latencies.with({}).observe(3ms);
    readiness.add("topology",
                  [this] { return CheckResult{topology_ok, topology_ok ? "read" : "etcd is <away>"}; });
    status.rate("Statements", statements);
    status.latency("Latency", latencies);
    status.level("Connections", MetricUnit::count, [] { return 7.0; });
    status.section("Tablets", [] {
      StatusSection section;
      section.columns = {"alias", "state"};
      section.rows = {{{"zone1-<101>", Tone::plain, "http://h:1/?a=\"b\""}, {"serving", Tone::good}}};
      return section;
    });
    status.page({.path = "/debug/kinds",
                 .name = "Kinds",
                 .meaning = "of statements",
                 .read = [](OwnPage::Parameter parameter) -> Task<StatusSection> {
                   co_await runtime::yield();
                   StatusSection section;
                   section.columns = {"kind"};
                   section.rows = {{{"<" + parameter("kind") + ">"}}};
                   co_return section;
                 },
                 .read_json = [](OwnPage::Parameter parameter) -> Task<std::string> {
                   co_await runtime::yield();
                   co_return "[\"" + parameter("kind") + "\"]";
                 },
                 .action = "forget them",
                 .act = [this]() -> Task<void> {
                   co_await runtime::yield();
                   ++forgotten;
                 }});
    status.async_section("Loops", []() -> Task<StatusSection> {
      co_await runtime::yield();
      StatusSection section;
      section.facts = {{"loops", "2"}};
      co_return section;
    });
  }

  std::uint16_t port = 15306;
  std::string password = "geheim";
  bool topology_ok = true;
  int forgotten = 0;
  OptionTable table{"gate"};
  Metrics metrics;
  Readiness readiness;
  StatusPage status;
};

class AdminTest : public testing::Test {
 protected:
  void SetUp() override {
    log_settings::set_sink([](LogLevel, std::string_view) {});
  }
  void TearDown() override { log_settings::set_sink(nullptr); }

  // Serves, runs `body` with a function that asks for a path, and stops.
  template <class Body>
  void run(Body body) {
    auto all = [](Process& process, Body& test) -> Task<void> {
      runtime::HttpServer http;
      AdminServer admin(http, {.about = {"gate", "zone1-gate", "demo", "zone1", "Speaks MySQL."},
                               .metrics = process.metrics,
                               .readiness = process.readiness,
                               .status = process.status,
                               .options = &process.table});
      const Result<runtime::Address> address = http.start(runtime::Address::tcp("127.0.0.1", 0));
      admin.start();
      runtime::HttpClient client(*address);
      co_await test(client);
      co_await admin.stop();
      co_await http.stop();
    };
    runtime::Loop loop;
    loop.block_on(all(process_, body));
  }

  Process process_;
};

Task<HttpResponse> ask(runtime::HttpClient& client, std::string method, std::string path,
                       std::string query = "", std::string accept = "") {
  HttpRequest request{.method = std::move(method), .path = std::move(path), .query = std::move(query)};
  if (!accept.empty()) request.headers["Accept"] = accept;
  Result<HttpResponse> response = co_await client.call(std::move(request), Clock::now() + 20s);
  EXPECT_TRUE(response.has_value());
  co_return std::move(*response);
}

TEST_F(AdminTest, HealthAndReadiness) {
  run([this](runtime::HttpClient& client) -> Task<void> {
    HttpResponse response = co_await ask(client, "GET", "/healthz");
    EXPECT_EQ(response.status, 200);
    response = co_await ask(client, "GET", "/readyz");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "ready\n[+] topology: read\n");
    process_.topology_ok = false;
    response = co_await ask(client, "GET", "/readyz");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.body, "not ready\n[-] topology: etcd is <away>\n");
    response = co_await ask(client, "GET", "/readyz", "format=json");
    EXPECT_EQ(response.body,
              "{\"ready\":false,\"checks\":[{\"name\":\"topology\",\"ok\":false,\"detail\":\"etcd is "
              "<away>\"}]}\n");
    response = co_await ask(client, "GET", "/debug/status");
    EXPECT_THAT(response.body, HasSubstr("Why it is not ready"));
    EXPECT_THAT(response.body, HasSubstr("etcd is &lt;away&gt;"));
    response = co_await ask(client, "GET", "/healthz");
    EXPECT_EQ(response.status, 200);
  });
}

TEST_F(AdminTest, RolesHavePagesOfTheirOwn) {
  run([this](runtime::HttpClient& client) -> Task<void> {
    HttpResponse response = co_await ask(client, "GET", "/debug/kinds", "kind=call&format=json");
    EXPECT_EQ(response.body, "[\"call\"]\n");
    response = co_await ask(client, "GET", "/debug/kinds", "kind=call", "text/html");
    EXPECT_THAT(response.body, AllOf(HasSubstr("&lt;call&gt;"), HasSubstr("forget them")));
    response = co_await ask(client, "GET", "/", "", "text/html");
    EXPECT_THAT(response.body, HasSubstr(R"(<a href="/debug/kinds">Kinds</a>)"));
    EXPECT_EQ(process_.forgotten, 0);
    response = co_await ask(client, "POST", "/debug/kinds");
    EXPECT_EQ(response.body, "forget them: done\n");
    EXPECT_EQ(process_.forgotten, 1);
  });
}

TEST_F(AdminTest, MetricsAreFetchedBeforeTheyAreRead) {
  int fetched = 0;
  process_.metrics.before_reading([&fetched]() -> Task<void> {
    co_await runtime::yield();
    ++fetched;
  });
  process_.metrics.observe_all({"test_kinds", "Kinds.", MetricUnit::count, {"kind", "way"}}, [&fetched] {
    return std::vector<Metrics::Sample>{{{"a\"b", "x"}, static_cast<double>(fetched)}, {{"c", "y"}, 7}};
  });
  run([](runtime::HttpClient& client) -> Task<void> {
    HttpResponse response = co_await ask(client, "GET", "/metrics");
    EXPECT_THAT(response.body, HasSubstr(R"(test_kinds{kind="a\"b",way="x"} 1)"));
    EXPECT_THAT(response.body, HasSubstr(R"(test_kinds{kind="c",way="y"} 7)"));
    response = co_await ask(client, "GET", "/debug/vars");
    EXPECT_THAT(response.body, HasSubstr("test_kinds"));
  });
  EXPECT_EQ(fetched, 2);
}

TEST_F(AdminTest, StatusPageShowsWhatWasRegisteredAndEscapesIt) {
  kLog.warning("mysqld.slow", {{"sql", "select '<b>'"}});
  run([](runtime::HttpClient& client) -> Task<void> {
    const HttpResponse response = co_await ask(client, "GET", "/debug/status");
    const std::string& page = response.body;
    EXPECT_THAT(page, StartsWith("<!doctype html>"));
    EXPECT_THAT(page, HasSubstr(R"(<a href="http://h:1/?a=&quot;b&quot;">zone1-&lt;101&gt;</a>)"));
    EXPECT_THAT(page, HasSubstr(R"(<span class="good">serving</span>)"));
    EXPECT_THAT(page, HasSubstr("<dt>loops</dt><dd>2</dd>"));
    EXPECT_THAT(page, HasSubstr("<h3>Connections</h3><div class=\"big\">7</div>"));
    EXPECT_THAT(page, HasSubstr("select &#39;&lt;b&gt;&#39;"));
    EXPECT_THAT(page, AllOf(HasSubstr("cluster demo"), HasSubstr("Speaks MySQL."), HasSubstr("revision ")));
    // Self-contained: nothing is fetched from elsewhere, and the browser is told so.
    EXPECT_THAT(page, AllOf(Not(HasSubstr("src=")), Not(HasSubstr("@import"))));
    EXPECT_THAT(response.headers.at("Content-Security-Policy"), HasSubstr("default-src 'none'"));
  });
}

TEST_F(AdminTest, VarsAreTheSameAsJson) {
  run([](runtime::HttpClient& client) -> Task<void> {
    const HttpResponse response = co_await ask(client, "GET", "/debug/vars");
    const boost::json::object vars = boost::json::parse(response.body).as_object();
    EXPECT_EQ(vars.at("role"), "gate");
    EXPECT_EQ(vars.at("ready"), true);
    EXPECT_EQ(vars.at("charts").at("Connections").at("now"), 7);
    EXPECT_EQ(vars.at("sections").at("Tablets").at("rows").at(0).at("alias"), "zone1-<101>");
    EXPECT_EQ(vars.at("sections").at("Loops").at("facts").at("loops"), "2");
    std::string names;
    for (const auto& metric : vars.at("metrics").as_array()) names += metric.at("name").as_string().c_str();
    EXPECT_THAT(names, AllOf(HasSubstr("test_statements_total"), HasSubstr("process_open_fds")));
  });
}

TEST_F(AdminTest, MetricsAndConfig) {
  ASSERT_TRUE(process_.table.parse_flags({"--mysql-port=3306"}));
  run([](runtime::HttpClient& client) -> Task<void> {
    HttpResponse response = co_await ask(client, "GET", "/metrics");
    EXPECT_THAT(response.body, HasSubstr("test_statements_total{kind=\"select\"} 10\n"));
    EXPECT_THAT(response.headers["content-type"], HasSubstr("version=0.0.4"));
    response = co_await ask(client, "GET", "/debug/config");
    EXPECT_EQ(response.body, "mysql_port = 3306  # flag\npassword = ********  # default\n");
    response = co_await ask(client, "GET", "/debug/config", "", "text/html");
    EXPECT_THAT(response.body, AllOf(HasSubstr("3306"), HasSubstr("15306"), Not(HasSubstr("geheim"))));
    response = co_await ask(client, "GET", "/debug/config", "format=json");
    EXPECT_EQ(boost::json::parse(response.body).at(0).at("origin"), "flag");
    response = co_await ask(client, "GET", "/");
    EXPECT_THAT(response.body, AllOf(HasSubstr("/debug/vars"), HasSubstr("/debug/log")));
  });
}

TEST_F(AdminTest, LogLevelsChangeWhileRunning) {
  run([](runtime::HttpClient& client) -> Task<void> {
    EXPECT_FALSE(kLog.enabled(LogLevel::debug));
    HttpResponse response = co_await ask(client, "POST", "/debug/log", "component=admin_test&level=debug");
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(kLog.enabled(LogLevel::debug));
    response = co_await ask(client, "GET", "/debug/log");
    EXPECT_THAT(response.body, HasSubstr("admin_test debug\n"));
    response = co_await ask(client, "POST", "/debug/log", "level=info");
    EXPECT_FALSE(kLog.enabled(LogLevel::debug));
    response = co_await ask(client, "POST", "/debug/log", "component=admin_test&level=loud");
    EXPECT_EQ(response.status, 400);
    response = co_await ask(client, "POST", "/debug/log", "component=nobody&level=debug");
    EXPECT_EQ(response.status, 404);

    // As the form of the page sends it; and as another site's page would.
    HttpRequest form{.method = "POST", .path = "/debug/log", .body = "component=admin_test&level=debug"};
    form.headers = {{"Accept", "text/html"}, {"Sec-Fetch-Site", "same-origin"}};
    Result<HttpResponse> answer = co_await client.call(form, Clock::now() + 20s);
    EXPECT_EQ(answer->status, 303);
    EXPECT_TRUE(kLog.enabled(LogLevel::debug));
    log_settings::set_level("*", LogLevel::info);
    form.headers["Sec-Fetch-Site"] = "cross-site";
    answer = co_await client.call(form, Clock::now() + 20s);
    EXPECT_EQ(answer->status, 403);
    EXPECT_FALSE(kLog.enabled(LogLevel::debug));
  });
}

TEST(History, RatesOverWindows) {
  NumberHistory history;
  const Time start = Clock::now();
  EXPECT_FALSE(history.rate(1s).has_value());
  // 10 a second for 400 seconds, then 100 a second for 30.
  double value = 0;
  for (int second = 0; second <= 430; ++second) {
    history.sample(start + std::chrono::seconds(second), value);
    value += second < 400 ? 10 : 100;
  }
  EXPECT_DOUBLE_EQ(*history.rate(1s), 100);
  EXPECT_DOUBLE_EQ(*history.rate(60s), 55);
  EXPECT_DOUBLE_EQ(*history.rate(300s), 19);
  const std::vector<double> points = history.rates();
  EXPECT_EQ(points.size(), 60u);
  EXPECT_DOUBLE_EQ(points.front(), 10);
  EXPECT_DOUBLE_EQ(points.back(), 100);
  EXPECT_EQ(history.levels().size(), 61u);
}

TEST(History, LatenciesOverWindows) {
  LatencyHistory history;
  Histogram histogram;
  const Time start = Clock::now();
  for (int second = 0; second <= 120; ++second) {
    history.sample(start + std::chrono::seconds(second), histogram.snapshot());
    histogram.observe(second < 60 ? 1ms : 100ms);
  }
  EXPECT_EQ(history.within(60s).count(), 60u);
  EXPECT_NEAR(history.within(60s).quantile(0.5), 1e8, 1.3e7);
  EXPECT_EQ(history.within(300s).count(), 120u);
  EXPECT_NEAR(history.within(300s).quantile(0.4), 1e6, 1.3e5);
  EXPECT_EQ(history.p99s().size(), 24u);
}

TEST(Format, ForPeople) {
  EXPECT_EQ(human(0, MetricUnit::count), "0");
  EXPECT_EQ(human(0.254, MetricUnit::count), "0.25");
  EXPECT_EQ(human(12.34, MetricUnit::count), "12.3");
  EXPECT_EQ(human(999, MetricUnit::count), "999");
  EXPECT_EQ(human(4210.7, MetricUnit::count), "4,210");
  EXPECT_EQ(human(1'210'000, MetricUnit::count), "1.21 M");
  EXPECT_EQ(human(85e-6, MetricUnit::seconds), "85.0 µs");
  EXPECT_EQ(human(1.2e-3, MetricUnit::seconds), "1.20 ms");
  EXPECT_EQ(human(90, MetricUnit::seconds), "1.50 min");
  EXPECT_EQ(human(64.25 * (1 << 20), MetricUnit::bytes), "64.2 MiB");
  EXPECT_EQ(human_uptime(3s), "3 s");
  EXPECT_EQ(human_uptime(303s), "5 min 3 s");
  EXPECT_EQ(human_uptime(26h + 5min), "1 d 2 h");
}

}  // namespace
}  // namespace kintsugi::admin
