#include "topo/testing/linked_store.h"

#include "runtime/cancel.h"
#include "runtime/errors.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::topo::testing {
namespace {

const Error kCut{kStoreUnavailable, "the link to the topology was cut"};

}  // namespace

/// Passes on what a watch tells, as long as the link does.
class LinkedStore::MutedObserver : public WatchObserver {
 public:
  MutedObserver(WatchObserver& observer, const bool& muted) : observer_(observer), muted_(muted) {}
  void on_snapshot(std::vector<Node> nodes, Revision revision) override {
    if (!muted_) observer_.on_snapshot(std::move(nodes), revision);
  }
  void on_changes(std::vector<WatchEvent> events, Revision revision) override {
    if (!muted_) observer_.on_changes(std::move(events), revision);
  }
  void on_lost(const Error& error) override {
    if (!muted_) observer_.on_lost(error);
  }

 private:
  WatchObserver& observer_;
  const bool& muted_;
};

void LinkedStore::cut() {
  is_cut_ = true;
  changed_.set();
  changed_.reset();
}

void LinkedStore::mend() {
  is_cut_ = false;
  changed_.set();
  changed_.reset();
}

Task<Result<void>> LinkedStore::pass(Call call) {
  if (slower_ > Duration::zero()) {
    const bool too_slow = call.timeout > Duration::zero() && call.timeout < slower_;
    const bool slept = co_await runtime::sleep_for(too_slow ? call.timeout : slower_, call.cancel);
    if (!slept) co_return failure(runtime::kCancelled, "the call was cancelled");
    if (too_slow) co_return failure(kTimeout, "the link to the topology is too slow");
  }
  if (is_cut_) co_return failure(kCut);
  co_return Result<void>();
}

Task<Result<Node>> LinkedStore::get(std::string key, Call call) {
  calls.push_back("get " + key);
  const Result<void> passed = co_await pass(call);
  if (!passed) co_return failure(passed.error());
  co_return co_await store_.get(std::move(key), call);
}

Task<Result<std::vector<Node>>> LinkedStore::list(std::string prefix, bool keys_only, Call call) {
  calls.push_back("list " + prefix);
  const Result<void> passed = co_await pass(call);
  if (!passed) co_return failure(passed.error());
  co_return co_await store_.list(std::move(prefix), keys_only, call);
}

Task<Result<TransactionResult>> LinkedStore::commit(Transaction transaction, Call call) {
  std::string text = "commit";
  for (const Transaction::Write& write : transaction.writes) text += ' ' + write.key;
  calls.push_back(std::move(text));
  const Result<void> passed = co_await pass(call);
  if (!passed) co_return failure(passed.error());
  co_return co_await store_.commit(std::move(transaction), call);
}

Task<void> LinkedStore::watch(std::string prefix, WatchObserver& observer, runtime::Cancel* cancel) {
  MutedObserver passed_on(observer, muted_);
  while (!cancel->requested()) {
    if (is_cut_) {
      passed_on.on_lost(kCut);
      while (is_cut_ && !cancel->requested()) co_await changed_.wait(Time::max(), cancel);
      continue;
    }
    runtime::TaskGroup inner;
    inner.spawn(store_.watch(prefix, passed_on, &inner.cancel()));
    while (!is_cut_ && !cancel->requested()) co_await changed_.wait(Time::max(), cancel);
    inner.cancel().request();
    co_await inner.join();
  }
}

Task<Result<LeaseId>> LinkedStore::grant_lease(Duration ttl, Call call) {
  const Result<void> passed = co_await pass(call);
  if (!passed) co_return failure(passed.error());
  co_return co_await store_.grant_lease(ttl, call);
}

Task<Result<void>> LinkedStore::keep_alive(LeaseId lease, Call call) {
  const Result<void> passed = co_await pass(call);
  if (!passed) co_return failure(passed.error());
  co_return co_await store_.keep_alive(lease, call);
}

Task<Result<void>> LinkedStore::revoke_lease(LeaseId lease, Call call) {
  const Result<void> passed = co_await pass(call);
  if (!passed) co_return failure(passed.error());
  co_return co_await store_.revoke_lease(lease, call);
}

}  // namespace kintsugi::topo::testing
