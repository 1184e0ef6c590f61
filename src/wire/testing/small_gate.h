#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mysql/status_flags.h"
#include "runtime/task_group.h"
#include "wire/handshake.h"
#include "wire/relay.h"
#include "wire/testing/mariadb_server.h"

namespace kintsugi::wire::testing {

inline constexpr mysql::Capabilities kGateOffers =
    mysql::capability::kProtocol41 | mysql::capability::kSecureConnection | mysql::capability::kPluginAuth |
    mysql::capability::kPluginAuthLenenc | mysql::capability::kConnectWithDb |
    mysql::capability::kConnectAttributes | mysql::capability::kMultiStatements |
    mysql::capability::kMultiResults | mysql::capability::kPsMultiResults | mysql::capability::kSessionTrack |
    mysql::capability::kDeprecateEof | mysql::capability::kCompress | mysql::capability::kZstd |
    mysql::capability::kTransactions | mysql::capability::kLongFlag |
    mysql::capability::kMariadbExtendedMetadata;

struct GateOptions {
  mysql::Capabilities backend = ConnectParams().capabilities;
  bool tls = false;
  bool full_auth = false;
  std::string plugin = mysql::kCachingSha2Password;
};

/// The least that passes a client's commands to a server: what wire/ gives the real gate, and nothing else.
class SmallGate {
 public:
  SmallGate(const MariadbServer& server, GateOptions options)
      : server_(server), options_(std::move(options)) {
    Result<runtime::Listener> listener = runtime::Listener::listen(runtime::Address::tcp("127.0.0.1", 0));
    listener_.emplace(std::move(*listener));
    static const auto key = mysql::RsaKeyPair::generate().value();
    rsa_ = key;
    tasks_.spawn(accept());
  }

  ConnectParams params() const {
    ConnectParams wanted;
    wanted.address = listener_->address();
    wanted.user = "app";
    wanted.password = "right";
    wanted.deadline = Clock::now() + 30s;
    return wanted;
  }
  std::uint16_t port() const { return listener_->port(); }
  const RelayOutcome& last() const { return last_; }

  Task<void> stop() {
    listener_->abort();
    for (PacketStream* client : clients_) client->stream().abort();
    co_await tasks_.join();
  }

 private:
  Task<void> accept() {
    for (;;) {
      Result<runtime::Stream> stream = co_await listener_->accept();
      if (!stream) co_return;
      tasks_.spawn(serve(std::move(*stream)));
    }
  }

  Task<void> serve(runtime::Stream stream) {
    PacketStream client(std::move(stream));
    clients_.push_back(&client);
    Result<void> served = co_await talk(client);
    std::erase(clients_, &client);
  }

  mysql::ServerHandshakeConfig config_for(const PacketStream& client) const {
    mysql::ServerHandshakeConfig config;
    config.server_version = "8.0.36-small-gate";
    config.capabilities = kGateOffers | (options_.tls ? mysql::capability::kSsl : 0);
    config.default_plugin = options_.plugin;
    config.secure = client.stream().is_tls();
    config.always_full_auth = options_.full_auth;
    config.rsa = rsa_;
    config.peer_name = "localhost";
    config.credentials = [](std::string_view user) {
      return user == "app" ? std::vector{mysql::Credential::from_password("right")}
                           : std::vector<mysql::Credential>();
    };
    return config;
  }

  static Task<Result<void>> send_ok(PacketStream& client, mysql::Capabilities agreed) {
    std::string ok;
    mysql::write_ok_packet(ok, {.status = mysql::status::kAutocommit}, agreed);
    client.append(ok);
    co_return co_await client.flush();
  }

  Task<Result<void>> talk(PacketStream& client) {
    std::optional<runtime::TlsContext> tls;
    if (options_.tls) tls = runtime::TlsContext::self_signed("gate").value();
    mysql::ServerHandshake handshake(config_for(client), mysql::make_scramble(mysql::secure_random()));
    mysql::HandshakeAction greeting = handshake.start();
    Result<void> done = co_await run_server_handshake(client, handshake, std::move(greeting), std::move(tls));
    if (!done) co_return done;

    ConnectParams wanted = server_.root();
    wanted.capabilities = options_.backend;
    wanted.database = handshake.response().database.value_or("");
    auto backend = co_await ClientConnection::connect(std::move(wanted));
    if (!backend) co_return failure(std::move(backend.error()));
    const mysql::Capabilities agreed = handshake.response().capabilities;
    done = co_await send_ok(client, agreed);
    if (!done) co_return done;
    const mysql::Compression compression = mysql::compression_of(agreed);
    if (compression != mysql::Compression::none) {
      client.start_compression(compression,
                               mysql::compression_level(compression, handshake.response().zstd_level));
    }
    co_return co_await pass_commands(client, **backend, agreed, handshake.scramble());
  }

  Task<Result<void>> change_user(PacketStream& client, std::string payload, mysql::Capabilities agreed,
                                 std::string scramble) {
    mysql::ServerHandshake handshake(config_for(client), std::move(scramble));
    mysql::HandshakeAction first = handshake.start_change_user(payload, agreed);
    Result<void> done = co_await run_server_handshake(client, handshake, std::move(first), std::nullopt);
    if (!done) co_return done;
    co_return co_await send_ok(client, agreed);
  }

  Task<Result<void>> pass_commands(PacketStream& client, ClientConnection& backend,
                                   mysql::Capabilities agreed, std::string scramble) {
    for (;;) {
      client.begin_command();
      Result<std::string_view> payload = co_await client.read_packet();
      if (!payload) co_return failure(std::move(payload.error()));
      const mysql::Command command = *mysql::command_of(*payload);
      if (command == mysql::Command::quit) co_return Result<void>();
      if (command == mysql::Command::change_user) {
        Result<void> changed = co_await change_user(client, std::string(*payload), agreed, scramble);
        if (!changed) co_return changed;
        continue;
      }
      Result<void> sent = co_await backend.send_command(*payload);
      if (!sent) co_return sent;
      if (!mysql::has_reply(command)) {
        backend.answer_read(0, true);
        continue;
      }
      RelayOptions relay;
      relay.command = command;
      relay.from_capabilities = backend.capabilities();
      relay.to_capabilities = agreed;
      last_ = RelayOutcome();
      co_await relay_response(backend.packets(), client, relay, last_);
      backend.answer_read(last_.ok.status, last_.end == RelayOutcome::End::complete);
      if (last_.failure) co_return failure(*last_.failure);
    }
  }

  const MariadbServer& server_;
  GateOptions options_;
  std::optional<runtime::Listener> listener_;
  std::shared_ptr<const mysql::RsaKeyPair> rsa_;
  runtime::TaskGroup tasks_;
  std::vector<PacketStream*> clients_;
  RelayOutcome last_;
};

}  // namespace kintsugi::wire::testing
