#include "mysql/handshake.h"

#include <gtest/gtest.h>

#include "mysql/auth.h"
#include "mysql/client_handshake.h"
#include "mysql/errors.h"
#include "mysql/packet.h"
#include "mysql/server_handshake.h"

namespace kintsugi::mysql {
namespace {

using Kind = HandshakeAction::Kind;

const std::string kScramble = "abcdefghij0123456789";
constexpr Capabilities kCommon =
    capability::kMysql | capability::kProtocol41 | capability::kSecureConnection | capability::kPluginAuth |
    capability::kPluginAuthLenenc | capability::kConnectWithDb | capability::kConnectAttributes |
    capability::kSessionTrack | capability::kMultiResults;

std::shared_ptr<const RsaKeyPair> test_key() {
  static const auto key = RsaKeyPair::generate().value();
  return key;
}

/// What differs between conversations; the password of user "app" is "right" unless `credentials` says more.
struct Scene {
  std::string default_plugin = kCachingSha2Password;
  std::string password = "right";
  std::vector<Credential> credentials = {Credential::from_password("right")};
  bool tls_offered = false;
  TlsPolicy tls = TlsPolicy::preferred;
  bool rsa = false;
  bool always_full = false;
  bool unix_socket = false;
  bool allow_clear = false;
  std::string plugin_override;  // what the client names first

  ServerHandshakeConfig server() const {
    ServerHandshakeConfig config;
    config.server_version = "8.0.36-test";
    config.connection_id = 77;
    config.capabilities = kCommon | (tls_offered ? capability::kSsl : 0);
    config.default_plugin = default_plugin;
    config.secure = unix_socket;
    config.always_full_auth = always_full;
    config.rsa = rsa ? test_key() : nullptr;
    config.peer_name = "localhost";
    config.credentials = [users = credentials](std::string_view user) {
      return user == "app" ? users : std::vector<Credential>();
    };
    return config;
  }
  ClientHandshakeConfig client() const {
    return {.user = "app",
            .password = password,
            .database = "shop",
            .capabilities = kCommon,
            .attributes = {{"_client_name", "test"}, {"empty", ""}},
            .tls = tls,
            .secure = unix_socket,
            .allow_clear_password = allow_clear};
  }
};

struct Packet {
  bool from_client;
  std::string payload;
  std::uint8_t sequence;
};

struct Outcome {
  Kind server = Kind::read;
  Kind client = Kind::read;
  std::optional<Error> server_error;
  std::optional<Error> client_error;
  bool tls = false;
  std::vector<Packet> packets;
  std::string plugin;
  std::size_t credential = 0;
};

/// The frames of what one side sent.
std::vector<Packet> split(std::string_view bytes, bool from_client) {
  std::vector<Packet> packets;
  while (!bytes.empty()) {
    const FrameHeader header = parse_header(bytes);
    packets.push_back({from_client, std::string(bytes.substr(kHeaderSize, header.length)), header.sequence});
    bytes.remove_prefix(kHeaderSize + header.length);
  }
  return packets;
}

/// Lets the two state machines talk until one is done or failed.
Outcome converse(const Scene& scene) {
  ServerHandshake server(scene.server(), kScramble);
  ClientHandshake client(scene.client());
  Outcome outcome;
  std::vector<Packet> to_server;
  std::vector<Packet> to_client;
  const auto on_server = [&](HandshakeAction action) {
    outcome.server = action.kind;
    if (action.error) outcome.server_error = action.error;
    std::vector<Packet> sent = split(action.send, false);
    if (action.kind == Kind::done) {
      std::string ok;
      write_ok_packet(ok, {.status = 2}, server.response().capabilities);
      sent.push_back({false, ok, server.next_sequence()});
    }
    to_client.insert(to_client.end(), sent.begin(), sent.end());
  };
  const auto on_client = [&](HandshakeAction action) {
    outcome.client = action.kind;
    if (action.error) outcome.client_error = action.error;
    const std::vector<Packet> sent = split(action.send, true);
    to_server.insert(to_server.end(), sent.begin(), sent.end());
  };
  on_server(server.start());
  for (int steps = 0; steps < 30 && !(to_client.empty() && to_server.empty()); ++steps) {
    if (!to_client.empty()) {
      const Packet packet = to_client.front();
      to_client.erase(to_client.begin());
      outcome.packets.push_back(packet);
      on_client(client.resume(packet.payload, packet.sequence));
    } else {
      const Packet packet = to_server.front();
      to_server.erase(to_server.begin());
      outcome.packets.push_back(packet);
      on_server(server.resume(packet.payload, packet.sequence));
      if (outcome.server == Kind::start_tls) {
        EXPECT_EQ(outcome.client, Kind::start_tls);
        on_server(server.resume_after_tls());
        on_client(client.resume_after_tls());
      }
    }
  }
  outcome.tls = server.tls();
  outcome.plugin = server.auth_plugin();
  outcome.credential = server.credential_index();
  if (outcome.server == Kind::done) {
    EXPECT_EQ(server.user(), "app");
    EXPECT_EQ(server.response().database, "shop");
    EXPECT_EQ(server.response().attributes, scene.client().attributes);
    EXPECT_EQ(client.greeting().connection_id, 77u);
    EXPECT_EQ(client.greeting().server_version, "8.0.36-test");
  }
  return outcome;
}

std::vector<std::pair<std::string, Scene>> good_scenes() {
  Credential native_only;
  native_only.native = Credential::from_password("right").native;
  Credential sha2_only;
  sha2_only.sha2 = Credential::from_password("right").sha2;
  return {
      {"native", {.default_plugin = kNativePassword}},
      {"sha2 fast", {}},
      {"sha2 full by RSA", {.rsa = true, .always_full = true}},
      {"sha2 full over TLS", {.tls_offered = true, .always_full = true}},
      {"sha2 full over a unix socket", {.always_full = true, .unix_socket = true}},
      {"native hash only, by RSA", {.credentials = {native_only}, .rsa = true}},
      {"sha2 hash only, switch from native", {.default_plugin = kNativePassword, .credentials = {sha2_only}}},
      {"second of two passwords",
       {.credentials = {Credential::from_password("old"), Credential::from_password("right")}}},
      {"second of two passwords, native",
       {.default_plugin = kNativePassword,
        .credentials = {Credential::from_password("old"), Credential::from_password("right")}}},
      {"empty password", {.password = "", .credentials = {Credential::from_password("")}}},
      {"empty password, native",
       {.default_plugin = kNativePassword, .password = "", .credentials = {Credential::from_password("")}}},
      {"tls with native", {.default_plugin = kNativePassword, .tls_offered = true}},
      {"tls declined by the client", {.tls_offered = true, .tls = TlsPolicy::disabled}},
  };
}

TEST(Handshake, SucceedsByEveryWay) {
  for (const auto& [name, scene] : good_scenes()) {
    SCOPED_TRACE(name);
    const Outcome outcome = converse(scene);
    EXPECT_EQ(outcome.server, Kind::done) << (outcome.server_error ? outcome.server_error->text() : "");
    EXPECT_EQ(outcome.client, Kind::done) << (outcome.client_error ? outcome.client_error->text() : "");
    EXPECT_EQ(outcome.tls, scene.tls_offered && scene.tls != TlsPolicy::disabled);
    EXPECT_EQ(outcome.credential, scene.credentials.size() - 1);
  }
}

TEST(Handshake, FullAuthenticationSendsThePasswordOnlyProtected) {
  for (const auto& [name, scene] : good_scenes()) {
    SCOPED_TRACE(name);
    if (scene.password.empty()) continue;
    bool in_clear = false;
    for (const Packet& packet : converse(scene).packets) {
      in_clear = in_clear || packet.payload.find("right") != std::string::npos;
    }
    EXPECT_EQ(in_clear, scene.always_full && (scene.tls_offered || scene.unix_socket));
  }
}

TEST(Handshake, RefusesAWrongPasswordByEveryWayWithTheSameError) {
  for (auto [name, scene] : good_scenes()) {
    SCOPED_TRACE(name);
    scene.password = scene.password.empty() ? "something" : "wrong";
    const Outcome outcome = converse(scene);
    EXPECT_EQ(outcome.server, Kind::failed);
    ASSERT_TRUE(outcome.client_error);
    EXPECT_EQ(outcome.client_error->mysql_errno(), 1045);
    EXPECT_EQ(outcome.client_error->sqlstate(), "28000");
    EXPECT_EQ(outcome.client_error->message(),
              "Access denied for user 'app'@'localhost' (using password: YES)");
  }
}

TEST(Handshake, RefusesUnknownUsersAndEmptyPasswords) {
  Scene scene;
  scene.credentials.clear();
  EXPECT_EQ(converse(scene).client_error->mysql_errno(), 1045);
  scene = {.password = ""};
  EXPECT_EQ(converse(scene).client_error->message(),
            "Access denied for user 'app'@'localhost' (using password: NO)");
}

TEST(Handshake, TlsIsRequiredWhereEitherSideSaysSo) {
  Scene scene{.tls = TlsPolicy::required};
  EXPECT_TRUE(converse(scene).client_error->is(kTlsRequired));

  ServerHandshakeConfig config = Scene{.tls_offered = true}.server();
  config.require_tls = true;
  ServerHandshake server(config, kScramble);
  server.start();
  std::string response;
  write_handshake_response(response, {.capabilities = kCommon, .user = "app"});
  const HandshakeAction action = server.resume(response, 1);
  EXPECT_EQ(action.kind, Kind::failed);
  EXPECT_EQ(action.error->mysql_errno(), 3159);
}

/// Every packet of every conversation, cut at each byte, with a byte more, and with a wrong sequence id: the
/// receiver fails or asks on, and nobody gets in.
TEST(Handshake, EveryStepFailsCleanlyWhenItsPacketIsDamaged) {
  for (const auto& [name, scene] : good_scenes()) {
    SCOPED_TRACE(name);
    const std::vector<Packet> script = converse(scene).packets;
    for (std::size_t broken = 0; broken < script.size(); ++broken) {
      const auto replay = [&](const std::string& payload, std::uint8_t sequence) {
        ServerHandshake server(scene.server(), kScramble);
        ClientHandshake client(scene.client());
        server.start();
        HandshakeAction action;
        const bool from_client = script[broken].from_client;
        for (std::size_t i = 0; i <= broken; ++i) {
          if (script[i].from_client != from_client) continue;
          const std::string& bytes = i == broken ? payload : script[i].payload;
          const std::uint8_t id = i == broken ? sequence : script[i].sequence;
          action = from_client ? server.resume(bytes, id) : client.resume(bytes, id);
          if (action.kind == Kind::start_tls) {
            action = from_client ? server.resume_after_tls() : client.resume_after_tls();
          }
        }
        return action;
      };
      const Packet& good = script[broken];
      for (std::size_t cut = 0; cut < good.payload.size(); ++cut) {
        const HandshakeAction action = replay(good.payload.substr(0, cut), good.sequence);
        const bool harmless = good.payload.starts_with('\0') && !good.from_client;  // an OK without its info
        if (action.kind == Kind::done && !harmless) {
          // Only what the server does not need may be missing: attributes and the method's name.
          EXPECT_TRUE(good.from_client && cut > good.payload.find("shop") + 4) << broken << " cut at " << cut;
        }
        if (action.kind == Kind::failed) EXPECT_TRUE(action.error);
      }
      if (broken > 0) {
        const HandshakeAction action = replay(good.payload, static_cast<std::uint8_t>(good.sequence + 1));
        EXPECT_EQ(action.kind, Kind::failed) << broken;
        EXPECT_TRUE(action.error->is(kPacketOutOfOrder)) << broken;
      }
    }
  }
}

TEST(ServerHandshake, RefusesProtocol320AndUnofferedTls) {
  ServerHandshake old(Scene{}.server(), kScramble);
  old.start();
  EXPECT_TRUE(old.resume(std::string("\x05\0\0\0\0user\0", 10), 1).error->is(kBadHandshake));

  ServerHandshake plain(Scene{}.server(), kScramble);
  plain.start();
  std::string request;
  write_ssl_request(request, {.capabilities = kCommon | capability::kSsl});
  EXPECT_TRUE(plain.resume(request, 1).error->is(kBadHandshake));
}

TEST(ServerHandshake, AsksAClientWithAnotherMethodToSwitch) {
  ServerHandshake server(Scene{}.server(), kScramble);
  server.start();
  std::string response;
  write_handshake_response(response, {.capabilities = kCommon,
                                      .user = "app",
                                      .auth_response = std::string("right\0", 6),
                                      .auth_plugin = kClearPassword});
  const HandshakeAction action = server.resume(response, 1);
  EXPECT_EQ(action.kind, Kind::read);
  const auto request = parse_auth_switch(split(action.send, false).at(0).payload);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->auth_plugin, kCachingSha2Password);
  EXPECT_EQ(request->data, kScramble);
  EXPECT_EQ(server.resume(sha2_response("right", kScramble), 3).kind, Kind::done);
}

/// MySQL's own client does so when the greeting names another method than its own, and in COM_CHANGE_USER.
TEST(ServerHandshake, AsksAClientThatSendsNoProofAtFirst) {
  for (const bool change_user : {false, true}) {
    for (const std::string password : {"right", ""}) {
      const char* plugin = kCachingSha2Password;
      Scene scene{.default_plugin = kNativePassword, .credentials = {Credential::from_password(password)}};
      ServerHandshake server(scene.server(), kScramble);
      std::string first;
      HandshakeAction asked;
      if (change_user) {
        write_change_user(first, {.user = "app", .auth_plugin = plugin}, kCommon);
        asked = server.start_change_user(first, kCommon);
      } else {
        server.start();
        write_handshake_response(first, {.capabilities = kCommon, .user = "app", .auth_plugin = plugin});
        asked = server.resume(first, 1);
      }
      ASSERT_EQ(asked.kind, Kind::read);
      const Packet packet = split(asked.send, false).at(0);
      const auto request = parse_auth_switch(packet.payload);
      ASSERT_TRUE(request);
      EXPECT_EQ(request->auth_plugin, plugin);
      const std::string proof =
          password.empty() ? std::string(1, '\0') : sha2_response("right", request->data);
      EXPECT_EQ(server.resume(proof, static_cast<std::uint8_t>(packet.sequence + 1)).kind, Kind::done);
    }
  }
}

TEST(ServerHandshake, TakesClientsWithoutPluginsByNativePassword) {
  ServerHandshake server(Scene{}.server(), kScramble);
  server.start();
  std::string response;
  write_handshake_response(response, {.capabilities = capability::kProtocol41 | capability::kSecureConnection,
                                      .user = "app",
                                      .auth_response = native_response("right", kScramble)});
  EXPECT_EQ(server.resume(response, 1).kind, Kind::done);
}

TEST(ServerHandshake, MariadbCapabilitiesComeWhereBothLeaveMysqlClear) {
  ServerHandshakeConfig config = Scene{}.server();
  config.capabilities = (kCommon & ~capability::kMysql) | capability::kMariadbBulk;
  ServerHandshake server(config, kScramble);
  const auto greeting = parse_greeting(split(server.start().send, false).at(0).payload);
  ASSERT_TRUE(greeting);
  EXPECT_EQ(greeting->capabilities, config.capabilities);
  std::string response;
  write_handshake_response(response,
                           {.capabilities = config.capabilities | capability::kMariadbExtendedMetadata,
                            .user = "app",
                            .auth_response = sha2_response("right", kScramble),
                            .auth_plugin = kCachingSha2Password});
  EXPECT_EQ(server.resume(response, 1).kind, Kind::done);
  EXPECT_EQ(server.response().capabilities & capability::kMariadbAll, capability::kMariadbBulk);
}

TEST(ChangeUser, BothSidesAgreeByEveryMethod) {
  for (auto [name, scene] : good_scenes()) {
    SCOPED_TRACE(name);
    if (scene.tls_offered) continue;
    ServerHandshake server(scene.server(), kScramble);
    ClientHandshake client(scene.client());
    const Greeting greeting{.scramble = kScramble, .auth_plugin = scene.default_plugin};
    HandshakeAction to_server = client.start_change_user(greeting, kCommon);
    HandshakeAction to_client = server.start_change_user(split(to_server.send, true).at(0).payload, kCommon);
    for (int steps = 0; steps < 10 && to_client.kind == Kind::read; ++steps) {
      const Packet asked = split(to_client.send, false).at(0);
      to_server = client.resume(asked.payload, asked.sequence);
      ASSERT_EQ(to_server.kind, Kind::read);
      const Packet answer = split(to_server.send, true).at(0);
      to_client = server.resume(answer.payload, answer.sequence);
    }
    EXPECT_EQ(to_client.kind, Kind::done);
    EXPECT_EQ(server.user(), "app");
    EXPECT_EQ(server.response().database, "shop");
    EXPECT_EQ(server.change_user().attributes, scene.client().attributes);
  }
}

TEST(ClientHandshake, KeepsThePasswordFromServersThatAskInClear) {
  for (const bool allowed : {false, true}) {
    for (const bool unix_socket : {false, true}) {
      const Scene scene{.unix_socket = unix_socket, .allow_clear = allowed};
      ClientHandshake client(scene.client());
      std::string greeting;
      write_greeting(greeting, {.server_version = "8",
                                .scramble = kScramble,
                                .capabilities = kCommon,
                                .auth_plugin = kNativePassword});
      client.resume(greeting, 0);
      std::string request;
      write_auth_switch(request, {.auth_plugin = kClearPassword, .data = ""});
      const HandshakeAction action = client.resume(request, 2);
      EXPECT_EQ(action.kind == Kind::read, allowed && unix_socket);
      EXPECT_EQ(action.send.find("right") != std::string::npos, allowed && unix_socket);
    }
  }
}

TEST(Greeting, SaysTheVersionOfMariadb10AsMariadb10Does) {
  for (const auto& [version, said] :
       {std::pair{"10.11.6-MariaDB", "5.5.5-10.11.6-MariaDB"}, std::pair{"11.4.2-MariaDB", "11.4.2-MariaDB"},
        std::pair{"10.0.1", "10.0.1"}}) {
    std::string greeting;
    write_greeting(greeting, {.server_version = version, .scramble = kScramble, .capabilities = kCommon});
    EXPECT_EQ(std::string_view(greeting.c_str() + 1), said);
    const Result<Greeting> read = parse_greeting(greeting);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->server_version, version);
  }
}

TEST(ClientHandshake, EncryptsOnlyWithAKeyItAskedFor) {
  ClientHandshake client(Scene{}.client());
  std::string greeting;
  write_greeting(greeting, {.server_version = "8",
                            .scramble = kScramble,
                            .capabilities = kCommon,
                            .auth_plugin = kCachingSha2Password});
  client.resume(greeting, 0);
  EXPECT_EQ(client.resume("\x01" + test_key()->public_pem(), 2).kind, Kind::failed);
}

TEST(ClientHandshake, ServersErrorInsteadOfAGreetingIsTold) {
  ClientHandshake client(Scene{}.client());
  const HandshakeAction action = client.resume(std::string("\xff\x10\x04Too many connections", 23), 0);
  ASSERT_TRUE(action.error);
  EXPECT_EQ(action.error->mysql_errno(), 1040);
  EXPECT_EQ(action.error->message(), "Too many connections");
}

}  // namespace
}  // namespace kintsugi::mysql
