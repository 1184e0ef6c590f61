#include "local/records.h"

#include <fmt/format.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "local/errors.h"
#include "runtime/timer.h"
#include "topo/etcd_store.h"
#include "topo/records.h"
#include "topo/topo_server.h"
#include "vschema/vschema.h"

namespace kintsugi::local {

namespace {

constexpr Duration kLeaseMax = 20s;
constexpr Duration kLeaseLook = 200ms;

topo::v1::Durability durability_of(spec::Durability durability) {
  constexpr topo::v1::Durability kRecords[] = {topo::v1::unset, topo::v1::none, topo::v1::semi_sync,
                                               topo::v1::cross_cell};
  return kRecords[static_cast<std::size_t>(durability)];
}

/// What the record of a keyspace's vschema begins with.
Result<std::string> vschema_text(const spec::Keyspace& keyspace) {
  vschema::VSchema vschema;
  vschema.sharded = keyspace.shards.size() > 1;
  if (keyspace.vschema.given()) {
    Result<vschema::VSchema> parsed = vschema::parse_vschema(keyspace.vschema.text);
    if (!parsed) return failure(parsed.error().with_context("vschema of keyspace " + keyspace.name));
    vschema = std::move(*parsed);
  }
  return vschema::to_json(vschema, true);
}

/// Done again is done.
Result<void> unless(const Result<void>& done, const ErrorCode& fine) {
  if (done || done.error().is(fine)) return {};
  return done;
}

}  // namespace

struct Records::State {
  Result<std::unique_ptr<topo::EtcdStore>> store;

  Task<Result<void>> ensure_keyspace(topo::TopoServer& server, const spec::Keyspace& keyspace,
                                     std::string& applied);
  Task<Result<void>> ensure_shards(topo::TopoServer& server, const spec::Keyspace& keyspace);
};

Records::Records(const std::vector<std::string>& endpoints, const std::string& cluster)
    : state_(new State{topo::EtcdStore::make({.endpoints = endpoints, .root = "/kintsugi/" + cluster})}) {}

Records::~Records() = default;

Task<Result<Observed>> Records::observe(const spec::Cluster& cluster) {
  if (!state_->store) co_return failure(state_->store.error());
  Observed observed;
  for (const spec::Keyspace& keyspace : cluster.keyspaces) {
    for (const topo::KeyRange& range : keyspace.shards) {
      const topo::ShardName shard{keyspace.name, range.text()};
      const Result<topo::Versioned<topo::v1::Shard>> record =
          co_await topo::read_record<topo::v1::Shard>(**state_->store, topo::paths::shard(shard));
      if (!record && record.error().is(topo::kNoNode)) continue;
      if (!record) co_return failure(record.error());
      if (record->record.serving()) observed.serving.insert(shard);
      if (record->record.primary_alias().empty()) continue;
      Result<topo::TabletAlias> primary = topo::TabletAlias::parse(record->record.primary_alias());
      if (primary) observed.primaries[shard] = std::move(*primary);
    }
  }
  co_return observed;
}

Task<Result<void>> Records::ensure(const spec::Cluster& cluster,
                                   std::map<std::string, std::string>& applied) {
  if (!state_->store) co_return failure(state_->store.error());
  topo::TopoServer server(**state_->store);
  for (const spec::Cell& cell : cluster.cells) {
    topo::v1::CellInfo record;
    record.set_description(cell.description);
    Result<void> put = co_await server.put_cell(cell.name, std::move(record));
    if (!put) co_return put;
  }
  for (const spec::Keyspace& keyspace : cluster.keyspaces) {
    Result<void> keyspace_is_there =
        co_await state_->ensure_keyspace(server, keyspace, applied[keyspace.name]);
    if (!keyspace_is_there) co_return keyspace_is_there;
    Result<void> shards_are_there = co_await state_->ensure_shards(server, keyspace);
    if (!shards_are_there) co_return shards_are_there;
  }
  co_return Result<void>();
}

Task<Result<void>> Records::State::ensure_keyspace(topo::TopoServer& server, const spec::Keyspace& keyspace,
                                                   std::string& applied) {
  topo::v1::Keyspace record;
  record.set_durability(durability_of(keyspace.durability));
  for (const spec::TabletPool& pool : keyspace.tablets)
    record.set_tablets_per_shard(record.tablets_per_shard() + static_cast<std::uint32_t>(pool.count));
  const Result<void> created = co_await server.create_keyspace(keyspace.name, record);
  if (!created && !created.error().is(topo::kNodeExists)) co_return created;
  if (!created) {
    std::function<Result<bool>(topo::v1::Keyspace&)> follow_spec =
        [&](topo::v1::Keyspace& old) -> Result<bool> {
      if (old.durability() == record.durability() && old.tablets_per_shard() == record.tablets_per_shard())
        return false;
      old.set_durability(record.durability());
      old.set_tablets_per_shard(record.tablets_per_shard());
      return true;
    };
    const Result<topo::v1::Keyspace> edited = co_await topo::edit_record<topo::v1::Keyspace>(
        **store, topo::paths::keyspace(keyspace.name), std::move(follow_spec));
    if (!edited) co_return failure(edited.error());
  }
  const std::string key = topo::paths::vschema(keyspace.name);
  const Result<topo::Node> there = co_await (*store)->get(key);
  if (!there && !there.error().is(topo::kNoNode)) co_return failure(there.error());
  const bool spec_changed = keyspace.vschema.given() && keyspace.vschema.text != applied;
  if (there && !spec_changed) co_return Result<void>();
  Result<std::string> text = vschema_text(keyspace);
  if (!text) co_return failure(text.error());
  topo::Store::Edit write = [&text](const std::optional<std::string>&) -> Result<std::optional<std::string>> {
    return *text;
  };
  const Result<void> put = co_await server.edit_vschema(keyspace.name, std::move(write));
  if (!put) co_return failure(put.error());
  applied = keyspace.vschema.text;
  co_return Result<void>();
}

Task<Result<void>> Records::State::ensure_shards(topo::TopoServer& server, const spec::Keyspace& keyspace) {
  std::vector<topo::KeyRange> missing;
  std::vector<topo::KeyRange> serving;
  for (const topo::KeyRange& range : keyspace.shards) {
    const Result<topo::Versioned<topo::v1::Shard>> record = co_await topo::read_record<topo::v1::Shard>(
        **store, topo::paths::shard({keyspace.name, range.text()}));
    if (!record && !record.error().is(topo::kNoNode)) co_return failure(record.error());
    if (!record) missing.push_back(range);
    if (record && record->record.serving()) serving.push_back(range);
  }
  for (const topo::KeyRange& range : missing) {
    bool overlaps = false;
    for (const topo::KeyRange& other : serving) overlaps = overlaps || other.intersects(range);
    topo::ShardName shard{keyspace.name, range.text()};
    const Result<void> created = co_await server.create_shard(std::move(shard), !overlaps);
    if (Result<void> is_there = unless(created, topo::kNodeExists); !is_there) co_return is_there;
  }
  co_return Result<void>();
}

Task<Result<void>> Records::forget(const std::vector<topo::TabletAlias>& tablets, const SpecChange& change) {
  if (!state_->store) co_return failure(state_->store.error());
  topo::TopoServer server(**state_->store);
  for (const topo::TabletAlias& alias : tablets) {
    Result<void> deleted = co_await server.delete_tablet(alias);
    // The claim of an agent that was killed ends with its lease.
    for (const Time deadline = Clock::now() + kLeaseMax;
         !deleted && deleted.error().is(topo::kAliasTaken) && Clock::now() < deadline;) {
      co_await runtime::sleep_for(kLeaseLook);
      deleted = co_await server.delete_tablet(alias);
    }
    if (Result<void> gone = unless(deleted, topo::kNoNode); !gone) co_return gone;
  }
  for (const topo::ShardName& shard : change.removed_shards) {
    const Result<void> deleted = co_await server.delete_shard(shard, true);
    if (Result<void> gone = unless(deleted, topo::kNoNode); !gone) co_return gone;
  }
  for (const std::string& keyspace : change.removed_keyspaces) {
    const Result<void> deleted = co_await server.delete_keyspace(keyspace, true);
    if (Result<void> gone = unless(deleted, topo::kNoNode); !gone) co_return gone;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::local
