#include "spec/aliases.h"

#include <algorithm>

#include <fmt/format.h>

#include "spec/errors.h"

namespace kintsugi::spec {

namespace {

constexpr std::uint32_t kFirstUid = 101;

struct Wanted {
  TabletSlot slot;
  std::uint32_t uid = 0;  ///< as the spec says; 0: it does not
};

/// Shard by shard, so that the tablets of one shard have neighbouring numbers.
std::vector<Wanted> wanted_tablets(const Cluster& cluster) {
  std::vector<Wanted> all;
  for (const Keyspace& keyspace : cluster.keyspaces) {
    for (std::size_t s = 0; s < keyspace.shards.size(); ++s) {
      const topo::ShardName shard{keyspace.name, keyspace.shards[s].text()};
      std::map<std::pair<std::string, topo::TabletType>, int> next_ordinal;
      for (const TabletPool& pool : keyspace.tablets) {
        for (int i = 0; i < pool.count; ++i) {
          const std::size_t place = s * static_cast<std::size_t>(pool.count) + static_cast<std::size_t>(i);
          all.push_back({{shard, pool.cell, pool.type, next_ordinal[{pool.cell, pool.type}]++},
                         place < pool.uids.size() ? pool.uids[place] : 0});
        }
      }
    }
  }
  return all;
}

}  // namespace

std::string TabletSlot::text() const {
  return fmt::format("{}/{}/{}/{}", shard.text(), cell, topo::name(type), ordinal);
}

Result<std::vector<Tablet>> assign_aliases(const Cluster& cluster, AliasBook& book) {
  const std::vector<Wanted> wanted = wanted_tablets(cluster);
  std::map<topo::TabletAlias, std::string> owner;
  for (const auto& [slot, alias] : book) owner[alias] = slot;
  for (const Wanted& each : wanted) {
    if (each.uid == 0) continue;
    const topo::TabletAlias alias{each.slot.cell, each.uid};
    const auto [other, is_new] = owner.emplace(alias, each.slot.text());
    if (!is_new && other->second != each.slot.text()) {
      return failure(kBadSpec, fmt::format("the spec gives {} to {}, but it is the tablet of {}",
                                           alias.text(), each.slot.text(), other->second));
    }
    book[each.slot.text()] = alias;
  }
  std::map<std::string, std::uint32_t> last;
  for (const auto& [alias, slot] : owner) {
    std::uint32_t& highest = last.try_emplace(alias.cell, kFirstUid - 1).first->second;
    highest = std::max(highest, alias.uid);
  }
  std::vector<Tablet> tablets;
  for (const Wanted& each : wanted) {
    auto [entry, is_new] = book.try_emplace(each.slot.text());
    if (is_new)
      entry->second = {each.slot.cell, ++last.try_emplace(each.slot.cell, kFirstUid - 1).first->second};
    tablets.push_back({each.slot, entry->second});
  }
  return tablets;
}

}  // namespace kintsugi::spec
