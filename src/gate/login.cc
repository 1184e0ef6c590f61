#include "gate/login.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "gate/backend.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "mysql/errors.h"
#include "mysql/status_flags.h"
#include "wire/handshake.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

/// What the gate offers. Before MariaDB's servers it leaves kMysql clear, as they do, and offers what it has
/// of MariaDB's own.
constexpr mysql::Capabilities kOffered =
    mysql::capability::kMysql | mysql::capability::kFoundRows | mysql::capability::kLongFlag |
    mysql::capability::kConnectWithDb | mysql::capability::kLocalFiles | mysql::capability::kCompress |
    mysql::capability::kIgnoreSpace | mysql::capability::kProtocol41 | mysql::capability::kInteractive |
    mysql::capability::kTransactions | mysql::capability::kSecureConnection |
    mysql::capability::kMultiStatements | mysql::capability::kMultiResults |
    mysql::capability::kPsMultiResults | mysql::capability::kPluginAuth |
    mysql::capability::kConnectAttributes | mysql::capability::kPluginAuthLenenc |
    mysql::capability::kSessionTrack | mysql::capability::kDeprecateEof | mysql::capability::kZstd;

constexpr mysql::Capabilities kOfMariadb =
    mysql::capability::kMariadbExtendedMetadata | mysql::capability::kMariadbBulk;

}  // namespace

std::string_view host_of(const ClientIdentity& identity) {
  return identity.peer == "localhost" ? std::string_view("unix") : std::string_view(identity.peer);
}

mysql::ServerHandshakeConfig Login::config() const {
  const GateShared& shared = session_.worker().shared();
  mysql::ServerHandshakeConfig config;
  config.server_version = session_.worker().told_version();
  config.connection_id = session_.identity().connection_id;
  config.capabilities = kOffered;
  if (session_.worker().is_mariadb()) config.capabilities ^= mysql::capability::kMysql | kOfMariadb;
  if (shared.tls) config.capabilities |= mysql::capability::kSsl;
  config.status = mysql::status::kAutocommit;
  // Every client knows it, and those that prefer another method are asked to switch.
  config.default_plugin = mysql::kNativePassword;
  config.secure = session_.link().packets().stream().peer() == "unix";
  config.require_tls = shared.options.tls_required;
  config.rsa = shared.rsa;
  config.peer_name = session_.identity().peer;
  config.credentials = [this](std::string_view user) {
    std::vector<mysql::Credential> credentials;
    if (!users_) return credentials;
    for (const UserEntry* entry : users_->find(user, host_of(session_.identity()))) {
      credentials.push_back(entry->credential);
    }
    return credentials;
  };
  return config;
}

Task<bool> Login::run() {
  users_ = session_.worker().users();
  wire::PacketStream& packets = session_.link().packets();
  packets.stream().set_deadline(Clock::now() + session_.worker().options().login_timeout);
  packets.set_exact(true);
  packets.set_max_packet(kLoginPacketMax);
  mysql::ServerHandshake handshake(config(), mysql::make_scramble(mysql::secure_random()));
  mysql::HandshakeAction action = handshake.start();
  Result<void> done = co_await wire::run_server_handshake(packets, handshake, std::move(action),
                                                          session_.worker().shared().tls);
  if (!done) {
    kLog.info("client.refused", {{"peer", session_.identity().peer}, {"error", done.error()}});
    if (done.error().is(runtime::kCancelled)) {
      co_await session_.link().dismiss(Error(kShuttingDown, "Server shutdown in progress"));
    }
    co_return false;
  }
  packets.set_max_packet(session_.worker().options().max_allowed_packet);
  session_.identity_.capabilities = handshake.response().capabilities;
  const std::string database = handshake.response().database.value_or("");
  const bool welcome = co_await finish(handshake, database, handshake.response().collation);
  if (!welcome) co_return false;
  const mysql::Compression compression = mysql::compression_of(session_.identity_.capabilities);
  if (compression != mysql::Compression::none) {
    packets.start_compression(compression,
                              mysql::compression_level(compression, handshake.response().zstd_level));
  }
  co_return true;
}

Task<bool> Login::change_user(std::string_view payload) {
  users_ = session_.worker().users();
  wire::PacketStream& packets = session_.link().packets();
  packets.stream().set_deadline(Clock::now() + session_.worker().options().login_timeout);
  mysql::ServerHandshake handshake(config(), session_.scramble_);
  mysql::HandshakeAction action = handshake.start_change_user(payload, session_.identity_.capabilities);
  Result<void> done = co_await wire::run_server_handshake(packets, handshake, std::move(action),
                                                          session_.worker().shared().tls);
  if (!done) co_return false;
  co_await session_.reset();
  session_.state_.target = {};
  session_.keyspace_place_ = {};
  session_.base_settings_ = std::make_shared<const Settings>();
  session_.state_.settings = session_.base_settings_;
  const std::string database = handshake.change_user().database;
  const bool welcome = co_await finish(handshake, database, handshake.change_user().collation);
  co_return welcome;
}

/// The client has proven who it is.
Task<bool> Login::finish(const mysql::ServerHandshake& handshake, std::string_view database,
                         std::uint16_t collation) {
  ClientIdentity& identity = session_.identity_;
  identity.user = handshake.user();
  session_.scramble_ = handshake.scramble();
  const std::vector<const UserEntry*> entries =
      users_ ? users_->find(identity.user, host_of(identity)) : std::vector<const UserEntry*>();
  if (handshake.credential_index() < entries.size())
    session_.be_user(handshake.user(), *entries[handshake.credential_index()]);
  session_.state_.multi_statements = (identity.capabilities & mysql::capability::kMultiStatements) != 0;
  session_.shards_.carry(identity.capabilities & kCarriedCapabilities);
  session_.set_collation(collation);
  session_.base_settings_ = session_.state_.settings;
  session_.link().packets().set_sequence(handshake.next_sequence());
  Result<void> placed = session_.take_place_of_user();
  if (placed && !database.empty()) placed = session_.use(database);
  if (!placed) {
    co_await session_.link().refuse(placed.error());
    co_return false;
  }
  session_.respond().ok();
  Result<void> sent = co_await session_.link().flush();
  co_return sent.has_value();
}

}  // namespace kintsugi::gate
