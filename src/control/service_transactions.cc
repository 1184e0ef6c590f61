#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "base/log.h"
#include "control/errors.h"
#include "control/global_transactions.h"
#include "control/service.h"
#include "control/tablet_client.h"
#include "kintsugi/topo/v1/transaction.pb.h"
#include "rpc/server.h"
#include "runtime/task_group.h"
#include "topo/global_transaction.h"
#include "topo/records.h"

// Of transactions over several shards: what shards tell is put together and judged in global_transactions.h.

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

constexpr auto kAnswer = std::chrono::seconds(5);
/// An agent waits so long for a shard that decides, and for its server.
constexpr auto kEnd = std::chrono::seconds(20);

Task<void> ask_shard(const ShardView& shard, ShardAnswer& answer) {
  const TabletView* primary = shard.primary();
  if (primary == nullptr) co_return;
  answer.tablet = primary->record.alias();
  const tablet::v1::ListTransactionsRequest ask;
  tablet::v1::ListTransactionsResponse response;
  const Result<void> asked =
      co_await call_tablet(primary->record, "ListTransactions", ask, response, kAnswer);
  if (asked) {
    answer.prepared = std::move(response);
  } else {
    answer.prepared = failure(asked.error());
  }
}

/// Every shard, all at once.
Task<std::vector<ShardAnswer>> ask_shards(const ClusterView& view) {
  std::vector<ShardAnswer> answers;
  std::vector<const ShardView*> shards;
  for (const KeyspaceView& keyspace : view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      const std::string name = shard.full_name();
      answers.push_back({name, "", failure(kNoPrimary, name + " has no primary")});
      shards.push_back(&shard);
    }
  }
  runtime::TaskGroup tasks;
  for (std::size_t i = 0; i < shards.size(); ++i) tasks.spawn(ask_shard(*shards[i], answers[i]));
  co_await tasks.join();
  co_return answers;
}

Task<Result<tablet::v1::GetDecisionsResponse>> decisions(const ShardView& shard,
                                                         std::vector<std::string> ids) {
  const TabletView* primary = shard.primary();
  if (primary == nullptr) co_return failure(kNoPrimary, shard.full_name() + " has no primary");
  tablet::v1::GetDecisionsRequest ask;
  for (std::string& id : ids) ask.add_ids(std::move(id));
  tablet::v1::GetDecisionsResponse response;
  const Result<void> asked = co_await call_tablet(primary->record, "GetDecisions", ask, response, kAnswer);
  if (!asked) co_return failure(asked.error());
  co_return response;
}

const ShardView* find_shard(const ClusterView& view, const std::string& name) {
  const Result<topo::ShardName> parsed = topo::ShardName::parse(name);
  return parsed ? view.shard(parsed->keyspace, parsed->shard) : nullptr;
}

/// What one shard has decided of those that it decides.
Task<void> add_decisions(const ClusterView& view, std::vector<v1::TransactionInfo*> of_shard) {
  const ShardView* shard = find_shard(view, of_shard.front()->decider());
  std::vector<std::string> ids;
  for (const v1::TransactionInfo* each : of_shard) ids.push_back(each->id());
  Result<tablet::v1::GetDecisionsResponse> answer = failure(kUnknownObject, "the topology has no such shard");
  if (shard != nullptr) answer = co_await decisions(*shard, std::move(ids));
  for (v1::TransactionInfo* each : of_shard) {
    if (answer) {
      add_decision(*each, *answer);
    } else {
      each->set_state(v1::TransactionInfo::unknown);
      each->set_decider_gone(shard == nullptr);
      each->set_decider_problem(answer.error().message());
    }
  }
}

Task<void> add_resolution(topo::Store& store, v1::TransactionInfo& info) {
  auto record = co_await topo::read_record<topo::v1::Resolution>(store, topo::paths::resolution(info.id()));
  if (record) *info.mutable_resolution() = std::move(record->record);
}

Task<void> add_outcomes(topo::Store& store, const ClusterView& view,
                        std::vector<v1::TransactionInfo>& transactions) {
  std::map<std::string, std::vector<v1::TransactionInfo*>> by_decider;
  for (v1::TransactionInfo& each : transactions) by_decider[each.decider()].push_back(&each);
  runtime::TaskGroup tasks;
  for (auto& [decider, of_shard] : by_decider) tasks.spawn(add_decisions(view, std::move(of_shard)));
  co_await tasks.join();
  for (v1::TransactionInfo& each : transactions) co_await add_resolution(store, each);
}

bool is_of(const v1::TransactionInfo& info, const std::string& target) {
  const auto within = [&target](const std::string& shard) {
    return shard == target || shard.starts_with(target + '/');
  };
  return target.empty() || within(info.decider()) ||
         std::ranges::any_of(info.branches(),
                             [&](const v1::TransactionBranch& branch) { return within(branch.shard()); });
}

/// Where none has it prepared: the shard that has decided it.
Task<Result<v1::TransactionInfo>> find_decision(const ClusterView& view, std::string id) {
  for (const KeyspaceView& keyspace : view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      const Result<tablet::v1::GetDecisionsResponse> answer = co_await decisions(shard, {id});
      if (!answer || answer->decisions().empty()) continue;
      v1::TransactionInfo info;
      info.set_id(id);
      info.set_decider(shard.full_name());
      info.mutable_began_at()->set_seconds(
          std::chrono::system_clock::to_time_t(topo::GlobalTransaction::began(id)));
      add_decision(info, *answer);
      co_return info;
    }
  }
  co_return failure(
      kUnknownObject,
      fmt::format("no shard that can be asked has anything of transaction {}: it is over, or never was", id));
}

Result<void> check_id(const std::string& id) {
  if (topo::GlobalTransaction::is_id(id)) return {};
  return failure(kInvalidArgument, fmt::format("'{}' is no transaction's id: 24 hexadecimal digits", id));
}

struct Found {
  v1::TransactionInfo info;
  std::vector<v1::SilentShard> silent;
};

Task<Result<Found>> find(topo::Store& store, const ClusterView& view, std::string id) {
  const std::vector<ShardAnswer> answers = co_await ask_shards(view);
  Found found{{}, silent(answers)};
  std::vector<v1::TransactionInfo> all = assemble(answers);
  std::erase_if(all, [&](const v1::TransactionInfo& each) { return each.id() != id; });
  if (!all.empty()) {
    co_await add_outcomes(store, view, all);
    found.info = std::move(all.front());
    co_return found;
  }
  Result<v1::TransactionInfo> decided = co_await find_decision(view, id);
  if (!decided) co_return failure(decided.error());
  found.info = std::move(*decided);
  co_await add_resolution(store, found.info);
  co_return found;
}

std::string decided_text(const v1::TransactionInfo& info) {
  if (info.has_resolution()) {
    return fmt::format("{} has resolved it as {}: global/transactions/{}/Resolution", info.resolution().by(),
                       info.resolution().commit() ? "commit" : "abort", info.id());
  }
  return fmt::format("{} has decided {}", info.decider(),
                     info.state() == v1::TransactionInfo::commit ? "commit" : "abort");
}

/// At the shard that decides, which may decide otherwise meanwhile.
Task<Result<std::string>> write_abort(const ClusterView& view, const v1::TransactionInfo& info) {
  const ShardView* shard = find_shard(view, info.decider());
  tablet::v1::DecideTransactionRequest ask;
  ask.set_id(info.id());
  tablet::v1::DecideTransactionResponse answer;
  const Result<void> asked =
      co_await call_tablet(shard->primary()->record, "DecideTransaction", ask, answer, kEnd);
  if (!asked) co_return failure(asked.error());
  if (answer.committed())
    co_return failure(kDecidedOtherwise, fmt::format("{} has just decided commit", info.decider()));
  co_return fmt::format("abort is written at {}, which decides (_kintsugi.decision)", info.decider());
}

Task<Result<std::string>> write_resolution(topo::Store& store, v1::TransactionInfo info,
                                           v1::ResolveTransactionRequest request) {
  const std::string key = topo::paths::resolution(info.id());
  std::function<Result<bool>(topo::v1::Resolution&)> edit =
      [&](topo::v1::Resolution& record) -> Result<bool> {
    if (record.has_at() && record.commit() != request.commit())
      return failure(kDecidedOtherwise, fmt::format("{} has just resolved it otherwise", record.by()));
    if (record.has_at()) return false;
    record.set_commit(request.commit());
    record.set_by(request.by());
    record.mutable_at()->set_seconds(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
    record.set_decider(info.decider());
    record.set_why(info.decider_problem());
    return true;
  };
  const auto done = co_await topo::edit_record<topo::v1::Resolution>(store, key, std::move(edit), true);
  if (!done) co_return failure(done.error());
  co_return fmt::format(
      "{} decides and cannot be asked ({}): {} is written in the topology ({}), for every agent",
      info.decider(), info.decider_problem(), request.commit() ? "commit" : "abort", key);
}

Task<void> end_branch(const ClusterView& view, std::string id, v1::BranchEnd& end) {
  const ShardView* shard = find_shard(view, end.shard());
  tablet::v1::EndTransactionRequest ask;
  ask.set_id(std::move(id));
  tablet::v1::EndTransactionResponse answer;
  const Result<void> asked =
      co_await call_tablet(shard->primary()->record, "EndTransaction", ask, answer, kEnd);
  end.set_committed(answer.committed());
  if (!asked) end.set_problem(asked.error().text());
}

}  // namespace

void Service::add_transaction_methods(rpc::Server& server) {
  using namespace v1;
  const std::string service = "kintsugi.control.v1.Control/";
  server.unary<ListTransactionsRequest, ListTransactionsResponse>(
      service + "ListTransactions",
      [this](ListTransactionsRequest request) { return list_transactions(std::move(request)); });
  server.unary<GetTransactionRequest, GetTransactionResponse>(
      service + "GetTransaction",
      [this](GetTransactionRequest request) { return get_transaction(std::move(request)); });
  server.unary<ResolveTransactionRequest, ResolveTransactionResponse>(
      service + "ResolveTransaction",
      [this](ResolveTransactionRequest request) { return resolve_transaction(std::move(request)); });
}

Task<Result<v1::ListTransactionsResponse>> Service::list_transactions(v1::ListTransactionsRequest request) {
  const Result<ClusterReader::Cluster> cluster = co_await reader_.cluster();
  if (!cluster) co_return failure(cluster.error());
  const ClusterView& view = cluster->built.view;
  const bool known = request.target().empty() || view.keyspace(request.target()) != nullptr ||
                     find_shard(view, request.target()) != nullptr;
  if (!known)
    co_return failure(kUnknownObject, fmt::format("there is no keyspace or shard '{}'", request.target()));
  const std::vector<ShardAnswer> answers = co_await ask_shards(view);
  std::vector<v1::TransactionInfo> all = assemble(answers);
  std::erase_if(all, [&](const v1::TransactionInfo& each) { return !is_of(each, request.target()); });
  co_await add_outcomes(store_, view, all);
  v1::ListTransactionsResponse response;
  for (v1::TransactionInfo& each : all) *response.add_transactions() = std::move(each);
  for (v1::SilentShard& each : silent(answers)) *response.add_silent() = std::move(each);
  co_return response;
}

Task<Result<v1::GetTransactionResponse>> Service::get_transaction(v1::GetTransactionRequest request) {
  if (Result<void> valid = check_id(request.id()); !valid) co_return failure(valid.error());
  const Result<ClusterReader::Cluster> cluster = co_await reader_.cluster();
  if (!cluster) co_return failure(cluster.error());
  Result<Found> found = co_await find(store_, cluster->built.view, request.id());
  if (!found) co_return failure(found.error());
  v1::GetTransactionResponse response;
  for (std::string& step : next_steps(found->info, found->silent)) response.add_next_steps(std::move(step));
  *response.mutable_transaction() = std::move(found->info);
  for (v1::SilentShard& each : found->silent) *response.add_silent() = std::move(each);
  co_return response;
}

Task<Result<v1::ResolveTransactionResponse>> Service::resolve_transaction(
    v1::ResolveTransactionRequest request) {
  if (Result<void> valid = check_id(request.id()); !valid) co_return failure(valid.error());
  const Result<ClusterReader::Cluster> cluster = co_await reader_.cluster();
  if (!cluster) co_return failure(cluster.error());
  const ClusterView& view = cluster->built.view;
  Result<Found> found = co_await find(store_, view, request.id());
  if (!found) co_return failure(found.error());
  const Result<Way> way = judge(found->info, request.commit(), request.force());
  if (!way) co_return failure(way.error());
  Result<std::string> decision = decided_text(found->info);
  if (*way == Way::write_abort) decision = co_await write_abort(view, found->info);
  if (*way == Way::write_resolution) decision = co_await write_resolution(store_, found->info, request);
  if (!decision) co_return failure(decision.error());
  v1::ResolveTransactionResponse response;
  response.set_decision(*decision);
  for (const v1::TransactionBranch& branch : found->info.branches())
    response.add_ends()->set_shard(branch.shard());
  runtime::TaskGroup tasks;
  for (v1::BranchEnd& end : *response.mutable_ends()) tasks.spawn(end_branch(view, request.id(), end));
  co_await tasks.join();
  kLog.info("transaction.resolved_by_hand",
            {{"id", request.id()}, {"by", request.by()}, {"decision", *decision}});
  *response.mutable_transaction() = std::move(found->info);
  for (v1::SilentShard& each : found->silent) *response.add_silent() = std::move(each);
  co_return response;
}

}  // namespace kintsugi::control
