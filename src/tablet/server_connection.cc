#include "tablet/server_connection.h"

#include "tablet/errors.h"
#include "tablet/flavour.h"
#include "wire/client_connection.h"

namespace kintsugi::tablet {
namespace {

class WireClient final : public SqlClient {
 public:
  explicit WireClient(std::unique_ptr<wire::ClientConnection> connection)
      : connection_(std::move(connection)) {}

  Task<Result<QueryRows>> query(std::string sql, Time deadline) override {
    wire::QueryOptions options;
    options.deadline = deadline;
    Result<wire::ResultSet> result = co_await connection_->query(std::move(sql), options);
    if (!result) co_return failure(std::move(result.error()));
    QueryRows rows;
    for (const mysql::ColumnDefinition& column : result->columns) rows.columns.push_back(column.name);
    rows.rows = std::move(result->rows);
    co_return rows;
  }
  void abort() override { connection_->abort(); }

 private:
  std::unique_ptr<wire::ClientConnection> connection_;
};

}  // namespace

Task<Result<std::unique_ptr<SqlClient>>> connect_server(Login login, Time deadline) {
  wire::ConnectParams params;
  params.address = std::move(login.address);
  params.user = std::move(login.user);
  params.password = std::move(login.password);
  params.attributes = {{"_client_name", "kintsugi-tablet"}};
  params.deadline = deadline;
  Result<std::unique_ptr<wire::ClientConnection>> connection =
      co_await wire::ClientConnection::connect(std::move(params));
  if (!connection) co_return failure(std::move(connection.error()));
  std::unique_ptr<SqlClient> client = std::make_unique<WireClient>(std::move(*connection));
  const Result<QueryRows> set = co_await client->query(
      "SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', lock_wait_timeout = 5",
      deadline);
  if (!set) co_return failure(set.error());
  co_return client;
}

Task<Result<void>> run_all(SqlClient& client, std::vector<std::string> statements, Time deadline) {
  for (std::string& statement : statements) {
    const Result<QueryRows> done = co_await client.query(std::move(statement), deadline);
    if (!done) co_return failure(done.error());
  }
  co_return Result<void>();
}

Task<Result<QueryRows>> ServerSession::query(std::string sql, Time deadline) {
  if (!client_) {
    Result<std::unique_ptr<SqlClient>> client = co_await connect_server(login_, deadline);
    if (!client) co_return failure(std::move(client.error()));
    client_ = std::move(*client);
  }
  Result<QueryRows> rows = co_await client_->query(std::move(sql), deadline);
  if (!rows && !rows.error().is(kServerError)) client_.reset();
  co_return rows;
}

Task<Result<void>> ServerSession::run(std::vector<std::string> statements, Time deadline) {
  for (std::string& statement : statements) {
    const Result<QueryRows> done = co_await query(std::move(statement), deadline);
    if (!done) co_return failure(done.error());
  }
  co_return Result<void>();
}

Task<Result<std::string>> executed_gtids(ServerSession& session, const Flavour& flavour, Time deadline) {
  const Result<QueryRows> rows = co_await session.query(flavour.gtid_query(), deadline);
  if (!rows) co_return failure(rows.error());
  if (rows->empty()) co_return failure(kMysqldDown, "the server does not tell what it has executed");
  std::string gtids = rows->rows[0][0].value_or("");
  std::erase(gtids, '\n');
  co_return gtids;
}

}  // namespace kintsugi::tablet
