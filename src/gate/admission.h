#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "admin/metrics.h"
#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/cancel.h"
#include "vschema/load_limits.h"

/// Who may load the gate how much: connections, statements under way, and statements in a second, of each
/// user and each keyspace. What is over a limit waits for its turn, first come, first served, in a queue that
/// is bounded; what the queue does not take, or keeps for too long, is refused.
namespace kintsugi::gate {

/// What one user or one keyspace does now, on all loops. Limits are each caller's own, since they change
/// while it is in use. Any thread; a call waits on its own loop.
class LoadAccount {
 public:
  struct Policy {
    std::uint32_t waiters_max = 0;
    Duration wait_max{};
  };
  /// `what`: "user 'app'", "keyspace 'customer'", for messages; `waits`: how long turns took to come.
  LoadAccount(std::string what, Policy policy, admin::Histogram& waits)
      : what_(std::move(what)), policy_(policy), waits_(waits) {}

  /// kLoadConnections.
  Result<void> connect(std::uint32_t connections_max);
  void disconnect();

  /// Waits until as few statements run as `limits` says, and until its turn by rate_max has come.
  /// kLoadStatements, kLoadRate when the queue is full or the wait too long; kCancelled. `at_once`: it goes
  /// ahead in any case, and is only counted. Whoever was let in must leave().
  Task<Result<void>> enter(vschema::LoadLimits limits, bool at_once, runtime::Cancel* cancel);
  void leave();

  const std::string& what() const { return what_; }
  struct Now {
    std::uint32_t connections, running, waiting;
  };
  Now now() const;

 private:
  struct Waiter;
  using Queue = std::list<std::shared_ptr<Waiter>>;

  Task<Result<void>> wait_for_slot(std::uint32_t statements_max, runtime::Cancel* cancel);
  Task<Result<void>> wait_for_rate(std::uint32_t rate_max, bool at_once, runtime::Cancel* cancel);
  void wake();

  const std::string what_;
  const Policy policy_;
  admin::Histogram& waits_;

  mutable std::mutex mutex_;  // guards what follows
  std::uint32_t connections_ = 0;
  std::uint32_t running_ = 0;
  Queue queue_;
  Time next_{};  // when the next statement is due, if all came at the rate
};

/// All accounts of a gate. Any thread.
class Admission {
 public:
  Admission(LoadAccount::Policy policy, admin::Histogram& waits) : policy_(policy), waits_(waits) {}

  std::shared_ptr<LoadAccount> user(std::string_view name) { return account(users_, "user", name); }
  std::shared_ptr<LoadAccount> keyspace(std::string_view name) {
    return account(keyspaces_, "keyspace", name);
  }

 private:
  using Accounts = std::map<std::string, std::shared_ptr<LoadAccount>, std::less<>>;
  std::shared_ptr<LoadAccount> account(Accounts& accounts, const char* kind, std::string_view name);

  const LoadAccount::Policy policy_;
  admin::Histogram& waits_;
  std::mutex mutex_;            // guards what follows
  Accounts users_, keyspaces_;  // of names that exist, so bounded as they are
};

/// A connection that an account counts, until this goes.
class ConnectionPlace {
 public:
  ConnectionPlace() = default;
  /// The account has let it in.
  explicit ConnectionPlace(std::shared_ptr<LoadAccount> account) : account_(std::move(account)) {}
  ConnectionPlace(ConnectionPlace&& other) noexcept = default;
  ConnectionPlace& operator=(ConnectionPlace&& other) noexcept {
    if (this != &other) {
      leave();
      account_ = std::move(other.account_);
    }
    return *this;
  }
  ~ConnectionPlace() { leave(); }

 private:
  void leave() {
    if (account_) account_->disconnect();
    account_.reset();
  }
  std::shared_ptr<LoadAccount> account_;
};

}  // namespace kintsugi::gate
