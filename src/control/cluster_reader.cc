#include "control/cluster_reader.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "control/errors.h"
#include "topo/records.h"

namespace kintsugi::control {
namespace {

// Tablets are below their cells, so those of a keyspace can be anywhere in it.
constexpr const char* kLocal = "local/";

std::string below(std::string_view folder) { return fmt::format("{}/", folder); }

std::string below_keyspace(const std::string& name) {
  return fmt::format("{}/{}/", topo::paths::kKeyspaces, name);
}

// A key range's start says where it is among the others of its keyspace.
auto place_of(const TabletView& tablet) {
  const topo::v1::Tablet& record = tablet.record;
  return std::tuple(record.keyspace(), record.key_range().start(), record.shard(),
                    topo::TabletAlias::parse(record.alias()).value_or(topo::TabletAlias()));
}

Error no_keyspace(const std::string& name) {
  return {kUnknownObject, fmt::format("there is no keyspace {}", name)};
}

}  // namespace

Task<Result<topo::Records>> ClusterReader::read_records(std::vector<std::string> prefixes) const {
  topo::Records records;
  for (const std::string& prefix : prefixes) {
    Result<std::vector<topo::Node>> nodes = co_await store_.list(prefix);
    if (!nodes) co_return failure(std::move(nodes.error()));
    for (topo::Node& node : *nodes) records[std::move(node.key)] = std::move(node.value);
  }
  co_return records;
}

Task<Result<BuiltView>> ClusterReader::read(std::vector<std::string> prefixes) const {
  const Result<topo::Records> records = co_await read_records(std::move(prefixes));
  if (!records) co_return failure(records.error());
  co_return build_view(*records, state_.health());
}

Task<Result<ClusterReader::Cluster>> ClusterReader::cluster() const {
  Result<topo::Records> records = co_await read_records({""});
  if (!records) co_return failure(records.error());
  BuiltView built = build_view(*records, state_.health());
  co_return Cluster{*std::move(records), std::move(built)};
}

Task<Result<KeyspaceView>> ClusterReader::keyspace(std::string name) const {
  const Result<BuiltView> built = co_await read({below_keyspace(name), kLocal});
  if (!built) co_return failure(built.error());
  if (const KeyspaceView* keyspace = built->view.keyspace(name)) co_return *keyspace;
  co_return failure(no_keyspace(name));
}

Task<Result<ShardView>> ClusterReader::shard(topo::ShardName name) const {
  const Result<BuiltView> built = co_await read({topo::paths::shard(name), kLocal});
  if (!built) co_return failure(built.error());
  if (const ShardView* shard = built->view.shard(name.keyspace, name.shard)) co_return *shard;
  co_return failure(kUnknownObject, fmt::format("there is no shard {}", name.text()));
}

Task<Result<std::vector<TabletView>>> ClusterReader::tablets(std::string cell) const {
  const Result<BuiltView> built = co_await read({cell.empty() ? kLocal : below(topo::paths::tablets(cell))});
  if (!built) co_return failure(built.error());
  std::vector<TabletView> tablets;
  for (const TabletView* tablet : built->view.tablets()) tablets.push_back(*tablet);
  std::ranges::sort(tablets, {}, place_of);
  co_return tablets;
}

Task<Result<TabletView>> ClusterReader::tablet(std::string alias) const {
  const Result<topo::TabletAlias> parsed = topo::TabletAlias::parse(alias);
  if (!parsed) co_return failure(parsed.error());
  const Result<BuiltView> built =
      co_await read({fmt::format("{}/{}/", topo::paths::tablets(parsed->cell), parsed->text())});
  if (!built) co_return failure(built.error());
  if (!built->unreadable.empty()) co_return failure(topo::kBadRecord, built->unreadable.front());
  if (const TabletView* tablet = built->view.tablet(parsed->text())) co_return *tablet;
  co_return failure(kUnknownObject, fmt::format("there is no tablet {}", alias));
}

Task<Result<topo::v1::VSchema>> ClusterReader::vschema(std::string keyspace) const {
  Result<topo::Versioned<topo::v1::VSchema>> record =
      co_await topo::read_record<topo::v1::VSchema>(store_, topo::paths::vschema(keyspace));
  if (record) co_return std::move(record->record);
  if (!record.error().is(topo::kNoNode)) co_return failure(std::move(record.error()));
  const Result<topo::Node> known = co_await store_.get(topo::paths::keyspace(keyspace));
  if (known) co_return topo::v1::VSchema();
  co_return failure(known.error().is(topo::kNoNode) ? no_keyspace(keyspace) : known.error());
}

Task<Result<std::vector<KeyspaceView>>> ClusterReader::keyspaces() const {
  Result<BuiltView> built = co_await read({below(topo::paths::kKeyspaces)});
  if (!built) co_return failure(built.error());
  co_return std::move(built->view.keyspaces);
}

}  // namespace kintsugi::control
