// The part of TopoServer that makes what gates read.

#include <chrono>

#include <fmt/format.h>

#include "kintsugi/topo/v1/topo.pb.h"
#include "topo/derive.h"
#include "topo/records.h"
#include "topo/topo_server.h"

namespace kintsugi::topo {
namespace {

// How often a change that others keep overtaking is tried: far more than writers there are.
constexpr int kAttemptsMax = 100;

// The changes as transactions of one cell each: a gate is to see a keyspace's vschema change together with
// its shards. Cells of very many keyspaces need several.
std::vector<Transaction> in_transactions(std::map<std::string, std::optional<std::string>> changes,
                                         const std::map<std::string, Revision>& revisions) {
  std::vector<Transaction> transactions;
  std::string cell;
  for (auto& [key, value] : changes) {
    const std::string key_cell = parse_key(key).cell;
    if (transactions.empty() || cell != key_cell ||
        transactions.back().writes.size() == Transaction::kWritesMax) {
      transactions.emplace_back();
      cell = key_cell;
    }
    const auto revision = revisions.find(key);
    transactions.back().compares.push_back({key, revision == revisions.end() ? 0 : revision->second});
    transactions.back().writes.push_back({key, std::move(value), 0});
  }
  return transactions;
}

Error no_keyspace(const std::string& keyspace) {
  return {kNoNode, fmt::format("there is no keyspace {}", keyspace)};
}

Result<std::optional<Node>> if_there(Result<Node> node) {
  if (node) return std::optional<Node>(*std::move(node));
  if (node.error().is(kNoNode)) return std::optional<Node>();
  return failure(std::move(node.error()));
}

/// What a cell's gates read of all vschemas, with one of them as it is now; none: it is so already, or not
/// ours to mend.
std::optional<std::string> with_vschema(const Node& serving, const std::string& keyspace,
                                        const v1::VSchema& vschema) {
  v1::SrvVSchema record;
  if (!from_text(serving.key, serving.value, record)) return std::nullopt;
  (*record.mutable_keyspaces())[keyspace] = vschema;
  std::string text = to_text(record);
  if (text == serving.value) return std::nullopt;
  return text;
}

}  // namespace

Task<Result<void>> TopoServer::edit_vschema(std::string keyspace, Store::Edit edit) {
  Result<void> written = co_await write_vschema(keyspace, std::move(edit));
  if (!written) co_return written;
  const Result<std::vector<std::string>> all = co_await cells();
  if (!all) co_return failure(all.error());
  for (const std::string& cell : *all) {
    Result<void> published = co_await publish_vschema(keyspace, cell);
    if (!published) co_return published;
  }
  co_return Result<void>();
}

Task<Result<void>> TopoServer::write_vschema(std::string keyspace, Store::Edit edit) {
  const std::string key = paths::vschema(keyspace);
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    // The keyspace is compared too, so that one which is deleted meanwhile leaves no vschema behind.
    const Result<Node> there = co_await store_.get(paths::keyspace(keyspace));
    if (!there && there.error().is(kNoNode)) co_return failure(no_keyspace(keyspace));
    if (!there) co_return failure(there.error());
    Result<std::optional<Node>> before = if_there(co_await store_.get(key));
    if (!before) co_return failure(before.error());
    std::optional<std::string> text;
    if (*before) text = (*before)->value;
    Result<std::optional<std::string>> edited = edit(text);
    if (!edited) co_return failure(edited.error());
    if (!*edited || *edited == text) co_return Result<void>();
    v1::VSchema vschema;
    if (auto parsed = from_text(key, **edited, vschema); !parsed) co_return failure(parsed.error());
    Transaction transaction;
    transaction.compares = {{there->key, there->revision}, {key, *before ? (*before)->revision : 0}};
    transaction.writes = {{key, std::move(**edited), 0}};
    const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
    if (!done) co_return failure(done.error());
    if (done->committed) co_return Result<void>();
  }
  co_return failure(kBadVersion, fmt::format("the vschema of {} keeps changing", keyspace));
}

// Brings one keyspace's vschema into what a cell's gates read. A cell that has nothing to read yet, or
// something that cannot be read, is left to rebuild_serving().
Task<Result<void>> TopoServer::publish_vschema(std::string keyspace, std::string cell) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const Result<std::optional<Node>> serving = if_there(co_await store_.get(paths::srv_vschema(cell)));
    if (!serving) co_return failure(serving.error());
    const Result<std::optional<Node>> node = if_there(co_await store_.get(paths::vschema(keyspace)));
    if (!node) co_return failure(node.error());
    if (!*serving || !*node) co_return Result<void>();
    v1::VSchema vschema;
    if (auto parsed = from_text((*node)->key, (*node)->value, vschema); !parsed)
      co_return failure(parsed.error());
    std::optional<std::string> text = with_vschema(**serving, keyspace, vschema);
    if (!text) co_return Result<void>();
    Transaction transaction;
    transaction.compares = {{(*serving)->key, (*serving)->revision}, {(*node)->key, (*node)->revision}};
    transaction.writes = {{(*serving)->key, std::move(*text), 0}};
    const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
    if (!done) co_return failure(done.error());
    if (done->committed) co_return Result<void>();
  }
  co_return failure(kBadVersion, fmt::format("the vschemas that gates of {} read keep changing", cell));
}

Task<Result<TopoServer::Rebuilt>> TopoServer::rebuild_serving() {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    Result<std::vector<Node>> nodes = co_await store_.list("");
    if (!nodes) co_return failure(nodes.error());
    Records records;
    std::map<std::string, Revision> revisions;
    for (Node& node : *nodes) {
      revisions[node.key] = node.revision;
      records[node.key] = std::move(node.value);
    }
    DerivedRecords derived = derive_serving(records);
    std::map<std::string, std::optional<std::string>> changes = differences(records, derived);
    Rebuilt rebuilt;
    rebuilt.problems = std::move(derived.problems);
    for (const auto& [key, value] : changes) ++(value ? rebuilt.written : rebuilt.removed);
    bool overtaken = false;
    for (Transaction& transaction : in_transactions(std::move(changes), revisions)) {
      const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
      if (!done) co_return failure(done.error());
      overtaken = overtaken || !done->committed;
    }
    if (!overtaken) co_return rebuilt;
  }
  co_return failure(kBadVersion, "the records that gates read keep changing under their rebuilding");
}

}  // namespace kintsugi::topo
