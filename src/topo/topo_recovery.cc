#include <algorithm>

#include <fmt/format.h>

#include "topo/detail/record_help.h"
#include "topo/records.h"
#include "topo/topo_server.h"

namespace kintsugi::topo {
namespace {

/// "20261126T143512.123Z-5": sorts by time, is one element of a key, and says the epoch.
std::string recovery_id(WallTime now, std::uint32_t epoch) {
  std::string id = to_rfc3339(now, true);
  std::erase_if(id, [](char c) { return c == '-' || c == ':'; });
  return id + '-' + std::to_string(epoch);
}

}  // namespace

Task<Result<v1::Shard>> TopoServer::begin_primary_change(ShardName shard, v1::PrimaryChange change,
                                                         v1::Recovery journal, std::uint32_t expected_epoch,
                                                         WallTime now) {
  const std::string key = paths::shard(shard);
  Result<Versioned<v1::Shard>> read = co_await read_record<v1::Shard>(store_, key);
  if (!read) co_return failure(read.error().is(kNoNode) ? no_shard(shard) : read.error());
  v1::Shard& record = read->record;
  if (record.epoch() != expected_epoch) co_return failure(stale_epoch(shard, record, expected_epoch));
  if (record.primary_alias().empty())
    co_return failure(kInvalidArgument, fmt::format("shard {} has no primary yet", shard.text()));
  record.set_epoch(expected_epoch + 1);
  change.set_id(recovery_id(now, record.epoch()));
  set_time(*change.mutable_began_at(), now);
  journal.set_id(change.id());
  journal.set_keyspace(shard.keyspace);
  journal.set_shard(shard.shard);
  journal.set_kind(change.kind());
  journal.set_from(record.primary_alias());
  journal.set_epoch(record.epoch());
  *journal.mutable_began_at() = change.began_at();
  *record.mutable_change() = std::move(change);
  Transaction transaction;
  transaction.compares = {{key, read->revision}};
  transaction.writes = {{key, to_text(record), 0},
                        {paths::recovery(shard, journal.id()), to_text(journal), 0}};
  const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
  if (!done) co_return failure(done.error());
  if (!done->committed)
    co_return failure(kStaleEpoch, fmt::format("shard {} was changed at the same time", shard.text()));
  co_return std::move(record);
}

Task<Result<v1::Shard>> TopoServer::end_primary_change(ShardName shard, std::optional<TabletAlias> primary,
                                                       std::uint32_t expected_epoch, WallTime now) {
  std::function<Result<bool>(v1::Shard&)> edit = [&](v1::Shard& record) -> Result<bool> {
    if (record.epoch() != expected_epoch) return failure(stale_epoch(shard, record, expected_epoch));
    record.set_epoch(expected_epoch + 1);
    record.clear_change();
    if (primary) {
      record.set_primary_alias(primary->text());
      set_time(*record.mutable_primary_since(), now);
    }
    return true;
  };
  Result<v1::Shard> done = co_await edit_record<v1::Shard>(store_, paths::shard(shard), std::move(edit));
  if (!done && done.error().is(kNoNode)) co_return failure(no_shard(shard));
  co_return done;
}

Task<Result<std::string>> TopoServer::begin_reclone(ShardName shard, v1::Recovery journal,
                                                    std::uint32_t epoch, WallTime now) {
  journal.set_id(recovery_id(now, epoch));
  journal.set_keyspace(shard.keyspace);
  journal.set_shard(shard.shard);
  journal.set_epoch(epoch);
  journal.set_to(journal.reclone());
  set_time(*journal.mutable_began_at(), now);
  const std::string key = paths::recovery(shard, journal.id());
  Transaction transaction;
  transaction.compares = {{key, 0}};
  transaction.writes = {{key, to_text(journal), 0}};
  const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
  if (!done) co_return failure(done.error());
  if (!done->committed)
    co_return failure(kNodeExists, fmt::format("a recovery of {} began in this moment", shard.text()));
  co_return journal.id();
}

Task<Result<void>> TopoServer::edit_recovery(ShardName shard, std::string id,
                                             std::function<bool(v1::Recovery&)> edit) {
  std::function<Result<bool>(v1::Recovery&)> change = [&](v1::Recovery& journal) -> Result<bool> {
    return edit(journal);
  };
  const auto done = co_await edit_record<v1::Recovery>(store_, paths::recovery(shard, id), std::move(change));
  if (!done) co_return failure(done.error());
  co_return Result<void>();
}

Task<Result<std::vector<v1::Recovery>>> TopoServer::recoveries(std::optional<ShardName> shard) {
  std::string prefix = shard ? paths::recoveries(*shard) : std::string(paths::kKeyspaces) + '/';
  Result<std::vector<Node>> nodes = co_await store_.list(std::move(prefix));
  if (!nodes) co_return failure(std::move(nodes.error()));
  std::vector<v1::Recovery> journals;
  for (const Node& node : *nodes) {
    if (parse_key(node.key).kind != RecordKind::recovery) continue;
    v1::Recovery journal;
    if (Result<void> parsed = from_text(node.key, node.value, journal); !parsed)
      co_return failure(std::move(parsed.error()));
    journals.push_back(std::move(journal));
  }
  std::ranges::sort(journals, std::greater<>(), &v1::Recovery::id);
  co_return journals;
}

Task<Result<void>> TopoServer::prune_recoveries(ShardName shard, std::size_t keep) {
  Result<std::vector<Node>> nodes = co_await store_.list(paths::recoveries(shard), true);
  if (!nodes) co_return failure(std::move(nodes.error()));
  if (nodes->size() <= keep) co_return Result<void>();
  nodes->resize(nodes->size() - keep);  // ids sort by time
  Result<void> erased = co_await erase_all(std::move(*nodes));
  co_return erased;
}

}  // namespace kintsugi::topo
