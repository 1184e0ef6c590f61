#include "topo/lease.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/log.h"
#include "runtime/cancel.h"
#include "runtime/errors.h"
#include "runtime/timer.h"

namespace kintsugi::topo {
namespace {

const Logger kLog("topo");

/// The claims in a lock's folder, as a watch tells them.
class Claims : public WatchObserver {
 public:
  void on_snapshot(std::vector<Node> nodes, Revision) override {
    created_.clear();
    for (const Node& node : nodes) created_[node.key] = node.created;
    changed_.set();
  }
  void on_changes(std::vector<WatchEvent> events, Revision) override {
    for (const WatchEvent& event : events) {
      if (event.removed) {
        created_.erase(event.node.key);
      } else {
        created_[event.node.key] = event.node.created;
      }
    }
    changed_.set();
  }
  runtime::Event& changed() { return changed_; }
  bool loaded() const { return !created_.empty(); }
  bool has(const std::string& key) const { return created_.contains(key); }
  bool is_first(const std::string& key) const {
    const auto mine = created_.find(key);
    return mine != created_.end() && std::all_of(created_.begin(), created_.end(), [&](const auto& other) {
             return other.second >= mine->second;
           });
  }

 private:
  std::map<std::string, Revision> created_;
  runtime::Event changed_;
};

}  // namespace

Task<Result<void>> LeaseKeeper::start() {
  const Time sent = Clock::now();
  const Result<LeaseId> lease = co_await store_.grant_lease(ttl_);
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

Lock::Lock(Store& store, std::string folder, LeaseKeeper& lease)
    : store_(store),
      folder_(std::move(folder)),
      key_(fmt::format("{}/{:x}", folder_, lease.id())),
      lease_(lease) {}

Task<Result<void>> Lock::acquire(std::string value, runtime::Cancel* cancel) {
  const Result<Revision> claimed =
      co_await store_.create(key_, std::move(value), lease_.id(), {.cancel = cancel});
  if (!claimed && !claimed.error().is(kNodeExists)) co_return failure(claimed.error());
  Result<void> turn = co_await wait_for_turn(cancel);
  if (!turn && !turn.error().is(kLeaseLost)) {
    // Best effort: the claim ends with the lease in any case.
    const Result<void> released = co_await release();
    if (!released) kLog.warning("lock.not_released", {{"lock", folder_}, {"error", released.error()}});
  }
  co_return turn;
}

Task<Result<void>> Lock::wait_for_turn(runtime::Cancel* cancel) {
  Claims claims;
  runtime::TaskGroup tasks;
  // Whatever ends the wait wakes it through the one event.
  const runtime::Cancel::Callback on_cancel(cancel, [&claims] { claims.changed().set(); });
  tasks.spawn([](LeaseKeeper& lease, Claims& told, runtime::Cancel* stop) -> Task<void> {
    co_await lease.lost().wait(Time::max(), stop);
    told.changed().set();
  }(lease_, claims, &tasks.cancel()));
  tasks.spawn(store_.watch(folder_ + '/', claims, &tasks.cancel()));

  Result<void> result;
  for (;;) {
    claims.changed().reset();
    if (cancel != nullptr && cancel->requested()) {
      result = failure(runtime::kCancelled, fmt::format("waiting for the lock {} was cancelled", folder_));
      break;
    }
    if (lease_.lost().is_set() || (claims.loaded() && !claims.has(key_))) {
      result = failure(kLeaseLost, fmt::format("the lease of a claim to {} has ended", folder_));
      break;
    }
    if (claims.is_first(key_)) break;
    co_await claims.changed().wait();
  }
  tasks.cancel().request();
  co_await tasks.join();
  co_return result;
}

Task<Result<void>> Lock::release() {
  Transaction transaction;
  transaction.writes = {{key_, std::nullopt, 0}};
  const Result<TransactionResult> done = co_await store_.commit(std::move(transaction));
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
