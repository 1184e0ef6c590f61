#include "tablet/detail/decisions.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/log.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "rpc/client.h"
#include "runtime/cancel.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"
#include "tablet/detail/peers.h"
#include "tablet/errors.h"
#include "topo/global_transaction.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kEvery = 10s;
constexpr Duration kStatement = 5s;
/// Rows removed at a time.
constexpr int kAtOnce = 1000;
constexpr int kLockWaitTimeout = 1205;

Time soon() { return Clock::now() + kStatement; }

}  // namespace

Result<void> Decisions::check_leads() const {
  if (parts_.leads()) return {};
  return failure(kNotPrimary, "this server is not the primary of " + parts_.shard.text());
}

Task<void> Decisions::run(runtime::Cancel& cancel) {
  const runtime::Cancel::Callback stopped(&cancel, [this] { session_.abort(); });
  while (co_await runtime::sleep_for(kEvery, &cancel)) {
    if (!parts_.leads()) continue;
    const Result<void> done = co_await forget(cancel);
    // They stay until it can be done: nothing is lost by that but space.
    if (!done) kLog.debug("decisions.kept", {{"shard", parts_.shard.text()}, {"error", done.error()}});
  }
}

Task<Result<bool>> Decisions::decide(std::string id, std::uint32_t connection) {
  if (Result<void> leads = check_leads(); !leads) co_return failure(leads.error());
  // The gate may be about to decide: then this waits for it.
  ServerSession session(parts_.login);
  const topo::GlobalTransaction transaction{.id = std::move(id), .decider = parts_.shard};
  const Result<void> asked =
      co_await session.run({"SET SESSION innodb_lock_wait_timeout = 2", transaction.abort_sql()}, soon());
  if (!asked) {
    // Or it hangs there.
    const bool waited = asked.error().mysql_errno() == kLockWaitTimeout && connection != 0;
    if (waited) co_await end_idle_gate(parts_.gate, connection, parts_.patience);
    co_return failure(asked.error());
  }
  const Result<QueryRows> row = co_await session.query(transaction.outcome_sql(), soon());
  if (!row) co_return failure(row.error());
  co_return row->text(0, "outcome") == "commit";
}

Task<Result<v1::GetDecisionsResponse>> Decisions::of(std::vector<std::string> ids) {
  v1::GetDecisionsResponse response;
  if (Result<void> leads = check_leads(); !leads) co_return failure(leads.error());
  ServerSession session(parts_.login);
  const Result<QueryRows> floor =
      co_await session.query("SELECT floor FROM _kintsugi.decision_floor WHERE only_row = 1", soon());
  if (!floor) co_return failure(floor.error());
  response.set_floor(floor->text(0, "floor"));
  if (ids.empty()) co_return response;
  const Result<QueryRows> rows = co_await session.query(
      fmt::format(
          "SELECT id, outcome, FLOOR(UNIX_TIMESTAMP(decided_at)) AS decided_s FROM _kintsugi.decision "
          "WHERE id IN ('{}')",
          fmt::join(ids, "', '")),
      soon());
  if (!rows) co_return failure(rows.error());
  for (std::size_t row = 0; row < rows->rows.size(); ++row) {
    v1::Decision& decision = *response.add_decisions();
    decision.set_id(rows->text(row, "id"));
    decision.set_commit(rows->text(row, "outcome") == "commit");
    decision.mutable_decided_at()->set_seconds(std::atoll(rows->text(row, "decided_s").c_str()));
  }
  // What was read by one that no longer leads may be old.
  if (Result<void> leads = check_leads(); !leads) co_return failure(leads.error());
  co_return response;
}

/// The order is what makes it safe: first the floor is raised, for good; then what is below it goes.
Task<Result<void>> Decisions::forget(runtime::Cancel& cancel) {
  const std::string floor = topo::GlobalTransaction::first_id(
      std::chrono::system_clock::now() - std::chrono::duration_cast<std::chrono::seconds>(parts_.kept));
  const Result<QueryRows> any = co_await session_.query(
      fmt::format("SELECT id FROM _kintsugi.decision WHERE id < '{}' LIMIT 1", floor), soon());
  if (!any) co_return failure(any.error());
  if (any->empty()) co_return Result<void>();
  // A floor is not raised for nothing, since it refuses transactions that are older.
  const Result<QueryRows> raised = co_await session_.query(
      fmt::format("UPDATE _kintsugi.decision_floor SET floor = '{}' WHERE only_row = 1 AND floor < '{}'",
                  floor, floor),
      soon());
  if (!raised) co_return failure(raised.error());
  const Result<QueryRows> aborts = co_await session_.query(
      fmt::format("DELETE FROM _kintsugi.decision WHERE id < '{}' AND outcome = 'abort' LIMIT {}", floor,
                  kAtOnce),
      soon());
  if (!aborts) co_return failure(aborts.error());
  Result<void> done = co_await forget_commits(floor, cancel);
  co_return done;
}

Task<Result<void>> Decisions::forget_commits(std::string floor, runtime::Cancel& cancel) {
  const Result<QueryRows> rows = co_await session_.query(
      fmt::format("SELECT id FROM _kintsugi.decision WHERE id < '{}' AND outcome = 'commit' LIMIT {}", floor,
                  kAtOnce),
      soon());
  if (!rows) co_return failure(rows.error());
  if (rows->empty()) co_return Result<void>();
  const Result<std::set<std::string>> prepared = co_await prepared_anywhere(cancel);
  if (!prepared) co_return failure(prepared.error());
  std::vector<std::string> over;
  for (std::size_t row = 0; row < rows->rows.size(); ++row) {
    std::string id = rows->text(row, "id");
    if (!prepared->contains(id)) over.push_back(std::move(id));
  }
  if (over.empty()) co_return Result<void>();
  const Result<QueryRows> removed = co_await session_.query(
      fmt::format("DELETE FROM _kintsugi.decision WHERE id IN ('{}')", fmt::join(over, "', '")), soon());
  if (!removed) co_return failure(removed.error());
  kLog.info("decisions.forgotten", {{"shard", parts_.shard.text()}, {"commits", over.size()}});
  co_return Result<void>();
}

/// On the primary of each shard, all of which must answer.
Task<Result<std::set<std::string>>> Decisions::prepared_anywhere(runtime::Cancel& cancel) {
  std::set<std::string> ids;
  const Result<std::vector<topo::ShardName>> shards = co_await all_shards(parts_.store);
  if (!shards) co_return failure(shards.error());
  for (const topo::ShardName& shard : *shards) {
    const Result<runtime::Address> address = co_await primary_agent(parts_.store, shard);
    if (!address) co_return failure(address.error().with_context(shard.text()));
    runtime::HttpClient http(*address);
    rpc::Client client(http);
    const v1::ListTransactionsRequest request;
    const Result<v1::ListTransactionsResponse> answer = co_await client.call<v1::ListTransactionsResponse>(
        "kintsugi.tablet.v1.Tablet/ListTransactions", request, soon(), &cancel);
    if (!answer) co_return failure(answer.error().with_context(shard.text()));
    for (const v1::PreparedTransaction& each : answer->transactions()) ids.insert(each.id());
  }
  co_return ids;
}

Task<bool> end_idle_gate(Login gate, std::uint32_t connection, Duration patience) {
  ServerSession session(std::move(gate));
  const auto seconds =
      std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::seconds>(patience).count());
  const Result<QueryRows> held = co_await session.query(
      fmt::format(
          "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = {} AND COMMAND = 'Sleep' AND TIME >= {}",
          connection, seconds),
      soon());
  if (!held || held->empty()) co_return false;
  const Result<QueryRows> ended =
      co_await session.query(fmt::format("KILL CONNECTION {}", connection), soon());
  if (!ended) co_return false;
  kLog.warning("transaction.gate_hangs", {{"connection", connection}});
  co_return true;
}

}  // namespace kintsugi::tablet
