#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/auth.h"
#include "mysql/handshake.h"

namespace kintsugi::mysql {

/// What a handshake asks of the one who runs it. Send `send` first, always; it is whole frames.
struct HandshakeAction {
  enum class Kind {
    read,       ///< read one packet and resume() with its payload and sequence id
    start_tls,  ///< server: accept TLS, client: connect TLS; then resume_after_tls()
    done,       ///< authenticated: see the handshake's own fields
    failed,     ///< `error`; a server has its ERR packet in `send`; close the connection
  };
  Kind kind = Kind::read;
  std::string send;
  std::optional<Error> error;
};

struct ServerHandshakeConfig {
  std::string server_version;  ///< "8.0.36-kintsugi", "10.11.6-MariaDB-kintsugi"
  std::uint32_t connection_id = 0;
  /// What is offered. kSsl exactly when the stream can start TLS; kMysql clear offers MariaDB's extensions.
  Capabilities capabilities = 0;
  std::uint8_t collation = 45;
  std::uint16_t status = 0x0002;
  std::string default_plugin = kCachingSha2Password;  ///< or kNativePassword
  /// The peer can't be listened to: TLS, or a unix socket. Makes caching_sha2_password take clear passwords.
  bool secure = false;
  bool require_tls = false;  ///< refuse clients that don't ask for TLS, unless `secure`
  /// caching_sha2_password: always ask for the password itself, as a server does at a user's first login,
  /// also where its hash could prove it.
  bool always_full_auth = false;
  std::shared_ptr<const RsaKeyPair> rsa;  ///< null: full authentication needs TLS
  std::string peer_name;                  ///< shown in "Access denied for user 'u'@'peer_name'"
  /// The valid passwords of a user; empty for one that does not exist (who is then refused in the same steps
  /// as a wrong password).
  std::function<std::vector<Credential>(std::string_view user)> credentials;
};

/// The server's side of connecting, and of COM_CHANGE_USER. Does no I/O.
///
///     ServerHandshake handshake(config, make_scramble(random));
///     HandshakeAction action = handshake.start();
///     while (action.kind == read) { write(action.send); action = handshake.resume(payload, sequence); } …
///
/// `done` sends no OK packet: the session sends that (or an ERR, where the database is unknown) with
/// next_sequence(), in the same write as `send`. mysql_native_password and caching_sha2_password are taken,
/// every other method is answered by a request to switch; mysql_clear_password is never asked for or taken.
class ServerHandshake {
 public:
  ServerHandshake(ServerHandshakeConfig config, std::string scramble);

  /// Makes the greeting.
  HandshakeAction start();
  /// Starts with COM_CHANGE_USER instead: `payload` as it came with sequence id 0, `agreed` the
  /// connection's capabilities. The client's proof is for the scramble it saw last: give that one to the
  /// constructor, and keep scramble() for the next time.
  HandshakeAction start_change_user(std::string_view payload, Capabilities agreed);

  HandshakeAction resume(std::string_view payload, std::uint8_t sequence);
  /// TLS stands: the connection is secure from here on.
  HandshakeAction resume_after_tls();

  /// Valid once `done`, and as far as the client got where it failed.
  const HandshakeResponse& response() const { return response_; }
  const ChangeUser& change_user() const { return change_user_; }
  const std::string& user() const { return response_.user; }
  /// The password that was proven, by its place in what `credentials` returned: entries can differ in groups.
  std::size_t credential_index() const { return credential_index_; }
  const std::string& auth_plugin() const { return plugin_; }
  bool tls() const { return tls_; }
  const std::string& scramble() const { return scramble_; }
  std::uint8_t next_sequence() const { return sequence_; }

 private:
  enum class State { response, switched, full_auth, encrypted, finished };

  HandshakeAction on_response(std::string_view payload);
  HandshakeAction choose_plugin();
  bool waits_to_be_asked() const;
  HandshakeAction check(std::string_view proof);
  HandshakeAction ask_for_password();
  HandshakeAction on_full_auth(std::string_view payload);
  HandshakeAction check_password(std::string_view password);
  HandshakeAction accept(std::size_t index, bool fast);
  HandshakeAction deny();
  HandshakeAction fail(const ErrorCode& code, std::string message);
  HandshakeAction fail(Error error);
  HandshakeAction ask(std::string_view payload, State state);

  ServerHandshakeConfig config_;
  std::string scramble_;
  State state_ = State::response;
  HandshakeResponse response_;
  ChangeUser change_user_;
  std::vector<Credential> credentials_;
  std::size_t credential_index_ = 0;
  std::string plugin_;
  bool changes_user_ = false;
  bool gave_password_ = false;
  bool tls_ = false;
  std::uint8_t sequence_ = 0;
};

}  // namespace kintsugi::mysql
