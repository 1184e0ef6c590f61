#include "runtime/stream.h"

#include <sys/socket.h>

#include <string>

#include <gtest/gtest.h>

#include "runtime/event.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::runtime {
namespace {

struct Pair {
  Stream near;
  Stream far;
};

Task<Pair> connected_pair() {
  Result<Listener> listener = Listener::listen(Address::tcp("127.0.0.1", 0));
  Result<Stream> near = co_await Stream::connect(listener->address());
  Result<Stream> far = co_await listener->accept();
  co_return Pair{std::move(*near), std::move(*far)};
}

Task<std::string> read_all(Stream& stream) {
  std::string all;
  char buffer[4096];
  for (;;) {
    Result<std::size_t> count = co_await stream.read_some(buffer);
    if (!count || *count == 0) co_return all;
    all.append(buffer, *count);
  }
}

TEST(Stream, CarriesMoreThanTheKernelBuffers) {
  Loop loop;
  auto body = []() -> Task<std::size_t> {
    Pair pair = co_await connected_pair();
    const std::string sent(20'000'000, 'x');
    TaskGroup group;
    auto writer = [](Stream& stream, const std::string& bytes) -> Task<void> {
      const Result<void> written = co_await stream.write_all(bytes);
      EXPECT_TRUE(written.has_value());
      stream.shutdown_write();
    };
    group.spawn(writer(pair.near, sent));
    const std::string got = co_await read_all(pair.far);
    co_await group.join();
    co_return got.size();
  };
  EXPECT_EQ(loop.block_on(body()), 20'000'000u);
}

TEST(Stream, DeadlineEndsARead) {
  Loop loop;
  auto body = []() -> Task<Error> {
    Pair pair = co_await connected_pair();
    pair.near.set_deadline(Clock::now() + 50ms);
    char buffer[16];
    Result<std::size_t> count = co_await pair.near.read_some(buffer);
    co_return count.error();
  };
  EXPECT_TRUE(loop.block_on(body()).is(kTimeout));
}

TEST(Stream, AbortEndsAReadUnderWay) {
  Loop loop;
  auto body = []() -> Task<bool> {
    Pair pair = co_await connected_pair();
    TaskGroup group;
    bool cancelled = false;
    auto reader = [](Stream& stream, bool& was_cancelled) -> Task<void> {
      char buffer[16];
      Result<std::size_t> count = co_await stream.read_some(buffer);
      was_cancelled = !count && count.error().is(kCancelled);
    };
    group.spawn(reader(pair.near, cancelled));
    pair.near.abort();
    co_await group.join();
    co_return cancelled;
  };
  EXPECT_TRUE(loop.block_on(body()));
}

TEST(Stream, ConnectFailureNamesTheAddress) {
  Loop loop;
  auto body = []() -> Task<Error> {
    Address unused;
    {
      Result<Listener> listener = Listener::listen(Address::tcp("127.0.0.1", 0));
      unused = listener->address();
    }
    Result<Stream> stream = co_await Stream::connect(unused);
    co_return stream.error();
  };
  const Error error = loop.block_on(body());
  EXPECT_TRUE(error.is(kConnectFailed));
  EXPECT_NE(error.message().find("127.0.0.1:"), std::string::npos) << error.message();
}

TEST(Stream, StaleWhenThePeerIsGone) {
  Loop loop;
  auto body = []() -> Task<void> {
    Pair pair = co_await connected_pair();
    EXPECT_FALSE(pair.near.is_stale());
    pair.far.close();
    const Time limit = Clock::now() + 5s;
    while (!pair.near.is_stale() && Clock::now() < limit) co_await yield();
    EXPECT_TRUE(pair.near.is_stale());
  };
  loop.block_on(body());
}

TEST(Stream, TlsBothWays) {
  Loop loop;
  auto body = []() -> Task<std::string> {
    Pair pair = co_await connected_pair();
    Result<TlsContext> server = TlsContext::self_signed("test");
    Result<TlsContext> client = TlsContext::client();
    TaskGroup group;
    auto serve = [](Stream& stream, TlsContext context) -> Task<void> {
      const Result<void> started = co_await stream.start_tls_server(std::move(context));
      EXPECT_TRUE(started.has_value());
      const std::string bytes(1'000'000, 'y');
      const Result<void> written = co_await stream.write_all(bytes);
      EXPECT_TRUE(written.has_value());
      stream.shutdown_write();
    };
    group.spawn(serve(pair.far, *server));
    const Result<void> started = co_await pair.near.start_tls_client(*client, "test");
    EXPECT_TRUE(started.has_value());
    EXPECT_EQ(pair.near.tls_version(), "TLSv1.3");
    std::string got = co_await read_all(pair.near);
    co_await group.join();
    co_return got;
  };
  EXPECT_EQ(loop.block_on(body()), std::string(1'000'000, 'y'));
}

TEST(Stream, TlsHandshakeHasADeadline) {
  Loop loop;
  auto body = []() -> Task<Error> {
    Pair pair = co_await connected_pair();
    Result<TlsContext> client = TlsContext::client();
    pair.near.set_deadline(Clock::now() + 50ms);
    Result<void> started = co_await pair.near.start_tls_client(*client, "test");
    co_return started.error();
  };
  EXPECT_TRUE(loop.block_on(body()).is(kTimeout));
}

TEST(Address, ParsesAndPrints) {
  EXPECT_EQ(Address::parse("127.0.0.1:3306")->text(), "127.0.0.1:3306");
  EXPECT_EQ(Address::parse("[::1]:3306")->host, "::1");
  EXPECT_EQ(Address::parse("[::1]:3306")->text(), "[::1]:3306");
  EXPECT_TRUE(Address::parse("unix:/run/x.sock")->is_unix());
  for (const char* bad : {"", "host", "host:", ":1", "host:99999", "unix:"}) {
    EXPECT_FALSE(Address::parse(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace kintsugi::runtime
