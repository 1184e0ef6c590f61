#include "mysql/client_handshake.h"

#include "mysql/auth.h"
#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::mysql {
namespace {

constexpr std::uint8_t kFastAuthSuccess = 0x03;
constexpr std::uint8_t kFullAuthentication = 0x04;
constexpr std::string_view kAskPublicKey = "\x02";
constexpr Capabilities kAlways = capability::kProtocol41 | capability::kSecureConnection |
                                 capability::kPluginAuth | capability::kPluginAuthLenenc |
                                 capability::kLongFlag | capability::kTransactions;

Error error_of(const ErrorCode& code, std::string message) { return {code, std::move(message)}; }

}  // namespace

ClientHandshake::ClientHandshake(ClientHandshakeConfig config) : config_(std::move(config)) {}

HandshakeAction ClientHandshake::start_change_user(const Greeting& greeting, Capabilities agreed) {
  greeting_ = greeting;
  agreed_ = agreed;
  scramble_ = greeting.scramble;
  plugin_ = greeting.auth_plugin;
  state_ = State::authenticating;
  Result<std::string> answer = proof(plugin_);
  if (!answer) return fail(std::move(answer.error()));
  std::string payload;
  write_change_user(payload,
                    {.user = config_.user,
                     .auth_response = std::move(*answer),
                     .database = config_.database,
                     .collation = config_.collation,
                     .auth_plugin = plugin_,
                     .attributes = config_.attributes},
                    agreed);
  HandshakeAction action;
  sequence_ = 0;
  append_packet(action.send, sequence_, payload);
  return action;
}

HandshakeAction ClientHandshake::resume(std::string_view payload, std::uint8_t sequence) {
  // An error in the greeting's place may come under any id.
  if (sequence != sequence_ && state_ != State::greeting) {
    return fail(error_of(kPacketOutOfOrder, "the server's packet has the wrong sequence id"));
  }
  sequence_ = static_cast<std::uint8_t>(sequence + 1);
  if (state_ == State::greeting) return on_greeting(payload);
  if (state_ == State::finished) return fail(error_of(kInternal, "a packet for a handshake that is over"));
  switch (Reader(payload).peek()) {
    case 0x00: {
      Result<OkPacket> ok = parse_ok_packet(payload, agreed_);
      if (!ok) return fail(std::move(ok.error()));
      ok_ = std::move(*ok);
      state_ = State::finished;
      return {.kind = HandshakeAction::Kind::done};
    }
    case 0x01:
      return on_more_data(payload.substr(1));
    case 0xfe:
      return on_auth_switch(payload);
    case 0xff:
      return fail(parse_error_packet(payload));
    default:
      return fail(error_of(kMalformedPacket, "an unknown packet during authentication"));
  }
}

HandshakeAction ClientHandshake::on_greeting(std::string_view payload) {
  Result<Greeting> greeting = parse_greeting(payload);
  if (!greeting) return fail(std::move(greeting.error()));
  greeting_ = std::move(*greeting);
  scramble_ = greeting_.scramble;
  plugin_ = greeting_.auth_plugin.empty() ? kNativePassword : greeting_.auth_plugin;

  // Only where both sides leave it clear do MariaDB's extensions apply.
  Capabilities wanted = config_.capabilities | kAlways | (greeting_.capabilities & capability::kMysql);
  if (!config_.database.empty()) wanted |= capability::kConnectWithDb;
  if (!config_.attributes.empty()) wanted |= capability::kConnectAttributes;
  const bool offered = (greeting_.capabilities & capability::kSsl) != 0;
  if (config_.tls == TlsPolicy::required && !offered) {
    return fail(error_of(kTlsRequired, "the server does not offer TLS"));
  }
  if (config_.tls != TlsPolicy::disabled && offered) wanted |= capability::kSsl;
  agreed_ = wanted & greeting_.capabilities;
  if (agreed_ & capability::kCompress) agreed_ &= ~capability::kZstd;

  response_ = {.capabilities = agreed_,
               .max_packet_size = config_.max_packet_size,
               .collation = config_.collation,
               .user = config_.user,
               .database = config_.database,
               .attributes = config_.attributes,
               .zstd_level = config_.zstd_level};
  if (agreed_ & capability::kSsl) {
    std::string request;
    write_ssl_request(request, response_);
    HandshakeAction action{.kind = HandshakeAction::Kind::start_tls};
    append_packet(action.send, sequence_, request);
    return action;
  }
  return send_response();
}

HandshakeAction ClientHandshake::resume_after_tls() {
  config_.secure = true;
  return send_response();
}

HandshakeAction ClientHandshake::send_response() {
  Result<std::string> answer = proof(plugin_);
  // A method that is not known here may still be one the server is willing to leave.
  if (!answer) {
    plugin_ = kNativePassword;
    answer = proof(plugin_);
  }
  response_.auth_plugin = plugin_;
  response_.auth_response = std::move(*answer);
  std::string payload;
  write_handshake_response(payload, response_);
  state_ = State::authenticating;
  HandshakeAction action;
  append_packet(action.send, sequence_, payload);
  return action;
}

Result<std::string> ClientHandshake::proof(std::string_view plugin) const {
  if (plugin == kNativePassword) return native_response(config_.password, scramble_);
  if (plugin == kCachingSha2Password) return sha2_response(config_.password, scramble_);
  if (plugin == kClearPassword) {
    if (config_.allow_clear_password && config_.secure) return config_.password + '\0';
    return failure(kUnsupportedAuth, "the server asks for the password in clear, which is not allowed here");
  }
  // MariaDB's and MySQL's way of asking the socket who is at its other end: there is nothing to say.
  if (config_.secure && (plugin == "unix_socket" || plugin == "auth_socket")) return std::string();
  return failure(kUnsupportedAuth, "the server asks for " + std::string(plugin) + ", which is not known");
}

HandshakeAction ClientHandshake::on_auth_switch(std::string_view payload) {
  Result<AuthSwitchRequest> request = parse_auth_switch(payload);
  if (!request) return fail(std::move(request.error()));
  plugin_ = request->auth_plugin;
  if (!request->data.empty()) scramble_ = request->data;
  Result<std::string> answer = proof(plugin_);
  if (!answer) return fail(std::move(answer.error()));
  HandshakeAction action;
  append_packet(action.send, sequence_, *answer);
  return action;
}

HandshakeAction ClientHandshake::on_more_data(std::string_view payload) {
  if (plugin_ != kCachingSha2Password || payload.empty()) {
    return fail(error_of(kMalformedPacket, "the server sends data that " + plugin_ + " does not have"));
  }
  HandshakeAction action;
  switch (Reader(payload).peek()) {
    case kFastAuthSuccess:
      return action;
    case kFullAuthentication:
      if (config_.secure) {
        append_packet(action.send, sequence_, config_.password + '\0');
        return action;
      }
      if (!config_.allow_public_key_retrieval) {
        return fail(error_of(kTlsRequired, "the server wants the password and there is no TLS"));
      }
      asked_for_key_ = true;
      append_packet(action.send, sequence_, kAskPublicKey);
      return action;
    default: {
      if (!asked_for_key_)
        return fail(error_of(kMalformedPacket, "the server sends a key that nobody asked for"));
      Result<std::string> encrypted = encrypt_password(payload, config_.password, scramble_);
      if (!encrypted) return fail(std::move(encrypted.error()));
      append_packet(action.send, sequence_, *encrypted);
      return action;
    }
  }
}

HandshakeAction ClientHandshake::fail(Error error) {
  state_ = State::finished;
  HandshakeAction action{.kind = HandshakeAction::Kind::failed};
  action.error = std::move(error);
  return action;
}

}  // namespace kintsugi::mysql
