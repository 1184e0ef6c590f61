#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/lower_case.h"
#include "gate/session.h"
#include "gate/statement/statement.h"

// SHOW VARIABLES: a server's, with those of the gate itself among them.

namespace kintsugi::gate {
namespace {

std::vector<Responder::Row> own_variables(const SessionState& state) {
  const double lag_s = std::chrono::duration<double>(state.max_replica_lag).count();
  return {
      {"max_replica_lag", fmt::format("{}", lag_s)},
      {"read_your_writes", state.read_your_writes ? "ON" : "OFF"},
      {"transaction_mode", std::string(kTransactionModes[static_cast<std::size_t>(state.transaction_mode)])}};
}

}  // namespace

Task<Result<void>> show_variables(Session& session, const sql::Show& show, const ClientStatement& sent) {
  std::string sql = text_with_parameters(session, sent);
  std::vector<Responder::Row> rows;
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    rows.clear();
    Result<wire::ResultSet> answer = co_await backend.query(sql);
    if (!answer) co_return failure(std::move(answer.error()));
    for (const wire::TextRow& row : answer->rows) {
      if (row.size() == 2) rows.push_back({row[0].value_or(""), row[1].value_or("")});
    }
    co_return Result<void>();
  };
  exec::ShardRequest request;
  request.keyspace = session.state().target.keyspace;
  request.type = session.state().target.type;
  Result<void> done = co_await session.shards().with_backend(request, use, session.cancel());
  if (!done) co_return done;
  for (Responder::Row& row : own_variables(session.state())) {
    if (like(row.front(), pattern_of(show))) rows.push_back(std::move(row));
  }
  std::ranges::sort(rows, {}, [](const Responder::Row& row) { return lower_case(row.front()); });
  session.respond().table({"Variable_name", "Value"}, rows);
  co_return done;
}

}  // namespace kintsugi::gate
