#include "tablet/detail/peers.h"

#include "kintsugi/topo/v1/topo.pb.h"
#include "tablet/errors.h"
#include "topo/records.h"

namespace kintsugi::tablet {

Task<Result<runtime::Address>> primary_agent(topo::Store& store, topo::ShardName shard) {
  const auto record = co_await topo::read_record<topo::v1::Shard>(store, topo::paths::shard(shard));
  if (!record) co_return failure(record.error());
  const Result<topo::TabletAlias> alias = topo::TabletAlias::parse(record->record.primary_alias());
  if (!alias) co_return failure(kNotPrimary, shard.text() + " has no primary");
  const auto tablet = co_await topo::read_record<topo::v1::Tablet>(store, topo::paths::tablet(*alias));
  if (!tablet) co_return failure(tablet.error());
  const topo::v1::TabletAddress& at = tablet->record.address();
  co_return runtime::Address::tcp(at.host(), static_cast<std::uint16_t>(at.http_port()));
}

Task<Result<std::vector<topo::ShardName>>> all_shards(topo::Store& store) {
  const Result<std::vector<topo::Node>> nodes =
      co_await store.list(std::string(topo::paths::kKeyspaces) + '/', true);
  if (!nodes) co_return failure(nodes.error());
  std::vector<topo::ShardName> shards;
  for (const topo::Node& node : *nodes) {
    topo::KeyParts parts = topo::parse_key(node.key);
    if (parts.kind == topo::RecordKind::shard)
      shards.push_back({std::move(parts.keyspace), std::move(parts.shard)});
  }
  co_return shards;
}

}  // namespace kintsugi::tablet
