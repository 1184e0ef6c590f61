#include "gate/pool.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "gate/errors.h"
#include "runtime/coarse_time.h"
#include "runtime/errors.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

}  // namespace

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    release();
    pool_ = std::move(other.pool_);
    connection_ = std::move(other.connection_);
    was_idle_ = other.was_idle_;
  }
  return *this;
}

void Lease::release() {
  if (connection_) pool_->give_back(std::move(connection_));
  pool_.reset();
}

Pool::~Pool() { idle_.clear(); }

Lease Pool::pick(const Wanted& wanted) {
  while (!idle_.empty()) {
    // The one used last is warm and lets the others grow old; settings that fit save a round trip.
    auto best = idle_.end();
    for (auto it = idle_.end(); it != idle_.begin();) {
      --it;
      if ((*it)->carried() != wanted.carried) continue;
      if (best == idle_.end()) best = it;
      if ((*it)->settings_signature() == wanted.settings_signature) {
        best = it;
        break;
      }
    }
    if (best == idle_.end()) return {};
    std::unique_ptr<Poolable> connection = std::move(*best);
    idle_.erase(best);
    if (connection->is_stale()) {
      close_one(std::move(connection));
      continue;
    }
    return lease(std::move(connection), true);
  }
  return {};
}

Lease Pool::lease(std::unique_ptr<Poolable> connection, bool was_idle) {
  leased_.push_back(*connection);
  Lease made;
  made.pool_ = shared_from_this();
  made.connection_ = std::move(connection);
  made.was_idle_ = was_idle;
  return made;
}

std::size_t Pool::bound(Time now) const {
  const std::size_t least = std::min(kProbes, options_.connections_max);
  if (options_.slow_start == Duration::zero()) return options_.connections_max;
  if (lost_) return least;
  if (back_since_ == Time() || now - back_since_ >= options_.slow_start) return options_.connections_max;
  const double share = std::chrono::duration<double>(now - back_since_) / options_.slow_start;
  return std::max(least, static_cast<std::size_t>(share * static_cast<double>(options_.connections_max)));
}

std::size_t Pool::available() const {
  const std::size_t most = bound();
  return idle_.size() + (most > open_ ? most - open_ : 0);
}

/// Whoever waits would wait for a server that is not there.
void Pool::note_lost(const Error& error) {
  const bool unreachable =
      error.is(runtime::kConnectFailed) || error.is(runtime::kConnectionLost) || error.is(runtime::kTimeout);
  if (!unreachable) return;
  lost_ = true;
  if (options_.slow_start == Duration::zero()) return;
  for (Waiter* waiter : queue_) waiter->failed = error;
  while (!queue_.empty()) wake_one();
}

Task<Result<std::unique_ptr<Poolable>>> Pool::open(mysql::Capabilities carried, Time deadline,
                                                   runtime::Cancel* cancel) {
  ++open_;
  const std::uint64_t generation = generation_;
  Result<std::unique_ptr<Poolable>> connected = co_await connect_(carried, deadline, cancel);
  if (!connected) {
    --open_;
    note_lost(connected.error());
    wake_one();
    co_return connected;
  }
  if (std::exchange(lost_, false)) back_since_ = Clock::now();
  ++connects_;
  (*connected)->born_ = Clock::now();
  (*connected)->generation_ = generation;
  co_return connected;
}

Task<Result<void>> Pool::wait_for_slot(Time deadline, runtime::Cancel* cancel) {
  if (waiting_ >= options_.waiters_max) {
    co_return failure(kPoolExhausted, fmt::format("{}: {} connections are in use and {} callers wait already",
                                                  options_.name, in_use(), waiting_));
  }
  Waiter waiter;
  queue_.push_back(&waiter);
  const auto place = std::prev(queue_.end());
  ++waiting_;
  const Time since = Clock::now();
  const bool woken = co_await waiter.turn.wait(deadline, cancel);
  --waiting_;
  if (options_.waits != nullptr) options_.waits->observe(Clock::now() - since);
  if (waiter.turn.is_set()) {
    --promised_;
    if (woken && waiter.failed) co_return failure(std::move(*waiter.failed));
    if (woken) co_return Result<void>();
    wake_one();  // its time was over in the same moment: the turn goes to the next
  } else {
    queue_.erase(place);
  }
  if (cancel != nullptr && cancel->requested()) co_return failure(runtime::kCancelled, "query was cancelled");
  co_return failure(kPoolExhausted,
                    fmt::format("{}: no connection became free in time ({} in use, {} waiting)",
                                options_.name, in_use(), waiting_));
}

Lease Pool::take_at_once(const Wanted& wanted) {
  if (closed_ || available() <= promised_) return {};
  carried_ = wanted.carried;
  return pick(wanted);
}

Task<Result<Lease>> Pool::take(Wanted wanted, Time deadline, runtime::Cancel* cancel) {
  // Whoever waits goes first: a newcomer takes only what was promised to nobody.
  carried_ = wanted.carried;
  if (!closed_ && available() <= promised_) {
    const Time since = Clock::now();
    Result<void> turn = co_await wait_for_slot(deadline, cancel);
    if (wanted.waited != nullptr) *wanted.waited += Clock::now() - since;
    if (!turn) co_return failure(std::move(turn.error()));
  }
  if (closed_) co_return failure(kShuttingDown, options_.name + ": its connections are being closed");
  Lease idle = pick(wanted);
  if (idle) co_return idle;
  if (open_ >= bound() && !idle_.empty()) {
    close_one(std::move(idle_.front()));
    idle_.pop_front();
  }
  Result<std::unique_ptr<Poolable>> connected = co_await open(wanted.carried, deadline, cancel);
  if (!connected) co_return failure(std::move(connected.error()));
  co_return lease(std::move(*connected), false);
}

Task<void> Pool::warm(Time deadline, runtime::Cancel* cancel) {
  const std::shared_ptr<Pool> self = shared_from_this();
  while (!closed_ && !lost_ && idle_.size() < options_.idle_min && open_ < bound()) {
    Result<std::unique_ptr<Poolable>> connected = co_await open(carried_, deadline, cancel);
    if (!connected) co_return;
    give_back(std::move(*connected));
  }
}

void Pool::give_back(std::unique_ptr<Poolable> connection) {
  const Time now = runtime::coarse_now();
  if (connection->is_linked()) connection->unlink();
  if (connection->in_transaction() && !connection->is_broken()) {
    // Whoever had it should have ended the transaction, or kept the connection: its locks would stay.
    kLog.error("pool.transaction_left_open", {{"server", options_.name}, {"connection", "closed"}});
  }
  if (closed_ || connection->is_broken() || connection->in_transaction() ||
      connection->generation_ != generation_ || now - connection->born_ > options_.age_max) {
    drop(std::move(connection));
    return;
  }
  connection->idle_since_ = now;
  idle_.push_back(std::move(connection));
  wake_one();
}

void Pool::close_one(std::unique_ptr<Poolable> connection) {
  connection.reset();
  --open_;
}

void Pool::drop(std::unique_ptr<Poolable> connection) {
  close_one(std::move(connection));
  wake_one();
}

void Pool::wake_one() {
  if (queue_.empty()) return;
  Waiter* next = queue_.front();
  queue_.pop_front();
  ++promised_;
  next->turn.set();
}

void Pool::tidy(Time now) {
  if (now - back_since_ >= options_.slow_start) back_since_ = {};
  while (!queue_.empty() && available() > promised_) wake_one();
  std::size_t keep = options_.idle_min;
  // From the newest on: the first ones may stay however idle they are.
  for (std::size_t i = idle_.size(); i-- > 0;) {
    const Poolable& connection = *idle_[i];
    const bool idle_too_long = now - connection.idle_since_ > options_.idle_max && keep == 0;
    if (idle_too_long || now - connection.born_ > options_.age_max || connection.is_stale()) {
      std::unique_ptr<Poolable> gone = std::move(idle_[i]);
      idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
      drop(std::move(gone));
    } else if (keep > 0) {
      --keep;
    }
  }
}

void Pool::drain() {
  ++generation_;
  while (!idle_.empty()) {
    std::unique_ptr<Poolable> gone = std::move(idle_.back());
    idle_.pop_back();
    drop(std::move(gone));
  }
}

std::size_t Pool::give_up(const std::string& why) {
  drain();
  std::size_t count = 0;
  for (Poolable& connection : leased_) {
    connection.give_up(why);
    ++count;
  }
  return count;
}

bool Pool::is_used() const { return !leased_.empty(); }

void Pool::close() {
  closed_ = true;
  drain();
  while (!queue_.empty()) wake_one();
}

}  // namespace kintsugi::gate
