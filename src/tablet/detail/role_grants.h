#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "runtime/address.h"
#include "runtime/event.h"
#include "topo/names.h"

namespace kintsugi::runtime {
class Cancel;
}

namespace kintsugi::tablet {

/// What lets a primary go on while it cannot renew its lease: a replica whose acknowledgement counts says
/// that it still follows. No other primary can be chosen before every such replica has come to rest, and one
/// that has given its word does not before the word has run out: so the word of any one of them is enough.
///
/// This is the giving side.
class GivenGrant {
 public:
  static constexpr Duration kLength = std::chrono::seconds(3);

  void give() { until_ = Clock::now() + kLength; }
  /// Until when this replica must not come to rest.
  bool holds() const { return Clock::now() < until_; }

 private:
  Time until_{};
};

/// And this the asking side: asks while it is told to, and knows until when it may count on the answers.
class HeldGrant {
 public:
  struct Question {
    topo::TabletAlias self;
    std::uint32_t epoch = 0;
    std::vector<runtime::Address> replicas;  ///< agents of those whose word counts
  };

  /// Asks them all at once and returns with the first yes, or when all have answered or `deadline` has come.
  Task<void> ask(Question question, Time deadline, runtime::Cancel* cancel);
  /// Of epoch `epoch`, counted from before the question was sent.
  bool holds(std::uint32_t epoch) const { return epoch == epoch_ && Clock::now() < until_; }

 private:
  Task<void> ask_one(Question question, std::size_t which, Time deadline, runtime::Cancel* cancel,
                     std::shared_ptr<runtime::Event> answered);

  std::uint32_t epoch_ = 0;
  Time until_{};
};

}  // namespace kintsugi::tablet
