#include "gate/client_link.h"

#include <gtest/gtest.h>

#include "gate/testing/gate_fixture.h"
#include "mysql/client_handshake.h"
#include "mysql/request.h"
#include "mysql/response.h"
#include "runtime/errors.h"
#include "wire/handshake.h"

// How connections end: whatever a client did, it can read why, also when it has sent more than the gate read.

namespace kintsugi::gate {
namespace {

using testing::GateFixture;

constexpr std::size_t kMuch = 5'000'000;  // more than sockets hold

/// A client that sends what it likes.
class RawClient {
 public:
  explicit RawClient(const GateFixture& gate) {
    loop_.block_on([](RawClient& self, runtime::Address address) -> Task<void> {
      Result<runtime::Stream> stream = co_await runtime::Stream::connect(std::move(address));
      EXPECT_TRUE(stream);
      self.packets_.emplace(std::move(*stream));
      self.packets_->stream().set_deadline(Clock::now() + 20s);
    }(*this, gate.address()));
  }

  std::optional<Error> login(std::string password = "secret") {
    return loop_.block_on([](RawClient& self, std::string proof) -> Task<std::optional<Error>> {
      mysql::ClientHandshakeConfig config;
      config.user = "app";
      config.password = std::move(proof);
      config.tls = mysql::TlsPolicy::disabled;
      mysql::ClientHandshake handshake(config);
      mysql::HandshakeAction first = handshake.start();
      Result<void> done =
          co_await wire::run_client_handshake(*self.packets_, handshake, std::move(first), std::nullopt, "");
      if (!done) co_return done.error();
      co_return std::nullopt;
    }(*this, std::move(password)));
  }

  /// All of it, before anything is read.
  void send(std::string_view bytes) {
    const Result<void> sent = loop_.block_on([](RawClient& self, std::string_view all) -> Task<Result<void>> {
      co_return co_await self.packets_->stream().write_all(all);
    }(*this, bytes));
    EXPECT_TRUE(sent) << sent.error().text();
  }

  /// The error in the next packet, which must have this sequence id; 0 if it is none.
  std::uint16_t error_with(std::uint8_t sequence) {
    packets_->set_sequence(sequence);
    const Result<std::string> payload = next();
    if (!payload) {
      ADD_FAILURE() << payload.error().text();
      return 0;
    }
    return payload->starts_with('\xff') ? mysql::parse_error_packet(*payload).mysql_errno() : 0;
  }
  std::string packet_with(std::uint8_t sequence) {
    packets_->set_sequence(sequence);
    return next().value_or("nothing");
  }
  /// The gate closes the connection, and the client sees an end and no reset.
  void expect_end() {
    const Result<std::size_t> count = loop_.block_on([](RawClient& self) -> Task<Result<std::size_t>> {
      co_return co_await self.packets_->stream().read_some(self.packets_->stream().shared_buffer());
    }(*this));
    EXPECT_EQ(count.value_or(99), 0u) << (count ? "more came" : count.error().text());
  }

 private:
  Result<std::string> next() {
    return loop_.block_on([](RawClient& self) -> Task<Result<std::string>> {
      Result<std::string_view> payload = co_await self.packets_->read_packet();
      if (!payload) co_return failure(std::move(payload.error()));
      co_return std::string(*payload);
    }(*this));
  }

  runtime::Loop loop_;
  std::optional<wire::PacketStream> packets_;
};

std::string packet(std::string_view payload, std::uint8_t sequence = 0) {
  std::string bytes;
  mysql::append_packet(bytes, sequence, payload);
  return bytes;
}

std::string query(std::string_view sql) { return packet("\x03" + std::string(sql)); }

GateFixture::Options unsharded(GateOptions gate = {}) {
  return {.loops = 1, .sharded = false, .gate = std::move(gate)};
}

class ClientLinkTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    GateOptions options;
    options.max_allowed_packet = 1 << 20;
    options.login_timeout = 500ms;
    gate_ = new GateFixture(unsharded(options));
  }
  static void TearDownTestSuite() {
    delete gate_;
    gate_ = nullptr;
  }
  static inline GateFixture* gate_ = nullptr;
};

TEST_F(ClientLinkTest, WrongPasswordIsTold) {
  RawClient client(*gate_);
  std::string response;
  mysql::write_handshake_response(
      response, {.capabilities = mysql::capability::kProtocol41 | mysql::capability::kSecureConnection,
                 .user = "app",
                 .auth_response = std::string(20, 'x')});
  client.send(packet(response, 1) + std::string(kMuch, 'x'));
  EXPECT_NE(client.packet_with(0), "nothing") << "the greeting";
  EXPECT_EQ(client.error_with(2), 1045);
  client.expect_end();
}

TEST_F(ClientLinkTest, PacketsOutOfOrderAreTold) {
  RawClient client(*gate_);
  ASSERT_FALSE(client.login());
  client.send(packet(std::string(kMuch, 'x'), 3));
  EXPECT_EQ(client.error_with(4), 1156);
  client.expect_end();
}

TEST_F(ClientLinkTest, AnOversizedPacketIsReadToItsEndAndTold) {
  for (const std::size_t size : {std::size_t{1} << 20, std::size_t{40'000'000}}) {
    RawClient client(*gate_);
    ASSERT_FALSE(client.login());
    const std::string bytes = query(std::string(size, 'x'));
    client.send(bytes);
    EXPECT_EQ(client.error_with(static_cast<std::uint8_t>(bytes.size() / mysql::kMaxFrame + 1)), 1153);
    client.expect_end();
  }
}

TEST_F(ClientLinkTest, AnOversizedLoginIsTold) {
  RawClient client(*gate_);
  client.send(packet(std::string(500'000, 'x'), 1));
  EXPECT_NE(client.packet_with(0), "nothing") << "the greeting";
  EXPECT_EQ(client.error_with(2), 1153);
  client.expect_end();
}

TEST_F(ClientLinkTest, ASlowLoginIsTold) {
  for (const std::string_view sent : {"", "\x20", "\x20\x01\x01\x01 too little"}) {
    RawClient client(*gate_);
    client.send(sent);
    EXPECT_NE(client.packet_with(0), "nothing") << "the greeting";
    EXPECT_EQ(client.error_with(1), 1159);
    client.expect_end();
  }
}

TEST_F(ClientLinkTest, MalformedCommandsAreTold) {
  const std::pair<std::string, std::uint16_t> cases[] = {
      {"", 1835},          // no command
      {"\x17\x01", 1835},  // COM_STMT_EXECUTE without its statement
      {"\x11"
       "ab",
       1835},                  // COM_CHANGE_USER without an end of the user's name
      {"\x1b", 1835},          // COM_SET_OPTION without its option
      {"\x0c\x01\x02", 1835},  // COM_PROCESS_KILL
  };
  for (const auto& [payload, code] : cases) {
    RawClient client(*gate_);
    ASSERT_FALSE(client.login());
    client.send(packet(payload) + std::string(kMuch, 'x'));
    EXPECT_EQ(client.error_with(1), code) << payload;
    client.expect_end();
  }
}

TEST_F(ClientLinkTest, AnIdleClientIsTold) {
  RawClient client(*gate_);
  ASSERT_FALSE(client.login());
  client.send(query("set wait_timeout = 1"));
  EXPECT_EQ(client.packet_with(1).front(), '\0');
  EXPECT_EQ(client.error_with(1), 4031);
  client.expect_end();
}

TEST(ClientLink, TooManyConnectionsAreTold) {
  GateOptions options;
  options.connections_max = 1;
  GateFixture gate(unsharded(options));
  RawClient first(gate);
  ASSERT_FALSE(first.login());
  RawClient second(gate);
  second.send(std::string(500'000, 'x'));  // of strangers no more than a MiB is read
  EXPECT_EQ(second.error_with(0), 1040);
  second.expect_end();
}

TEST(ClientLink, AGateThatStopsTellsItsClients) {
  GateFixture gate(unsharded());
  RawClient idle(gate);
  RawClient busy(gate);
  ASSERT_FALSE(idle.login());
  ASSERT_FALSE(busy.login());
  busy.send(query("begin"));
  EXPECT_EQ(busy.packet_with(1).front(), '\0');
  std::thread stopping([&] { gate.stop(); });
  EXPECT_EQ(idle.error_with(1), 1053);
  idle.expect_end();
  // A transaction may come to its end; then its client is told as well.
  busy.send(query("commit"));
  EXPECT_EQ(busy.packet_with(1).front(), '\0');
  EXPECT_EQ(busy.error_with(1), 1053);
  busy.expect_end();
  stopping.join();
}

}  // namespace
}  // namespace kintsugi::gate
