#pragma once

#include <functional>

#include <boost/intrusive/list.hpp>

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
  class Callback
      : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    Callback(Cancel* cancel, std::function<void()> callback);
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

   private:
    std::function<void()> callback_;
    friend class Cancel;
  };

 private:
  boost::intrusive::list<Callback, boost::intrusive::constant_time_size<false>> callbacks_;
  bool requested_ = false;
};

}  // namespace kintsugi::runtime
