#include "tablet/detail/shard_watch.h"

#include <algorithm>

#include "base/log.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/cancel.h"
#include "runtime/task_group.h"
#include "topo/records.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

Durability to_durability(topo::v1::Durability durability) {
  switch (durability) {
    case topo::v1::none:
      return Durability::none;
    case topo::v1::semi_sync:
      return Durability::semi_sync;
    case topo::v1::cross_cell:
      return Durability::cross_cell;
    default:
      return Durability::unset;
  }
}

template <class Record>
std::optional<Record> parse(const std::string& key, const std::string& text) {
  Record record;
  const Result<void> parsed = topo::from_text(key, text, record);
  if (parsed) return record;
  kLog.warning("record.unreadable", {{"key", key}, {"error", parsed.error()}});
  return std::nullopt;
}

}  // namespace

ShardWatch::ShardWatch(topo::Store& store, topo::ShardName shard, runtime::Event& changed)
    : store_(store),
      shard_(std::move(shard)),
      changed_(changed),
      parts_{Part(*this, topo::paths::keyspace(shard_.keyspace)), Part(*this, topo::paths::shard(shard_)),
             Part(*this, "local/")} {}

Task<void> ShardWatch::run(runtime::Cancel& cancel) {
  runtime::TaskGroup watches;
  for (Part& part : parts_) watches.spawn(store_.watch(part.prefix_, part, &cancel));
  co_await watches.join();
}

bool ShardWatch::known() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.known_; });
}

std::string ShardWatch::lost() const {
  for (const Part& part : parts_) {
    if (!part.lost_.empty()) return part.lost_;
  }
  return {};
}

void ShardWatch::Part::on_snapshot(std::vector<topo::Node> nodes, topo::Revision) {
  nodes_.clear();
  for (topo::Node& node : nodes) nodes_[std::move(node.key)] = std::move(node.value);
  known_ = true;
  lost_.clear();
  owner_.rebuild();
}

void ShardWatch::Part::on_changes(std::vector<topo::WatchEvent> events, topo::Revision) {
  lost_.clear();
  if (events.empty()) return;
  for (topo::WatchEvent& event : events) {
    if (event.removed) {
      nodes_.erase(event.node.key);
    } else {
      nodes_[event.node.key] = std::move(event.node.value);
    }
  }
  owner_.rebuild();
}

void ShardWatch::Part::on_lost(const Error& error) {
  const bool told = !owner_.lost().empty();
  lost_ = error.text();
  if (told) return;
  kLog.warning("topology.lost", {{"shard", owner_.shard_.text()}, {"error", error}});
  owner_.changed_.set();
}

void ShardWatch::take_tablet(const std::string& key, const std::string& text, ShardPicture& picture) {
  const topo::KeyParts parts = topo::parse_key(key);
  if (parts.kind != topo::RecordKind::tablet) return;
  const Result<topo::TabletAlias> alias = topo::TabletAlias::parse(parts.name);
  if (!alias) return;
  const auto record = parse<topo::v1::Tablet>(key, text);
  if (!record) {
    const auto last = picture_.tablets.find(*alias);
    if (last != picture_.tablets.end()) picture.tablets.insert(*last);
    return;
  }
  if (record->keyspace() != shard_.keyspace || record->shard() != shard_.shard) return;
  TabletRecord& tablet = picture.tablets[*alias];
  tablet.type = static_cast<topo::TabletType>(record->type());
  tablet.host = record->address().host();
  tablet.mysql_port = static_cast<std::uint16_t>(record->address().mysql_port());
  tablet.http_port = static_cast<std::uint16_t>(record->address().http_port());
  tablet.owner = record->owner();
  tablet.acknowledges = record->acknowledges();
}

void ShardWatch::rebuild() {
  if (!known()) return;
  ShardPicture picture;
  const std::string keyspace_key = topo::paths::keyspace(shard_.keyspace);
  if (const auto node = parts_[0].nodes_.find(keyspace_key); node != parts_[0].nodes_.end()) {
    const auto record = parse<topo::v1::Keyspace>(keyspace_key, node->second);
    picture.durability = record ? to_durability(record->durability()) : picture_.durability;
  }
  const std::string shard_key = topo::paths::shard(shard_);
  if (const auto node = parts_[1].nodes_.find(shard_key); node != parts_[1].nodes_.end()) {
    picture.exists = true;
    picture.primary = picture_.primary;
    picture.epoch = picture_.epoch;
    picture.change = picture_.change;
    if (const auto record = parse<topo::v1::Shard>(shard_key, node->second)) {
      const Result<topo::TabletAlias> primary = topo::TabletAlias::parse(record->primary_alias());
      picture.primary = primary ? std::optional(*primary) : std::nullopt;
      picture.epoch = record->epoch();
      picture.change = !record->has_change()                                         ? Change::none
                       : record->change().kind() == topo::v1::PrimaryChange::planned ? Change::planned
                                                                                     : Change::unplanned;
    }
  }
  for (const auto& [key, text] : parts_[2].nodes_) take_tablet(key, text, picture);
  picture_ = std::move(picture);
  changed_.set();
}

}  // namespace kintsugi::tablet
