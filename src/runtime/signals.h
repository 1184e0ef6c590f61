#pragma once

#include <initializer_list>
#include <memory>

#include "base/task.h"

namespace kintsugi::runtime {

class Cancel;

/// Signals that the process takes note of instead of being ended by them, while this lives. Belongs to the
/// loop that made it. None is lost between two calls of next(), though several of one number may be told as
/// one.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> numbers);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The number of the next one; 0 when `cancel` (may be null) is requested first. One waits at a time.
  Task<int> next(Cancel* cancel = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::runtime
