#include "wire/packet_stream.h"

#include <gtest/gtest.h>

#include "mysql/errors.h"
#include "mysql/server_handshake.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "wire/handshake.h"

namespace kintsugi::wire {
namespace {

using namespace std::string_literals;

struct Pair {
  runtime::Stream near;
  runtime::Stream far;
};

Task<Pair> connected_pair() {
  Result<runtime::Listener> listener = runtime::Listener::listen(runtime::Address::tcp("127.0.0.1", 0));
  Result<runtime::Stream> near = co_await runtime::Stream::connect(listener->address());
  Result<runtime::Stream> far = co_await listener->accept();
  co_return Pair{std::move(*near), std::move(*far)};
}

template <class Body>
void run(Body body) {
  runtime::Loop loop;
  loop.block_on(body());
}

std::string packet(std::string_view payload, std::uint8_t sequence = 0) {
  std::string bytes;
  mysql::append_packet(bytes, sequence, payload);
  return bytes;
}

/// Writes bytes one at a time, so that every packet comes over many reads.
Task<void> trickle(runtime::Stream& stream, std::string bytes) {
  for (const char& byte : bytes) {
    const Result<void> written = co_await stream.write_all({&byte, 1});
    EXPECT_TRUE(written);
    co_await runtime::yield();
  }
  stream.shutdown_write();
}

TEST(PacketStream, ReadsPacketsThatComeByteByByteAndTellsTheEnd) {
  for (const bool exact : {true, false}) {
    run([exact]() -> Task<void> {
      Pair pair = co_await connected_pair();
      runtime::TaskGroup group;
      group.spawn(trickle(pair.near, packet("hello") + packet("", 1) + packet("world", 2) + "\x05\0"s));
      PacketStream stream(std::move(pair.far));
      stream.set_exact(exact);
      for (const char* expected : {"hello", "", "world"}) {
        const Result<std::string_view> payload = co_await stream.read_packet();
        EXPECT_TRUE(payload);
        if (payload) EXPECT_EQ(*payload, expected);
      }
      const Result<std::string_view> cut = co_await stream.read_packet();
      EXPECT_TRUE(cut.error().is(runtime::kConnectionLost));
      co_await group.join();
    });
  }
}

TEST(PacketStream, ExactReadsLeaveWhatIsBehindThePacketInTheSocket) {
  run([]() -> Task<void> {
    Pair pair = co_await connected_pair();
    const std::string bytes = packet("request") + "TLS from here";
    const Result<void> written = co_await pair.near.write_all(bytes);
    EXPECT_TRUE(written);
    PacketStream stream(std::move(pair.far));
    const Result<std::string_view> payload = co_await stream.read_packet();
    EXPECT_EQ(*payload, "request");
    EXPECT_TRUE(stream.buffered().empty());
    std::string rest(13, '\0');
    const Result<void> read = co_await stream.stream().read_exactly(rest);
    EXPECT_TRUE(read);
    EXPECT_EQ(rest, "TLS from here");
  });
}

TEST(PacketStream, RefusesAPacketOverItsLimitBeforeItComes) {
  run([]() -> Task<void> {
    Pair pair = co_await connected_pair();
    const std::string header = "\xff\xff\xff\0"s;
    const Result<void> written = co_await pair.near.write_all(header);
    EXPECT_TRUE(written);
    PacketStream stream(std::move(pair.far), 1 << 20);
    const Result<std::string_view> payload = co_await stream.read_packet();
    EXPECT_TRUE(payload.error().is(mysql::kPacketTooLarge));
    EXPECT_EQ(payload.error().mysql_errno(), 1153);
  });
}

TEST(PacketStream, SkipsAPacketOverItsLimitToItsEnd) {
  for (const bool exact : {true, false}) {
    run([exact]() -> Task<void> {
      Pair pair = co_await connected_pair();
      const std::string large(2 * mysql::kMaxFrame + 5, 'x');
      runtime::TaskGroup group;
      group.spawn([](runtime::Stream& stream, std::string bytes) -> Task<void> {
        const Result<void> written = co_await stream.write_all(bytes);
        EXPECT_TRUE(written);
      }(pair.near, packet("small") + packet(large, 1) + packet("next", 4)));
      PacketStream stream(std::move(pair.far), mysql::kMaxFrame + 1);
      stream.set_exact(exact);
      const Result<std::string_view> small = co_await stream.read_packet();
      EXPECT_EQ(*small, "small");
      const Result<std::string_view> refused = co_await stream.read_packet();
      EXPECT_TRUE(refused.error().is(mysql::kPacketTooLarge));
      const Result<void> skipped = co_await stream.skip_packet(large.size());
      EXPECT_TRUE(skipped);
      EXPECT_EQ(stream.sequence(), 4);
      const Result<std::string_view> next = co_await stream.read_packet();
      EXPECT_EQ(next.value_or("nothing"), "next");
      co_await group.join();
    });
  }
}

TEST(PacketStream, SkipsNoMoreThanItIsAllowed) {
  run([]() -> Task<void> {
    Pair pair = co_await connected_pair();
    const std::string header = "\xff\xff\xff\0"s;
    const Result<void> written = co_await pair.near.write_all(header);
    EXPECT_TRUE(written);
    PacketStream stream(std::move(pair.far), 100);
    const Result<std::string_view> refused = co_await stream.read_packet();
    EXPECT_FALSE(refused);
    const Result<void> skipped = co_await stream.skip_packet(1000);
    EXPECT_TRUE(skipped.error().is(mysql::kPacketTooLarge));
  });
}

TEST(PacketStream, IsSmallAtRestAfterLargePackets) {
  run([]() -> Task<void> {
    Pair pair = co_await connected_pair();
    PacketStream sender(std::move(pair.near));
    PacketStream receiver(std::move(pair.far));
    receiver.set_exact(false);
    runtime::TaskGroup group;
    const std::string large(20'000'000, 'x');
    sender.append(large);
    group.spawn([](PacketStream& stream) -> Task<void> {
      const Result<void> flushed = co_await stream.flush();
      EXPECT_TRUE(flushed);
    }(sender));
    const Result<std::string_view> payload = co_await receiver.read_packet();
    EXPECT_TRUE(payload && *payload == large);
    co_await group.join();
    receiver.begin_command();
    sender.begin_command();
    EXPECT_LE(receiver.buffered().size(), 0u);
    EXPECT_LE(sender.pending().capacity(), PacketStream::kRestBytes);
    EXPECT_LE(sizeof(PacketStream), 512u);
  });
}

TEST(PacketStream, WriterWaitsForAPeerThatDoesNotRead) {
  run([]() -> Task<void> {
    Pair pair = co_await connected_pair();
    PacketStream sender(std::move(pair.near));
    sender.stream().set_deadline(Clock::now() + 100ms);
    sender.append(std::string(64 << 20, 'x'));
    const Result<void> flushed = co_await sender.flush();
    EXPECT_TRUE(flushed.error().is(runtime::kTimeout));
  });
}

/// What strangers send to a port that speaks MySQL: each gets an answer or is dropped, and the handshake
/// ends.
mysql::ServerHandshakeConfig small_config() {
  mysql::ServerHandshakeConfig config;
  config.server_version = "8";
  config.capabilities = mysql::capability::kProtocol41 | mysql::capability::kPluginAuth |
                        mysql::capability::kSecureConnection | mysql::capability::kPluginAuthLenenc;
  return config;
}

TEST(Handshake, EndsWhateverTheClientSends) {
  const std::pair<std::string, std::uint16_t> cases[] = {
      {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0},          // a length that never comes
      {"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"s, 0},  // TLS at once
      {packet("\x05\0\0\0\0user\0"s, 1), 1043},          // protocol 3.20
      {packet(std::string(40, '\xff'), 1), 1043},        // cut short
      {packet("", 1), 1043},
      {packet(std::string(5, 'x'), 7), 1156},  // wrong sequence id
      {packet(std::string(100'000, 'x'), 1), 1153},
      {"", 0},
  };
  for (const auto& [bytes, expected] : cases) {
    run([&]() -> Task<void> {
      Pair pair = co_await connected_pair();
      PacketStream server(std::move(pair.far), 1 << 16);
      server.stream().set_deadline(Clock::now() + 5s);
      const Result<void> written = co_await pair.near.write_all(bytes);
      EXPECT_TRUE(written);
      pair.near.shutdown_write();
      mysql::ServerHandshake handshake(small_config(), std::string(20, 's'));
      mysql::HandshakeAction first = handshake.start();
      const Result<void> done =
          co_await run_server_handshake(server, handshake, std::move(first), std::nullopt);
      EXPECT_FALSE(done);
      server.stream().close();
      PacketStream client(std::move(pair.near));
      Result<std::string_view> answer = co_await client.read_packet();
      EXPECT_TRUE(answer) << "the greeting";
      if (expected == 0 || !answer) co_return;
      client.set_sequence(bytes[3] == 7 ? 8 : 2);
      answer = co_await client.read_packet();
      EXPECT_TRUE(answer) << bytes;
      if (answer) EXPECT_EQ(mysql::parse_error_packet(*answer).mysql_errno(), expected);
    });
  }
}

/// Half a header, and nothing at all.
TEST(Handshake, TellsAClientThatIsTooSlow) {
  for (const std::string& bytes : {""s, "\x20\0"s, "\x20\0\0\x01"s}) {
    run([&]() -> Task<void> {
      Pair pair = co_await connected_pair();
      PacketStream server(std::move(pair.far), 1 << 16);
      server.stream().set_deadline(Clock::now() + 50ms);
      const Result<void> written = co_await pair.near.write_all(bytes);
      EXPECT_TRUE(written);
      mysql::ServerHandshake handshake(small_config(), std::string(20, 's'));
      mysql::HandshakeAction first = handshake.start();
      const Result<void> done =
          co_await run_server_handshake(server, handshake, std::move(first), std::nullopt);
      EXPECT_TRUE(!done && done.error().is(mysql::kHandshakeTimeout));
      PacketStream client(std::move(pair.near));
      Result<std::string_view> answer = co_await client.read_packet();
      EXPECT_TRUE(answer) << "the greeting";
      answer = co_await client.read_packet();
      EXPECT_TRUE(answer);
      if (answer) EXPECT_EQ(mysql::parse_error_packet(*answer).mysql_errno(), 1159);
    });
  }
}

}  // namespace
}  // namespace kintsugi::wire
