#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "runtime/loop.h"

namespace kintsugi::runtime {

struct IoOperation;

/// Operations that wait for a socket and have a deadline, looked through no more often than every
/// kDeadlineStep, so that a deadline costs two pointer writes and no timer of its own.
class DeadlineList {
 public:
  explicit DeadlineList(boost::asio::io_context& io) : timer_(io) {}
  void add(IoOperation& operation);
  void remove(IoOperation& operation);
  bool empty() const { return first_ == nullptr; }

 private:
  void arm(Time when);
  void expire();

  boost::asio::steady_timer timer_;
  IoOperation* first_ = nullptr;
  Time next_check_ = Time::max();
};

struct Loop::Impl {
  boost::asio::io_context io{1};
  DeadlineList deadlines{io};
  /// Reads and writes that may succeed in a row without going back to the loop.
  int io_budget = 0;
  /// What streams read into until they know how much has come; made when first asked for.
  std::unique_ptr<char[]> shared_buffer;
  static constexpr std::size_t kSharedBytes = 64 * 1024;
};

}  // namespace kintsugi::runtime
