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
  explicit Deriver(const Records& records) : records_(records) {
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
  bool parse(const std::string& key, const std::string& text, T& into, std::set<std::string>& unreadable,
             const std::string& name) {
    const Result<void> parsed = from_text(key, text, into);
    if (parsed) return true;
    derived_.problems.push_back(parsed.error().message());
    unreadable.insert(name);
    into.Clear();
    return false;
  }

  void read(const std::string& key, const std::string& text) {
    KeyParts parts = parse_key(key);
    switch (parts.kind) {
      case RecordKind::cell:
        cells_.insert(parts.cell);
        break;
      case RecordKind::keyspace:
        parse(key, text, keyspaces_[parts.keyspace], unreadable_.keyspaces, parts.keyspace);
        break;
      case RecordKind::vschema:
        parse(key, text, vschemas_[parts.keyspace], unreadable_.vschemas, parts.keyspace);
        break;
      case RecordKind::shard:
        parse(key, text, shards_[parts.keyspace][parts.shard], unreadable_.keyspaces, parts.keyspace);
        break;
      case RecordKind::routing_rules:
        parse(key, text, rules_, unreadable_.rules, "");
        break;
      case RecordKind::tablet:
        cells_.insert(parts.cell);
        if (v1::Tablet tablet; parse(key, text, tablet, unreadable_.tablets, parts.name))
          tablets_[parts.name] = std::move(tablet);
        break;
      default:
        break;
    }
  }

  // A keyspace without a vschema is unsharded and has an empty one.
  void derive_vschema() {
    v1::SrvVSchema common;
    for (const auto& [keyspace, record] : keyspaces_) {
      (*common.mutable_keyspaces())[keyspace] = vschemas_[keyspace];
    }
    if (rules_.rules_size() > 0) *common.mutable_routing_rules() = rules_;
    for (const std::string& cell : cells_) {
      v1::SrvVSchema serving = common;
      if (!unreadable_.vschemas.empty() || !unreadable_.rules.empty()) keep_last_vschemas(cell, serving);
      derived_.records[paths::srv_vschema(cell)] = to_text(serving);
    }
  }

  // Of what cannot be read now, what the cell's gates have.
  void keep_last_vschemas(const std::string& cell, v1::SrvVSchema& serving) {
    const auto existing = records_.find(paths::srv_vschema(cell));
    v1::SrvVSchema last;
    if (existing == records_.end() || !from_text(existing->first, existing->second, last)) return;
    for (const std::string& keyspace : unreadable_.vschemas) {
      const auto found = last.keyspaces().find(keyspace);
      if (found != last.keyspaces().end()) (*serving.mutable_keyspaces())[keyspace] = found->second;
    }
    if (!unreadable_.rules.empty() && last.has_routing_rules())
      *serving.mutable_routing_rules() = last.routing_rules();
  }

  void derive_keyspace(const std::string& keyspace, const v1::Keyspace& record) {
    if (unreadable_.keyspaces.contains(keyspace) || has_unreadable_primary(keyspace)) {
      for (const std::string& cell : cells_) {
        const auto existing = records_.find(paths::srv_keyspace(cell, keyspace));
        if (existing != records_.end()) derived_.records.insert(*existing);
      }
      return;
    }
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

  bool has_unreadable_primary(const std::string& keyspace) {
    return std::ranges::any_of(shards_[keyspace], [this](const auto& shard) {
      return unreadable_.tablets.contains(shard.second.primary_alias());
    });
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
    std::map<std::string, std::set<std::string>> replications;  // key → aliases
    for (const auto& [alias, tablet] : tablets_) {
      const Result<TabletAlias> parsed = TabletAlias::parse(alias);
      const auto keyspace = shards_.find(tablet.keyspace());
      const bool known = keyspace != shards_.end() && keyspace->second.contains(tablet.shard());
      if (!parsed || !known) {
        derived_.problems.push_back(fmt::format("tablet {} belongs to shard {}/{}, which does not exist",
                                                alias, tablet.keyspace(), tablet.shard()));
        continue;
      }
      replications[paths::shard_replication(parsed->cell, {tablet.keyspace(), tablet.shard()})].insert(alias);
    }
    if (!unreadable_.tablets.empty()) keep_last_replication(replications);
    for (const auto& [key, aliases] : replications) {
      v1::ShardReplication replication;
      for (const std::string& alias : aliases) replication.add_tablets(alias);
      derived_.records[key] = to_text(replication);
    }
  }

  void keep_last_replication(std::map<std::string, std::set<std::string>>& replications) const {
    for (const auto& [key, text] : records_) {
      v1::ShardReplication last;
      if (parse_key(key).kind != RecordKind::shard_replication || !from_text(key, text, last)) continue;
      for (const std::string& alias : last.tablets()) {
        if (unreadable_.tablets.contains(alias)) replications[key].insert(alias);
      }
    }
  }

  struct Unreadable {
    std::set<std::string> keyspaces;  // or one of their shards
    std::set<std::string> vschemas;   // by keyspace
    std::set<std::string> rules;      // one, without a name
    std::set<std::string> tablets;    // by alias
  };

  const Records& records_;
  std::set<std::string> cells_;
  std::map<std::string, v1::Keyspace> keyspaces_;
  std::map<std::string, v1::VSchema> vschemas_;
  std::map<std::string, std::map<std::string, v1::Shard>> shards_;  // by keyspace and name
  std::map<std::string, v1::Tablet> tablets_;
  v1::RoutingRules rules_;
  Unreadable unreadable_;
  DerivedRecords derived_;
};

}  // namespace

DerivedRecords derive_serving(const Records& records) { return Deriver(records).derive(); }

bool is_derived(std::string_view key) {
  switch (parse_key(key).kind) {
    case RecordKind::srv_vschema:
    case RecordKind::srv_keyspace:
    case RecordKind::shard_replication:
      return true;
    default:
      return false;
  }
}

bool is_source(std::string_view key) {
  switch (parse_key(key).kind) {
    case RecordKind::cell:
    case RecordKind::keyspace:
    case RecordKind::vschema:
    case RecordKind::shard:
    case RecordKind::routing_rules:
    case RecordKind::tablet:
      return true;
    default:
      return false;
  }
}

std::map<std::string, std::optional<std::string>> differences(const Records& records,
                                                              const DerivedRecords& derived) {
  std::map<std::string, std::optional<std::string>> changes;
  for (const auto& [key, text] : derived.records) {
    const auto existing = records.find(key);
    if (existing == records.end() || existing->second != text) changes[key] = text;
  }
  for (const auto& [key, unused] : records) {
    if (is_derived(key) && !derived.records.contains(key)) changes[key] = std::nullopt;
  }
  return changes;
}

}  // namespace kintsugi::topo
