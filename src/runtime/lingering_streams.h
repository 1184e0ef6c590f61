#pragma once

#include <cstddef>
#include <list>

#include "base/task.h"
#include "runtime/stream.h"
#include "runtime/task_group.h"

namespace kintsugi::runtime {

/// Streams that their owners are done with, each on its way out by Stream::lingering_close(). So a server
/// gives back all else that a connection held while the peer still reads its last words. Belongs to one loop.
class LingeringStreams {
 public:
  /// More than `count_max` at a time are closed at once: peers cannot make a server run out of sockets.
  explicit LingeringStreams(std::size_t count_max = 1024) : count_max_(count_max) {}

  /// No operation of the stream may be under way.
  void add(Stream stream, LingerBounds bounds = {});
  std::size_t size() const { return streams_.size(); }
  /// Waits until all are closed: each within its own bounds, but for no longer than `deadline`.
  Task<void> stop(Time deadline);

 private:
  Task<void> linger(std::list<Stream>::iterator stream, LingerBounds bounds);

  std::size_t count_max_;
  std::list<Stream> streams_;
  Event empty_;
  TaskGroup tasks_;
};

}  // namespace kintsugi::runtime
