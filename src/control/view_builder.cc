#include "control/view_builder.h"

#include <algorithm>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

#include "rpc/json.h"
#include "topo/key_range.h"

namespace kintsugi::control {
namespace {

std::vector<std::string> split(const std::string& key) {
  std::vector<std::string> parts;
  std::istringstream words(key);
  for (std::string word; std::getline(words, word, '/');) parts.push_back(word);
  return parts;
}

bool matches(const std::vector<std::string>& parts, std::initializer_list<std::string_view> pattern) {
  return std::equal(
      parts.begin(), parts.end(), pattern.begin(), pattern.end(),
      [](const std::string& part, std::string_view wanted) { return wanted == "*" || part == wanted; });
}

// zone1-9 before zone1-10: by cell, then by number.
std::tuple<std::string, std::size_t, std::string> alias_key(const std::string& alias) {
  const auto dash = std::min(alias.rfind('-'), alias.size());
  return {alias.substr(0, dash), alias.size() - dash, alias.substr(dash)};
}

class Builder {
 public:
  explicit Builder(const HealthByAlias& health) : health_(health) {}

  void add(const std::string& key, const std::string& value) {
    const std::vector<std::string> parts = split(key);
    if (matches(parts, {"global", "cells", "*", "CellInfo"})) {
      read(key, value, built_.view.cells[parts[2]]);
    } else if (matches(parts, {"global", "keyspaces", "*", "Keyspace"})) {
      read(key, value, keyspace(parts[2]).record);
    } else if (matches(parts, {"global", "keyspaces", "*", "VSchema"})) {
      read(key, value, keyspace(parts[2]).vschema);
    } else if (matches(parts, {"global", "keyspaces", "*", "shards", "*", "Shard"})) {
      read(key, value, shard(parts[2], parts[4]).record);
    } else if (matches(parts, {"local", "*", "tablets", "*", "Tablet"})) {
      if (TabletView tablet; read(key, value, tablet.record))
        tablets_[parts[3]].record = std::move(tablet.record);
    } else if (matches(parts, {"local", "*", "tablets", "*", "Owner"})) {
      tablets_[parts[3]].alive = true;
    }
  }

  BuiltView finish() {
    for (auto& [alias, tablet] : tablets_) place(alias, std::move(tablet));
    for (auto& [name, each] : keyspaces_) {
      each.name = name;
      for (auto& [shard_name, one] : shards_[name]) {
        std::ranges::sort(one.tablets, {},
                          [](const TabletView& view) { return alias_key(view.record.alias()); });
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
  template <class Message>
  bool read(const std::string& key, const std::string& value, Message& into) {
    const Result<void> parsed = rpc::from_json(value, into, rpc::UnknownFields::ignore);
    if (!parsed)
      built_.unreadable.push_back(fmt::format("record {} cannot be read: {}", key, parsed.error().message()));
    return parsed.has_value();
  }

  KeyspaceView& keyspace(const std::string& name) { return keyspaces_[name]; }

  ShardView& shard(const std::string& keyspace_name, const std::string& name) {
    keyspace(keyspace_name);
    ShardView& view = shards_[keyspace_name][name];
    view.keyspace = keyspace_name;
    view.name = name;
    return view;
  }

  void place(const std::string& alias, TabletView tablet) {
    // An owner without a record: the agent is about to register.
    if (tablet.record.keyspace().empty()) return;
    if (const auto found = health_.find(alias); found != health_.end()) {
      tablet.heard = true;
      tablet.health = found->second;
    }
    const auto keyspace_shards = shards_.find(tablet.record.keyspace());
    if (keyspace_shards == shards_.end() || !keyspace_shards->second.contains(tablet.record.shard())) {
      built_.unreadable.push_back(fmt::format("tablet {} belongs to shard {}/{}, which has no record", alias,
                                              tablet.record.keyspace(), tablet.record.shard()));
      return;
    }
    keyspace_shards->second[tablet.record.shard()].tablets.push_back(std::move(tablet));
  }

  const HealthByAlias& health_;
  BuiltView built_;
  std::map<std::string, KeyspaceView> keyspaces_;
  std::map<std::string, std::map<std::string, ShardView>> shards_;
  std::map<std::string, TabletView> tablets_;
};

}  // namespace

BuiltView build_view(const std::map<std::string, std::string>& records, const HealthByAlias& health) {
  Builder builder(health);
  for (const auto& [key, value] : records) builder.add(key, value);
  return builder.finish();
}

}  // namespace kintsugi::control
