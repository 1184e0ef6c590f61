#pragma once

#include "base/error.h"
#include "runtime/stream.h"

namespace kintsugi::runtime {

/// What a child process reads as its standard input, or writes as its standard output, while this process
/// writes or reads the other end. Belongs to one loop.
class ChildPipe {
 public:
  /// kProcessFailed: out of descriptors.
  static Result<ChildPipe> make();
  ChildPipe(ChildPipe&& other) noexcept;
  ChildPipe& operator=(ChildPipe&&) = delete;
  ~ChildPipe();

  /// For ProcessSpec::input_fd or output_fd.
  int childs_end() const { return child_; }
  /// Once the child was started: from then on its end is this stream's end.
  void close_childs_end();
  Stream& stream() { return stream_; }

 private:
  ChildPipe(Stream stream, int child) : stream_(std::move(stream)), child_(child) {}
  Stream stream_;
  int child_;
};

}  // namespace kintsugi::runtime
