// Connecting, listening, accepting and naming peers: the part of streams that knows of addresses.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "runtime/cancel.h"
#include "runtime/detail/loop_impl.h"
#include "runtime/detail/stream_state.h"
#include "runtime/offload.h"
#include "runtime/timer.h"

namespace kintsugi::runtime {
namespace {

const Logger kLog{"runtime"};

}  // namespace

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

namespace {

Result<SocketAddress> unix_address(const std::string& path) {
  SocketAddress address;
  auto* target = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.size() >= sizeof target->sun_path) {
    return failure(kInvalidArgument,
                   fmt::format("the unix socket path {} is longer than the system's {} bytes", path,
                               sizeof target->sun_path - 1));
  }
  target->sun_family = AF_UNIX;
  std::memcpy(target->sun_path, path.data(), path.size());
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

// Blocks for a name that is not a number.
Result<std::vector<SocketAddress>> look_up(const Address& address, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (code != 0) {
    return failure(kConnectFailed,
                   fmt::format("cannot look up host {}: {}", address.host, ::gai_strerror(code)));
  }
  std::vector<SocketAddress> result;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    SocketAddress& one = result.emplace_back();
    std::memcpy(&one.storage, each->ai_addr, each->ai_addrlen);
    one.size = each->ai_addrlen;
  }
  ::freeaddrinfo(found);
  return result;
}

Task<Result<std::vector<SocketAddress>>> resolve(Address address) {
  if (address.is_unix()) {
    Result<SocketAddress> one = unix_address(address.path);
    if (!one) co_return failure(std::move(one.error()));
    co_return std::vector<SocketAddress>{*one};
  }
  Result<std::vector<SocketAddress>> numeric = look_up(address, AI_NUMERICHOST);
  if (numeric) co_return numeric;
  Result<std::vector<SocketAddress>> named = failure(kInternal, "");
  auto work = [&] { named = look_up(address, 0); };
  co_await offload(work);
  co_return named;
}

tl::unexpected<Error> connect_failure(const Address& address, int why) {
  return failure(kConnectFailed, fmt::format("cannot connect to {}: {}", address.text(), std::strerror(why)));
}

/// Of TCP sockets; a unix socket's peer cannot vanish without the kernel knowing.
void set_keep_alive(int fd, const KeepAlive& keep) {
  const auto set = [fd](int option, auto value) {
    const int number = static_cast<int>(value);
    ::setsockopt(fd, IPPROTO_TCP, option, &number, sizeof number);
  };
  const auto seconds = [](Duration duration) {
    return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(duration).count());
  };
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  set(TCP_KEEPIDLE, seconds(keep.idle));
  set(TCP_KEEPINTVL, seconds(keep.interval));
  set(TCP_KEEPCNT, keep.questions);
}

}  // namespace

// One of the addresses that a name stands for.
Task<Result<Stream>> Stream::connect_one(const Address& address, const SocketAddress& target, Time deadline,
                                         Cancel* cancel) {
  const int fd = ::socket(target.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) co_return connect_failure(address, errno);
  if (!address.is_unix()) set_keep_alive(fd, KeepAlive{});
  int why = ::connect(fd, target.get(), target.size) == 0 ? 0 : errno;
  Stream stream = Stream::adopt(fd);
  // A unix listener's queue is full: it does not tell when there is room.
  while (why == EAGAIN && Clock::now() < deadline) {
    const bool go_on = co_await sleep_for(std::chrono::milliseconds(2), cancel);
    if (!go_on) break;
    why = ::connect(fd, target.get(), target.size) == 0 ? 0 : errno;
  }
  if (why == EINPROGRESS) {
    const Cancel::Callback on_cancel(cancel, [&stream] { stream.abort(); });
    stream.set_deadline(deadline);
    why = co_await stream.connected();
  }
  if (cancel != nullptr && cancel->requested()) {
    co_return failure(kCancelled, fmt::format("connecting to {} was cancelled", address.text()));
  }
  if (why == ETIMEDOUT) {
    co_return failure(kTimeout, fmt::format("connecting to {} took too long", address.text()));
  }
  if (why != 0) co_return connect_failure(address, why);
  stream.set_deadline(Time::max());
  co_return stream;
}

namespace {

Result<SocketAddress> listen_address(const Address& address) {
  if (address.is_unix()) return unix_address(address.path);
  Result<std::vector<SocketAddress>> found = look_up(address, AI_PASSIVE);
  if (!found) return failure(std::move(found.error()));
  return found->front();
}

std::uint16_t bound_port(int fd) {
  SocketAddress local;
  local.size = sizeof local.storage;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&local.storage), &local.size);
  if (local.family() == AF_INET) return ntohs(reinterpret_cast<sockaddr_in*>(&local.storage)->sin_port);
  if (local.family() == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&local.storage)->sin6_port);
  return 0;
}

bool is_passing(int why) {
  return why == ECONNABORTED || why == EINTR || why == EPROTO || why == ENETDOWN || why == EHOSTUNREACH;
}

}  // namespace

Task<int> Stream::connected() {
  ReadyAwaiter ready = until_writable(*state_);
  if (const int why = co_await ready) co_return why == IoOperation::kAborted ? ECANCELED : why;
  int outcome = 0;
  socklen_t size = sizeof outcome;
  ::getsockopt(state_->fd, SOL_SOCKET, SO_ERROR, &outcome, &size);
  co_return outcome;
}

Task<Result<Stream>> Stream::connect(Address address, Time deadline, Cancel* cancel) {
  Result<std::vector<SocketAddress>> targets = co_await resolve(address);
  if (!targets) co_return failure(std::move(targets.error()));
  Result<Stream> last = connect_failure(address, EADDRNOTAVAIL);
  for (const SocketAddress& target : *targets) {
    last = co_await connect_one(address, target, deadline, cancel);
    if (last || last.error().is(kTimeout) || last.error().is(kCancelled)) break;
  }
  co_return last;
}

std::string Stream::peer() const {
  if (!state_) return "closed";
  SocketAddress remote;
  remote.size = sizeof remote.storage;
  if (::getpeername(state_->fd, reinterpret_cast<sockaddr*>(&remote.storage), &remote.size) != 0)
    return "gone";
  if (remote.family() == AF_UNIX) return "unix";
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (::getnameinfo(remote.get(), remote.size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "unknown";
  }
  return Address::tcp(host, static_cast<std::uint16_t>(std::atoi(port))).text();
}

Result<Listener> Listener::listen(const Address& address, Options options) {
  Result<SocketAddress> local = listen_address(address);
  if (!local) return failure(std::move(local.error()));
  auto fail = [&](int fd) {
    const int why = errno;
    if (fd >= 0) ::close(fd);
    return failure(kListenFailed, fmt::format("cannot listen at {}: {}", address.text(), std::strerror(why)));
  };
  const int fd = ::socket(local->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(fd);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (options.reuse_port) ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  // Accepted sockets inherit it.
  if (!address.is_unix()) set_keep_alive(fd, options.keep_alive);
  if (address.is_unix()) ::unlink(address.path.c_str());
  if (::bind(fd, local->get(), local->size) != 0) return fail(fd);
  if (options.unix_mode != 0 && address.is_unix()) {
    ::chmod(address.path.c_str(), static_cast<mode_t>(options.unix_mode));
  }
  if (::listen(fd, options.backlog) != 0) return fail(fd);
  Address bound = address;
  if (!address.is_unix()) bound.port = bound_port(fd);
  return Listener(std::make_unique<StreamState>(Loop::current(), fd), std::move(bound));
}

Listener::Listener(std::unique_ptr<StreamState> state, Address address)
    : state_(std::move(state)), address_(std::move(address)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

Task<Result<Stream>> Listener::accept() {
  for (;;) {
    if (state_->aborted) co_return failure(kCancelled, "the listener was closed here");
    const int fd = ::accept4(state_->fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) co_return Stream::adopt(fd);
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      ReadyAwaiter ready = until_readable(*state_);
      co_await ready;
    } else if (!is_passing(errno)) {
      kLog.error("accept.failed", {{"address", address_.text()},
                                   {"reason", std::strerror(errno)},
                                   {"next_step", "raise the limit of open files (ulimit -n)"}});
      co_await sleep_for(std::chrono::milliseconds(100));
    }
  }
}

void Listener::abort() {
  if (!state_ || state_->aborted) return;
  state_->aborted = true;
  state_->descriptor.cancel();
}

}  // namespace kintsugi::runtime
