#include "runtime/cancel.h"

#include <utility>

namespace kintsugi::runtime {
namespace {

/// Nodes of registrations that are over: every statement registers one.
thread_local std::list<std::function<void()>*> spare_nodes;

}  // namespace

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
  if (spare_nodes.empty()) spare_nodes.emplace_back();
  position_ = spare_nodes.begin();
  *position_ = &callback_;
  cancel_->callbacks_.splice(cancel_->callbacks_.end(), spare_nodes, position_);
  registered_ = true;
}

Cancel::Callback::~Callback() {
  if (registered_) spare_nodes.splice(spare_nodes.begin(), cancel_->callbacks_, position_);
}

}  // namespace kintsugi::runtime
