#include "runtime/child_pipe.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace kintsugi::runtime {

Result<ChildPipe> ChildPipe::make() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return failure(kProcessFailed, std::string("cannot make a pipe: ") + std::strerror(errno));
  // Ours alone: the child waits as programs do.
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return ChildPipe(Stream::adopt(ends[0]), ends[1]);
}

ChildPipe::ChildPipe(ChildPipe&& other) noexcept
    : stream_(std::move(other.stream_)), child_(std::exchange(other.child_, -1)) {}

ChildPipe::~ChildPipe() { close_childs_end(); }

void ChildPipe::close_childs_end() {
  if (child_ >= 0) ::close(std::exchange(child_, -1));
}

}  // namespace kintsugi::runtime
