#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "runtime/loop.h"
#include "wire/client_connection.h"

namespace kintsugi::gate::testing {

/// One client connection that is used synchronously.
class Client {
 public:
  explicit Client(wire::ConnectParams params) {
    auto connected = loop_.block_on(wire::ClientConnection::connect(std::move(params)));
    if (connected) {
      connection_ = std::move(*connected);
    } else {
      error_ = connected.error();
    }
  }
  ~Client() {
    if (connection_) loop_.block_on(connection_->quit());
  }

  const std::optional<Error>& error() const { return error_; }
  wire::ClientConnection& connection() { return *connection_; }
  runtime::Loop& loop() { return loop_; }
  Result<wire::ResultSet> query(std::string sql) {
    return loop_.block_on(connection_->query(std::move(sql)));
  }
  /// All cells of the answer, rows by lines; or the error.
  std::string text(std::string sql) {
    Result<wire::ResultSet> answer = query(std::move(sql));
    if (!answer) return std::to_string(answer.error().mysql_errno()) + ": " + answer.error().message();
    std::string out;
    for (const wire::TextRow& row : answer->rows) {
      if (!out.empty()) out += '\n';
      for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "|") + row[i].value_or("NULL");
    }
    return out;
  }
  /// The end of the connection has come from the gate.
  bool is_over() {
    loop_.block_on([]() -> Task<void> { co_await runtime::yield(); }());  // the loop looks at its sockets
    return connection_->is_stale();
  }
  std::uint64_t affected(std::string sql) {
    Result<wire::ResultSet> answer = query(std::move(sql));
    if (!answer) ADD_FAILURE() << answer.error().text();
    return answer ? answer->ok.affected_rows : ~0ULL;
  }

 private:
  runtime::Loop loop_;
  std::unique_ptr<wire::ClientConnection> connection_;
  std::optional<Error> error_;
};

}  // namespace kintsugi::gate::testing
