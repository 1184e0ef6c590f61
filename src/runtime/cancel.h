#pragma once

#include <functional>
#include <list>

namespace kintsugi::runtime {

/// A wish to stop, told to everything that waits on behalf of one owner. Requested once, never taken back.
/// All calls on one loop.
class Cancel {
 public:
  Cancel() = default;
  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;

  bool requested() const { return requested_; }
  /// Calls what was registered, each once, in the order of registration.
  void request();

  /// While this lives, `callback` is called when `cancel` is requested; at once if it already was.
  /// `cancel` may be null (never cancelled) and must outlive this.
  class Callback {
   public:
    Callback(Cancel* cancel, std::function<void()> callback);
    ~Callback();
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

   private:
    Cancel* cancel_;
    std::list<std::function<void()>*>::iterator position_;
    std::function<void()> callback_;
    bool registered_ = false;
    friend class Cancel;
  };

 private:
  std::list<std::function<void()>*> callbacks_;
  bool requested_ = false;
};

}  // namespace kintsugi::runtime
