#include "control/pages.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/admin_server.h"
#include "admin/metrics.h"
#include "admin/readiness.h"
#include "admin/status.h"
#include "base/options.h"
#include "control/control.h"
#include "control/testing/control_fixture.h"
#include "runtime/http_client.h"
#include "runtime/http_server.h"

namespace kintsugi::control {
namespace {

using health::testing::FakeTablet;
using ::testing::AllOf;
using testing::ControlFixture;
using testing::empty_server;
using ::testing::HasSubstr;
using ::testing::Not;

/// A whole control process, but for main: its status page is asked for over HTTP.
struct Fixture : ControlFixture {
  OptionTable options{"control"};
  admin::Metrics metrics;
  admin::Readiness readiness;
  admin::StatusPage status;
  runtime::HttpServer http;
  std::unique_ptr<Control> control;
  std::unique_ptr<admin::AdminServer> admin;
  std::unique_ptr<runtime::HttpClient> client;

  void start() {
    control = std::make_unique<Control>(Control::Parts{.cluster = "demo",
                                                       .version = "1",
                                                       .store = link,
                                                       .http = http,
                                                       .metrics = metrics,
                                                       .readiness = readiness,
                                                       .status = status});
    admin = std::make_unique<admin::AdminServer>(
        http, admin::AdminServer::Parts{.about = {"control", "control-1", "demo", "", "Answers."},
                                        .metrics = metrics,
                                        .readiness = readiness,
                                        .status = status,
                                        .options = &options});
    const runtime::Address address = http.start(runtime::Address::tcp("127.0.0.1", 0)).value();
    admin->start();
    control->start(address.text());
    client = std::make_unique<runtime::HttpClient>(address);
  }
  Task<void> stop() {
    co_await control->stop();
    co_await admin->stop();
    co_await http.stop();
  }
  Task<std::string> page() {
    runtime::HttpRequest request{.method = "GET", .path = "/debug/status"};
    Result<runtime::HttpResponse> answer = co_await client->call(std::move(request), Clock::now() + 20s);
    co_return answer ? std::move(answer->body) : answer.error().text();
  }
  /// The page, once it has this text; or as it was last.
  Task<std::string> page_with(std::string text) {
    const Time limit = Clock::now() + 20s;
    std::string now;
    do {
      now = co_await page();
    } while (now.find(text) == std::string::npos && Clock::now() < limit);
    co_return now;
  }
};

Task<void> check_page(Fixture& fixture) {
  FakeTablet serving("zone1-1"), never("zone1-2");
  tablet::v1::Health health = empty_server("zone1-1");
  health.set_type(topo::v1::primary);
  health.set_serving(true);
  co_await fixture.create();
  co_await fixture.add_tablet("zone1-1", "-80", serving.address());
  co_await fixture.add_tablet("zone1-2", "80-", never.address());
  ControlFixture::expect(
      co_await fixture.others.set_shard_primary({"customer", "-80"}, {"zone1", 1}, 0, WallTime{}));
  fixture.start();
  std::string page = co_await fixture.page_with(">silent<");
  EXPECT_THAT(page, HasSubstr(">silent<")) << "zone1-1, too, before its first word";
  page = co_await fixture.page_with(">this one<");
  serving.say(health);
  page = co_await fixture.page_with(">serving<");
  EXPECT_THAT(page, AllOf(HasSubstr(">this one<"), HasSubstr(">reachable<"), HasSubstr(">ok<")));
  EXPECT_THAT(page, HasSubstr("customer/80- has no primary yet"));
  EXPECT_THAT(page, HasSubstr("http://" + serving.address().text() + "/debug/status")) << "a link to it";

  fixture.link.cut();
  page = co_await fixture.page_with("not reach");
  EXPECT_THAT(page, Not(HasSubstr(">reachable<"))) << "the topology is away";
  EXPECT_THAT(page, HasSubstr(">serving<")) << "what is known is shown on";
  fixture.link.mend();
  page = co_await fixture.page_with(">reachable<");
  EXPECT_THAT(page, HasSubstr(">reachable<"));
  co_await fixture.stop();
  co_await serving.stop();
  co_await never.stop();
}

TEST(ControlPage, ShowsTheClusterAsControlSeesIt) {
  runtime::Loop loop;
  Fixture fixture;
  loop.block_on(check_page(fixture));
}

}  // namespace
}  // namespace kintsugi::control
