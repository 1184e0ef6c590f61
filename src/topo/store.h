#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "topo/errors.h"

namespace kintsugi::runtime {
class Cancel;
}

namespace kintsugi::topo {

/// Counts the changes of the whole store. A record's is that of its last change; 0: there is none.
using Revision = std::int64_t;

struct Node {
  std::string key;
  std::string value;
  Revision revision = 0;
  Revision created = 0;  ///< the revision at which the key came into being: orders who waits for a lock

  bool operator==(const Node&) const = default;
};

/// What keys are bound to that end with whoever made them; 0: none.
using LeaseId = std::int64_t;

/// A few writes that happen together if every compared key is still at its revision (0: does not exist).
struct Transaction {
  struct Compare {
    std::string key;
    Revision revision = 0;
  };
  struct Write {
    std::string key;
    std::optional<std::string> value;  ///< none: the key is removed
    LeaseId lease = 0;                 ///< the key goes when the lease ends
  };
  std::vector<Compare> compares;
  std::vector<Write> writes;  ///< each key once

  /// Whoever has more to write writes it in parts: etcd takes 128 operations, comparisons among them.
  static constexpr std::size_t kWritesMax = 60;
};

struct TransactionResult {
  bool committed = false;
  Revision revision = 0;      ///< of the store after it
  std::vector<Node> current;  ///< if not committed: the compared keys that exist, as they are
};

/// One call's bounds.
struct Call {
  Duration timeout = Duration::zero();  ///< zero: the store's own
  runtime::Cancel* cancel = nullptr;    ///< makes the call fail with runtime::kCancelled
};

struct WatchEvent {
  Node node;  ///< of a removal: key and revision only
  bool removed = false;
};

/// Who is told what happens below a prefix. Called on the store's loop; must not wait.
class WatchObserver {
 public:
  virtual ~WatchObserver() = default;
  /// All there is, ordered by key: first, and again whenever changes may have been missed.
  virtual void on_snapshot(std::vector<Node> nodes, Revision revision) = 0;
  /// Later changes, in order; those of one transaction come together.
  virtual void on_changes(std::vector<WatchEvent> events, Revision revision) = 0;
  /// The store cannot be reached; what was told so far may be out of date. Told once, until on_snapshot or
  /// on_changes (with no events, if nothing changed meanwhile) tells that it is back.
  virtual void on_lost(const Error& error) { (void)error; }
};

/// Where the topology is kept: keys with values, in the semantics of etcd. Keys are relative to the cluster's
/// root
/// ("global/keyspaces/customer/Keyspace"). Belongs to one loop and must outlive its calls. Every call is
/// bounded by a time-out.
///
/// Failures of every call: kStoreUnavailable (names the endpoints that were tried), kTimeout, kStoreRefused,
/// kStoreDenied, runtime::kCancelled. A write that fails with kTimeout or kStoreUnavailable may have happened
/// all the same.
class Store {
 public:
  virtual ~Store() = default;

  /// kNoNode.
  virtual Task<Result<Node>> get(std::string key, Call call = {}) = 0;
  /// Every node whose key begins with the prefix, ordered by key; without values if keys_only.
  virtual Task<Result<std::vector<Node>>> list(std::string prefix, bool keys_only = false,
                                               Call call = {}) = 0;
  /// Compares and writes at once. That a comparison fails is no failure: see TransactionResult.
  virtual Task<Result<TransactionResult>> commit(Transaction transaction, Call call = {}) = 0;
  /// Tells the observer of everything below the prefix until `cancel` (not null) is requested. Goes on over
  /// lost connections and compactions. Both must outlive it.
  virtual Task<void> watch(std::string prefix, WatchObserver& observer, runtime::Cancel* cancel) = 0;

  /// A lease that ends `ttl` (whole seconds, rounded up) after its last keep_alive.
  virtual Task<Result<LeaseId>> grant_lease(Duration ttl, Call call = {}) = 0;
  /// kLeaseLost: it has ended.
  virtual Task<Result<void>> keep_alive(LeaseId lease, Call call = {}) = 0;
  /// Ends the lease and removes its keys; one that has ended already is fine.
  virtual Task<Result<void>> revoke_lease(LeaseId lease, Call call = {}) = 0;

  /// Where the store is, for messages and pages: "etcd http://127.0.0.1:2379", "memory".
  virtual std::string description() const = 0;

  // What follows is made of the above.

  /// The names that follow `folder` + '/' in keys, each once, ordered: children("global/keyspaces") →
  /// commerce, customer.
  Task<Result<std::vector<std::string>>> children(std::string folder, Call call = {});
  /// kNodeExists.
  Task<Result<Revision>> create(std::string key, std::string value, LeaseId lease = 0, Call call = {});
  /// Only if the key is at this revision: kBadVersion, kNoNode.
  Task<Result<Revision>> update(std::string key, std::string value, Revision expected, Call call = {});
  /// Whatever was there before.
  Task<Result<Revision>> put(std::string key, std::string value, LeaseId lease = 0, Call call = {});
  /// Only if the key is at this revision: kBadVersion, kNoNode.
  Task<Result<void>> erase(std::string key, Revision expected, Call call = {});
  /// Changes a value by a function of it, again if somebody else was faster. `edit` gets the value (none: no
  /// such key) and returns the new one; none: leave it as it is. Returns the revision of what is there then
  /// (0: nothing).
  using Edit = std::function<Result<std::optional<std::string>>(const std::optional<std::string>& value)>;
  Task<Result<Revision>> edit(std::string key, Edit edit, Call call = {});
};

}  // namespace kintsugi::topo
