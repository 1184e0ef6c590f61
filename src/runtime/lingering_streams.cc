#include "runtime/lingering_streams.h"

#include <utility>

namespace kintsugi::runtime {

void LingeringStreams::add(Stream stream, LingerBounds bounds) {
  if (streams_.size() >= count_max_) return;
  streams_.push_back(std::move(stream));
  tasks_.spawn(linger(std::prev(streams_.end()), bounds));
}

Task<void> LingeringStreams::linger(std::list<Stream>::iterator stream, LingerBounds bounds) {
  co_await stream->lingering_close(bounds);
  streams_.erase(stream);
  if (streams_.empty()) empty_.set();
}

Task<void> LingeringStreams::stop(Time deadline) {
  if (!streams_.empty()) {
    empty_.reset();
    co_await empty_.wait(deadline);
  }
  for (Stream& stream : streams_) stream.abort();
  co_await tasks_.join();
}

}  // namespace kintsugi::runtime
