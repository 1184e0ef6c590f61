#include <fmt/format.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "topo/key_range.h"
#include "topo/records.h"
#include "topo/topo_server.h"

namespace kintsugi::topo {
namespace {

// What is at the alias now.
struct Claim {
  Revision tablet_revision = 0;
  Revision owner_revision = 0;
  v1::Tablet tablet;
  v1::TabletOwner owner;
};

Task<Result<Claim>> read_claim(Store& store, TabletAlias alias) {
  Claim claim;
  Result<Versioned<v1::Tablet>> tablet = co_await read_record<v1::Tablet>(store, paths::tablet(alias));
  if (tablet) {
    claim.tablet = std::move(tablet->record);
    claim.tablet_revision = tablet->revision;
  } else if (!tablet.error().is(kNoNode)) {
    co_return failure(tablet.error());
  }
  Result<Versioned<v1::TabletOwner>> owner =
      co_await read_record<v1::TabletOwner>(store, paths::tablet_owner(alias));
  if (owner) {
    claim.owner = std::move(owner->record);
    claim.owner_revision = owner->revision;
  } else if (!owner.error().is(kNoNode)) {
    co_return failure(owner.error());
  }
  co_return claim;
}

Result<void> check_claim(const Claim& claim, const v1::Tablet& tablet) {
  // The same agent, started again before the lease of its last life has ended, has the same owner.
  if (claim.owner_revision != 0 && claim.owner.owner() != tablet.owner()) {
    const v1::TabletAddress& at = claim.tablet.address();
    return failure(
        kAliasTaken,
        fmt::format(
            "the alias {} is taken: another agent with it runs on {} (pid {}; its server is {}:{}, of {}/{})",
            tablet.alias(), claim.owner.host(), claim.owner.pid(), at.host(), at.mysql_port(),
            claim.tablet.keyspace(), claim.tablet.shard()));
  }
  const bool moved = claim.tablet_revision != 0 &&
                     (claim.tablet.keyspace() != tablet.keyspace() || claim.tablet.shard() != tablet.shard());
  if (moved) {
    return failure(
        kAliasTaken,
        fmt::format(
            "the alias {} is taken: its record is of shard {}/{}, and this agent is of {}/{}; delete the "
            "record if that tablet is gone for good",
            tablet.alias(), claim.tablet.keyspace(), claim.tablet.shard(), tablet.keyspace(),
            tablet.shard()));
  }
  return {};
}

}  // namespace

Task<Result<void>> TopoServer::register_tablet(v1::Tablet tablet, LeaseId lease, std::uint32_t pid) {
  const Result<TabletAlias> alias = TabletAlias::parse(tablet.alias());
  if (!alias) co_return failure(alias.error());
  if (tablet.owner().empty()) co_return failure(kInvalidArgument, "a tablet is registered by an owner");
  const ShardName shard{tablet.keyspace(), tablet.shard()};
  Result<Versioned<v1::Shard>> record = co_await read_record<v1::Shard>(store_, paths::shard(shard));
  if (!record && record.error().is(kNoNode)) {
    co_return failure(kNoNode,
                      fmt::format("there is no shard {} for tablet {}", shard.text(), tablet.alias()));
  }
  if (!record) co_return failure(record.error());
  *tablet.mutable_key_range() = record->record.key_range();

  v1::TabletOwner owner;
  owner.set_owner(tablet.owner());
  owner.set_host(tablet.address().host());
  owner.set_pid(pid);
  constexpr int kAttemptsMax = 10;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    Result<Claim> claim = co_await read_claim(store_, *alias);
    if (!claim) co_return failure(claim.error());
    if (auto checked = check_claim(*claim, tablet); !checked) co_return failure(checked.error());
    Transaction transaction;
    transaction.compares = {{paths::tablet(*alias), claim->tablet_revision},
                            {paths::tablet_owner(*alias), claim->owner_revision}};
    transaction.writes = {{paths::tablet(*alias), to_text(tablet), 0},
                          {paths::tablet_owner(*alias), to_text(owner), lease}};
    const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
    if (!done) co_return failure(done.error());
    if (done->committed) co_return Result<void>();
  }
  co_return failure(kBadVersion, fmt::format("the record of tablet {} keeps changing", tablet.alias()));
}

Task<Result<void>> TopoServer::delete_tablet(TabletAlias alias) {
  Result<Claim> claim = co_await read_claim(store_, alias);
  if (!claim) co_return failure(claim.error());
  if (claim->tablet_revision == 0)
    co_return failure(kNoNode, fmt::format("there is no tablet {}", alias.text()));
  if (claim->owner_revision != 0) {
    co_return failure(kAliasTaken, fmt::format("the agent of tablet {} runs on {} (pid {}): stop it first",
                                               alias.text(), claim->owner.host(), claim->owner.pid()));
  }
  Transaction transaction;
  transaction.compares = {{paths::tablet(alias), claim->tablet_revision}, {paths::tablet_owner(alias), 0}};
  transaction.writes = {{paths::tablet(alias), std::nullopt, 0}};
  const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
  if (!done) co_return failure(done.error());
  if (!done->committed) {
    co_return failure(kBadVersion, fmt::format("tablet {} changed while it was removed", alias.text()));
  }
  co_return Result<void>();
}

Task<Result<std::vector<v1::Tablet>>> TopoServer::tablets(std::string cell) {
  Result<std::vector<Node>> nodes =
      co_await store_.list(cell.empty() ? "local/" : paths::tablets(cell) + '/');
  if (!nodes) co_return failure(nodes.error());
  std::vector<v1::Tablet> tablets;
  for (const Node& node : *nodes) {
    if (parse_key(node.key).kind != RecordKind::tablet) continue;
    v1::Tablet tablet;
    if (auto parsed = from_text(node.key, node.value, tablet); !parsed) co_return failure(parsed.error());
    tablets.push_back(std::move(tablet));
  }
  co_return tablets;
}

Task<Result<bool>> TopoServer::is_tablet_alive(TabletAlias alias) {
  const Result<Node> node = co_await store_.get(paths::tablet_owner(alias));
  if (!node && !node.error().is(kNoNode)) co_return failure(node.error());
  co_return node.has_value();
}

}  // namespace kintsugi::topo
