#include "topo/store.h"

#include <fmt/format.h>

namespace kintsugi::topo {
namespace {

// How often an edit that others keep overtaking is tried: far more than writers there are.
constexpr int kEditAttemptsMax = 100;

Error conflict(const Transaction::Compare& compare, const std::vector<Node>& current) {
  if (current.empty()) return {kNoNode, fmt::format("there is no record {}", compare.key)};
  if (compare.revision == 0) return {kNodeExists, fmt::format("the record {} exists already", compare.key)};
  return {kBadVersion, fmt::format("the record {} is at revision {}, not {}", compare.key,
                                   current[0].revision, compare.revision)};
}

Task<Result<Revision>> compare_and_write(Store& store, Transaction::Compare compare,
                                         std::optional<std::string> value, LeaseId lease, Call call) {
  Transaction transaction;
  transaction.compares.push_back(compare);
  transaction.writes.push_back({compare.key, std::move(value), lease});
  Result<TransactionResult> result = co_await store.commit(std::move(transaction), call);
  if (!result) co_return failure(result.error());
  if (!result->committed) co_return failure(conflict(compare, result->current));
  co_return result->revision;
}

}  // namespace

Task<Result<std::vector<std::string>>> Store::children(std::string folder, Call call) {
  folder += '/';
  Result<std::vector<Node>> nodes = co_await list(folder, true, call);
  if (!nodes) co_return failure(nodes.error());
  std::vector<std::string> names;
  for (const Node& node : *nodes) {
    const std::string_view rest = std::string_view(node.key).substr(folder.size());
    const std::string_view name = rest.substr(0, rest.find('/'));
    if (names.empty() || names.back() != name) names.emplace_back(name);
  }
  co_return names;
}

Task<Result<Revision>> Store::create(std::string key, std::string value, LeaseId lease, Call call) {
  co_return co_await compare_and_write(*this, {std::move(key), 0}, std::move(value), lease, call);
}

Task<Result<Revision>> Store::update(std::string key, std::string value, Revision expected, Call call) {
  co_return co_await compare_and_write(*this, {std::move(key), expected}, std::move(value), 0, call);
}

Task<Result<Revision>> Store::put(std::string key, std::string value, LeaseId lease, Call call) {
  Transaction transaction;
  transaction.writes.push_back({std::move(key), std::move(value), lease});
  Result<TransactionResult> result = co_await commit(std::move(transaction), call);
  if (!result) co_return failure(result.error());
  co_return result->revision;
}

Task<Result<void>> Store::erase(std::string key, Revision expected, Call call) {
  Result<Revision> done =
      co_await compare_and_write(*this, {std::move(key), expected}, std::nullopt, 0, call);
  if (!done) co_return failure(done.error());
  co_return Result<void>();
}

Task<Result<Revision>> Store::edit(std::string key, Edit edit, Call call) {
  for (int attempt = 0; attempt < kEditAttemptsMax; ++attempt) {
    Result<Node> node = co_await get(key, call);
    if (!node && !node.error().is(kNoNode)) co_return failure(node.error());
    const Revision before = node ? node->revision : 0;
    std::optional<std::string> value;
    if (node) value = std::move(node->value);
    Result<std::optional<std::string>> edited = edit(value);
    if (!edited) co_return failure(edited.error());
    if (!*edited || *edited == value) co_return before;
    Result<Revision> done = co_await compare_and_write(*this, {key, before}, std::move(*edited), 0, call);
    if (done) co_return *done;
    const Error& error = done.error();
    if (!error.is(kBadVersion) && !error.is(kNodeExists) && !error.is(kNoNode)) co_return failure(error);
  }
  co_return failure(kBadVersion, fmt::format("the record {} changed under each of {} attempts to edit it",
                                             key, kEditAttemptsMax));
}

}  // namespace kintsugi::topo
