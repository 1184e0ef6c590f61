#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "runtime/event.h"
#include "runtime/task_group.h"
#include "topo/store.h"

namespace kintsugi::topo {

/// Holds a lease and keeps it alive, and knows when it can no longer be counted on. On the store's loop;
/// borrows the store. Must be stopped before it is destroyed, if start() succeeded.
class LeaseKeeper {
 public:
  LeaseKeeper(Store& store, Duration ttl) : store_(store), ttl_(ttl) {}

  /// Takes the lease and renews it from then on, every third of its life.
  Task<Result<void>> start(runtime::Cancel* cancel = nullptr);
  /// Ends the lease, and its keys with it (as far as the store can be reached).
  Task<void> stop();

  LeaseId id() const { return id_; }
  /// Until when the lease holds for certain: its life, counted from when the last renewal that succeeded was
  /// sent.
  Time valid_until() const { return valid_until_; }
  bool is_valid() const { return !lost_.is_set() && Clock::now() < valid_until_; }
  /// Set when the lease has ended or valid_until() has passed; it does not come back.
  runtime::Event& lost() { return lost_; }

 private:
  Task<void> keep();

  Store& store_;
  Duration ttl_;
  LeaseId id_ = 0;
  Time valid_until_{};
  runtime::Event lost_;
  runtime::TaskGroup tasks_;
};

/// A named lock, or an election: the oldest claim in the folder holds it, and the others wait in the order in
/// which they came. A claim ends with its lease. Whoever holds the lock waits for hold() beside what it does
/// for it, and stops that when hold() returns. Borrows store and lease. On their loop.
class Lock {
 public:
  /// Told the value of the claim that holds the lock, whenever another does ("": nobody), while acquire() or
  /// hold() runs.
  using OnHolder = std::function<void(const std::string& value)>;

  /// `folder` as paths::election() makes it; `lease` has been started.
  Lock(Store& store, std::string folder, LeaseKeeper& lease, OnHolder on_holder = nullptr);

  /// Claims the lock and waits for it. `value` is what others see of who holds it. kLeaseLost;
  /// runtime::kCancelled. A claim that does not come to hold the lock is taken back, as far as the store can
  /// be reached.
  Task<Result<void>> acquire(std::string value, runtime::Cancel* cancel);
  /// After acquire(): returns when the lock is not held any more, kLeaseLost, or runtime::kCancelled.
  Task<Error> hold(runtime::Cancel* cancel);
  /// Gives it up; the lease stays.
  Task<Result<void>> release(Call call = {});

  /// Who holds a lock; none: nobody.
  static Task<Result<std::optional<Node>>> holder(Store& store, std::string folder, Call call = {});

 private:
  class Claims;
  Task<std::optional<Error>> follow(bool until_first, runtime::Cancel* cancel);
  void tell_holder(const std::string& value);

  Store& store_;
  std::string folder_;
  std::string key_;
  LeaseKeeper& lease_;
  OnHolder on_holder_;
  std::string told_holder_;
};

}  // namespace kintsugi::topo
