#include "runtime/cancel.h"

#include <utility>

namespace kintsugi::runtime {

void Cancel::request() {
  if (requested_) return;
  requested_ = true;
  // A callback may take its own or another registration away: what is left stands in the list.
  while (!callbacks_.empty()) {
    Callback& next = callbacks_.front();
    callbacks_.pop_front();
    const std::function<void()> callback = std::exchange(next.callback_, nullptr);
    callback();
  }
}

Cancel::Callback::Callback(Cancel* cancel, std::function<void()> callback) : callback_(std::move(callback)) {
  if (cancel == nullptr) return;
  if (cancel->requested()) {
    std::exchange(callback_, nullptr)();
  } else {
    cancel->callbacks_.push_back(*this);
  }
}

}  // namespace kintsugi::runtime
