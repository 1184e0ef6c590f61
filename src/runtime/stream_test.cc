#include "runtime/stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/cancel.h"
#include "runtime/event.h"
#include "runtime/lingering_streams.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::runtime {
namespace {

struct Pair {
  Stream near;
  Stream far;
};

const Address kAnyPort = Address::tcp("127.0.0.1", 0);

Task<Pair> connected_pair() {
  Result<Listener> listener = Listener::listen(kAnyPort);
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

/// How a read that waits ends when `end` is done to its stream.
Error ended_read(void (*end)(Stream&)) {
  Loop loop;
  auto body = [](void (*ending)(Stream&)) -> Task<Error> {
    Pair pair = co_await connected_pair();
    TaskGroup group;
    std::optional<Error> error;
    auto reader = [](Stream& stream, std::optional<Error>& why) -> Task<void> {
      char buffer[16];
      Result<std::size_t> count = co_await stream.read_some(buffer);
      if (!count) why = std::move(count.error());
    };
    group.spawn(reader(pair.near, error));
    ending(pair.near);
    co_await group.join();
    co_return error.value();
  };
  return loop.block_on(body(end));
}

TEST(Stream, AbortEndsAReadUnderWay) {
  EXPECT_TRUE(ended_read([](Stream& stream) { stream.abort(); }).is(kCancelled));
}

TEST(Stream, GivingUpEndsAReadUnderWayAsLost) {
  const Error error = ended_read([](Stream& stream) { stream.give_up("it is not heard"); });
  EXPECT_TRUE(error.is(kConnectionLost));
  EXPECT_EQ(error.message(), "connection lost while reading: it is not heard");
}

TEST(Stream, InterruptEndsOnlyTheReadThatWaits) {
  Loop loop;
  auto body = []() -> Task<void> {
    Pair pair = co_await connected_pair();
    const std::string large(20'000'000, 'x');
    TaskGroup group;
    bool written = false;
    group.spawn([](Stream& stream, const std::string& bytes, bool& done) -> Task<void> {
      const Result<void> sent = co_await stream.write_all(bytes);
      EXPECT_TRUE(sent) << sent.error().text();
      done = true;
    }(pair.near, large, written));
    std::optional<Error> ended;
    group.spawn([](Stream& stream, std::optional<Error>& error) -> Task<void> {
      char buffer[16];
      const Result<std::size_t> count = co_await stream.read_some(buffer);
      if (!count) error = count.error();
    }(pair.near, ended));
    pair.near.interrupt_read();
    co_await yield();
    co_await yield();
    EXPECT_TRUE(ended && ended->is(kCancelled));
    EXPECT_FALSE(written);
    const Result<void> sent = co_await pair.far.write_all("hi");
    EXPECT_TRUE(sent);
    std::string got(2, '\0');
    const Result<void> read = co_await pair.near.read_exactly(got);
    EXPECT_TRUE(read);
    EXPECT_EQ(got, "hi");
    std::string all(large.size(), '\0');
    const Result<void> came = co_await pair.far.read_exactly(all);
    EXPECT_TRUE(came && all == large);
    co_await group.join();
    pair.near.interrupt_read();  // nothing waits: nothing happens
  };
  loop.block_on(body());
}

TEST(Stream, ManyReadsShareOneBuffer) {
  Loop loop;
  auto body = []() -> Task<void> {
    std::vector<Pair> pairs;
    for (int i = 0; i < 20; ++i) pairs.push_back(co_await connected_pair());
    TaskGroup group;
    std::vector<std::string> got(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      group.spawn([](Stream& stream, std::string& into) -> Task<void> {
        const std::span<char> buffer = stream.shared_buffer();
        const Result<std::size_t> count = co_await stream.read_some(buffer);
        into.assign(buffer.data(), count.value_or(0));
      }(pairs[i].near, got[i]));
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::string sent = std::to_string(i) + std::string(i, 'x');
      const Result<void> written = co_await pairs[i].far.write_all(sent);
      EXPECT_TRUE(written);
    }
    co_await group.join();
    for (std::size_t i = 0; i < pairs.size(); ++i) EXPECT_EQ(got[i], std::to_string(i) + std::string(i, 'x'));
  };
  loop.block_on(body());
}

/// Sends while nobody reads, and reads only then, as clients do.
Task<void> talk_then_listen(Stream& stream, std::size_t size, std::string& heard, bool& clean_end) {
  const std::string bytes(size, 'x');
  const Result<void> sent = co_await stream.write_all(bytes);
  EXPECT_TRUE(sent) << sent.error().text();
  char buffer[64];
  for (;;) {
    const Result<std::size_t> count = co_await stream.read_some(buffer);
    clean_end = count && *count == 0;
    if (!count || *count == 0) break;
    heard.append(buffer, *count);
  }
  stream.close();
}

TEST(Stream, LingeringCloseLetsThePeerReadTheLastWords) {
  for (const std::size_t size : {std::size_t{10}, std::size_t{30'000'000}}) {
    Loop loop;
    auto body = [](std::size_t unread) -> Task<void> {
      Pair pair = co_await connected_pair();
      TaskGroup group;
      std::string heard;
      bool clean_end = false;
      group.spawn(talk_then_listen(pair.near, unread, heard, clean_end));
      while (pair.far.is_stale() == false) co_await yield();  // bytes have come, and nobody reads them
      const Result<void> sent = co_await pair.far.write_all("refused");
      EXPECT_TRUE(sent);
      co_await pair.far.lingering_close({.bytes = 100'000'000, .silence = 10s, .total = 20s});
      EXPECT_FALSE(pair.far.is_open());
      co_await group.join();
      EXPECT_EQ(heard, "refused");
      EXPECT_TRUE(clean_end);
    };
    loop.block_on(body(size));
  }
}

TEST(Stream, LingeringCloseHasBounds) {
  Loop loop;
  auto body = []() -> Task<void> {
    Pair endless = co_await connected_pair();
    TaskGroup group;
    std::size_t sent = 0;
    group.spawn([](Stream& stream, std::size_t& total) -> Task<void> {
      const std::string piece(100'000, 'x');
      for (;;) {
        const Result<void> written = co_await stream.write_all(piece);
        if (!written) break;
        total += piece.size();
      }
    }(endless.near, sent));
    co_await endless.far.lingering_close({.bytes = 50'000'000, .silence = 20s, .total = 20s});
    co_await group.join();
    EXPECT_GT(sent, 50'000'000u);

    Pair silent = co_await connected_pair();
    const Time begun = Clock::now();
    co_await silent.far.lingering_close({.silence = 50ms, .total = 20s});
    EXPECT_GE(Clock::now() - begun, 50ms);
    EXPECT_LT(Clock::now() - begun, 10s);

    Pair aborted = co_await connected_pair();
    group.spawn([](Stream& stream) -> Task<void> {
      co_await stream.lingering_close({.silence = 1h, .total = 1h});
    }(aborted.far));
    aborted.far.abort();
    co_await group.join();
  };
  loop.block_on(body());
}

TEST(LingeringStreams, AreBoundedInNumberAndInTime) {
  Loop loop;
  auto body = []() -> Task<void> {
    LingeringStreams leaving(2);
    std::vector<Pair> pairs;
    for (int i = 0; i < 3; ++i) pairs.push_back(co_await connected_pair());
    for (Pair& pair : pairs) leaving.add(std::move(pair.far), {.silence = 1h, .total = 1h});
    EXPECT_EQ(leaving.size(), 2u);
    pairs[0].near.close();
    while (leaving.size() > 1) co_await yield();
    co_await leaving.stop(Clock::now() + 50ms);
    EXPECT_EQ(leaving.size(), 0u);
  };
  loop.block_on(body());
}

int tcp_option(const Stream& stream, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(stream.fd(), IPPROTO_TCP, option, &value, &size), 0);
  return value;
}

TEST(Stream, AsksSilentPeersWhetherTheyAreThere) {
  Loop loop;
  auto body = []() -> Task<void> {
    Listener::Options options;
    options.keep_alive = {.idle = 7s, .interval = 1500ms, .questions = 4};
    Result<Listener> listener = Listener::listen(kAnyPort, options);
    Result<Stream> near = co_await Stream::connect(listener->address());
    Result<Stream> far = co_await listener->accept();
    EXPECT_EQ(tcp_option(*far, TCP_KEEPIDLE), 7);
    EXPECT_EQ(tcp_option(*far, TCP_KEEPINTVL), 2);
    EXPECT_EQ(tcp_option(*far, TCP_KEEPCNT), 4);
    EXPECT_EQ(tcp_option(*near, TCP_KEEPIDLE), 60);
    for (const Stream* stream : {&*near, &*far}) {
      int on = 0;
      socklen_t size = sizeof on;
      ::getsockopt(stream->fd(), SOL_SOCKET, SO_KEEPALIVE, &on, &size);
      EXPECT_EQ(on, 1);
    }
  };
  loop.block_on(body());
}

/// A socket in repair mode is closed without a word, as when its machine loses power.
TEST(Stream, NoticesAPeerThatVanished) {
  Loop loop;
  auto body = []() -> Task<void> {
    Listener::Options options;
    options.keep_alive = {.idle = 1s, .interval = 1s, .questions = 1};
    Result<Listener> listener = Listener::listen(kAnyPort, options);
    Result<Stream> near = co_await Stream::connect(listener->address());
    Result<Stream> far = co_await listener->accept();
    const int on = 1;
    if (::setsockopt(near->fd(), IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0) {
      GTEST_LOG_(INFO) << "not allowed to make a peer vanish (CAP_NET_ADMIN)";
      co_return;
    }
    near->close();
    far->set_deadline(Clock::now() + 20s);
    char buffer[1];
    const Result<std::size_t> count = co_await far->read_some(buffer);
    EXPECT_TRUE(!count && count.error().is(kConnectionLost));
  };
  loop.block_on(body());
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

TEST(Stream, ConnectingEndsWhenItIsCancelled) {
  Loop loop;
  auto body = []() -> Task<void> {
    Listener::Options options;
    options.backlog = 0;
    Result<Listener> full = Listener::listen(kAnyPort, options);
    // Nobody accepts: after a few, the kernel leaves who connects without an answer.
    std::vector<Stream> waiting;
    Result<Stream> last;
    for (int i = 0; i < 16; ++i) {
      last = co_await Stream::connect(full->address(), Clock::now() + 300ms);
      if (!last) break;
      waiting.push_back(std::move(*last));
    }
    EXPECT_TRUE(!last && last.error().is(kTimeout));
    Cancel cancel;
    TaskGroup group;
    auto canceller = [](Cancel& wish) -> Task<void> {
      co_await sleep_for(20ms);
      wish.request();
    };
    group.spawn(canceller(cancel));
    last = co_await Stream::connect(full->address(), Time::max(), &cancel);
    EXPECT_TRUE(!last && last.error().is(kCancelled));
    last = co_await Stream::connect(full->address(), Time::max(), &cancel);
    EXPECT_TRUE(!last && last.error().is(kCancelled)) << "cancelled before it began";
    co_await group.join();
  };
  loop.block_on(body());
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
