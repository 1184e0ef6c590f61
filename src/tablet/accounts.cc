#include "tablet/accounts.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.h"
#include "tablet/detail/files.h"
#include "tablet/errors.h"
#include "tablet/grants.h"
#include "tablet/server_connection.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr int kNoSuchGrant = 1141;  // SHOW GRANTS of a user that is not there
constexpr int kNoSuchUser = 1269;   // the same, by another statement
constexpr int kAccessDenied = 1045;

Result<std::string> read_password(const std::string& directory, const std::string& name) {
  const std::string path = directory + '/' + name;
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return failure(kCredentialsUnusable, "the password of the account '" + name + "' is not there: " + path);
  }
  if ((status.st_mode & 077) != 0) {
    return failure(kCredentialsUnusable,
                   path + " can be read by other users: `chmod 600` it, and change the password");
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return failure(kCredentialsUnusable, path + " belongs to another user (number " +
                                             std::to_string(status.st_uid) + "), who can read it");
  }
  Result<std::string> password = read_file(path);
  if (!password) return failure(kCredentialsUnusable, password.error().message());
  if (password->empty()) return failure(kCredentialsUnusable, path + " is empty");
  const bool plain = std::all_of(password->begin(), password->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.+/=").find(c) != std::string_view::npos;
  });
  if (!plain) {
    return failure(kCredentialsUnusable,
                   path + " has other characters than letters, digits and -_.+/= (or a line's end)");
  }
  return password;
}

std::vector<std::string> first_column(const QueryRows& rows) {
  std::vector<std::string> lines;
  for (const auto& row : rows.rows) {
    if (!row.empty() && row[0]) lines.push_back(*row[0]);
  }
  return lines;
}

/// Whether the account's password is this one, found out as its users would.
Task<Result<bool>> logs_in(AccountsRequest request, AccountSpec account, std::string password,
                           Time deadline) {
  Login login{runtime::Address::unix_socket(request.socket), account.user, std::move(password)};
  const Result<std::unique_ptr<SqlClient>> session = co_await connect_server(std::move(login), deadline);
  if (session) co_return true;
  if (session.error().mysql_errno() == kAccessDenied) co_return false;
  co_return failure(session.error());
}

Task<Result<void>> ensure_account(SqlClient& root, AccountsRequest request, AccountSpec account,
                                  std::string password, Time deadline) {
  const Result<QueryRows> shown = co_await root.query("SHOW GRANTS FOR " + account.quoted(), deadline);
  std::vector<std::string> statements;
  std::string rights;  // what is changed, for the log; passwords are not in it
  if (shown) {
    const std::vector<std::string> lines = first_column(*shown);
    statements = repair_grants(account, lines, request.flavour.database_privileges());
    for (const std::string& statement : statements) rights += (rights.empty() ? "" : "; ") + statement;
    const Result<bool> right = co_await logs_in(request, account, password, deadline);
    if (!right) co_return failure(right.error());
    if (!*right)
      statements.push_back("ALTER USER " + account.quoted() + ' ' + request.flavour.identified_by(password));
  } else if (shown.error().mysql_errno() == kNoSuchGrant || shown.error().mysql_errno() == kNoSuchUser) {
    statements = grant_statements(account);
    statements.insert(statements.begin(),
                      "CREATE USER " + account.quoted() + ' ' + request.flavour.identified_by(password));
  } else {
    co_return failure(shown.error());
  }
  if (statements.empty()) co_return Result<void>();
  kLog.info("account.repaired",
            {{"account", account.text()}, {"created", !shown.has_value()}, {"rights", rights}});
  Result<void> done = co_await run_all(root, std::move(statements), deadline);
  co_return done;
}

Task<Result<void>> ensure_all(SqlClient& root, AccountsRequest request, Credentials credentials,
                              Time deadline) {
  const Result<void> secured = co_await run_all(root, request.flavour.secure_root(request.os_user), deadline);
  if (!secured) co_return failure(secured.error().with_context("securing root"));
  std::vector<AccountSpec> accounts = request.flavour.accounts(request.keyspace);
  for (const AccountSpec& account : accounts) {
    const std::string& password = credentials.password(account.credential);
    const Result<void> done = co_await ensure_account(root, request, account, password, deadline);
    if (!done) co_return failure(done.error().with_context("the account " + account.text()));
  }
  co_return Result<void>();
}

}  // namespace

Login root_login(const AccountsRequest& request) {
  return {runtime::Address::unix_socket(request.socket), request.flavour.root_user(request.os_user), ""};
}

Result<Credentials> Credentials::read(const std::string& directory) {
  Credentials credentials;
  for (const char* name : {"gate", "replication", "agent", "monitor"}) {
    Result<std::string> password = read_password(directory, name);
    if (!password) return failure(std::move(password.error()));
    credentials.passwords_[name] = std::move(*password);
  }
  return credentials;
}

Task<Result<void>> ensure_accounts(AccountsRequest request, Credentials credentials, Time deadline) {
  Result<std::unique_ptr<SqlClient>> root = co_await connect_server(root_login(request), deadline);
  if (!root) co_return failure(root.error().with_context("root's login over the unix socket"));
  Result<void> done = co_await run_all(**root, request.flavour.begin_local_changes(), deadline);
  if (!done) co_return done;
  done = co_await ensure_all(**root, request, std::move(credentials), deadline);
  // After a failure too: what was opened for root is not left open.
  const Result<void> ended = co_await run_all(**root, request.flavour.end_local_changes(), deadline);
  co_return done ? ended : done;
}

Task<Result<std::vector<AccountGrants>>> show_accounts(AccountsRequest request, Time deadline) {
  Result<std::unique_ptr<SqlClient>> root = co_await connect_server(root_login(request), deadline);
  if (!root) co_return failure(root.error());
  std::vector<AccountGrants> accounts;
  for (AccountSpec& account : request.flavour.accounts(request.keyspace)) {
    const Result<QueryRows> shown = co_await (*root)->query("SHOW GRANTS FOR " + account.quoted(), deadline);
    if (!shown) co_return failure(shown.error());
    std::vector<std::string> lines = first_column(*shown);
    for (std::string& line : lines) {
      const std::size_t secret = line.find(" IDENTIFIED ");
      if (secret != std::string::npos) line.resize(secret);
    }
    accounts.push_back({std::move(account), std::move(lines)});
  }
  co_return accounts;
}

}  // namespace kintsugi::tablet
