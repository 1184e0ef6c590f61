#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/intrusive/list.hpp>

#include "admin/histogram.h"
#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "mysql/capabilities.h"
#include "runtime/cancel.h"
#include "runtime/event.h"

namespace kintsugi::gate {

class Pool;

/// In the pool's list of leased ones for as long as it is leased.
using LeasedHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// What a pool must know of the connections it keeps.
class Poolable : public LeasedHook {
 public:
  virtual ~Poolable() = default;
  /// The server has closed it, or has sent something that nobody asked for.
  virtual bool is_stale() const = 0;
  /// What is fixed when it connects, and must be as its client has it: CLIENT_FOUND_ROWS, and how columns are
  /// described.
  virtual mysql::Capabilities carried() const = 0;
  /// See Settings::signature(): of two connections that would do, the one whose settings fit is taken.
  virtual std::uint64_t settings_signature() const = 0;
  /// It can't be used again: an answer was left half read, the server said goodbye, …
  virtual bool is_broken() const = 0;
  /// A transaction is open on it, which would hold its locks for as long as it lies in the pool.
  virtual bool in_transaction() const = 0;
  /// The server is taken for dead: what waits for it fails with kConnectionLost and `why`, and is_broken().
  virtual void give_up(const std::string& why) = 0;

 private:
  friend class Pool;
  friend class Lease;
  Time born_;
  Time idle_since_;
  std::uint64_t generation_ = 0;
};

/// A connection taken from a pool, which gets it back when this is destroyed.
class Lease {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease() { release(); }

  explicit operator bool() const { return connection_ != nullptr; }
  Poolable* get() const { return connection_.get(); }
  /// Gives it back now.
  void release();
  /// It came from the pool's idle ones, so the server may have closed it without our knowing yet.
  bool was_idle() const { return was_idle_; }

 private:
  friend class Pool;
  std::shared_ptr<Pool> pool_;
  std::unique_ptr<Poolable> connection_;
  bool was_idle_ = false;
};

/// Connections of one loop to one server. Bounded: when all are in use, callers wait in a queue (first come,
/// first served), which is bounded as well. While the server cannot be reached only kProbes callers try it at
/// a time, and with one all who wait are told; when it is back the bound grows from there, so that a server
/// with cold caches is not run over by all who have waited for it. Always in a shared_ptr, so that a lease
/// can outlive the tablet's place in the routing. All calls on one loop.
class Pool : public std::enable_shared_from_this<Pool> {
 public:
  struct Options {
    std::string name;  ///< of the server, for messages: "zone1-101"
    std::size_t connections_max = 64;
    std::size_t waiters_max = 1024;
    Duration idle_max = std::chrono::minutes(5);
    Duration age_max = std::chrono::hours(1);
    std::size_t idle_min = 1;  ///< that many idle connections are kept however long they are idle
    Duration slow_start{};     ///< over so long the bound grows to its full size when the server is back
    admin::Histogram* waits = nullptr;  ///< null: they are not counted
  };
  struct Wanted {
    mysql::Capabilities carried = 0;
    std::uint64_t settings_signature = 0;
    Duration* waited = nullptr;  ///< what it waits in the queue is added to it
  };
  using Connect = std::function<Task<Result<std::unique_ptr<Poolable>>>(
      mysql::Capabilities carried, Time deadline, runtime::Cancel* cancel)>;

  static constexpr std::size_t kProbes = 2;

  Pool(Options options, Connect connect) : options_(std::move(options)), connect_(std::move(connect)) {}
  ~Pool();

  /// kPoolExhausted when the queue is full or nothing became free until `deadline`; kCancelled; or why
  /// connecting failed, to this caller or to another that it waited for.
  Task<Result<Lease>> take(Wanted wanted, Time deadline, runtime::Cancel* cancel);

  /// An idle one, where nobody has to wait for it; else none.
  Lease take_at_once(const Wanted& wanted);

  /// Closes the idle ones that are stale, idle or old for too long; lets those in for whom the bound has
  /// grown. Every second or so.
  void tidy(Time now);
  /// Opens connections until idle_min are idle, as those were that were asked for last; none of a server that
  /// cannot be reached.
  Task<void> warm(Time deadline, runtime::Cancel* cancel);
  /// Closes the idle ones; those in use are closed when they come back. After a failover, say.
  void drain();
  /// The server is taken for dead: drain(), and what waits for answers fails, for the reason `why`. Those who
  /// come later connect anew. Returns how many were in use.
  std::size_t give_up(const std::string& why);
  /// drain(), and whoever waits or comes later is refused.
  void close();

  std::size_t idle() const { return idle_.size(); }
  std::size_t in_use() const { return open_ - idle_.size(); }
  /// Whether any is leased.
  bool is_used() const;
  std::size_t waiting() const { return waiting_; }
  std::uint64_t connects() const { return connects_; }
  /// How many may be open now.
  std::size_t bound(Time now) const;

 private:
  friend class Lease;
  struct Waiter {
    runtime::Event turn;
    std::optional<Error> failed;
  };

  /// Connections that could be taken or opened at once, those included that were promised to woken waiters.
  std::size_t available() const;
  /// The usual case needs no clock.
  std::size_t bound() const {
    return !lost_ && back_since_ == Time() ? options_.connections_max : bound(Clock::now());
  }
  Task<Result<std::unique_ptr<Poolable>>> open(mysql::Capabilities carried, Time deadline,
                                               runtime::Cancel* cancel);
  void note_lost(const Error& error);
  Lease pick(const Wanted& wanted);
  Lease lease(std::unique_ptr<Poolable> connection, bool was_idle);
  void give_back(std::unique_ptr<Poolable> connection);
  void close_one(std::unique_ptr<Poolable> connection);
  void drop(std::unique_ptr<Poolable> connection);
  void wake_one();
  Task<Result<void>> wait_for_slot(Time deadline, runtime::Cancel* cancel);

  Options options_;
  Connect connect_;
  std::deque<std::unique_ptr<Poolable>> idle_;  // the back was used last
  boost::intrusive::list<Poolable, boost::intrusive::constant_time_size<false>> leased_;
  std::list<Waiter*> queue_;
  std::size_t open_ = 0;  // idle, in use and connecting
  std::size_t waiting_ = 0;
  std::size_t promised_ = 0;  // waiters that were woken and have not run yet
  std::uint64_t generation_ = 1;
  std::uint64_t connects_ = 0;
  bool closed_ = false;
  bool lost_ = false;                // the last who tried could not reach the server
  mysql::Capabilities carried_ = 0;  // of those that were wanted last
  Time back_since_{};                // when it could be reached again; none: it always could
};

}  // namespace kintsugi::gate
