#include "runtime/stream_pair.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace kintsugi::runtime {

Result<std::pair<Stream, Stream>> stream_pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    return failure(kConnectFailed, fmt::format("no pair of sockets: {}", std::strerror(errno)));
  return std::pair(Stream::adopt(ends[0]), Stream::adopt(ends[1]));
}

}  // namespace kintsugi::runtime
