#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace kintsugi {

/// Objects of one thread that are used again with the memory they have grown to, so that what takes one for
/// each statement does not ask the heap. As many are kept as were out at once, at most `kept_max`.
template <class T>
class Spares {
 public:
  explicit Spares(std::size_t kept_max = 64) : kept_max_(kept_max) {}

  struct GiveBack {
    Spares* spares = nullptr;
    void operator()(T* object) const { spares->keep(std::unique_ptr<T>(object)); }
  };
  /// Gives itself back. Must not outlive the spares.
  using Borrowed = std::unique_ptr<T, GiveBack>;

  /// What it holds is what its last user left.
  Borrowed take() {
    if (kept_.empty()) return Borrowed(new T(), GiveBack{this});
    Borrowed taken(kept_.back().release(), GiveBack{this});
    kept_.pop_back();
    return taken;
  }

 private:
  void keep(std::unique_ptr<T> object) {
    if (kept_.size() < kept_max_) kept_.push_back(std::move(object));
  }

  std::size_t kept_max_;
  std::vector<std::unique_ptr<T>> kept_;
};

}  // namespace kintsugi
