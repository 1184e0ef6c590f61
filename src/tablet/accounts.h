#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/flavour.h"
#include "tablet/server_connection.h"

namespace kintsugi::tablet {

/// Passwords by the name of their file in the credentials directory.
class Credentials {
 public:
  /// Reads gate, replication, agent and monitor. kCredentialsUnusable: one is missing, empty, another
  /// user's or readable by others, or has characters other than letters, digits and "-_.+/=".
  static Result<Credentials> read(const std::string& directory);
  const std::string& password(const std::string& name) const { return passwords_.at(name); }

 private:
  std::map<std::string, std::string> passwords_;
};

struct AccountsRequest {
  const Flavour& flavour;
  std::string socket;
  std::string os_user;  ///< who this process runs as: logs in without a password
  std::string keyspace;
};

/// How root logs in, over the unix socket.
Login root_login(const AccountsRequest& server);

/// Brings the server's accounts to what they should be: root by the unix socket only, nobody without a name,
/// and Kintsugi's own with their passwords and exactly their rights. Nothing of it is in the binlog, since
/// every server has its own. What is right already is not touched; safe at any time, on a primary as on a
/// replica.
Task<Result<void>> ensure_accounts(AccountsRequest request, Credentials credentials, Time deadline);

struct AccountGrants {
  AccountSpec account;
  std::vector<std::string> grants;  ///< SHOW GRANTS, without passwords
};
/// What Kintsugi's accounts may do, as the server tells it.
Task<Result<std::vector<AccountGrants>>> show_accounts(AccountsRequest request, Time deadline);

}  // namespace kintsugi::tablet
