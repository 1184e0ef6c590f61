#include "gate/plan_cache.h"

#include <xxhash.h>

namespace kintsugi::gate {

std::uint64_t PlanCache::map_key(const sql::StatementKey& shape, const Target& target) {
  std::uint64_t key = shape.low ^ static_cast<std::uint64_t>(target.type);
  key = XXH3_64bits_withSeed(target.keyspace.data(), target.keyspace.size(), key);
  return target.shard.empty() ? key : XXH3_64bits_withSeed(target.shard.data(), target.shard.size(), key);
}

void PlanCache::erase(Order::iterator entry) {
  const auto [begin, end] = map_.equal_range(entry->key);
  for (auto it = begin; it != end; ++it) {
    if (it->second != entry) continue;
    map_.erase(it);
    break;
  }
  order_.erase(entry);
}

std::shared_ptr<const plan::Plan> PlanCache::find(std::string_view sql, const sql::Fingerprint& fingerprint,
                                                  const Target& target, const vschema::Snapshot* routing,
                                                  const plan::Schema* schema) {
  const auto [begin, end] = map_.equal_range(map_key(fingerprint.key, target));
  for (auto it = begin; it != end; ++it) {
    const Order::iterator entry = it->second;
    if (!(entry->shape == fingerprint.key) || !(entry->target == target)) continue;
    if (entry->plan->routing.get() != routing || entry->plan->schema.get() != schema) {
      erase(entry);
      break;
    }
    if (!sql::pinned_equal(entry->parameterization, entry->sql, entry->fingerprint, sql, fingerprint))
      continue;
    order_.splice(order_.begin(), order_, entry);
    ++hits_;
    return entry->plan;
  }
  ++misses_;
  return nullptr;
}

void PlanCache::add(std::string_view sql, const sql::Fingerprint& fingerprint,
                    sql::Parameterization parameterization, const Target& target,
                    std::shared_ptr<const plan::Plan> plan) {
  while (order_.size() >= entries_max_ && !order_.empty()) erase(std::prev(order_.end()));
  if (entries_max_ == 0) return;
  order_.push_front(Entry{map_key(fingerprint.key, target), fingerprint.key, target, std::string(sql),
                          fingerprint, std::move(parameterization), std::move(plan)});
  order_.front().fingerprint.buffer = {};
  map_.emplace(order_.front().key, order_.begin());
}

void PlanCache::clear() {
  map_.clear();
  order_.clear();
}

}  // namespace kintsugi::gate
