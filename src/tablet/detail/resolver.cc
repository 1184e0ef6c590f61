#include "tablet/detail/resolver.h"

#include <charconv>

#include "base/log.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "rpc/client.h"
#include "runtime/cancel.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"
#include "tablet/errors.h"
#include "topo/records.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kEvery = 1s;
constexpr Duration kStatement = 5s;

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

Task<void> Resolver::look() {
  const Result<QueryRows> rows = co_await session_.query("XA RECOVER", Clock::now() + kStatement);
  if (!rows) co_return;
  std::map<std::string, Prepared> found;
  for (const auto& row : rows->rows) {
    Result<topo::GlobalTransaction> transaction = parse_row(row);
    if (!transaction) continue;
    const auto known = prepared_.find(transaction->id);
    std::string id = transaction->id;
    found.emplace(std::move(id),
                  known != prepared_.end() ? known->second : Prepared{*transaction, Clock::now(), ""});
  }
  prepared_ = std::move(found);
  std::vector<topo::GlobalTransaction> old;
  for (const auto& [id, each] : prepared_) {
    if (Clock::now() - each.since >= kPatience) old.push_back(each.transaction);
  }
  for (const topo::GlobalTransaction& each : old) {
    const Result<void> ended = co_await end(each);
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

Task<Result<void>> Resolver::end(topo::GlobalTransaction transaction) {
  const Result<bool> commits = co_await ask(transaction);
  if (!commits) co_return failure(commits.error());
  const Result<QueryRows> done = co_await session_.query(
      (*commits ? "XA COMMIT " : "XA ROLLBACK ") + transaction.xid(), Clock::now() + kStatement);
  if (!done) co_return failure(done.error());
  ++(*commits ? committed_ : rolled_back_);
  kLog.info("transaction.resolved", {{"id", transaction.id},
                                     {"shard", parts_.shard.text()},
                                     {"decider", transaction.decider.text()},
                                     {"outcome", *commits ? "committed" : "rolled back"}});
  co_return Result<void>();
}

/// The agent of the primary of the shard that decides.
Task<Result<bool>> Resolver::ask(topo::GlobalTransaction transaction) {
  if (transaction.decider == parts_.shard) {
    Result<bool> decided = co_await decide(transaction.id);
    co_return decided;
  }
  const auto shard =
      co_await topo::read_record<topo::v1::Shard>(parts_.store, topo::paths::shard(transaction.decider));
  if (!shard) co_return failure(shard.error());
  const Result<topo::TabletAlias> alias = topo::TabletAlias::parse(shard->record.primary_alias());
  if (!alias) co_return failure(kNotPrimary, transaction.decider.text() + " has no primary");
  const auto tablet = co_await topo::read_record<topo::v1::Tablet>(parts_.store, topo::paths::tablet(*alias));
  if (!tablet) co_return failure(tablet.error());
  const topo::v1::TabletAddress& at = tablet->record.address();
  runtime::HttpClient http(runtime::Address::tcp(at.host(), static_cast<std::uint16_t>(at.http_port())));
  rpc::Client client(http);
  v1::DecideTransactionRequest request;
  request.set_id(transaction.id);
  const Result<v1::DecideTransactionResponse> answer = co_await client.call<v1::DecideTransactionResponse>(
      "kintsugi.tablet.v1.Tablet/DecideTransaction", request, Clock::now() + kStatement);
  if (!answer) co_return failure(answer.error());
  co_return answer->committed();
}

Task<Result<bool>> Resolver::decide(std::string id) {
  if (!parts_.leads())
    co_return failure(kNotPrimary, "this server is not the primary of " + parts_.shard.text());
  // The gate may be about to decide: then this waits for it.
  ServerSession session(parts_.login);
  const topo::GlobalTransaction transaction{std::move(id), parts_.shard};
  Result<void> asked = co_await session.run({transaction.abort_sql()}, Clock::now() + kStatement);
  if (!asked) co_return failure(std::move(asked.error()));
  const Result<QueryRows> row = co_await session.query(transaction.outcome_sql(), Clock::now() + kStatement);
  if (!row) co_return failure(row.error());
  co_return row->text(0, "outcome") == "commit";
}

}  // namespace kintsugi::tablet
