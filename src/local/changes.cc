#include "local/changes.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "local/errors.h"

namespace kintsugi::local {

namespace {

bool has(const std::vector<topo::KeyRange>& shards, const topo::KeyRange& shard) {
  return std::ranges::find(shards, shard) != shards.end();
}

std::vector<std::string> texts(const std::vector<topo::KeyRange>& shards) {
  std::vector<std::string> all;
  for (const topo::KeyRange& each : shards) all.push_back(each.text());
  return all;
}

/// One keyspace that was there and stays.
void change_shards(const spec::Keyspace& before, spec::Keyspace& wanted, const Observed& observed,
                   SpecChange& change) {
  std::vector<topo::KeyRange> serving;
  for (const topo::KeyRange& each : before.shards) {
    if (observed.serving.contains({before.name, each.text()})) serving.push_back(each);
  }
  std::vector<topo::KeyRange> waiting;
  for (const topo::KeyRange& each : wanted.shards) {
    if (has(before.shards, each)) continue;
    const bool overlaps =
        std::ranges::any_of(serving, [&](const auto& other) { return other.intersects(each); });
    (overlaps ? change.waiting_shards : change.new_shards).push_back({wanted.name, each.text()});
    if (overlaps) waiting.push_back(each);
  }
  std::vector<topo::KeyRange> retained;
  for (const topo::KeyRange& each : before.shards) {
    if (has(wanted.shards, each)) continue;
    if (has(serving, each)) {
      retained.push_back(each);
      change.retained_shards.push_back(wanted.name + '/' + each.text());
    } else {
      change.removed_shards.push_back({wanted.name, each.text()});
    }
  }
  if (!waiting.empty()) {
    change.notes.push_back(
        fmt::format("keyspace {}: the servers of {} run, but serve nothing until a reshard has moved the "
                    "data to them; until then {} "
                    "go on serving",
                    wanted.name, fmt::join(texts(waiting), ", "), fmt::join(texts(serving), ", ")));
  } else if (!retained.empty()) {
    change.notes.push_back(fmt::format("keyspace {}: {} are no longer in the spec, but stay while they serve",
                                       wanted.name, fmt::join(texts(retained), ", ")));
  }
  std::ranges::move(retained, std::back_inserter(wanted.shards));
  std::ranges::sort(wanted.shards);
}

}  // namespace

Result<SpecChange> decide_change(const spec::Cluster* before, const spec::Cluster& wanted,
                                 const Observed& observed, bool allow_data_loss) {
  SpecChange change;
  change.cluster = wanted;
  if (before != nullptr && before->name != wanted.name) {
    return failure(kRefusedChange,
                   fmt::format("this folder is of cluster '{}' and the spec is of '{}': give each its own "
                               "with --dir",
                               before->name, wanted.name));
  }
  for (spec::Keyspace& keyspace : change.cluster.keyspaces) {
    const spec::Keyspace* old = before == nullptr ? nullptr : before->keyspace(keyspace.name);
    if (old != nullptr) {
      change_shards(*old, keyspace, observed, change);
      continue;
    }
    for (const topo::KeyRange& each : keyspace.shards)
      change.new_shards.push_back({keyspace.name, each.text()});
  }
  if (before == nullptr) return change;
  for (const spec::Keyspace& old : before->keyspaces) {
    if (wanted.keyspace(old.name) != nullptr) continue;
    change.removed_keyspaces.push_back(old.name);
    for (const topo::KeyRange& each : old.shards) change.removed_shards.push_back({old.name, each.text()});
  }
  if (!change.removed_keyspaces.empty() && !allow_data_loss) {
    return failure(
        kRefusedChange,
        fmt::format("the spec no longer has keyspace {}: applying it would remove its servers and all of its "
                    "data. If that is meant, add --allow-data-loss",
                    fmt::join(change.removed_keyspaces, ", ")));
  }
  return change;
}

void keep_primaries(const spec::Cluster& wanted, const Observed& observed, spec::AliasBook& book) {
  for (const spec::Keyspace& keyspace : wanted.keyspaces) {
    std::map<std::string, int> count_by_cell;
    bool numbered = false;
    for (const spec::TabletPool& pool : keyspace.tablets) {
      if (pool.type == topo::TabletType::replica) count_by_cell[pool.cell] += pool.count;
      numbered = numbered || !pool.uids.empty();
    }
    if (numbered) continue;  // the spec itself says which stay
    for (const topo::KeyRange& range : keyspace.shards) {
      const topo::ShardName shard{keyspace.name, range.text()};
      const auto primary = observed.primaries.find(shard);
      if (primary == observed.primaries.end()) continue;
      const int count = count_by_cell[primary->second.cell];
      spec::TabletSlot slot{shard, primary->second.cell, topo::TabletType::replica, 0};
      const auto stays = book.find(slot.text());
      for (slot.ordinal = count; count > 0 && stays != book.end(); ++slot.ordinal) {
        const auto goes = book.find(slot.text());
        if (goes == book.end()) break;
        if (goes->second == primary->second) std::swap(goes->second, stays->second);
      }
    }
  }
}

ProcessChanges diff_processes(const std::vector<ProcessPlan>& desired,
                              const std::map<std::string, std::string>& running) {
  ProcessChanges changes;
  std::set<std::string_view> wanted;
  for (const ProcessPlan& plan : desired) {
    wanted.insert(plan.name);
    const auto found = running.find(plan.name);
    if (found == running.end()) {
      changes.start.push_back(plan.name);
    } else {
      (found->second == plan.fingerprint() ? changes.keep : changes.restart).push_back(plan.name);
    }
  }
  for (const auto& [process, fingerprint] : running) {
    if (!wanted.contains(process)) changes.stop.push_back(process);
  }
  return changes;
}

}  // namespace kintsugi::local
