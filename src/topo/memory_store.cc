#include "topo/memory_store.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "runtime/cancel.h"
#include "runtime/loop.h"

namespace kintsugi::topo {

Result<void> MemoryStore::enter() {
  end_leases();
  if (available_) return {};
  return failure(kStoreUnavailable, "the topology in memory was made unavailable");
}

// An event stays set until somebody resets it; those who wait now are woken by set().
void MemoryStore::announce() {
  changed_.set();
  changed_.reset();
}

void MemoryStore::end_leases() {
  const Time now = Clock::now();
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    const auto next = std::next(lease);
    if (lease->second.ends <= now) end_lease(lease);
    lease = next;
  }
}

Time MemoryStore::next_end() const {
  Time next = Time::max();
  for (const auto& [id, lease] : leases_) next = std::min(next, lease.ends);
  return next;
}

void MemoryStore::end_lease(std::map<LeaseId, Lease>::iterator lease) {
  const std::set<std::string> keys = std::move(lease->second.keys);
  leases_.erase(lease);
  if (keys.empty()) return;
  ++revision_;
  for (const std::string& key : keys) write({key, std::nullopt, 0});
  announce();
}

void MemoryStore::forget_lease_of(const std::string& key) {
  const auto value = values_.find(key);
  if (value == values_.end()) return;
  if (const auto lease = leases_.find(value->second.lease); lease != leases_.end())
    lease->second.keys.erase(key);
}

// At the current revision, which the caller has moved on.
void MemoryStore::write(const Transaction::Write& write) {
  forget_lease_of(write.key);
  if (!write.value) {
    if (values_.erase(write.key) > 0) log_.push_back({{write.key, "", revision_, 0}, true});
    return;
  }
  const auto existing = values_.find(write.key);
  const Revision created = existing == values_.end() ? revision_ : existing->second.created;
  values_[write.key] = {*write.value, revision_, created, write.lease};
  if (write.lease != 0) leases_.at(write.lease).keys.insert(write.key);
  log_.push_back({{write.key, *write.value, revision_, created}, false});
}

std::vector<Node> MemoryStore::nodes_below(const std::string& prefix, bool keys_only) const {
  std::vector<Node> nodes;
  for (auto at = values_.lower_bound(prefix); at != values_.end() && at->first.starts_with(prefix); ++at) {
    nodes.push_back(
        {at->first, keys_only ? std::string() : at->second.value, at->second.revision, at->second.created});
  }
  return nodes;
}

Task<Result<Node>> MemoryStore::get(std::string key, Call) {
  co_await runtime::yield();
  if (auto entered = enter(); !entered) co_return failure(entered.error());
  const auto found = values_.find(key);
  if (found == values_.end()) co_return failure(kNoNode, fmt::format("there is no record {}", key));
  co_return Node{key, found->second.value, found->second.revision, found->second.created};
}

Task<Result<std::vector<Node>>> MemoryStore::list(std::string prefix, bool keys_only, Call) {
  co_await runtime::yield();
  if (auto entered = enter(); !entered) co_return failure(entered.error());
  co_return nodes_below(prefix, keys_only);
}

Task<Result<TransactionResult>> MemoryStore::commit(Transaction transaction, Call) {
  co_await runtime::yield();
  if (auto entered = enter(); !entered) co_return failure(entered.error());
  TransactionResult result;
  result.committed = true;
  for (const Transaction::Compare& compare : transaction.compares) {
    const auto found = values_.find(compare.key);
    const Revision revision = found == values_.end() ? 0 : found->second.revision;
    if (revision != compare.revision) result.committed = false;
    if (revision != 0)
      result.current.push_back({compare.key, found->second.value, revision, found->second.created});
  }
  for (const Transaction::Write& each : transaction.writes) {
    if (each.lease != 0 && !leases_.contains(each.lease)) {
      co_return failure(kLeaseLost, fmt::format("the lease for {} has ended", each.key));
    }
  }
  if (result.committed) {
    result.current.clear();
    ++revision_;
    for (const Transaction::Write& each : transaction.writes) write(each);
    announce();
  }
  result.revision = revision_;
  co_return result;
}

Task<void> MemoryStore::watch(std::string prefix, WatchObserver& observer, runtime::Cancel* cancel) {
  Revision seen = -1;  // nothing was told yet
  bool lost = false;
  while (!cancel->requested()) {
    end_leases();
    if (!available_) {
      if (!lost) observer.on_lost(Error(kStoreUnavailable, "the topology in memory was made unavailable"));
      lost = true;
    } else if (seen < compacted_) {
      seen = revision_;
      observer.on_snapshot(nodes_below(prefix, false), seen);
      lost = false;
    } else {
      std::vector<WatchEvent> events;
      for (const WatchEvent& event : log_) {
        if (event.node.revision > seen && event.node.key.starts_with(prefix)) events.push_back(event);
      }
      seen = revision_;
      if (!events.empty() || lost) observer.on_changes(std::move(events), seen);
      lost = false;
    }
    // Whatever an observer did meanwhile has moved the revision on or taken the store away.
    const bool told = !available_ ? lost : seen == revision_;
    if (told) co_await changed_.wait(next_end(), cancel);
  }
}

Task<Result<LeaseId>> MemoryStore::grant_lease(Duration ttl, Call) {
  co_await runtime::yield();
  if (auto entered = enter(); !entered) co_return failure(entered.error());
  const Duration whole = std::chrono::ceil<std::chrono::seconds>(ttl);
  leases_[++last_lease_] = {whole, Clock::now() + whole, {}};
  announce();  // Who waits for the next end of a lease looks again.
  co_return last_lease_;
}

Task<Result<void>> MemoryStore::keep_alive(LeaseId lease, Call) {
  co_await runtime::yield();
  if (auto entered = enter(); !entered) co_return failure(entered.error());
  const auto found = leases_.find(lease);
  if (found == leases_.end()) co_return failure(kLeaseLost, fmt::format("lease {:x} has ended", lease));
  found->second.ends = Clock::now() + found->second.ttl;
  co_return Result<void>();
}

Task<Result<void>> MemoryStore::revoke_lease(LeaseId lease, Call) {
  co_await runtime::yield();
  if (auto entered = enter(); !entered) co_return failure(entered.error());
  if (const auto found = leases_.find(lease); found != leases_.end()) end_lease(found);
  co_return Result<void>();
}

void MemoryStore::set_available(bool available) {
  available_ = available;
  announce();
}

void MemoryStore::compact() {
  compacted_ = revision_;
  log_.clear();
}

}  // namespace kintsugi::topo
