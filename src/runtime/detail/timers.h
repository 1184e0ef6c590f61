#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

#include "base/time.h"

namespace kintsugi::runtime {

class Timer;

/// The timers of one loop, the next one first.
class Timers {
 public:
  /// When the next one is due; Time::max(): none is set.
  Time next() const;
  /// Calls those back that were due at `now`.
  void run(Time now);

 private:
  friend class Timer;
  void insert(Timer& timer);
  void remove(Timer& timer);
  void put(std::size_t place, Timer* timer);
  void sift(std::size_t place);

  std::vector<Timer*> heap_;
};

/// Something that is to happen at a time. Lives where it is needed, costs no memory of its own, and is taken
/// back when it is destroyed.
class Timer {
 public:
  Timer(Timers& timers, std::function<void()> callback) : timers_(timers), callback_(std::move(callback)) {}
  ~Timer() { cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Calls back once, then or soon after, from the loop. Set already: at that time instead.
  void set(Time when);
  void cancel();
  bool is_set() const { return place_ != kNowhere; }

 private:
  friend class Timers;
  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

  Timers& timers_;
  std::function<void()> callback_;
  Time when_{};
  std::size_t place_ = kNowhere;  // in the heap
};

}  // namespace kintsugi::runtime
