// The part of the agent that is about transactions over several shards.

#include "mysql/auth.h"
#include "rpc/server.h"
#include "tablet/detail/agent_core.h"
#include "tablet/detail/agent_service.h"
#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

Result<void> check_id(const std::string& id) {
  if (topo::GlobalTransaction::is_id(id)) return {};
  return failure(kInvalidArgument, "'" + id + "' is no transaction's id");
}

Error starting() { return Error(kMysqldDown, "the agent is starting"); }

}  // namespace

void add_transaction_methods(AgentCore& core, rpc::Server& server) {
  const std::string service = "kintsugi.tablet.v1.Tablet/";
  server.unary<v1::DecideTransactionRequest, v1::DecideTransactionResponse>(
      service + "DecideTransaction",
      [&core](v1::DecideTransactionRequest request) { return core.decide_transaction(std::move(request)); });
  server.unary<v1::ListTransactionsRequest, v1::ListTransactionsResponse>(
      service + "ListTransactions",
      [&core](v1::ListTransactionsRequest) { return core.list_transactions(); });
  server.unary<v1::GetDecisionsRequest, v1::GetDecisionsResponse>(
      service + "GetDecisions",
      [&core](v1::GetDecisionsRequest request) { return core.get_decisions(std::move(request)); });
  server.unary<v1::EndTransactionRequest, v1::EndTransactionResponse>(
      service + "EndTransaction",
      [&core](v1::EndTransactionRequest request) { return core.end_transaction(std::move(request)); });
}

void AgentCore::begin_transactions() {
  const auto leads = [this] { return reachable_ && decision_.serving && is_primary_of_record(); };
  const TabletOptions& options = parts_.options;
  decisions_.emplace(Decisions::Parts{.store = parts_.store,
                                      .shard = place_.shard,
                                      .login = agent_login(),
                                      .gate = gate_login(),
                                      .leads = leads,
                                      .kept = options.decisions_kept,
                                      .patience = options.transaction_patience});
  resolver_.emplace(Resolver::Parts{.store = parts_.store,
                                    .shard = place_.shard,
                                    .login = agent_login(),
                                    .gate = gate_login(),
                                    .leads = leads,
                                    .patience = options.transaction_patience,
                                    .decisions = *decisions_});
  tasks_.spawn(decisions_->run(tasks_.cancel()));
  tasks_.spawn(resolver_->run(tasks_.cancel()));
}

Task<Result<v1::DecideTransactionResponse>> AgentCore::decide_transaction(
    v1::DecideTransactionRequest request) {
  if (!decisions_) co_return failure(starting());
  if (Result<void> valid = check_id(request.id()); !valid) co_return failure(valid.error());
  const Result<bool> committed = co_await decisions_->decide(request.id(), request.connection());
  if (!committed) co_return failure(committed.error());
  v1::DecideTransactionResponse response;
  response.set_committed(*committed);
  co_return response;
}

Task<Result<v1::ListTransactionsResponse>> AgentCore::list_transactions() {
  if (!resolver_) co_return failure(starting());
  const Result<Resolver::ById> prepared = co_await resolver_->look_now();
  if (!prepared) co_return failure(prepared.error());
  v1::ListTransactionsResponse response;
  for (const auto& [id, each] : *prepared) {
    v1::PreparedTransaction& transaction = *response.add_transactions();
    transaction.set_id(id);
    transaction.set_decider(each.transaction.decider.text());
    transaction.set_age_ms(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - each.since).count()));
    transaction.set_problem(each.problem);
    transaction.set_gate(each.transaction.gate);
    transaction.set_connection(each.transaction.connection);
  }
  co_return response;
}

Task<Result<v1::GetDecisionsResponse>> AgentCore::get_decisions(v1::GetDecisionsRequest request) {
  if (!decisions_) co_return failure(starting());
  for (const std::string& id : request.ids()) {
    if (Result<void> valid = check_id(id); !valid) co_return failure(valid.error());
  }
  std::vector<std::string> ids(request.ids().begin(), request.ids().end());
  Result<v1::GetDecisionsResponse> response = co_await decisions_->of(std::move(ids));
  co_return response;
}

Task<Result<v1::EndTransactionResponse>> AgentCore::end_transaction(v1::EndTransactionRequest request) {
  if (!resolver_) co_return failure(starting());
  if (Result<void> valid = check_id(request.id()); !valid) co_return failure(valid.error());
  const Result<bool> committed = co_await resolver_->end_now(request.id());
  if (!committed) co_return failure(committed.error());
  v1::EndTransactionResponse response;
  response.set_committed(*committed);
  co_return response;
}

}  // namespace kintsugi::tablet
