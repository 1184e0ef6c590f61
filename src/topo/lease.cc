#include "topo/lease.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "runtime/cancel.h"
#include "runtime/errors.h"
#include "runtime/timer.h"

namespace kintsugi::topo {
namespace {

const Logger kLog("topo");

// How long taking a claim back may hold up whoever has given up on it.
constexpr Duration kReleaseTimeout = std::chrono::seconds(1);

}  // namespace

Task<Result<void>> LeaseKeeper::start(runtime::Cancel* cancel) {
  const Time sent = Clock::now();
  const Result<LeaseId> lease = co_await store_.grant_lease(ttl_, {.cancel = cancel});
  if (!lease) co_return failure(lease.error());
  id_ = *lease;
  valid_until_ = sent + ttl_;
  tasks_.spawn(keep());
  co_return Result<void>();
}

Task<void> LeaseKeeper::keep() {
  runtime::Cancel* cancel = &tasks_.cancel();
  Time next = Clock::now() + ttl_ / 3;
  for (;;) {
    const bool time_came = co_await runtime::sleep_until(std::min(next, valid_until_), cancel);
    if (!time_came) co_return;
    const Time sent = Clock::now();
    if (sent >= valid_until_) break;
    const Duration left = std::min(ttl_ / 3, valid_until_ - sent);
    const Result<void> kept = co_await store_.keep_alive(id_, {.timeout = left, .cancel = cancel});
    if (cancel->requested()) co_return;
    if (kept) {
      valid_until_ = sent + ttl_;
      next = sent + ttl_ / 3;
      continue;
    }
    if (kept.error().is(kLeaseLost)) break;
    kLog.warning("lease.not_renewed", {{"lease", id_}, {"error", kept.error()}});
    next = Clock::now() + ttl_ / 10;
  }
  kLog.warning("lease.lost", {{"lease", id_}});
  lost_.set();
}

Task<void> LeaseKeeper::stop() {
  tasks_.cancel().request();
  co_await tasks_.join();
  if (id_ != 0 && !lost_.is_set()) {
    const Result<void> revoked = co_await store_.revoke_lease(id_, {.timeout = ttl_ / 3});
    if (!revoked) kLog.warning("lease.not_revoked", {{"lease", id_}, {"error", revoked.error()}});
  }
  valid_until_ = Time{};
}

/// The claims in a lock's folder, as a watch tells them.
class Lock::Claims : public WatchObserver {
 public:
  void on_snapshot(std::vector<Node> nodes, Revision) override {
    nodes_.clear();
    for (Node& node : nodes) nodes_[node.key] = std::move(node);
    loaded_ = true;
    changed_.set();
  }
  void on_changes(std::vector<WatchEvent> events, Revision) override {
    for (WatchEvent& event : events) {
      if (event.removed) {
        nodes_.erase(event.node.key);
      } else {
        nodes_[event.node.key] = std::move(event.node);
      }
    }
    changed_.set();
  }
  runtime::Event& changed() { return changed_; }
  bool loaded() const { return loaded_; }
  bool has(const std::string& key) const { return nodes_.contains(key); }
  /// The oldest; null: there is none.
  const Node* first() const {
    const auto oldest = std::ranges::min_element(
        nodes_, {}, [](const auto& each) { return std::pair(each.second.created, each.first); });
    return oldest == nodes_.end() ? nullptr : &oldest->second;
  }

 private:
  std::map<std::string, Node> nodes_;
  bool loaded_ = false;
  runtime::Event changed_;
};

Lock::Lock(Store& store, std::string folder, LeaseKeeper& lease, OnHolder on_holder)
    : store_(store),
      folder_(std::move(folder)),
      key_(fmt::format("{}/{:x}", folder_, lease.id())),
      lease_(lease),
      on_holder_(std::move(on_holder)) {}

Task<Result<void>> Lock::acquire(std::string value, runtime::Cancel* cancel) {
  const Result<Revision> claimed =
      co_await store_.create(key_, std::move(value), lease_.id(), {.cancel = cancel});
  std::optional<Error> failed;
  if (!claimed && !claimed.error().is(kNodeExists)) failed = claimed.error();
  if (!failed) failed = co_await follow(/*until_first=*/true, cancel);
  if (!failed) co_return Result<void>();
  if (!failed->is(kLeaseLost)) {
    // A claim that may have been made all the same would hold others up for as long as the lease lives.
    const Result<void> released = co_await release({.timeout = kReleaseTimeout});
    if (!released) kLog.warning("lock.not_released", {{"lock", folder_}, {"error", released.error()}});
  }
  co_return failure(std::move(*failed));
}

Task<Error> Lock::hold(runtime::Cancel* cancel) {
  std::optional<Error> ended = co_await follow(/*until_first=*/false, cancel);
  co_return std::move(*ended);
}

// Follows the claims until ours is the first, if that is asked for, or until it can't come to be: with the
// reason then.
Task<std::optional<Error>> Lock::follow(bool until_first, runtime::Cancel* cancel) {
  Claims claims;
  runtime::TaskGroup tasks;
  // Whatever ends the wait wakes it through the one event.
  const runtime::Cancel::Callback on_cancel(cancel, [&claims] { claims.changed().set(); });
  tasks.spawn([](LeaseKeeper& lease, Claims& told, runtime::Cancel* stop) -> Task<void> {
    co_await lease.lost().wait(Time::max(), stop);
    told.changed().set();
  }(lease_, claims, &tasks.cancel()));
  tasks.spawn(store_.watch(folder_ + '/', claims, &tasks.cancel()));

  std::optional<Error> ended;
  for (;;) {
    claims.changed().reset();
    const Node* first = claims.first();
    if (claims.loaded()) tell_holder(first == nullptr ? "" : first->value);
    if (cancel != nullptr && cancel->requested()) {
      ended.emplace(runtime::kCancelled, fmt::format("the lock {} is not wanted any more", folder_));
    } else if (lease_.lost().is_set()) {
      ended.emplace(kLeaseLost, fmt::format("the lease of a claim to {} has ended", folder_));
    } else if (claims.loaded() && !claims.has(key_)) {
      ended.emplace(kLeaseLost, fmt::format("the claim {} was removed", key_));
    }
    if (ended || (until_first && first != nullptr && first->key == key_)) break;
    co_await claims.changed().wait();
  }
  tasks.cancel().request();
  co_await tasks.join();
  co_return ended;
}

void Lock::tell_holder(const std::string& value) {
  if (value == told_holder_) return;
  told_holder_ = value;
  if (on_holder_) on_holder_(value);
}

Task<Result<void>> Lock::release(Call call) {
  Transaction transaction;
  transaction.writes = {{key_, std::nullopt, 0}};
  const Result<TransactionResult> done = co_await store_.commit(std::move(transaction), call);
  if (!done) co_return failure(done.error());
  co_return Result<void>();
}

Task<Result<std::optional<Node>>> Lock::holder(Store& store, std::string folder, Call call) {
  Result<std::vector<Node>> nodes = co_await store.list(folder + '/', false, call);
  if (!nodes) co_return failure(nodes.error());
  const auto first = std::min_element(nodes->begin(), nodes->end(),
                                      [](const Node& a, const Node& b) { return a.created < b.created; });
  if (first == nodes->end()) co_return std::optional<Node>();
  co_return std::optional<Node>(std::move(*first));
}

}  // namespace kintsugi::topo
