#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "mysql/handshake.h"
#include "mysql/response.h"
#include "mysql/server_handshake.h"

namespace kintsugi::mysql {

enum class TlsPolicy {
  disabled,
  preferred,  ///< where the server offers it
  required,   ///< else fail with kTlsRequired
};

struct ClientHandshakeConfig {
  std::string user;
  std::string password;
  std::string database;  ///< empty: none
  /// Asked for; what the server does not offer is dropped. The handshake adds what it needs itself
  /// (protocol 4.1, secure connection, plugin authentication, database, attributes).
  Capabilities capabilities = 0;
  std::uint16_t collation = 45;  ///< below 256; larger ones need a SET NAMES afterwards
  std::uint32_t max_packet_size = 1u << 30;
  ConnectAttributes attributes;
  TlsPolicy tls = TlsPolicy::preferred;
  bool secure = false;                ///< a unix socket: passwords may travel in clear
  bool allow_clear_password = false;  ///< mysql_clear_password, over TLS or a unix socket only
  /// caching_sha2_password without TLS: ask the server for its key. A man in the middle can give his own.
  bool allow_public_key_retrieval = true;
  std::uint8_t zstd_level = 3;
};

/// The client's side of connecting, and of COM_CHANGE_USER: mysql_native_password, caching_sha2_password,
/// mysql_clear_password. Does no I/O.
class ClientHandshake {
 public:
  explicit ClientHandshake(ClientHandshakeConfig config);

  /// Connecting begins with a read: the server speaks first.
  HandshakeAction start() const { return {}; }
  /// Changes the user of a connection: `greeting` and `agreed` as they were found when it was made.
  HandshakeAction start_change_user(const Greeting& greeting, Capabilities agreed);

  HandshakeAction resume(std::string_view payload, std::uint8_t sequence);
  HandshakeAction resume_after_tls();

  /// Valid once `done`.
  const Greeting& greeting() const { return greeting_; }
  Capabilities capabilities() const { return agreed_; }
  const OkPacket& ok() const { return ok_; }
  /// That the last proof was for: what a later COM_CHANGE_USER proves its password with, as the greeting's.
  const std::string& scramble() const { return scramble_; }
  std::uint8_t next_sequence() const { return sequence_; }

 private:
  enum class State { greeting, authenticating, finished };

  HandshakeAction on_greeting(std::string_view payload);
  HandshakeAction on_auth_switch(std::string_view payload);
  HandshakeAction on_more_data(std::string_view payload);
  HandshakeAction send_response();
  HandshakeAction fail(Error error);
  Result<std::string> proof(std::string_view plugin) const;

  ClientHandshakeConfig config_;
  State state_ = State::greeting;
  Greeting greeting_;
  HandshakeResponse response_;
  Capabilities agreed_ = 0;
  std::string plugin_;
  std::string scramble_;
  OkPacket ok_;
  bool asked_for_key_ = false;
  std::uint8_t sequence_ = 0;
};

}  // namespace kintsugi::mysql
