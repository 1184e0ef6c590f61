#include "topo/derive.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "topo/key_range.h"
#include "topo/records.h"

namespace kintsugi::topo {
namespace {

/// The decided records, read.
class Deriver {
 public:
  explicit Deriver(const Records& records) {
    for (const auto& [key, text] : records) read(key, text);
  }

  DerivedRecords derive() {
    derive_vschema();
    for (const auto& [keyspace, record] : keyspaces_) derive_keyspace(keyspace, record);
    derive_replication();
    return std::move(derived_);
  }

 private:
  template <class T>
  std::optional<T> parse(const std::string& key, const std::string& text) {
    T record;
    const Result<void> parsed = from_text(key, text, record);
    if (parsed) return record;
    derived_.problems.push_back(parsed.error().message());
    return std::nullopt;
  }

  void read(const std::string& key, const std::string& text) {
    KeyParts parts = parse_key(key);
    switch (parts.kind) {
      case RecordKind::cell:
        cells_.insert(parts.cell);
        break;
      case RecordKind::keyspace:
        if (auto record = parse<v1::Keyspace>(key, text)) keyspaces_[parts.keyspace] = *std::move(record);
        break;
      case RecordKind::vschema:
        if (auto record = parse<v1::VSchema>(key, text)) vschemas_[parts.keyspace] = *std::move(record);
        break;
      case RecordKind::shard:
        if (auto record = parse<v1::Shard>(key, text))
          shards_[parts.keyspace][parts.shard] = *std::move(record);
        break;
      case RecordKind::routing_rules:
        if (auto record = parse<v1::RoutingRules>(key, text))
          *serving_vschema_.mutable_routing_rules() = *record;
        break;
      case RecordKind::tablet:
        cells_.insert(parts.cell);
        if (auto record = parse<v1::Tablet>(key, text)) tablets_[parts.name] = *std::move(record);
        break;
      default:
        break;
    }
  }

  // A keyspace without a vschema is unsharded and has an empty one.
  void derive_vschema() {
    for (const auto& [keyspace, record] : keyspaces_) {
      (*serving_vschema_.mutable_keyspaces())[keyspace] = vschemas_[keyspace];
    }
    for (const std::string& cell : cells_)
      derived_.records[paths::srv_vschema(cell)] = to_text(serving_vschema_);
  }

  void derive_keyspace(const std::string& keyspace, const v1::Keyspace& record) {
    std::vector<std::pair<KeyRange, v1::ShardReference>> serving;
    for (const auto& [name, shard] : shards_[keyspace]) {
      if (!shard.serving()) continue;
      const Result<KeyRange> range = KeyRange::from_hex(shard.key_range().start(), shard.key_range().end());
      if (!range) {
        derived_.problems.push_back(fmt::format("shard {}/{}: {}", keyspace, name, range.error().message()));
        continue;
      }
      serving.emplace_back(*range, reference(name, shard));
    }
    std::sort(serving.begin(), serving.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<KeyRange> ranges;
    for (const auto& each : serving) ranges.push_back(each.first);
    if (const Result<void> whole = check_partition(std::move(ranges)); !whole) {
      derived_.problems.push_back(fmt::format("keyspace {}: {}", keyspace, whole.error().message()));
      return;
    }
    v1::SrvKeyspace result;
    result.set_durability(record.durability());
    for (const v1::TabletType type : {v1::primary, v1::replica, v1::rdonly}) {
      v1::SrvKeyspace::Partition& partition = *result.add_partitions();
      partition.set_served_type(type);
      for (const auto& each : serving) *partition.add_shards() = each.second;
    }
    for (const std::string& cell : cells_)
      derived_.records[paths::srv_keyspace(cell, keyspace)] = to_text(result);
  }

  v1::ShardReference reference(const std::string& name, const v1::Shard& shard) const {
    v1::ShardReference result;
    result.set_name(name);
    *result.mutable_key_range() = shard.key_range();
    result.set_primary_alias(shard.primary_alias());
    if (shard.has_primary_since()) *result.mutable_primary_since() = shard.primary_since();
    result.set_epoch(shard.epoch());
    if (const auto primary = tablets_.find(shard.primary_alias()); primary != tablets_.end()) {
      *result.mutable_primary_address() = primary->second.address();
    }
    return result;
  }

  void derive_replication() {
    std::map<std::string, v1::ShardReplication> replications;
    for (const auto& [alias, tablet] : tablets_) {
      const Result<TabletAlias> parsed = TabletAlias::parse(alias);
      const auto keyspace = shards_.find(tablet.keyspace());
      const bool known = keyspace != shards_.end() && keyspace->second.contains(tablet.shard());
      if (!parsed || !known) {
        derived_.problems.push_back(fmt::format("tablet {} belongs to shard {}/{}, which does not exist",
                                                alias, tablet.keyspace(), tablet.shard()));
        continue;
      }
      replications[paths::shard_replication(parsed->cell, {tablet.keyspace(), tablet.shard()})].add_tablets(
          alias);
    }
    for (const auto& [key, replication] : replications) derived_.records[key] = to_text(replication);
  }

  std::set<std::string> cells_;
  std::map<std::string, v1::Keyspace> keyspaces_;
  std::map<std::string, v1::VSchema> vschemas_;
  std::map<std::string, std::map<std::string, v1::Shard>> shards_;  // by keyspace and name
  std::map<std::string, v1::Tablet> tablets_;
  v1::SrvVSchema serving_vschema_;
  DerivedRecords derived_;
};

}  // namespace

DerivedRecords derive_serving(const Records& records) { return Deriver(records).derive(); }

bool is_derived(const std::string& key) {
  switch (parse_key(key).kind) {
    case RecordKind::srv_vschema:
    case RecordKind::srv_keyspace:
    case RecordKind::shard_replication:
      return true;
    default:
      return false;
  }
}

}  // namespace kintsugi::topo
