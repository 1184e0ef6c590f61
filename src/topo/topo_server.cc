#include "topo/topo_server.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "topo/detail/record_help.h"
#include "topo/key_range.h"
#include "topo/records.h"

namespace kintsugi::topo {
namespace {

Error no_keyspace(const std::string& keyspace) {
  return {kNoNode, fmt::format("there is no keyspace {}", keyspace)};
}

v1::Shard new_shard(const KeyRange& range, bool serving) {
  v1::Shard record;
  record.mutable_key_range()->set_start(to_hex(range.start));
  record.mutable_key_range()->set_end(to_hex(range.end));
  record.set_serving(serving);
  return record;
}

// A write of a new record for each, or what is wrong with the names.
Result<std::vector<Transaction::Write>> new_shards(const std::string& keyspace,
                                                   const std::vector<std::string>& names) {
  std::vector<Transaction::Write> writes;
  std::vector<KeyRange> ranges;
  for (const std::string& name : names) {
    if (auto checked = check_shard_name(name); !checked) return failure(checked.error());
    ranges.push_back(KeyRange::parse(name).value());
    writes.push_back({paths::shard({keyspace, name}), to_text(new_shard(ranges.back(), true)), 0});
  }
  if (!names.empty()) {
    if (auto whole = check_partition(std::move(ranges)); !whole) return failure(whole.error());
  }
  return writes;
}

}  // namespace

Task<Result<void>> TopoServer::put_cell(std::string cell, v1::CellInfo record) {
  if (auto checked = check_cell_name(cell); !checked) co_return failure(checked.error());
  const Result<Revision> put = co_await store_.put(paths::cell(cell), to_text(record));
  if (!put) co_return failure(put.error());
  co_return Result<void>();
}

Task<Result<std::vector<std::string>>> TopoServer::cells() {
  return store_.children(std::string(paths::kCells));
}

Task<Result<void>> TopoServer::create_keyspace(std::string keyspace, v1::Keyspace record,
                                               std::vector<std::string> shards) {
  if (auto checked = check_keyspace_name(keyspace); !checked) co_return failure(checked.error());
  Result<std::vector<Transaction::Write>> writes = new_shards(keyspace, shards);
  if (!writes) co_return failure(writes.error());
  if (!record.has_created_at()) set_time(*record.mutable_created_at(), std::chrono::system_clock::now());
  writes->insert(writes->begin(), {paths::keyspace(keyspace), to_text(record), 0});
  // What has more shards than one transaction holds is served when the last of them is there.
  for (std::size_t from = 0; from < writes->size(); from += Transaction::kWritesMax) {
    Transaction transaction;
    for (std::size_t i = from; i < std::min(writes->size(), from + Transaction::kWritesMax); ++i) {
      transaction.compares.push_back({(*writes)[i].key, 0});
      transaction.writes.push_back(std::move((*writes)[i]));
    }
    const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
    if (!done) co_return failure(done.error());
    if (!done->committed) co_return failure(kNodeExists, fmt::format("keyspace {} exists already", keyspace));
  }
  co_return Result<void>();
}

Task<Result<std::vector<std::string>>> TopoServer::keyspaces() {
  return store_.children(std::string(paths::kKeyspaces));
}

Task<Result<std::vector<std::string>>> TopoServer::shards(std::string keyspace) {
  return store_.children(fmt::format("{}/{}/shards", paths::kKeyspaces, keyspace));
}

// Removes nodes in transactions of a size that etcd takes, each only if nobody changed it meanwhile.
Task<Result<void>> TopoServer::erase_all(std::vector<Node> nodes) {
  for (std::size_t from = 0; from < nodes.size(); from += Transaction::kWritesMax) {
    Transaction transaction;
    for (std::size_t i = from; i < std::min(nodes.size(), from + Transaction::kWritesMax); ++i) {
      transaction.compares.push_back({nodes[i].key, nodes[i].revision});
      transaction.writes.push_back({nodes[i].key, std::nullopt, 0});
    }
    Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
    if (!done) co_return failure(done.error());
    if (!done->committed) {
      co_return failure(kBadVersion, fmt::format("the records next to {} changed while they were removed",
                                                 nodes[from].key));
    }
  }
  co_return Result<void>();
}

// The records of the tablets of a shard, or of all shards of a keyspace if `shard` is empty.
Task<Result<std::vector<Node>>> TopoServer::tablet_nodes_of(std::string keyspace, std::string shard) {
  Result<std::vector<Node>> nodes = co_await store_.list("local/");
  if (!nodes) co_return failure(nodes.error());
  std::vector<Node> found;
  for (Node& node : *nodes) {
    v1::Tablet tablet;
    if (parse_key(node.key).kind != RecordKind::tablet || !from_text(node.key, node.value, tablet)) continue;
    if (tablet.keyspace() != keyspace || (!shard.empty() && tablet.shard() != shard)) continue;
    found.push_back(std::move(node));
  }
  co_return found;
}

Task<Result<void>> TopoServer::delete_keyspace(std::string keyspace, bool recursive) {
  Result<std::vector<Node>> nodes = co_await store_.list(fmt::format("{}/{}/", paths::kKeyspaces, keyspace));
  if (!nodes) co_return failure(nodes.error());
  if (nodes->empty()) co_return failure(no_keyspace(keyspace));
  Result<std::vector<Node>> tablets = co_await tablet_nodes_of(keyspace, "");
  if (!tablets) co_return failure(tablets.error());
  if (!tablets->empty() && !recursive) {
    co_return failure(kNotEmpty, fmt::format("keyspace {} has {} tablets", keyspace, tablets->size()));
  }
  std::move(tablets->begin(), tablets->end(), std::back_inserter(*nodes));
  Result<std::vector<Node>> events = co_await store_.list(paths::events(keyspace));
  if (!events) co_return failure(events.error());
  std::move(events->begin(), events->end(), std::back_inserter(*nodes));
  Result<void> erased = co_await erase_all(*std::move(nodes));
  co_return erased;
}

Task<Result<void>> TopoServer::check_overlap(ShardName shard) {
  const KeyRange range = KeyRange::parse(shard.shard).value();
  Result<std::vector<Node>> nodes =
      co_await store_.list(fmt::format("{}/{}/shards/", paths::kKeyspaces, shard.keyspace));
  if (!nodes) co_return failure(nodes.error());
  for (const Node& node : *nodes) {
    if (parse_key(node.key).kind != RecordKind::shard) continue;
    v1::Shard other;
    if (auto parsed = from_text(node.key, node.value, other); !parsed) co_return failure(parsed.error());
    const std::string name = parse_key(node.key).shard;
    const Result<KeyRange> taken = KeyRange::from_hex(other.key_range().start(), other.key_range().end());
    if (other.serving() && name != shard.shard && taken && taken->intersects(range)) {
      co_return failure(kBadPartition, fmt::format("shard {} overlaps {}/{}, which serves", shard.text(),
                                                   shard.keyspace, name));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> TopoServer::create_shard(ShardName shard, bool serving) {
  if (auto checked = check_keyspace_name(shard.keyspace); !checked) co_return failure(checked.error());
  if (auto checked = check_shard_name(shard.shard); !checked) co_return failure(checked.error());
  const v1::Shard record = new_shard(KeyRange::parse(shard.shard).value(), serving);
  constexpr int kAttemptsMax = 20;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const Result<Node> keyspace = co_await store_.get(paths::keyspace(shard.keyspace));
    if (!keyspace && keyspace.error().is(kNoNode)) co_return failure(no_keyspace(shard.keyspace));
    if (!keyspace) co_return failure(keyspace.error());
    const Result<Node> existing = co_await store_.get(paths::shard(shard));
    if (existing) co_return failure(kNodeExists, fmt::format("shard {} exists already", shard.text()));
    if (!existing.error().is(kNoNode)) co_return failure(existing.error());
    if (serving) {
      Result<void> checked = co_await check_overlap(shard);
      if (!checked) co_return failure(checked.error());
    }
    // The keyspace is written as it was, so that of two who add shards at once one has to look again.
    Transaction transaction;
    transaction.compares = {{paths::shard(shard), 0}, {keyspace->key, keyspace->revision}};
    transaction.writes = {{paths::shard(shard), to_text(record), 0}, {keyspace->key, keyspace->value, 0}};
    const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
    if (!done) co_return failure(done.error());
    if (done->committed) co_return Result<void>();
  }
  co_return failure(kBadVersion,
                    fmt::format("keyspace {} keeps changing while a shard is created", shard.keyspace));
}

Task<Result<void>> TopoServer::delete_shard(ShardName shard, bool recursive) {
  Result<Node> node = co_await store_.get(paths::shard(shard));
  if (!node) co_return failure(node.error().is(kNoNode) ? no_shard(shard) : node.error());
  Result<std::vector<Node>> nodes = co_await tablet_nodes_of(shard.keyspace, shard.shard);
  if (!nodes) co_return failure(nodes.error());
  if (!nodes->empty() && !recursive) {
    co_return failure(kNotEmpty,
                      fmt::format("shard {} has {} tablets: delete them first, or all at once with recursive",
                                  shard.text(), nodes->size()));
  }
  nodes->push_back(*std::move(node));
  Result<std::vector<Node>> journals = co_await store_.list(paths::recoveries(shard), true);
  if (!journals) co_return failure(journals.error());
  std::move(journals->begin(), journals->end(), std::back_inserter(*nodes));
  Result<void> erased = co_await erase_all(*std::move(nodes));
  co_return erased;
}

Task<Result<v1::Shard>> TopoServer::set_shard_primary(ShardName shard, TabletAlias primary,
                                                      std::uint32_t expected_epoch, WallTime now) {
  Result<Versioned<v1::Tablet>> tablet = co_await read_record<v1::Tablet>(store_, paths::tablet(primary));
  if (!tablet && tablet.error().is(kNoNode)) {
    co_return failure(kNoNode, fmt::format("there is no tablet {}", primary.text()));
  }
  if (!tablet) co_return failure(tablet.error());
  const v1::Tablet& record = tablet->record;
  if (record.keyspace() != shard.keyspace || record.shard() != shard.shard) {
    co_return failure(kInvalidArgument, fmt::format("tablet {} is of shard {}/{}, not {}", primary.text(),
                                                    record.keyspace(), record.shard(), shard.text()));
  }
  if (record.type() == v1::rdonly) {
    co_return failure(kInvalidArgument,
                      fmt::format("tablet {} is rdonly, and never becomes primary", primary.text()));
  }
  std::function<Result<bool>(v1::Shard&)> edit = [&](v1::Shard& edited) -> Result<bool> {
    if (edited.primary_alias() == primary.text()) return false;
    if (edited.epoch() != expected_epoch) return failure(stale_epoch(shard, edited, expected_epoch));
    edited.set_primary_alias(primary.text());
    edited.set_epoch(edited.epoch() + 1);
    set_time(*edited.mutable_primary_since(), now);
    return true;
  };
  Result<v1::Shard> done = co_await edit_record<v1::Shard>(store_, paths::shard(shard), std::move(edit));
  if (!done && done.error().is(kNoNode)) co_return failure(no_shard(shard));
  co_return done;
}

Task<Result<std::uint64_t>> TopoServer::take_ids(std::string keyspace, std::string sequence,
                                                 std::uint64_t count, std::uint64_t at_least) {
  if (auto checked = check_key_element("sequence", sequence); !checked) co_return failure(checked.error());
  std::uint64_t first = 0;
  std::function<Result<bool>(v1::Sequence&)> edit = [&](v1::Sequence& record) -> Result<bool> {
    first = std::max({record.next(), at_least, std::uint64_t{1}});
    if (count == 0 || count > std::numeric_limits<std::uint64_t>::max() - first) {
      return failure(kInvalidArgument, fmt::format("sequence {}.{}: {} ids from {} on cannot be taken",
                                                   keyspace, sequence, count, first));
    }
    record.set_next(first + count);
    return true;
  };
  const Result<v1::Sequence> done =
      co_await edit_record<v1::Sequence>(store_, paths::sequence(keyspace, sequence), std::move(edit), true);
  if (!done) co_return failure(done.error());
  co_return first;
}

}  // namespace kintsugi::topo
