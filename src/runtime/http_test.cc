#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/cancel.h"
#include "runtime/detail/http_codec.h"
#include "runtime/errors.h"
#include "runtime/event.h"
#include "runtime/http_client.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/stream.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::runtime {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Time soon() { return Clock::now() + 20s; }
const Address kAnyPort = Address::tcp("127.0.0.1", 0);

// What a test's server serves; the events let a test see and steer its handlers.
struct Served {
  explicit Served(HttpServer::Options options = {}) : server(std::move(options)) {
    server.route("POST", "/echo", [](HttpRequest request) -> Task<HttpResponse> {
      co_return HttpResponse::text(200, request.body);
    });
    server.route("GET", "/who", [](HttpRequest request) -> Task<HttpResponse> {
      co_return HttpResponse::text(200, request.parameter("name") + "|" + request.headers["X-Test"]);
    });
    server.route("GET", "/tree/*", [](HttpRequest request) -> Task<HttpResponse> {
      co_return HttpResponse::text(200, "tree:" + request.path);
    });
    server.route("GET", "/tree/leaf",
                 [](HttpRequest) -> Task<HttpResponse> { co_return HttpResponse::text(200, "leaf"); });
    server.route("GET", "/held", [this](HttpRequest) -> Task<HttpResponse> {
      entered.set();
      co_await released.wait();
      co_return HttpResponse::text(200, "released");
    });
    server.stream_route("GET", "/count", "text/plain", [](HttpRequest, HttpWriter& out) -> Task<void> {
      for (int i = 0; i < 3; ++i) {
        const std::string line = std::to_string(i) + "\n";
        co_await out.write(line);
      }
    });
    server.stream_route("GET", "/refused", "text/plain", [](HttpRequest, HttpWriter& out) -> Task<void> {
      out.refuse(HttpResponse::text(409, "not now"));
      co_return;
    });
    server.stream_route("GET", "/endless", "text/plain", [this](HttpRequest, HttpWriter& out) -> Task<void> {
      const std::string piece(64 << 10, 'z');
      entered.set();
      for (;;) {
        const Result<void> written = co_await out.write(piece);
        if (!written) break;
        sent += piece.size();
      }
      left.set();
    });
    server.stream_route("GET", "/quiet", "text/plain", [this](HttpRequest, HttpWriter& out) -> Task<void> {
      co_await out.write("hello\n");
      entered.set();
      co_await never.wait(Time::max(), &out.gone());
      left.set();
    });
  }

  HttpServer server;
  Event entered;
  Event released;
  Event left;
  Event never;
  std::size_t sent = 0;
};

// Sends raw bytes and returns everything the server answers until it closes.
Task<std::string> raw(Address address, std::string bytes, bool half_close = false) {
  Result<Stream> stream = co_await Stream::connect(address, soon());
  stream->set_deadline(soon());
  const Result<void> written = co_await stream->write_all(bytes);
  EXPECT_TRUE(written) << "clients send all before they read: " << written.error().text();
  if (half_close) stream->shutdown_write();
  std::string all;
  char buffer[4096];
  for (;;) {
    const Result<std::size_t> count = co_await stream->read_some(buffer);
    EXPECT_TRUE(count) << "not a clean end: " << count.error().text();
    if (!count || *count == 0) co_return all;
    all.append(buffer, *count);
  }
}

HttpRequest get(std::string path, std::string query = "") {
  return {.method = "GET", .path = std::move(path), .query = std::move(query)};
}
HttpRequest post(std::string path, std::string body) {
  return {.method = "POST", .path = std::move(path), .body = std::move(body)};
}

// Runs `body` against a server that is stopped afterwards.
template <class Body>
void with_server(Body body, HttpServer::Options options = {}) {
  Loop loop;
  auto all = [](Body& run, HttpServer::Options given) -> Task<void> {
    Served served(std::move(given));
    const Result<Address> address = served.server.start(kAnyPort);
    EXPECT_TRUE(address.has_value());
    co_await run(served, *address);
    co_await served.server.stop();
  };
  loop.block_on(all(body, std::move(options)));
}

TEST(Http, RoutesAndKeepsConnectionsAlive) {
  with_server([](Served&, Address address) -> Task<void> {
    HttpClient client(address);
    HttpRequest request = get("/who", "x=1&name=a%20b%26c+d");
    request.headers["x-test"] = "y";
    Result<HttpResponse> response = co_await client.call(request, soon());
    EXPECT_EQ(response->body, "a b&c d|y");
    EXPECT_EQ(response->headers["connection"], "keep-alive");
    response = co_await client.call(get("/tree/leaf"), soon());
    EXPECT_EQ(response->body, "leaf");
    response = co_await client.call(get("/tree/a b%"), soon());
    EXPECT_EQ(response->body, "tree:/tree/a b%");
    response = co_await client.call(get("/nowhere"), soon());
    EXPECT_EQ(response->status, 404);
    response = co_await client.call(get("/echo"), soon());
    EXPECT_EQ(response->status, 405);
    EXPECT_EQ(response->headers["Allow"], "POST");
    HttpRequest head = get("/tree/leaf");
    head.method = "HEAD";
    response = co_await client.call(head, soon());
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "");
  });
}

TEST(Http, CarriesLargeBodiesBothWays) {
  with_server([](Served&, Address address) -> Task<void> {
    HttpClient client(address);
    std::string body(10'000'000, 'b');
    for (std::size_t i = 0; i < body.size(); i += 97) body[i] = static_cast<char>(i);
    const Result<HttpResponse> response = co_await client.call(post("/echo", body), soon());
    EXPECT_TRUE(response && response->body == body);
  });
}

TEST(Http, WorksOverTls) {
  HttpServer::Options options;
  options.tls = *TlsContext::self_signed("test");
  with_server(
      [](Served&, Address address) -> Task<void> {
        HttpClient::Options client_options;
        client_options.tls = *TlsContext::client();
        HttpClient client(address, client_options);
        const std::string body(1'000'000, 't');
        Result<HttpResponse> response = co_await client.call(post("/echo", body), soon());
        EXPECT_TRUE(response && response->body == body);
        std::string got;
        response = co_await client.stream(
            get("/count"), [&](std::string_view piece) { return got += piece, true; }, 10s, nullptr);
        EXPECT_EQ(got, "0\n1\n2\n");
        // One who does not speak TLS is not served, and harms nobody.
        const std::string plain = co_await raw(address, "GET /who HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_THAT(plain, testing::Not(HasSubstr("HTTP/1.1 200")));
        response = co_await client.call(post("/echo", "after"), soon());
        EXPECT_EQ(response->body, "after");
      },
      options);
}

TEST(Http, StreamsUntilItsEndAndRefusesWithAStatus) {
  with_server([](Served&, Address address) -> Task<void> {
    HttpClient client(address);
    std::string got;
    auto collect = [&](std::string_view piece) { return got += piece, true; };
    Result<HttpResponse> response = co_await client.stream(get("/count"), collect, 10s, nullptr);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(got, "0\n1\n2\n");
    got.clear();
    response = co_await client.stream(get("/refused"), collect, 10s, nullptr);
    EXPECT_EQ(response->status, 409);
    EXPECT_EQ(response->body, "not now");
    EXPECT_EQ(got, "");
    const std::string old = co_await raw(address, "GET /count HTTP/1.0\r\n\r\n");
    EXPECT_THAT(old, testing::EndsWith("\r\n\r\n0\n1\n2\n"));
  });
}

TEST(Http, CancelEndsAStreamAndTheServerSeesIt) {
  with_server([](Served& served, Address address) -> Task<void> {
    HttpClient client(address);
    Cancel cancel;
    std::string got;
    TaskGroup group;
    auto cancel_later = [](Served& what, Cancel& who) -> Task<void> {
      co_await what.entered.wait();
      who.request();
    };
    group.spawn(cancel_later(served, cancel));
    const Result<HttpResponse> response = co_await client.stream(
        get("/quiet"), [&](std::string_view piece) { return got += piece, true; }, Duration::max(), &cancel);
    EXPECT_TRUE(!response && response.error().is(kCancelled));
    const bool noticed = co_await served.left.wait(soon());
    EXPECT_TRUE(noticed);
    co_await group.join();
  });
}

TEST(Http, SilentStreamTimesOut) {
  with_server([](Served&, Address address) -> Task<void> {
    HttpClient client(address);
    const Result<HttpResponse> response =
        co_await client.stream(get("/quiet"), [](std::string_view) { return true; }, 50ms, nullptr);
    EXPECT_TRUE(!response && response.error().is(kTimeout));
  });
}

TEST(Http, SlowReaderStopsTheHandlerAndIsDroppedInTheEnd) {
  HttpServer::Options options;
  options.idle_timeout = 200ms;
  with_server(
      [](Served& served, Address address) -> Task<void> {
        Result<Stream> stream = co_await Stream::connect(address, soon());
        co_await stream->write_all("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
        // It never reads: the handler writes what the kernel's buffers hold, waits, and fails.
        const bool dropped = co_await served.left.wait(soon());
        EXPECT_TRUE(dropped);
        EXPECT_LT(served.sent, 64u << 20);
      },
      options);
}

TEST(Http, CallTimesOutAndCanBeCancelled) {
  with_server([](Served& served, Address address) -> Task<void> {
    HttpClient client(address);
    Result<HttpResponse> response = co_await client.call(get("/held"), Clock::now() + 50ms);
    EXPECT_TRUE(!response && response.error().is(kTimeout)) << response.error().text();
    EXPECT_THAT(response.error().message(), HasSubstr("/held"));
    Cancel cancel;
    TaskGroup group;
    auto cancel_soon = [](Cancel& who) -> Task<void> {
      co_await yield();
      who.request();
    };
    group.spawn(cancel_soon(cancel));
    response = co_await client.call(get("/held"), soon(), &cancel);
    EXPECT_TRUE(!response && response.error().is(kCancelled));
    co_await group.join();
    served.released.set();
  });
}

TEST(Http, StopWaitsForHandlersAndEndsStreams) {
  Loop loop;
  auto body = []() -> Task<void> {
    HttpServer::Options options;
    options.stop_grace = 100ms;
    Served served(options);
    const Result<Address> address = served.server.start(kAnyPort);
    HttpClient client(*address);
    TaskGroup group;
    std::string answer;
    Result<HttpResponse> quiet = HttpResponse();
    auto call = [](HttpClient& who, std::string& into) -> Task<void> {
      const Result<HttpResponse> response = co_await who.call(get("/held"), soon());
      into = response ? response->body : response.error().text();
    };
    auto listen = [](HttpClient& who, Result<HttpResponse>& into) -> Task<void> {
      into =
          co_await who.stream(get("/quiet"), [](std::string_view) { return true; }, Duration::max(), nullptr);
    };
    auto stop = [](Served& what) -> Task<void> { co_await what.server.stop(); };
    group.spawn(listen(client, quiet));
    co_await served.entered.wait(soon());
    served.entered.reset();
    group.spawn(call(client, answer));
    co_await served.entered.wait(soon());
    Result<Stream> idle = co_await Stream::connect(*address, soon());
    // Takes nothing of what it asked for: stop() waits no longer than its grace.
    Result<Stream> slow = co_await Stream::connect(*address, soon());
    served.entered.reset();
    co_await slow->write_all("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    co_await served.entered.wait(soon());
    group.spawn(stop(served));
    co_await sleep_for(150ms);  // past the grace, so that a handler is seen to outlive it
    served.released.set();
    co_await group.join();
    EXPECT_EQ(answer, "released");
    EXPECT_TRUE(quiet.has_value()) << quiet.error().text();
    const Result<Stream> refused = co_await Stream::connect(*address, soon());
    EXPECT_FALSE(refused.has_value());
  };
  loop.block_on(body());
}

TEST(Http, MalformedRequestsAreAnsweredAndHarmNobody) {
  with_server(
      [](Served&, Address address) -> Task<void> {
        const std::vector<std::pair<std::string, std::string>> cases = {
            {"\x16\x03\x01\x02\x00\x01 a TLS hello\r\n\r\n", "HTTP/1.1 400"},
            {"GET\r\n\r\n", "HTTP/1.1 400"},
            {"GET / HTTP/9.1\r\n\r\n", "HTTP/1.1 400"},
            {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
            {"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
            {"POST /echo HTTP/1.1\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 400"},
            {"POST /echo HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "HTTP/1.1 400"},
            {"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnothex\r\n", "HTTP/1.1 400"},
            {"GET / HTTP/1.1\r\nbroken header\r\n\r\n", "HTTP/1.1 400"},
            {"GET /?" + std::string(100'000, 'q') + " HTTP/1.1\r\n\r\n", "HTTP/1.1 431"},
            {"POST /echo HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + std::string(100'000, 'x'),
             "HTTP/1.1 413"},
            {"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n" +
                 std::string(0x200000, 'x') + "\r\n",
             "HTTP/1.1 413"},
        };
        for (const auto& [request, expected] : cases) {
          const std::string answer = co_await raw(address, request);
          EXPECT_THAT(answer, StartsWith(expected)) << request.substr(0, 60);
        }
        HttpClient client(address);
        const Result<HttpResponse> response = co_await client.call(post("/echo", "still here"), soon());
        EXPECT_EQ(response->body, "still here");
      },
      {.body_bytes_max = 1'000'000});
}

TEST(Http, ChunkedAndPipelinedAndByteByByte) {
  with_server([](Served&, Address address) -> Task<void> {
    const std::string two =
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\n\r\n"
        "GET http://x/who?name=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const std::string answer = co_await raw(address, two);
    EXPECT_THAT(answer, HasSubstr("abcdefg"));
    EXPECT_THAT(answer, testing::EndsWith("2|"));
    Result<Stream> stream = co_await Stream::connect(address, soon());
    for (const char& byte : two) {
      co_await stream->write_all({&byte, 1});
      co_await yield();
    }
    std::string got;
    char buffer[4096];
    for (;;) {
      const Result<std::size_t> count = co_await stream->read_some(buffer);
      if (!count || *count == 0) break;
      got.append(buffer, *count);
    }
    EXPECT_EQ(got, answer);
    const std::string interim = co_await raw(
        address,
        "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    EXPECT_THAT(interim, testing::EndsWith("\r\n\r\nok"));
  });
}

TEST(Http, HalfOpenAndIdleClientsAreDropped) {
  with_server(
      [](Served&, Address address) -> Task<void> {
        EXPECT_EQ(co_await raw(address, ""), "");
        EXPECT_THAT(co_await raw(address, "GET /who HT"), StartsWith("HTTP/1.1 408"));
        EXPECT_THAT(co_await raw(address, "POST /echo HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"),
                    StartsWith("HTTP/1.1 408"));
        EXPECT_EQ(co_await raw(address, "GET /who HT", /*half_close=*/true), "");
        EXPECT_THAT(co_await raw(address, "GET /who HTTP/1.1\r\n\r\n", /*half_close=*/true),
                    StartsWith("HTTP/1.1 200"));
      },
      {.header_timeout = 50ms, .idle_timeout = 100ms});
}

TEST(Http, OverTheConnectionLimitIsTold) {
  with_server(
      [](Served&, Address address) -> Task<void> {
        HttpClient client(address);
        co_await client.call(get("/who"), soon());  // keeps its connection
        EXPECT_THAT(co_await raw(address, "GET /who HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 503"));
        const std::string large = "POST /echo HTTP/1.1\r\nContent-Length: 6000000\r\n\r\n";
        EXPECT_THAT(co_await raw(address, large + std::string(6'000'000, 'x')), StartsWith("HTTP/1.1 503"));
      },
      {.connections_max = 1});
}

TEST(Http, ClientSurvivesAServerThatComesBack) {
  Loop loop;
  auto body = []() -> Task<void> {
    Address address;
    HttpClient* client = nullptr;
    std::unique_ptr<HttpClient> owned;
    for (int round = 0; round < 2; ++round) {
      Served served;
      address = *served.server.start(round == 0 ? kAnyPort : address);
      if (client == nullptr) client = (owned = std::make_unique<HttpClient>(address)).get();
      const Result<HttpResponse> response = co_await client->call(post("/echo", "x"), soon());
      EXPECT_TRUE(response.has_value()) << response.error().text();
      co_await served.server.stop();
    }
    const Result<HttpResponse> response = co_await client->call(get("/who"), soon());
    EXPECT_TRUE(!response && response.error().is(kConnectFailed));
  };
  loop.block_on(body());
}

// Serves one connection with fixed bytes and closes it.
Task<void> answer_once(Listener& listener, std::string bytes) {
  Result<Stream> stream = co_await listener.accept();
  char buffer[4096];
  co_await stream->read_some(buffer);
  co_await stream->write_all(bytes);
}

TEST(Http, ClientUnderstandsOldAndBrokenServers) {
  Loop loop;
  auto body = []() -> Task<void> {
    Result<Listener> listener = Listener::listen(kAnyPort);
    HttpClient client(listener->address(), {.body_bytes_max = 100});
    struct Case {
      std::string bytes;
      const ErrorCode* error;
      std::string body;
    };
    const std::vector<Case> cases = {
        {"HTTP/1.0 200 OK\r\n\r\nuntil the end", nullptr, "until the end"},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", nullptr, "hi"},
        {"HTTP/1.1 204 No Content\r\n\r\n", nullptr, ""},
        {"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nshort", &kConnectionLost, ""},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", &kConnectionLost, ""},
        {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'), &kHttpMalformed, ""},
        {"5.5.5-10.11.6-MariaDB", &kHttpMalformed, ""},
        {"", &kConnectionLost, ""},
    };
    for (const Case& each : cases) {
      TaskGroup group;
      group.spawn(answer_once(*listener, each.bytes));
      const Result<HttpResponse> response = co_await client.call(post("/", ""), soon());
      co_await group.join();
      if (each.error == nullptr) {
        EXPECT_TRUE(response && response->body == each.body) << each.bytes;
      } else {
        EXPECT_TRUE(!response && response.error().is(*each.error)) << each.bytes;
      }
    }
  };
  loop.block_on(body());
}

TEST(Http, HeadersCannotBeSplit) {
  HttpResponse response = HttpResponse::text(200, "x");
  response.headers["X"] = "a\r\nEvil: 1";
  response.headers["Content-Length"] = "99";
  const std::string head = http_detail::response_head(response, http_detail::BodyLength::known, true);
  EXPECT_THAT(head, HasSubstr("X: a  Evil: 1\r\n"));
  EXPECT_THAT(head, HasSubstr("Content-Length: 1\r\n"));
  EXPECT_THAT(head, testing::Not(HasSubstr("99")));
}

}  // namespace
}  // namespace kintsugi::runtime
