#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "rpc/client.h"
#include "rpc/error.h"
#include "rpc/server.h"
#include "runtime/cancel.h"
#include "runtime/errors.h"
#include "runtime/event.h"
#include "runtime/http_client.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/timer.h"

namespace kintsugi::rpc {
namespace {

using runtime::Address;
using runtime::HttpClient;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::HttpServer;
using testing::ElementsAre;
using testing::HasSubstr;
using topo::v1::Shard;
using topo::v1::TabletAddress;

// Known here as the process that raised it knows it; the other side knows its number only.
constexpr ErrorCode kNoPrimary{2003, "no_primary", 1290, "HY001", "Wait for the failover"};

Time soon() { return Clock::now() + 20s; }

// A process that serves three methods: Twice doubles a port, Count sends lines, Fail fails as told.
class Fixture {
 public:
  Fixture() {
    rpc_.unary<TabletAddress, TabletAddress>("test.v1.Test/Twice",
                                             [](TabletAddress request) -> Task<Result<TabletAddress>> {
                                               request.set_http_port(request.http_port() * 2);
                                               co_return request;
                                             });
    rpc_.unary<TabletAddress, TabletAddress>(
        "test.v1.Test/Fail", [](TabletAddress request) -> Task<Result<TabletAddress>> {
          if (request.host() == "server") {
            co_return failure(Error::from_server(1062, "23000", "Duplicate entry"));
          }
          co_return failure(kNoPrimary, "shard customer/-80 has no primary: \"" + request.host() + "\"");
        });
    rpc_.stream<TabletAddress>("test.v1.Test/Count",
                               [this](TabletAddress request, Sink& sink) -> Task<Result<void>> {
                                 return count(std::move(request), sink);
                               });
  }

  Task<Result<void>> count(TabletAddress request, Sink& sink) {
    Shard item;
    for (std::uint32_t i = 0; i < request.http_port(); ++i) {
      item.set_epoch(i);
      item.set_primary_alias(std::string(1000, 'x') + "\n");
      Result<void> sent = co_await sink.send(item);
      if (!sent) co_return sent;
    }
    if (request.host() == "fail") co_return failure(kNoPrimary, "in the middle");
    if (request.host() == "stay") {
      co_await never_.wait(Time::max(), &sink.gone());
      left_.set();
    }
    co_return Result<void>();
  }

  template <class Body>
  static void run(Body body) {
    runtime::Loop loop;
    auto all = [](Body& test) -> Task<void> {
      Fixture fixture;
      const Result<Address> address = fixture.http_.start(Address::tcp("127.0.0.1", 0));
      HttpClient http(*address);
      Client client(http);
      co_await test(fixture, client, http);
      co_await fixture.http_.stop();
    };
    loop.block_on(all(body));
  }

  std::vector<std::string> observed_;
  runtime::Event never_;
  runtime::Event left_;

 private:
  HttpServer http_;
  Server rpc_{
      http_, [this](std::string_view method, Duration, const Error* error) {
        observed_.push_back(std::string(method) + " " + (error == nullptr ? "ok" : error->code().name));
      }};
};

TabletAddress address_of(std::string host, std::uint32_t port) {
  TabletAddress message;
  message.set_host(std::move(host));
  message.set_http_port(port);
  return message;
}

TEST(Rpc, CallsAndRestoresErrors) {
  Fixture::run([](Fixture& fixture, Client& client, HttpClient&) -> Task<void> {
    const Result<TabletAddress> twice =
        co_await client.call<TabletAddress>("test.v1.Test/Twice", address_of("h", 21), soon());
    EXPECT_EQ(twice->http_port(), 42u);
    EXPECT_EQ(twice->host(), "h");

    const Result<TabletAddress> failed =
        co_await client.call<TabletAddress>("test.v1.Test/Fail", address_of("a\nb", 0), soon());
    EXPECT_FALSE(failed.has_value());
    const Error& error = failed.error();
    EXPECT_TRUE(error.is(kNoPrimary));
    EXPECT_STREQ(error.code().name, "no_primary");
    EXPECT_EQ(error.message(), "shard customer/-80 has no primary: \"a\nb\"");
    EXPECT_EQ(error.mysql_errno(), 1290);
    EXPECT_EQ(error.sqlstate(), "HY001");
    EXPECT_THAT(error.text(), HasSubstr("Wait for the failover"));

    const Result<TabletAddress> server =
        co_await client.call<TabletAddress>("test.v1.Test/Fail", address_of("server", 0), soon());
    EXPECT_TRUE(server.error().is(kServerError));
    EXPECT_EQ(server.error().mysql_errno(), 1062);
    EXPECT_EQ(server.error().sqlstate(), "23000");
    EXPECT_EQ(server.error().text(), "Duplicate entry");
    EXPECT_THAT(fixture.observed_, ElementsAre("test.v1.Test/Twice ok", "test.v1.Test/Fail no_primary",
                                               "test.v1.Test/Fail server_error"));
  });
}

TEST(Rpc, StreamsItemsAndEndsAsTheServerSays) {
  Fixture::run([](Fixture& fixture, Client& client, HttpClient&) -> Task<void> {
    std::uint32_t sum = 0;
    auto add = [&sum](Shard item) {
      sum += item.epoch();
      return true;
    };
    Result<void> done = co_await client.stream<Shard>("test.v1.Test/Count", address_of("", 200), add, 10s);
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(sum, 199u * 200 / 2);
    done = co_await client.stream<Shard>("test.v1.Test/Count", address_of("fail", 2), add, 10s);
    EXPECT_TRUE(!done && done.error().is(kNoPrimary) && done.error().message() == "in the middle");
    done = co_await client.stream<Shard>("test.v1.Test/Count", address_of("fail", 0), add, 10s);
    EXPECT_TRUE(!done && done.error().is(kNoPrimary));

    // Who takes items one by one, and ends with an error of its own.
    sum = 0;
    std::function<Task<Result<void>>(Shard)> slowly = [&sum](Shard item) -> Task<Result<void>> {
      co_await runtime::sleep_for(1ms);
      sum += item.epoch();
      if (item.epoch() == 50) co_return failure(kNoPrimary, "enough");
      co_return Result<void>();
    };
    done = co_await client.stream_slowly<Shard>("test.v1.Test/Count", address_of("", 50), slowly, 10s);
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(sum, 49u * 50 / 2);
    done = co_await client.stream_slowly<Shard>("test.v1.Test/Count", address_of("", 200), slowly, 10s);
    EXPECT_TRUE(!done && done.error().message() == "enough");

    runtime::Cancel cancel;
    auto stop_at_once = [&cancel](Shard) { return cancel.request(), true; };
    done = co_await client.stream<Shard>("test.v1.Test/Count", address_of("stay", 1), stop_at_once, 10s,
                                         &cancel);
    EXPECT_TRUE(!done && done.error().is(runtime::kCancelled));
    EXPECT_TRUE(co_await fixture.left_.wait(soon()));
    done = co_await client.stream<Shard>("test.v1.Test/Count", address_of("stay", 1), add, 50ms);
    EXPECT_TRUE(!done && done.error().is(runtime::kTimeout));
    auto enough = [](Shard) { return false; };
    done = co_await client.stream<Shard>("test.v1.Test/Count", address_of("stay", 1), enough, 10s);
    EXPECT_TRUE(done.has_value());
  });
}

TEST(Rpc, WhatCurlSees) {
  Fixture::run([](Fixture&, Client&, HttpClient& http) -> Task<void> {
    struct Case {
      std::string method;
      std::string body;
      int status;
      std::string part;
    };
    const std::vector<Case> cases = {
        {"Twice", R"({"http_port": 2, "mysqlPort": 3})", 200, R"({"httpPort":4,"mysqlPort":3})"},
        {"Twice", "", 200, "{}"},
        {"Twice", R"({"hots": "x"})", 400, "unknown field 'hots' in TabletAddress"},
        {"Twice", R"({"httpPort": "many"})", 400, "many"},
        {"Twice", R"({"httpPort": )", 400, "invalid_argument"},
        {"Twice", "\xff\xfe", 400, "invalid_argument"},
        {"Fail", "{}", 400, R"("code":"failed_precondition")"},
        {"Fail", "{}", 400,
         R"("details":[{"ktCode":2003,"name":"no_primary","nextStep":"Wait for the failover")"},
        {"Count", R"({"host": 1, "x": 2})", 400, "unknown field 'x'"},
        {"Missing", "{}", 404, "test.v1.Test/Missing"},
    };
    for (const Case& each : cases) {
      HttpRequest request{.method = "POST", .path = "/test.v1.Test/" + each.method, .body = each.body};
      const Result<HttpResponse> response = co_await http.call(request, soon());
      EXPECT_EQ(response->status, each.status) << each.body;
      EXPECT_THAT(response->body, HasSubstr(each.part)) << each.body;
    }
    HttpRequest page{.method = "POST", .path = "/test.v1.Test/Twice"};
    page.headers = {{"Origin", "http://evil.example"}, {"Content-Type", "text/plain"}};
    const Result<HttpResponse> response = co_await http.call(page, soon());
    EXPECT_EQ(response->status, 400);
  });
}

TEST(Rpc, AnswersOfStrangersAreErrors) {
  EXPECT_TRUE(error_from_json("<html>Bad gateway</html>", 502).is(kRpcFailed));
  EXPECT_THAT(error_from_json("<html>Bad gateway</html>", 502).message(), HasSubstr("502"));
  EXPECT_TRUE(error_from_json(R"({"code":"unavailable","message":"m"})", 503).is(kRpcFailed));
  EXPECT_TRUE(error_from_json("", 500).is(kRpcFailed));
  EXPECT_EQ(http_status(Error(kNotFound, "")), 404);
  EXPECT_THAT(error_to_json(Error(kNotFound, "caf\xc3\xa9 \xff\xe2\x82 \xe2\x82\xac")),
              HasSubstr("caf\xc3\xa9 ??? \xe2\x82\xac"));
  EXPECT_EQ(http_status(Error(runtime::kTimeout, "")), 504);
}

}  // namespace
}  // namespace kintsugi::rpc
