#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/event.h"
#include "topo/store.h"

namespace kintsugi::topo {

/// A topology in memory, for tests and simulations: what etcd does, in one process, and faults on demand.
class MemoryStore : public Store {
 public:
  MemoryStore() = default;

  Task<Result<Node>> get(std::string key, Call call = {}) override;
  Task<Result<std::vector<Node>>> list(std::string prefix, bool keys_only = false, Call call = {}) override;
  Task<Result<TransactionResult>> commit(Transaction transaction, Call call = {}) override;
  Task<void> watch(std::string prefix, WatchObserver& observer, runtime::Cancel* cancel) override;
  Task<Result<LeaseId>> grant_lease(Duration ttl, Call call = {}) override;
  Task<Result<void>> keep_alive(LeaseId lease, Call call = {}) override;
  Task<Result<void>> revoke_lease(LeaseId lease, Call call = {}) override;
  std::string description() const override { return "memory"; }

  /// While false, calls fail with kStoreUnavailable and watches are silent; leases go on ending.
  void set_available(bool available);
  /// Forgets the changes so far: a watch that has not seen them starts anew with a snapshot.
  void compact();

 private:
  struct Lease {
    Duration ttl;
    Time ends;
    std::set<std::string> keys;
  };
  struct Value {
    std::string value;
    Revision revision;
    Revision created;
    LeaseId lease;
  };
  Result<void> enter();
  void end_leases();
  Time next_end() const;
  void write(const Transaction::Write& write);
  void end_lease(std::map<LeaseId, Lease>::iterator lease);
  void forget_lease_of(const std::string& key);
  std::vector<Node> nodes_below(const std::string& prefix, bool keys_only) const;
  void announce();

  std::map<std::string, Value> values_;
  std::map<LeaseId, Lease> leases_;
  std::vector<WatchEvent> log_;  // ordered by revision
  Revision revision_ = 1;
  Revision compacted_ = 0;  // changes up to here are not in the log
  LeaseId last_lease_ = 0;
  bool available_ = true;
  runtime::Event changed_;
};

}  // namespace kintsugi::topo
