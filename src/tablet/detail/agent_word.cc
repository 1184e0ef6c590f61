#include "base/log.h"
#include "mysql/gtid.h"
#include "rpc/client.h"
#include "runtime/cancel.h"
#include "runtime/http_client.h"
#include "tablet/detail/agent_core.h"

// Whether this replica's word counts: a shard waits for every server whose word may have been counted before
// it gets another primary. One that is kept out would be waited for as long as that takes, so it takes its
// word back.

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kAgain = 1s;
constexpr Duration kAnswer = 1s;

}  // namespace

/// Before it acknowledges.
Task<Result<void>> AgentCore::publish_acknowledging() {
  Result<void> published = co_await registration_->publish_acknowledging(true);
  if (published) withdrawn_ = false;
  co_return published;
}

/// Nothing is received here any more and nothing is before its record says otherwise, and no primary counts
/// on it now.
bool AgentCore::may_withdraw() const {
  const std::optional<ReplicationState>& replication = input_.server.replication;
  const bool kept_out = decision_.copy != CopyNeed::none || !input_.reclone.empty();
  return kept_out && input_.shard_known && input_.source && input_.change == Change::none &&
         !is_primary_of_record() && input_.server.read_only &&
         (!replication || replication->io_thread == ThreadState::stopped) && !given_.holds();
}

/// Safe once another server whose word counts, and which follows the same primary, has all that the primary
/// had at a moment since nothing was acknowledged here: all that was acknowledged before is there, too. Two
/// cannot do so on each other's account, since neither follows the primary by then.
Task<void> AgentCore::withdraw() {
  const auto record = watch_->picture().tablets.find(place_.alias);
  const bool counted = record != watch_->picture().tablets.end() && record->second.acknowledges;
  if (!counted || !may_withdraw()) {
    sample_.reset();
    co_return;
  }
  if (Clock::now() < withdraw_again_) co_return;
  withdraw_again_ = Clock::now() + kAgain;
  const std::uint32_t epoch = watch_->picture().epoch;
  if (!sample_ || sample_->epoch != epoch) {
    sample_.reset();
    ServerSession primary({runtime::Address::tcp(input_.source->host, input_.source->port), kReplicationUser,
                           credentials_->password("replication")});
    Result<std::string> executed = co_await executed_gtids(primary, *flavour_, Clock::now() + kAnswer);
    if (!executed) co_return;
    sample_ = Sample{epoch, std::move(*executed)};
  }
  const bool safe = co_await another_has(sample_->executed);
  // A primary may have asked for its word meanwhile, or be another one.
  if (!safe || !may_withdraw() || watch_->picture().epoch != epoch) co_return;
  // From here on it gives its word to no primary, whatever becomes of the write.
  withdrawn_ = true;
  input_.recorded_acknowledges = false;
  const Result<void> published = co_await registration_->publish_acknowledging(false);
  if (published) {
    kLog.info("word.withdrawn", {{"alias", place_.alias.text()}, {"epoch", epoch}});
  } else {
    kLog.warning("word.not_withdrawn", {{"alias", place_.alias.text()}, {"error", published.error()}});
  }
}

/// Whether some other server whose word counts follows the primary and has executed this.
Task<bool> AgentCore::another_has(std::string executed) {
  const ShardPicture& shard = watch_->picture();
  std::vector<std::pair<runtime::Address, topo::TabletAlias>> others;
  for (const auto& [alias, tablet] : shard.tablets) {
    const bool counts =
        alias != place_.alias && alias != *shard.primary && tablet.acknowledges && tablet.http_port != 0 &&
        may_acknowledge(shard.durability, alias, tablet.type != topo::TabletType::rdonly, *shard.primary);
    if (counts) others.emplace_back(runtime::Address::tcp(tablet.host, tablet.http_port), alias);
  }
  const ReplicationSource source = *input_.source;
  for (const auto& [address, alias] : others) {
    runtime::HttpClient http(address);
    rpc::Client agent(http);
    const v1::GetStatusRequest ask;
    const Result<v1::GetStatusResponse> status = co_await agent.call<v1::GetStatusResponse>(
        "kintsugi.tablet.v1.Tablet/GetStatus", ask, Clock::now() + kAnswer, &tasks_.cancel());
    if (!status) continue;
    const v1::Health& health = status->health();
    const v1::Replication& replication = health.replication();
    const bool follows = health.reachable() && health.alias() == alias.text() &&
                         replication.io_thread() == v1::running && replication.source_host() == source.host &&
                         replication.source_port() == source.port && health.semi_sync().replica_enabled();
    if (!follows) continue;
    const Result<mysql::Order> order = mysql::compare_gtids(health.gtid_executed(), executed);
    if (order && (*order == mysql::Order::equal || *order == mysql::Order::more)) co_return true;
  }
  co_return false;
}

}  // namespace kintsugi::tablet
