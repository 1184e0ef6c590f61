#pragma once

#include <memory>
#include <string_view>

#include "base/task.h"
#include "gate/users.h"
#include "mysql/server_handshake.h"

namespace kintsugi::gate {

class Session;
struct ClientIdentity;

/// From where the client came, as users.json has it: a unix socket is "unix" there.
std::string_view host_of(const ClientIdentity& identity);

/// The largest packet of one who has not logged in; attributes alone may have 64 KiB.
inline constexpr std::size_t kLoginPacketMax = 128 * 1024;

/// Lets a client in: greeting, TLS, password, compression, default database; and again for COM_CHANGE_USER.
class Login {
 public:
  explicit Login(Session& session) : session_(session) {}

  /// False: the client was refused and told so, or went away.
  Task<bool> run();
  Task<bool> change_user(std::string_view payload);

 private:
  mysql::ServerHandshakeConfig config() const;
  Task<bool> finish(const mysql::ServerHandshake& handshake, std::string_view database,
                    std::uint16_t collation);

  Session& session_;
  std::shared_ptr<const Users> users_;
};

}  // namespace kintsugi::gate
