#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/address.h"
#include "tablet/sql_client.h"

namespace kintsugi::tablet {

class Flavour;

struct Login {
  runtime::Address address;
  std::string user;
  std::string password;
};

/// A session over the wire, with an sql_mode that is known, UTC, and short waits for locks.
Task<Result<std::unique_ptr<SqlClient>>> connect_server(Login login, Time deadline);

/// Runs the statements in order, until one fails.
Task<Result<void>> run_all(SqlClient& client, std::vector<std::string> statements, Time deadline);

/// A session that is opened when it is needed, and again after it was lost. One call at a time.
class ServerSession {
 public:
  explicit ServerSession(Login login) : login_(std::move(login)) {}

  Task<Result<QueryRows>> query(std::string sql, Time deadline);
  Task<Result<void>> run(std::vector<std::string> statements, Time deadline);
  /// Makes the call under way fail.
  void abort() {
    if (client_) client_->abort();
  }
  /// The next call opens a new session.
  void drop() { client_.reset(); }

 private:
  Login login_;
  std::unique_ptr<SqlClient> client_;
};

/// What the server has executed, as compare_gtids() and the flavour take it.
Task<Result<std::string>> executed_gtids(ServerSession& session, const Flavour& flavour, Time deadline);

}  // namespace kintsugi::tablet
