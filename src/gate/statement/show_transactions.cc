#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement/shown_table.h"
#include "gate/statement/statement.h"
#include "runtime/task_group.h"
#include "topo/global_transaction.h"

// SHOW KINTSUGI TRANSACTIONS: transactions over several shards that are prepared somewhere, asked of the
// servers.

namespace kintsugi::gate {
namespace {

constexpr Duration kAnswer = 3s;

struct Seen {
  topo::GlobalTransaction transaction;
  std::vector<std::string> shards;  ///< that have it prepared
  std::string outcome;              ///< "commit", "abort", "undecided"; empty: nobody has told
};
using ById = std::map<std::string, Seen>;

template <class Number>
Number number(const std::optional<std::string>& text) {
  Number value{};
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

/// Asks a shard's primary; nothing where it cannot be asked, of which a warning tells.
Task<Result<wire::ResultSet>> ask(Session& session, topo::ShardName shard, std::string sql) {
  const Backends::Wanted wanted{.keyspace = shard.keyspace, .shard = shard.shard};
  Result<Lease> lease =
      co_await session.worker().backends().take_plain(wanted, Clock::now() + kAnswer, nullptr);
  if (!lease) co_return failure(lease.error());
  Result<wire::ResultSet> answer = co_await backend_of(*lease).query(std::move(sql));
  co_return answer;
}

void warn(Session& session, const topo::ShardName& shard, const Error& error) {
  SessionState& state = session.state();
  state.warnings.push_back(
      {"Warning", error.mysql_errno(),
       fmt::format("{} cannot be asked about transactions: {}", shard.text(), error.message())});
  ++state.warning_count;
}

Task<void> add_prepared(Session& session, topo::ShardName shard, ById& all) {
  const Result<wire::ResultSet> answer = co_await ask(session, shard, "XA RECOVER");
  if (!answer) {
    warn(session, shard, answer.error());
    co_return;
  }
  for (const wire::TextRow& row : answer->rows) {
    if (row.size() != 4 || !row[3]) continue;
    Result<topo::GlobalTransaction> transaction = topo::GlobalTransaction::parse(
        number<std::int64_t>(row[0]), number<std::size_t>(row[1]), number<std::size_t>(row[2]), *row[3]);
    if (!transaction) continue;
    const std::string id = transaction->id;
    all.try_emplace(id, Seen{std::move(*transaction), {}, ""}).first->second.shards.push_back(shard.text());
  }
}

/// Of those that one shard decides.
Task<void> add_outcomes(Session& session, topo::ShardName decider, std::vector<Seen*> of_shard) {
  std::vector<std::string> ids;
  for (const Seen* seen : of_shard) ids.push_back(seen->transaction.id);
  std::string sql =
      fmt::format("SELECT id, outcome FROM _kintsugi.decision WHERE id IN ('{}')", fmt::join(ids, "', '"));
  const Result<wire::ResultSet> answer = co_await ask(session, decider, std::move(sql));
  if (!answer) {
    warn(session, decider, answer.error());
    co_return;
  }
  for (Seen* seen : of_shard) {
    const auto row = std::ranges::find_if(
        answer->rows, [seen](const wire::TextRow& each) { return each[0] == seen->transaction.id; });
    seen->outcome = row == answer->rows.end() ? "undecided" : (*row)[1].value_or("");
  }
}

std::vector<topo::ShardName> all_shards(const vschema::Snapshot& routing) {
  std::vector<topo::ShardName> shards;
  for (const auto& keyspace : routing.keyspaces()) {
    for (const vschema::Shard& shard : keyspace->shards()) shards.push_back({shard.keyspace, shard.name});
  }
  return shards;
}

Responder::Row row_of(const Seen& seen) {
  std::vector<std::string> shards = seen.shards;
  std::ranges::sort(shards);
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now() - topo::GlobalTransaction::began(seen.transaction.id));
  return {seen.transaction.id,
          seen.transaction.decider.text(),
          fmt::format("{}", fmt::join(shards, ",")),
          std::to_string(std::max<std::int64_t>(0, age.count())),
          seen.outcome,
          seen.transaction.gate};
}

}  // namespace

Task<Result<void>> show_transactions(Session& session, const sql::Show& show) {
  const auto routing = session.worker().backends().routing();
  if (!routing) co_return failure(kRoutingUnknown, "the routing is not known");
  ById all;
  runtime::TaskGroup prepared;
  for (topo::ShardName& shard : all_shards(*routing))
    prepared.spawn(add_prepared(session, std::move(shard), all));
  co_await prepared.join();
  std::map<topo::ShardName, std::vector<Seen*>> by_decider;
  for (auto& [id, seen] : all) by_decider[seen.transaction.decider].push_back(&seen);
  runtime::TaskGroup outcomes;
  for (auto& [decider, of_shard] : by_decider)
    outcomes.spawn(add_outcomes(session, decider, std::move(of_shard)));
  co_await outcomes.join();
  std::vector<Responder::Row> rows;
  for (const auto& [id, seen] : all) rows.push_back(row_of(seen));
  const std::vector<Responder::Title> titles = {"Id",      "Decides", "Prepared_on", {"Age_s", true},
                                                "Outcome", "Gate"};
  Result<void> done = show_table(session, show, titles, std::move(rows));
  co_return done;
}

}  // namespace kintsugi::gate
