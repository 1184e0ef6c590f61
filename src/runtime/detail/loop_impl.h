#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/detail/poller.h"
#include "runtime/detail/timers.h"
#include "runtime/loop.h"

namespace kintsugi::runtime {

struct IoOperation;

/// Operations that wait for a socket and have a deadline, looked through no more often than every
/// kDeadlineStep, so that a deadline costs two pointer writes and no timer of its own.
class DeadlineList {
 public:
  explicit DeadlineList(Timers& timers) : timer_(timers, [this] { expire(); }) {}
  void add(IoOperation& operation);
  void remove(IoOperation& operation);
  bool empty() const { return first_ == nullptr; }

 private:
  void arm(Time when);
  void expire();

  Timer timer_;
  IoOperation* first_ = nullptr;
  Time next_check_ = Time::max();
};

struct Loop::Impl {
  using Callback = std::function<void()>;

  explicit Impl(Loop& owner) : poller([&owner](Callback callback) { owner.post(std::move(callback)); }) {}
  /// Runs those that were posted until now, or until stop().
  void run_posted();

  Poller poller;
  Timers timers;
  DeadlineList deadlines{timers};
  /// Reads and writes that may succeed in a row without going back to the loop.
  int io_budget = 0;
  /// What streams read into until they know how much has come; made when first asked for.
  std::unique_ptr<char[]> shared_buffer;
  static constexpr std::size_t kSharedBytes = 64 * 1024;

  std::atomic<bool> stopped{false};
  std::vector<Callback> posted;   ///< from the loop's own thread
  std::vector<Callback> running;  ///< those of them whose turn it is, from `run_next` on
  std::size_t run_next = 0;
  std::mutex mutex;
  std::vector<Callback> posted_elsewhere;  ///< from other threads; guarded by `mutex`
  std::atomic<bool> has_elsewhere{false};
};

}  // namespace kintsugi::runtime
