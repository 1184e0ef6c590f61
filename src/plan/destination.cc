#include <algorithm>
#include <array>
#include <bitset>

#include "plan/errors.h"
#include "plan/lookup.h"
#include "plan/mapping.h"
#include "plan/place.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan {

namespace {

using vschema::Keyspace;
using vschema::Shard;

/// A set of a keyspace's shards, by their position.
class ShardSet {
 public:
  explicit ShardSet(std::size_t size, bool full = false) : bits_(size, full) {}
  void add(std::size_t position) { bits_[position] = true; }
  void add_all() { std::fill(bits_.begin(), bits_.end(), true); }
  void intersect(const ShardSet& other) {
    for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] = bits_[i] && other.bits_[i];
  }
  void unite(const ShardSet& other) {
    for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] = bits_[i] || other.bits_[i];
  }
  bool has(std::size_t position) const { return bits_[position]; }
  std::size_t count() const { return static_cast<std::size_t>(std::count(bits_.begin(), bits_.end(), true)); }
  bool operator==(const ShardSet&) const = default;

 private:
  std::vector<bool> bits_;
};

constexpr std::size_t kVindexColumnsMax = 8;

}  // namespace

Place place_of(const Constraint& constraint, const std::vector<Operand>& tuple, const Bindings& bindings) {
  std::array<vschema::VindexValue, kVindexColumnsMax> values;
  std::array<MappingBuffer, kVindexColumnsMax> buffers;
  if (tuple.empty() || tuple.size() > values.size()) return {};
  for (std::size_t i = 0; i < tuple.size(); ++i) {
    const Mapped mapped = map_lookup(constraint.columns[i], tuple[i], bindings, buffers[i]);
    if (mapped.state == Mapped::State::kNull) return {Place::Kind::kNone, {}};
    if (mapped.state == Mapped::State::kUnknown) return {};
    values[i] = mapped.value;
  }
  Place place{Place::Kind::kId, constraint.vindex->map(std::span(values.data(), tuple.size()))};
  // A comparison that converts may still find rows where the vindex knows no place.
  if (place.destination.kind == vschema::Destination::Kind::none) return {};
  if (place.destination.kind == vschema::Destination::Kind::range) place.kind = Place::Kind::kRange;
  return place;
}

const LookupAnswer* answer_of(const LookupRead& lookup, const Bindings& bindings) {
  if (bindings.lookups == nullptr) return nullptr;
  for (const LookupAnswer& answer : *bindings.lookups) {
    if (answer.read == &lookup) return &answer;
  }
  return nullptr;
}

topo::KeyRange range_of(const Constraint& constraint, const Bindings& bindings) {
  const KeyColumn& column = constraint.columns[0];
  std::array<vschema::VindexValue, 2> bounds{vschema::VindexValue::null(), vschema::VindexValue::null()};
  std::array<MappingBuffer, 2> buffers;
  for (std::size_t i = 0; i < 2; ++i) {
    if (constraint.tuples[i].empty()) continue;
    const Mapped mapped = map_lookup(column, constraint.tuples[i][0], bindings, buffers[i]);
    if (mapped.state == Mapped::State::kValue) bounds[i] = mapped.value;
  }
  if (bounds[0].is_null && column.is_unsigned) bounds[0] = {"0", false};
  return constraint.vindex->map_range(bounds[0], bounds[1]);
}

namespace {

std::size_t position_of(std::span<const Shard> shards, const Shard* shard) {
  return static_cast<std::size_t>(shard - shards.data());
}

class Resolver {
 public:
  Resolver(const Keyspace& keyspace, const Destination& destination, const Bindings& bindings)
      : keyspace_(keyspace),
        destination_(destination),
        bindings_(bindings),
        shards_(keyspace.shards(destination.type)) {}

  Result<ShardList> by_key() const {
    ShardSet all(shards_.size());
    bool agree = true;
    std::optional<ShardSet> first;
    for (int group = 0; group < destination_.groups; ++group) {
      ShardSet set = of_group(group);
      if (set.count() == 0) continue;  // no row of it matches, wherever it is asked
      all.unite(set);
      if (!first) {
        first = std::move(set);
      } else if (*first != set) {
        agree = false;
      }
    }
    if (!first) return ShardList{&shards_.front()};
    if (destination_.one_will_do) return ShardList{list(all).front()};
    if (all.count() > 1 || !agree) {
      if (destination_.several_refused) return failure(*destination_.several_refused);
    }
    return list(all);
  }

 private:
  ShardSet of_group(int group) const {
    ShardSet set(shards_.size(), true);
    for (const Constraint& constraint : destination_.constraints) {
      if (constraint.group == group) set.intersect(of(constraint));
    }
    return set;
  }

  void add_range(ShardSet& set, const topo::KeyRange& range) const {
    const auto held = keyspace_.shards_of(range, destination_.type);
    for (const Shard& shard : held) set.add(position_of(shards_, &shard));
  }

  void add_id(ShardSet& set, const topo::KeyspaceId& id) const {
    if (const Shard* shard = keyspace_.shard_of(id, destination_.type)) set.add(position_of(shards_, shard));
  }

  void add_found(ShardSet& set, const LookupRead& lookup) const {
    const LookupAnswer* answer = answer_of(lookup, bindings_);
    if (answer == nullptr) return set.add_all();
    for (const topo::KeyspaceId& id : answer->ids) add_id(set, id);
  }

  ShardSet of(const Constraint& constraint) const {
    ShardSet set(shards_.size());
    switch (constraint.kind) {
      case Constraint::Kind::kPinned:
        add_id(set, constraint.pinned);
        break;
      case Constraint::Kind::kRange:
        add_range(set, range_of(constraint, bindings_));
        break;
      case Constraint::Kind::kLookup:
        add_found(set, *constraint.lookup);
        break;
      case Constraint::Kind::kValues:
        for (const auto& tuple : constraint.tuples) {
          const Place place = place_of(constraint, tuple, bindings_);
          if (place.kind == Place::Kind::kAll) {
            set.add_all();
            break;
          }
          if (place.kind == Place::Kind::kId) add_id(set, place.destination.id);
          if (place.kind == Place::Kind::kRange) add_range(set, place.destination.range);
        }
        break;
    }
    return set;
  }

  ShardList list(const ShardSet& set) const {
    ShardList shards;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      if (set.has(i)) shards.push_back(&shards_[i]);
    }
    return shards;
  }

  const Keyspace& keyspace_;
  const Destination& destination_;
  const Bindings& bindings_;
  std::span<const Shard> shards_;
};

}  // namespace

Result<ShardList> resolve(const Plan& plan, const Destination& destination, const Bindings& bindings) {
  if (destination.reach == Destination::Reach::kAnyServer && destination.keyspace.empty()) return ShardList{};
  const Keyspace* keyspace = plan.routing->find_keyspace(destination.keyspace);
  if (keyspace == nullptr) {
    // One of the databases that every server has of its own, as the planner knows; else a server says so.
    if (destination.reach == Destination::Reach::kAnyServer) return ShardList{};
    return failure(kUnknownKeyspace, "there is no keyspace '" + destination.keyspace + "'");
  }
  const auto shards = keyspace->shards(destination.type);
  if (shards.empty()) {
    return failure(kUnknownShard, "keyspace '" + destination.keyspace + "' has no shard that serves");
  }
  switch (destination.reach) {
    case Destination::Reach::kAnyServer:
    case Destination::Reach::kAnyShard:
      return ShardList{&shards.front()};
    case Destination::Reach::kShard: {
      const Shard* shard = keyspace->find_shard(destination.shard, destination.type);
      if (shard == nullptr) {
        return failure(kUnknownShard,
                       "keyspace '" + destination.keyspace + "' has no shard '" + destination.shard + "'");
      }
      return ShardList{shard};
    }
    case Destination::Reach::kAllShards: {
      if (destination.one_will_do) return ShardList{&shards.front()};
      if (shards.size() > 1 && destination.several_refused) return failure(*destination.several_refused);
      ShardList list;
      for (const Shard& shard : shards) list.push_back(&shard);
      return list;
    }
    case Destination::Reach::kByKey:
      return Resolver(*keyspace, destination, bindings).by_key();
  }
  __builtin_unreachable();
}

const Shard* resolve_one(const Plan& plan, const Destination& destination, const Bindings& bindings) {
  const Keyspace* keyspace = plan.routing->find_keyspace(destination.keyspace);
  if (keyspace == nullptr) return nullptr;
  const auto shards = keyspace->shards(destination.type);
  switch (destination.reach) {
    case Destination::Reach::kAnyServer:
    case Destination::Reach::kAnyShard:
      return shards.empty() ? nullptr : &shards.front();
    case Destination::Reach::kShard:
      return keyspace->find_shard(destination.shard, destination.type);
    case Destination::Reach::kAllShards:
      return shards.size() == 1 ? &shards.front() : nullptr;
    case Destination::Reach::kByKey:
      break;
  }
  if (destination.constraints.size() != 1 || destination.groups != 1) return nullptr;
  const Constraint& constraint = destination.constraints.front();
  if (constraint.kind != Constraint::Kind::kValues || constraint.tuples.size() != 1) return nullptr;
  const Place place = place_of(constraint, constraint.tuples.front(), bindings);
  if (place.kind != Place::Kind::kId) return nullptr;
  return keyspace->shard_of(place.destination.id, destination.type);
}

}  // namespace kintsugi::plan
