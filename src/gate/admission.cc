#include "gate/admission.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/errors.h"
#include "runtime/errors.h"
#include "runtime/event.h"
#include "runtime/loop.h"
#include "runtime/timer.h"

namespace kintsugi::gate {

/// Its loop waits for `turn`, which only that loop touches; the rest is guarded by the account's mutex.
struct LoadAccount::Waiter {
  runtime::Loop* loop;
  std::uint32_t statements_max;
  bool let_in = false;
  runtime::Event turn;
};

Result<void> LoadAccount::connect(std::uint32_t connections_max) {
  const std::lock_guard lock(mutex_);
  if (connections_max != 0 && connections_ >= connections_max) {
    return failure(kLoadConnections, fmt::format("{} has {} connections to this gate, and may have {}", what_,
                                                 connections_, connections_max));
  }
  ++connections_;
  return {};
}

void LoadAccount::disconnect() {
  const std::lock_guard lock(mutex_);
  --connections_;
}

LoadAccount::Now LoadAccount::now() const {
  const std::lock_guard lock(mutex_);
  return {connections_, running_, static_cast<std::uint32_t>(queue_.size())};
}

Task<Result<void>> LoadAccount::enter(vschema::LoadLimits limits, bool at_once, runtime::Cancel* cancel) {
  Result<void> due = co_await wait_for_rate(limits.rate_max, at_once, cancel);
  if (!due) co_return due;
  if (!at_once && limits.statements_max != 0) {
    Result<void> slot = co_await wait_for_slot(limits.statements_max, cancel);
    co_return slot;
  }
  const std::lock_guard lock(mutex_);
  ++running_;
  co_return Result<void>();
}

/// Statements are due at the rate; a second's worth of them may come at once after a second's silence.
Task<Result<void>> LoadAccount::wait_for_rate(std::uint32_t rate_max, bool at_once, runtime::Cancel* cancel) {
  if (rate_max == 0) co_return Result<void>();
  const Time now = Clock::now();
  const Duration each = Duration(std::chrono::seconds(1)) / rate_max;
  Time due;
  {
    const std::lock_guard lock(mutex_);
    due = std::max(next_, now - Duration(std::chrono::seconds(1)) + each);
    const Duration wait = due - now;
    if (!at_once && (wait > policy_.wait_max || wait > each * std::int64_t{policy_.waiters_max})) {
      co_return failure(
          kLoadRate,
          fmt::format("{} begins more than {} statements a second, and {} ms worth of "
                      "them wait already",
                      what_, rate_max, std::chrono::duration_cast<std::chrono::milliseconds>(wait).count()));
    }
    next_ = due + each;
  }
  if (at_once || due <= now) co_return Result<void>();
  const bool came = co_await runtime::sleep_until(due, cancel);
  waits_.observe(Clock::now() - now);
  if (!came) co_return failure(runtime::kCancelled, "query was cancelled");
  co_return Result<void>();
}

Task<Result<void>> LoadAccount::wait_for_slot(std::uint32_t statements_max, runtime::Cancel* cancel) {
  std::shared_ptr<Waiter> waiter;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty() && running_ < statements_max) {
      ++running_;
      co_return Result<void>();
    }
    if (queue_.size() >= policy_.waiters_max) {
      co_return failure(kLoadStatements,
                        fmt::format("{} runs {} statements, of {} that it may, and {} wait already", what_,
                                    running_, statements_max, queue_.size()));
    }
    waiter = std::make_shared<Waiter>();
    waiter->loop = &runtime::Loop::current();
    waiter->statements_max = statements_max;
    queue_.push_back(waiter);
  }
  const Time since = Clock::now();
  const bool woken = co_await waiter->turn.wait(since + policy_.wait_max, cancel);
  waits_.observe(Clock::now() - since);
  std::size_t others = 0;
  {
    const std::lock_guard lock(mutex_);
    // Let in at the moment that its time was over, it is in.
    if (waiter->let_in && (woken || cancel == nullptr || !cancel->requested())) co_return Result<void>();
    if (waiter->let_in) {
      --running_;
    } else {
      std::erase(queue_, waiter);
    }
    wake();
    others = queue_.size();
  }
  if (cancel != nullptr && cancel->requested()) co_return failure(runtime::kCancelled, "query was cancelled");
  co_return failure(kLoadStatements,
                    fmt::format("{} runs the {} statements that it may, and none ended in time ({} wait)",
                                what_, statements_max, others));
}

void LoadAccount::leave() {
  const std::lock_guard lock(mutex_);
  --running_;
  wake();
}

/// With the mutex. Those at the front go in as long as they may.
void LoadAccount::wake() {
  while (!queue_.empty() && running_ < queue_.front()->statements_max) {
    const std::shared_ptr<Waiter> next = std::move(queue_.front());
    queue_.pop_front();
    next->let_in = true;
    ++running_;
    next->loop->post([next] { next->turn.set(); });
  }
}

std::shared_ptr<LoadAccount> Admission::account(Accounts& accounts, const char* kind, std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto known = accounts.find(name);
  if (known != accounts.end()) return known->second;
  auto made = std::make_shared<LoadAccount>(fmt::format("{} '{}'", kind, name), policy_, waits_);
  accounts.emplace(name, made);
  return made;
}

}  // namespace kintsugi::gate
