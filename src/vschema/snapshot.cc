#include "vschema/snapshot.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/lower_case.h"
#include "vschema/detail/near.h"
#include "vschema/errors.h"
#include "vschema/vschema.h"

namespace kintsugi::vschema {
namespace {

// The shard whose range may hold the id: the last that begins at or before it.
const Shard* candidate(const std::vector<Shard>& shards, std::string_view id) {
  const auto after =
      std::upper_bound(shards.begin(), shards.end(), id,
                       [](std::string_view bytes, const Shard& shard) { return bytes < shard.range.start; });
  return after == shards.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

const TableVindex* find_global_key(const Table& table, std::string_view key) {
  const auto found = std::ranges::find_if(table.vindexes, [key](const TableVindex& vindex) {
    return vindex.owned && is_global_key_table(vindex.lookup_table) && is_global_key(vindex.name, key);
  });
  return found == table.vindexes.end() ? nullptr : &*found;
}

const std::vector<Shard>& Keyspace::partition(TabletType type) const {
  const auto& own = partitions_[static_cast<std::size_t>(type)];
  return own.empty() ? partitions_[static_cast<std::size_t>(TabletType::primary)] : own;
}

const Shard* Keyspace::shard_of(const KeyspaceId& id, TabletType type) const {
  const std::vector<Shard>& all = partition(type);
  if (!sharded_) return all.empty() ? nullptr : all.data();
  const Shard* shard = candidate(all, id.bytes());
  return shard != nullptr && shard->range.contains(id) ? shard : nullptr;
}

std::span<const Shard> Keyspace::shards_of(const KeyRange& range, TabletType type) const {
  const std::vector<Shard>& all = partition(type);
  const auto first =
      std::find_if(all.begin(), all.end(), [&](const Shard& s) { return s.range.intersects(range); });
  const auto last =
      std::find_if(first, all.end(), [&](const Shard& s) { return !s.range.intersects(range); });
  return {first, last};
}

const Shard* Keyspace::find_shard(std::string_view name, TabletType type) const {
  const std::vector<Shard>& all = partition(type);
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Shard& shard) { return shard.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool Keyspace::runs_in_gate(std::string_view function) const {
  std::vector<std::string> open{lower_case(function)};
  for (std::size_t next = 0; next < open.size(); ++next) {
    const auto found = functions_.find(open[next]);
    if (found == functions_.end()) continue;
    if (found->second.in_gate) return true;
    for (const std::string& call : found->second.calls) {
      if (std::ranges::find(open, call) == open.end()) open.push_back(call);
    }
  }
  return false;
}

const Table* Keyspace::find_table(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : &found->second;
}

const Vindex* Keyspace::find_vindex(std::string_view name) const {
  const auto found = vindexes_.find(name);
  return found == vindexes_.end() ? nullptr : found->second.get();
}

Snapshot::Snapshot() = default;
Snapshot::~Snapshot() = default;

const Keyspace* Snapshot::find_keyspace(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Result<const Keyspace*> Snapshot::keyspace(std::string_view name) const {
  if (const Keyspace* found = find_keyspace(name)) return found;
  std::vector<std::string_view> names;
  for (const auto& each : keyspaces_) names.push_back(each->name());
  return failure(kUnknownKeyspace, fmt::format("Unknown database '{}'{}", name, did_you_mean(name, names)));
}

const Shard* Snapshot::find_shard(std::string_view keyspace, std::string_view shard, TabletType type) const {
  const Keyspace* found = find_keyspace(keyspace);
  return found == nullptr ? nullptr : found->find_shard(shard, type);
}

const Snapshot::Target* Snapshot::find_rule(std::string_view keyspace, std::string_view table,
                                            TabletType type) const {
  if (rules_.empty()) return nullptr;
  const std::string qualified = keyspace.empty() ? std::string(table) : fmt::format("{}.{}", keyspace, table);
  for (const std::string& name : {fmt::format("{}@{}", qualified, topo::name(type)), qualified,
                                  fmt::format("{}@{}", table, topo::name(type)), std::string(table)}) {
    if (const auto rule = rules_.find(name); rule != rules_.end()) return &rule->second;
  }
  return nullptr;
}

Result<FoundTable> Snapshot::find_table(std::string_view keyspace, std::string_view table,
                                        TabletType type) const {
  if (const Target* rule = find_rule(keyspace, table, type)) {
    if (!rule->refused.empty()) return failure(kUnknownTable, rule->refused);
    return find_in(rule->keyspace, rule->table);
  }
  return keyspace.empty() ? find_anywhere(table) : find_in(keyspace, table);
}

const ReferenceGroup* Snapshot::reference_group(std::string_view keyspace, std::string_view table) const {
  if (groups_.empty()) return nullptr;
  const auto found = groups_.find(fmt::format("{}.{}", keyspace, table));
  return found == groups_.end() ? nullptr : found->second.get();
}

Result<FoundTable> Snapshot::find_in(std::string_view keyspace_name, std::string_view table_name) const {
  const Result<const Keyspace*> keyspace = this->keyspace(keyspace_name);
  if (!keyspace) return failure(keyspace.error());
  if (!(*keyspace)->problem().empty()) {
    return failure(kBadVSchema,
                   fmt::format("keyspace '{}' cannot be routed: {}", keyspace_name, (*keyspace)->problem()));
  }
  const Table* table = (*keyspace)->find_table(table_name);
  if (table != nullptr && !table->problem.empty()) {
    return failure(kBadVSchema, fmt::format("table '{}.{}' cannot be routed: {}", keyspace_name, table_name,
                                            table->problem));
  }
  return FoundTable{*keyspace, table, table != nullptr ? std::string_view(table->name) : table_name};
}

Result<FoundTable> Snapshot::find_anywhere(std::string_view table) const {
  const auto found = anywhere_.find(table);
  if (found == anywhere_.end()) {
    // The only keyspace needs no naming, and its unsharded tables no entry.
    if (keyspaces_.size() == 1 && !keyspaces_[0]->require_explicit_routing())
      return find_in(keyspaces_[0]->name(), table);
    return failure(kUnknownTable,
                   fmt::format("no keyspace is chosen, and none has a table '{}' in its vschema", table));
  }
  const std::vector<const Table*>& tables = found->second;
  if (tables.size() > 1) {
    return failure(kAmbiguousTable, fmt::format("table '{}' is in keyspaces '{}' and '{}'", table,
                                                tables[0]->keyspace, tables[1]->keyspace));
  }
  return find_in(tables[0]->keyspace, table);
}

}  // namespace kintsugi::vschema
