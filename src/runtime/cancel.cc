#include "runtime/cancel.h"

#include <utility>

namespace kintsugi::runtime {

void Cancel::request() {
  if (requested_) return;
  requested_ = true;
  // A callback may take its own or another registration away: what is left stands in the list.
  while (!callbacks_.empty()) {
    std::function<void()>* callback = callbacks_.front();
    callbacks_.splice(callbacks_.end(), callbacks_, callbacks_.begin());
    if (*callback)
      std::exchange(*callback, nullptr)();
    else
      break;
  }
}

Cancel::Callback::Callback(Cancel* cancel, std::function<void()> callback)
    : cancel_(cancel), callback_(std::move(callback)) {
  if (cancel_ == nullptr) return;
  if (cancel_->requested()) {
    std::exchange(callback_, nullptr)();
    return;
  }
  position_ = cancel_->callbacks_.insert(cancel_->callbacks_.end(), &callback_);
  registered_ = true;
}

Cancel::Callback::~Callback() {
  if (registered_) cancel_->callbacks_.erase(position_);
}

}  // namespace kintsugi::runtime
