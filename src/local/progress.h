#pragma once

#include <deque>
#include <string>

#include "base/time.h"
#include "local/protocol.h"
#include "rpc/error.h"
#include "runtime/event.h"

namespace kintsugi::local {

/// Steps of one request on their way to whoever asked for it. One writes, one reads, on one loop.
class Progress {
 public:
  void say(std::string state, std::string subject, std::string text = "") {
    add({std::move(state), std::move(subject), std::move(text), elapsed_ms(), ""});
  }
  /// The last event.
  void finish(const Result<void>& outcome) {
    if (outcome) {
      add({"done", "", "", elapsed_ms(), ""});
    } else {
      add({"failed", "", outcome.error().text(), elapsed_ms(), rpc::error_to_json(outcome.error())});
    }
    outcome_ = outcome;
    finished_ = true;
  }

  bool finished() const { return finished_; }
  const Result<void>& outcome() const { return outcome_; }  ///< once it is finished
  /// Waits for more; false when the last was taken.
  Task<bool> next(ProgressEvent& event) {
    while (events_.empty() && !finished_) {
      more_.reset();
      co_await more_.wait();
    }
    if (events_.empty()) co_return false;
    event = std::move(events_.front());
    events_.pop_front();
    co_return true;
  }

 private:
  std::int64_t elapsed_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_).count();
  }
  void add(ProgressEvent event) {
    events_.push_back(std::move(event));
    more_.set();
  }

  Time begin_ = Clock::now();
  std::deque<ProgressEvent> events_;
  runtime::Event more_;
  bool finished_ = false;
  Result<void> outcome_;
};

}  // namespace kintsugi::local
