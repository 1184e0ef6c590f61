#include "runtime/detail/timers.h"

namespace kintsugi::runtime {

void Timer::set(Time when) {
  cancel();
  when_ = when;
  timers_.insert(*this);
}

void Timer::cancel() {
  if (is_set()) timers_.remove(*this);
}

Time Timers::next() const { return heap_.empty() ? Time::max() : heap_.front()->when_; }

void Timers::run(Time now) {
  // Those that are set meanwhile, for now again, have their turn after the others of the loop.
  for (std::size_t left = heap_.size(); left > 0 && next() <= now; --left) {
    Timer& due = *heap_.front();
    remove(due);
    const std::function<void()> callback = due.callback_;  // it may destroy its timer
    callback();
  }
}

void Timers::insert(Timer& timer) {
  heap_.push_back(&timer);
  timer.place_ = heap_.size() - 1;
  sift(timer.place_);
}

void Timers::remove(Timer& timer) {
  const std::size_t place = timer.place_;
  timer.place_ = Timer::kNowhere;
  Timer* last = heap_.back();
  heap_.pop_back();
  if (last == &timer) return;
  put(place, last);
  sift(place);
}

void Timers::put(std::size_t place, Timer* timer) {
  heap_[place] = timer;
  timer->place_ = place;
}

/// Moves what stands there up or down to where it belongs.
void Timers::sift(std::size_t place) {
  Timer* const moved = heap_[place];
  while (place > 0 && moved->when_ < heap_[(place - 1) / 2]->when_) {
    put(place, heap_[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  for (;;) {
    std::size_t child = 2 * place + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->when_ < heap_[child]->when_) ++child;
    if (heap_[child]->when_ >= moved->when_) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, moved);
}

}  // namespace kintsugi::runtime
