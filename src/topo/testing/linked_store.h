#pragma once

#include <string>
#include <vector>

#include "runtime/event.h"
#include "topo/store.h"

namespace kintsugi::topo::testing {

/// A store as one process reaches it: over a link of its own, which can be cut and slowed while others go on,
/// and whose traffic can be looked at. Borrows the store. On its loop.
class LinkedStore : public Store {
 public:
  explicit LinkedStore(Store& store) : store_(store) {}

  /// While cut, calls fail with kStoreUnavailable, and watches are lost.
  void cut();
  void mend();
  /// Calls take this much longer; one whose own time-out is shorter fails with kTimeout, and is not carried
  /// out.
  void slow_down(Duration by) { slower_ = by; }
  /// Watches tell nothing more, as over a link that is up and much too slow; calls go through.
  void mute_watches() { muted_ = true; }

  /// The calls so far: "get <key>", "list <prefix>", "commit <key> <key>" with the keys it writes. Those
  /// about leases are left out.
  std::vector<std::string> calls;

  Task<Result<Node>> get(std::string key, Call call = {}) override;
  Task<Result<std::vector<Node>>> list(std::string prefix, bool keys_only = false, Call call = {}) override;
  Task<Result<TransactionResult>> commit(Transaction transaction, Call call = {}) override;
  Task<void> watch(std::string prefix, WatchObserver& observer, runtime::Cancel* cancel) override;
  Task<Result<LeaseId>> grant_lease(Duration ttl, Call call = {}) override;
  Task<Result<void>> keep_alive(LeaseId lease, Call call = {}) override;
  Task<Result<void>> revoke_lease(LeaseId lease, Call call = {}) override;
  std::string description() const override { return "a link to " + store_.description(); }

 private:
  class MutedObserver;
  Task<Result<void>> pass(Call call);

  Store& store_;
  bool is_cut_ = false;
  bool muted_ = false;
  Duration slower_ = Duration::zero();
  runtime::Event changed_;
};

}  // namespace kintsugi::topo::testing
