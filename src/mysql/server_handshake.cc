#include "mysql/server_handshake.h"

#include <algorithm>

#include "mysql/errors.h"
#include "mysql/packet.h"
#include "mysql/response.h"

namespace kintsugi::mysql {
namespace {

constexpr std::string_view kAskPublicKey = "\x02";
constexpr std::string_view kFastAuthSuccess = "\x01\x03";
constexpr std::string_view kFullAuthentication = "\x01\x04";

bool known_plugin(std::string_view plugin) {
  return plugin == kNativePassword || plugin == kCachingSha2Password;
}

}  // namespace

ServerHandshake::ServerHandshake(ServerHandshakeConfig config, std::string scramble)
    : config_(std::move(config)), scramble_(std::move(scramble)) {}

HandshakeAction ServerHandshake::start() {
  std::string payload;
  write_greeting(payload, {.server_version = config_.server_version,
                           .connection_id = config_.connection_id,
                           .scramble = scramble_,
                           .capabilities = config_.capabilities,
                           .collation = config_.collation,
                           .status = config_.status,
                           .auth_plugin = config_.default_plugin});
  return ask(payload, State::response);
}

HandshakeAction ServerHandshake::start_change_user(std::string_view payload, Capabilities agreed) {
  sequence_ = 1;
  Result<ChangeUser> request = parse_change_user(payload, agreed);
  if (!request) return fail(std::move(request.error()));
  change_user_ = std::move(*request);
  changes_user_ = true;
  response_.capabilities = agreed;
  response_.user = change_user_.user;
  response_.auth_response = change_user_.auth_response;
  response_.auth_plugin = change_user_.auth_plugin;
  response_.attributes = change_user_.attributes;
  response_.collation = change_user_.collation;
  if (!change_user_.database.empty()) response_.database = change_user_.database;
  return choose_plugin();
}

HandshakeAction ServerHandshake::resume(std::string_view payload, std::uint8_t sequence) {
  if (sequence != sequence_) {
    sequence_ = static_cast<std::uint8_t>(sequence + 1);
    return fail(kPacketOutOfOrder, "Got packets out of order");
  }
  ++sequence_;
  switch (state_) {
    case State::response:
      return on_response(payload);
    case State::switched:
      gave_password_ = !payload.empty();
      return check(payload);
    case State::full_auth:
    case State::encrypted:
      return on_full_auth(payload);
    case State::finished:
      break;
  }
  return fail(kInternal, "a packet for a handshake that is over");
}

HandshakeAction ServerHandshake::resume_after_tls() {
  tls_ = true;
  config_.secure = true;
  return {};
}

HandshakeAction ServerHandshake::on_response(std::string_view payload) {
  if (is_ssl_request(payload)) {
    if (tls_ || (config_.capabilities & capability::kSsl) == 0) {
      return fail(kBadHandshake, "TLS was asked for but not offered");
    }
    return {.kind = HandshakeAction::Kind::start_tls};
  }
  Result<HandshakeResponse> response = parse_handshake_response(payload, config_.capabilities);
  if (!response) return fail(std::move(response.error()));
  response_ = std::move(*response);
  if (config_.require_tls && !config_.secure) {
    return fail(kTlsRequired, "Connections using insecure transport are prohibited while TLS is required");
  }
  return choose_plugin();
}

/// Stays with the client's method where that can prove one of the user's passwords, else asks it to switch.
HandshakeAction ServerHandshake::choose_plugin() {
  if (config_.credentials) credentials_ = config_.credentials(response_.user);
  gave_password_ = !response_.auth_response.empty();
  const bool can_switch = (response_.capabilities & capability::kPluginAuth) != 0;
  const bool native_works =
      credentials_.empty() || std::any_of(credentials_.begin(), credentials_.end(),
                                          [](const Credential& c) { return c.native || c.empty; });
  std::string wanted = response_.auth_plugin;
  if (wanted.empty()) wanted = can_switch ? config_.default_plugin : kNativePassword;
  if (!known_plugin(wanted)) wanted = config_.default_plugin;
  if (wanted == kNativePassword && !native_works) wanted = kCachingSha2Password;
  plugin_ = wanted;
  const bool as_sent =
      response_.auth_plugin == wanted || (response_.auth_plugin.empty() && wanted == kNativePassword);
  if (as_sent && !(can_switch && waits_to_be_asked())) return check(response_.auth_response);
  if (!can_switch) {
    return fail(kUnsupportedAuth, "Client does not support the authentication method " + wanted);
  }
  std::string payload;
  write_auth_switch(payload, {.auth_plugin = wanted, .data = scramble_});
  return ask(payload, State::switched);
}

/// A client whose own method is not the greeting's, or that changes its user, has no scramble for it: it
/// sends nothing at first, whatever its password, and does not understand any other answer than the question.
bool ServerHandshake::waits_to_be_asked() const {
  const bool other_method = !response_.auth_plugin.empty() && response_.auth_plugin != config_.default_plugin;
  return response_.auth_response.empty() && (other_method || changes_user_);
}

HandshakeAction ServerHandshake::check(std::string_view proof) {
  const bool sha2 = plugin_ == kCachingSha2Password;
  // After a switch, clients end an empty password with a zero byte.
  if (sha2 && proof == std::string_view("\0", 1)) proof = {};
  gave_password_ = !proof.empty();
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    const Credential& credential = credentials_[i];
    if (sha2 && config_.always_full_auth && !credential.empty) continue;
    if (sha2 ? credential.accepts_sha2(proof, scramble_) : credential.accepts_native(proof, scramble_)) {
      return accept(i, sha2 && !proof.empty());
    }
  }
  if (sha2 && !proof.empty()) return ask_for_password();
  return deny();
}

/// Full authentication: asked of everybody whose proof fits nothing, also of users that do not exist, so
/// that the steps don't tell which names are real.
HandshakeAction ServerHandshake::ask_for_password() {
  if (!config_.secure && !config_.rsa) {
    if (std::all_of(credentials_.begin(), credentials_.end(), [](const Credential& c) { return c.sha2; })) {
      return deny();
    }
    return fail(kTlsRequired,
                "Authentication plugin 'caching_sha2_password' requires a secure connection or an RSA key");
  }
  return ask(kFullAuthentication, State::full_auth);
}

HandshakeAction ServerHandshake::on_full_auth(std::string_view payload) {
  if (state_ == State::full_auth && payload == kAskPublicKey && config_.rsa) {
    return ask("\x01" + config_.rsa->public_pem(), State::encrypted);
  }
  if (config_.secure && state_ == State::full_auth) {
    if (!payload.ends_with('\0')) return fail(kBadHandshake, "the password is not ended by a zero byte");
    return check_password(payload.substr(0, payload.size() - 1));
  }
  // Also for a client that has kept the public key and sends what it encrypted without asking again.
  const std::optional<std::string> password =
      config_.rsa ? config_.rsa->decrypt_password(payload, scramble_) : std::nullopt;
  return password ? check_password(*password) : deny();
}

HandshakeAction ServerHandshake::check_password(std::string_view password) {
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    if (credentials_[i].accepts_password(password)) return accept(i, false);
  }
  return deny();
}

HandshakeAction ServerHandshake::accept(std::size_t index, bool fast) {
  state_ = State::finished;
  credential_index_ = index;
  HandshakeAction action{.kind = HandshakeAction::Kind::done};
  if (fast) append_packet(action.send, sequence_, kFastAuthSuccess);
  return action;
}

HandshakeAction ServerHandshake::deny() {
  return fail(kAccessDenied, "Access denied for user '" + response_.user + "'@'" + config_.peer_name +
                                 "' (using password: " + (gave_password_ ? "YES" : "NO") + ")");
}

HandshakeAction ServerHandshake::fail(const ErrorCode& code, std::string message) {
  return fail(Error(code, std::move(message)));
}

HandshakeAction ServerHandshake::fail(Error error) {
  state_ = State::finished;
  HandshakeAction action{.kind = HandshakeAction::Kind::failed};
  std::string payload;
  write_error_packet(payload, error.mysql_errno(), error.sqlstate(), error.message());
  append_packet(action.send, sequence_, payload);
  action.error = std::move(error);
  return action;
}

HandshakeAction ServerHandshake::ask(std::string_view payload, State state) {
  state_ = state;
  HandshakeAction action;
  append_packet(action.send, sequence_, payload);
  return action;
}

}  // namespace kintsugi::mysql
