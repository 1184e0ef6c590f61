#include "control/view_builder.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "control/shard_picture.h"
#include "recovery/recovery.h"
#include "topo/names.h"
#include "topo/records.h"

namespace kintsugi::control {
namespace {

using topo::RecordKind;

// zone1-9 before zone1-10; what is no alias comes first.
topo::TabletAlias parsed_alias(const TabletView& tablet) {
  return topo::TabletAlias::parse(tablet.record.alias()).value_or(topo::TabletAlias());
}

class Builder {
 public:
  explicit Builder(const HealthByAlias& health) : health_(health) {}

  void add(const std::string& key, const std::string& value) {
    const topo::KeyParts parts = topo::parse_key(key);
    switch (parts.kind) {
      case RecordKind::cell:
        read(key, value, built_.view.cells[parts.cell]);
        break;
      case RecordKind::keyspace:
        read(key, value, keyspaces_[parts.keyspace].record);
        break;
      case RecordKind::vschema:
        read(key, value, keyspaces_[parts.keyspace].vschema);
        break;
      case RecordKind::shard:
        add_shard(parts, value);
        break;
      case RecordKind::tablet:
        tablets_[parts.name].cell = parts.cell;
        read(key, value, tablets_[parts.name].record);
        break;
      case RecordKind::tablet_owner:
        tablets_[parts.name].alive = true;
        break;
      default:
        break;
    }
  }

  BuiltView finish() {
    for (auto& [alias, tablet] : tablets_) place(alias, std::move(tablet));
    std::ranges::sort(built_.view.homeless, {}, parsed_alias);
    for (auto& [name, each] : keyspaces_) {
      each.name = name;
      for (auto& [shard_name, one] : shards_[name]) {
        std::ranges::sort(one.tablets, {}, parsed_alias);
        each.shards.push_back(std::move(one));
      }
      // The names of key ranges sort by their start: "" of "-80" first.
      std::ranges::sort(each.shards, {},
                        [](const ShardView& view) { return view.record.key_range().start(); });
      built_.view.keyspaces.push_back(std::move(each));
    }
    return std::move(built_);
  }

 private:
  bool read(const std::string& key, const std::string& value, google::protobuf::Message& into) {
    const Result<void> parsed = topo::from_text(key, value, into);
    if (parsed) return true;
    into.Clear();
    built_.unreadable.push_back(parsed.error().message());
    return false;
  }

  void add_shard(const topo::KeyParts& parts, const std::string& value) {
    keyspaces_.try_emplace(parts.keyspace);
    ShardView& shard = shards_[parts.keyspace][parts.shard];
    shard.keyspace = parts.keyspace;
    shard.name = parts.shard;
    shard.readable = read(topo::paths::shard({parts.keyspace, parts.shard}), value, shard.record);
  }

  void place(const std::string& alias, TabletView tablet) {
    // An owner without a record is an agent about to register; a record that cannot be read is told of.
    if (tablet.record.keyspace().empty()) return;
    if (const auto found = health_.find(alias); found != health_.end()) {
      tablet.heard = true;
      tablet.health = found->second;
    }
    const auto shards = shards_.find(tablet.record.keyspace());
    const bool known = shards != shards_.end() && shards->second.contains(tablet.record.shard());
    std::vector<TabletView>& home =
        known ? shards->second[tablet.record.shard()].tablets : built_.view.homeless;
    home.push_back(std::move(tablet));
  }

  const HealthByAlias& health_;
  BuiltView built_;
  std::map<std::string, KeyspaceView> keyspaces_;
  std::map<std::string, std::map<std::string, ShardView>> shards_;
  std::map<std::string, TabletView> tablets_;
};

}  // namespace

BuiltView build_view(const topo::Records& records, const HealthByAlias& health) {
  Builder builder(health);
  for (const auto& [key, value] : records) builder.add(key, value);
  return builder.finish();
}

std::vector<std::string> all_problems(const topo::Records& records, const BuiltView& built) {
  std::vector<std::string> problems = topo::derive_serving(records).problems;
  for (const std::string& sentence : built.unreadable) {
    if (std::ranges::find(problems, sentence) == problems.end()) problems.push_back(sentence);
  }
  for (const KeyspaceView& keyspace : built.view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      if (!shard.readable) continue;
      std::vector<std::string> of_shard = problems_of(shard);
      // What is wrong with a tablet is told; this is for what all tablets are well without.
      const std::string lack = recovery::lack_of_redundancy(picture_of(keyspace, shard, false, WallTime()));
      if (of_shard.empty() && !lack.empty()) {
        of_shard.push_back(fmt::format("{}: nobody could take over from its primary {} now: {}",
                                       shard.full_name(), shard.record.primary_alias(), lack));
      }
      std::ranges::move(of_shard, std::back_inserter(problems));
    }
  }
  return problems;
}

std::size_t not_redundant(const BuiltView& built) {
  std::size_t count = 0;
  for (const KeyspaceView& keyspace : built.view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      const bool led = shard.readable && !shard.record.primary_alias().empty();
      if (led && !recovery::lack_of_redundancy(picture_of(keyspace, shard, false, WallTime())).empty())
        ++count;
    }
  }
  return count;
}

bool is_in_view(std::string_view key) {
  switch (topo::parse_key(key).kind) {
    case RecordKind::cell:
    case RecordKind::keyspace:
    case RecordKind::vschema:
    case RecordKind::shard:
    case RecordKind::tablet:
    case RecordKind::tablet_owner:
      return true;
    default:
      return false;
  }
}

}  // namespace kintsugi::control
