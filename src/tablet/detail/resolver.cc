#include "tablet/detail/resolver.h"

#include <charconv>

#include <fmt/format.h>

#include "base/log.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "kintsugi/topo/v1/transaction.pb.h"
#include "rpc/client.h"
#include "runtime/cancel.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"
#include "tablet/detail/decisions.h"
#include "tablet/detail/peers.h"
#include "tablet/errors.h"
#include "topo/records.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kEvery = 1s;
constexpr Duration kStatement = 5s;
constexpr int kUnknownXid = 1397;

template <class Number>
Number number(const std::optional<std::string>& text) {
  Number value{};
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

Result<topo::GlobalTransaction> parse_row(const std::vector<std::optional<std::string>>& row) {
  if (row.size() != 4 || !row[3]) return failure(kInvalidArgument, "not a row of XA RECOVER");
  return topo::GlobalTransaction::parse(number<std::int64_t>(row[0]), number<std::size_t>(row[1]),
                                        number<std::size_t>(row[2]), *row[3]);
}

}  // namespace

Task<void> Resolver::run(runtime::Cancel& cancel) {
  const runtime::Cancel::Callback stopped(&cancel, [this] { session_.abort(); });
  while (co_await runtime::sleep_for(kEvery, &cancel)) {
    if (parts_.leads()) {
      co_await look();
    } else {
      prepared_.clear();
    }
  }
}

Task<Result<Resolver::ById>> Resolver::read(ServerSession& session) {
  const Result<QueryRows> rows = co_await session.query("XA RECOVER", Clock::now() + kStatement);
  if (!rows) co_return failure(rows.error());
  ById found;
  for (const auto& row : rows->rows) {
    Result<topo::GlobalTransaction> transaction = parse_row(row);
    if (!transaction) continue;
    const auto known = prepared_.find(transaction->id);
    std::string id = transaction->id;
    found.emplace(std::move(id),
                  known != prepared_.end() ? known->second : Prepared{*transaction, Clock::now(), ""});
  }
  co_return found;
}

Task<Result<Resolver::ById>> Resolver::look_now() {
  const auto not_primary = [this] {
    return failure(kNotPrimary, "this server is not the primary of " + parts_.shard.text());
  };
  if (!parts_.leads()) co_return not_primary();
  ServerSession session(parts_.login);
  Result<ById> found = co_await read(session);
  // What one that no longer leads has seen says nothing of the shard.
  if (!parts_.leads()) co_return not_primary();
  co_return found;
}

Task<void> Resolver::look() {
  Result<ById> found = co_await read(session_);
  if (!found) co_return;
  prepared_ = std::move(*found);
  std::vector<topo::GlobalTransaction> old;
  for (const auto& [id, each] : prepared_) {
    if (Clock::now() - each.since >= parts_.patience) old.push_back(each.transaction);
  }
  for (const topo::GlobalTransaction& each : old) {
    const Result<bool> ended = co_await end(session_, each);
    if (ended) {
      prepared_.erase(each.id);
    } else if (const auto still = prepared_.find(each.id); still != prepared_.end()) {
      if (still->second.problem.empty()) {
        kLog.warning("transaction.unresolved",
                     {{"id", each.id}, {"decider", each.decider.text()}, {"error", ended.error()}});
      }
      still->second.problem = ended.error().text();
    }
  }
}

Task<Result<bool>> Resolver::end_now(std::string id) {
  const Result<ById> found = co_await look_now();
  if (!found) co_return failure(found.error());
  const auto prepared = found->find(id);
  if (prepared == found->end())
    co_return failure(kNotPrepared, fmt::format("{} has nothing prepared of it", parts_.shard.text()));
  ServerSession session(parts_.login);
  const topo::GlobalTransaction transaction = prepared->second.transaction;
  Result<bool> ended = co_await end(session, transaction);
  if (ended) prepared_.erase(id);
  co_return ended;
}

Task<Result<bool>> Resolver::end(ServerSession& session, topo::GlobalTransaction transaction) {
  const Result<bool> commits = co_await ask(transaction);
  if (!commits) co_return failure(commits.error());
  const Result<QueryRows> done = co_await session.query(
      (*commits ? "XA COMMIT " : "XA ROLLBACK ") + transaction.xid(), Clock::now() + kStatement);
  if (!done) {
    // A branch is its connection's for as long as that is there, and a gate that hangs does not close it.
    const bool held = done.error().mysql_errno() == kUnknownXid && transaction.connection != 0;
    if (held) co_await end_idle_gate(parts_.gate, transaction.connection, parts_.patience);
    co_return failure(done.error());
  }
  ++(*commits ? committed_ : rolled_back_);
  kLog.info("transaction.resolved", {{"id", transaction.id},
                                     {"shard", parts_.shard.text()},
                                     {"decider", transaction.decider.text()},
                                     {"gate", transaction.gate},
                                     {"outcome", *commits ? "committed" : "rolled back"}});
  co_return *commits;
}

/// The shard that decides; or who has decided in its place.
Task<Result<bool>> Resolver::ask(topo::GlobalTransaction transaction) {
  if (transaction.decider == parts_.shard) {
    Result<bool> own = co_await parts_.decisions.decide(transaction.id, transaction.decider_connection);
    co_return own;
  }
  // First, since the branches that were reachable when it was written have gone by it.
  const Result<bool> written = co_await resolution(transaction.id);
  if (written || !written.error().is(topo::kNoNode)) co_return written;
  Result<bool> asked = co_await ask_agent(std::move(transaction));
  co_return asked;
}

Task<Result<bool>> Resolver::resolution(std::string id) {
  const auto record =
      co_await topo::read_record<topo::v1::Resolution>(parts_.store, topo::paths::resolution(id));
  if (!record) co_return failure(record.error());
  co_return record->record.commit();
}

Task<Result<bool>> Resolver::ask_agent(topo::GlobalTransaction transaction) {
  const Result<runtime::Address> address = co_await primary_agent(parts_.store, transaction.decider);
  if (!address) co_return failure(address.error());
  runtime::HttpClient http(*address);
  rpc::Client client(http);
  v1::DecideTransactionRequest request;
  request.set_id(transaction.id);
  request.set_connection(transaction.decider_connection);
  const Result<v1::DecideTransactionResponse> answer = co_await client.call<v1::DecideTransactionResponse>(
      "kintsugi.tablet.v1.Tablet/DecideTransaction", request, Clock::now() + kStatement);
  if (!answer) co_return failure(answer.error());
  co_return answer->committed();
}

}  // namespace kintsugi::tablet
