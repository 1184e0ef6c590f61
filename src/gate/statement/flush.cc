#include <algorithm>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/query_report.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "sql/tree.h"

// FLUSH. What servers keep for themselves (open tables, caches) has no say in what a client is told, and a
// gate's account may not throw it away: of that there is nothing to do but to commit, as servers do. Logs,
// and what a lock of a whole server is for, belong to the agents.

namespace kintsugi::gate {
namespace {

/// What is current by itself, or nobody has.
constexpr std::string_view kAlwaysFlushed[] = {
    "des_key_file", "host",   "hosts",          "optimizer_costs", "privileges",  "query cache",
    "status",       "tables", "user_resources", "session status",  "local status"};

Task<Result<void>> commit_before(Session& session) {
  ShardConnections& shards = session.shards();
  if (!shards.transaction().open() && !shards.in_transaction()) co_return Result<void>();
  co_return co_await shards.commit();
}

/// FLUSH TABLES a, b WITH READ LOCK is LOCK TABLES a READ, b READ.
Task<Result<void>> lock_flushed(Session& session, const sql::Flush& flush, const ClientStatement& sent) {
  sql::Arena arena;
  auto* lock = sql::make_node<sql::LockTables>(arena);
  for (sql::TableName* name : flush.tables) {
    auto* table = sql::make_node<sql::LockedTable>(arena);
    table->table = name;
    table->lock = "read";
    lock->tables.push_back(arena, table);
  }
  Result<void> done = co_await statement_lock_tables(session, *lock, sent);
  co_return done;
}

}  // namespace

Task<Result<void>> statement_flush(Session& session, const sql::Statement& statement,
                                   const ClientStatement& sent) {
  const auto& flush = static_cast<const sql::Flush&>(statement);
  const auto is_one = [&flush](std::string_view what) {
    return flush.what.count == 1 && flush.what[0] == what;
  };
  if (is_one("kintsugi queries")) {
    co_await reset_queries(session.worker().shared());
    session.respond().ok();
    co_return Result<void>();
  }
  const bool locks = !flush.lock.empty();
  if (is_one("tables") && flush.lock == "with read lock" && !flush.tables.empty())
    co_return co_await lock_flushed(session, flush, sent);
  const bool flushed = !locks && std::ranges::all_of(flush.what, [](std::string_view what) {
    return std::ranges::find(kAlwaysFlushed, what) != std::end(kAlwaysFlushed);
  });
  if (flushed) {
    Result<void> done = co_await commit_before(session);
    if (done) session.respond().ok();
    co_return done;
  }
  if (locks) {
    co_return failure(
        kUnsupported,
        "FLUSH TABLES WITH READ LOCK of a whole server, or FOR EXPORT: name the tables (FLUSH TABLES a, b "
        "WITH READ LOCK), or read in one transaction (START TRANSACTION WITH CONSISTENT SNAPSHOT)");
  }
  co_return failure(kUnsupported,
                    fmt::format("FLUSH {}: logs and relay logs are of each server, whose agent keeps "
                                "them; a gate flushes TABLES, PRIVILEGES, STATUS and the like",
                                flush.what[0]));
}

}  // namespace kintsugi::gate
