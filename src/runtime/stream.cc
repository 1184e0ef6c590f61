#include "runtime/stream.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "runtime/detail/loop_impl.h"
#include "runtime/detail/stream_state.h"

namespace kintsugi::runtime {
namespace {

constexpr int kIoBudget = 64;
constexpr auto kDeadlineStep = std::chrono::milliseconds(25);
constexpr int kDeadlinePassed = ETIMEDOUT;

// One try of an operation: bytes moved, 0 at the peer's end, or −1 with errno, EAGAIN if it has to wait.
ssize_t try_plain(IoOperation& operation) {
  const int fd = operation.stream->fd;
  for (;;) {
    const ssize_t moved =
        operation.kind == IoOperation::Kind::read
            ? ::recv(fd, operation.data, operation.size, 0)
            : ::send(fd, operation.data + operation.done, operation.size - operation.done, MSG_NOSIGNAL);
    if (moved >= 0 || errno != EINTR) return moved;
  }
}

ssize_t try_tls(IoOperation& operation) {
  StreamState& stream = *operation.stream;
  std::size_t moved = 0;
  ERR_clear_error();
  const int ok = operation.kind == IoOperation::Kind::read
                     ? SSL_read_ex(stream.ssl.get(), operation.data, operation.size, &moved)
                     : SSL_write_ex(stream.ssl.get(), operation.data + operation.done,
                                    operation.size - operation.done, &moved);
  if (ok == 1) return static_cast<ssize_t>(moved);
  switch (SSL_get_error(stream.ssl.get(), ok)) {
    case SSL_ERROR_WANT_READ:
      stream.tls_wants_write = false;
      errno = EAGAIN;
      return -1;
    case SSL_ERROR_WANT_WRITE:
      stream.tls_wants_write = true;
      errno = EAGAIN;
      return -1;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    case SSL_ERROR_SYSCALL:
      if (errno == 0) errno = ECONNRESET;
      return -1;
    default:
      errno = EPROTO;
      return -1;
  }
}

bool waits_for_write(const IoOperation& operation) {
  switch (operation.kind) {
    case IoOperation::Kind::until_readable:
      return false;
    case IoOperation::Kind::until_writable:
      return true;
    default:
      if (operation.stream->ssl) return operation.stream->tls_wants_write;
      return operation.kind == IoOperation::Kind::write;
  }
}

/// A try has just found that the operation has to wait.
void note_nothing_there(const IoOperation& operation) {
  Descriptor& descriptor = operation.stream->descriptor;
  waits_for_write(operation) ? descriptor.note_full() : descriptor.note_empty();
}

}  // namespace

// ---------------------------------------------------------------------------------------------- operations

bool IoOperation::attempt() {
  if (stream == nullptr || stream->aborted) {
    error = kAborted;
    return true;
  }
  if (kind == Kind::until_readable || kind == Kind::until_writable) return done++ != 0;
  for (;;) {
    const ssize_t moved = stream->ssl ? try_tls(*this) : try_plain(*this);
    if (moved < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        note_nothing_there(*this);
        return false;
      }
      error = errno == EPROTO ? kTlsError : errno;
      return true;
    }
    done += static_cast<std::size_t>(moved);
    if (kind == Kind::read && !stream->ssl && done < size) stream->descriptor.note_empty();
    if (kind == Kind::read || done == size) return true;
    if (moved == 0) {
      error = EPIPE;
      return true;
    }
  }
}

bool IoOperation::await_ready() {
  if (size == 0) return true;
  if (stream == nullptr) return attempt();
  if (kind == Kind::until_readable || kind == Kind::until_writable) note_nothing_there(*this);
  if (--stream->loop.impl().io_budget < 0) return false;
  const bool would_wait = kind == Kind::read && !stream->ssl && !stream->descriptor.readable();
  return (!would_wait || stream->aborted) && attempt();
}

void IoOperation::await_suspend(std::coroutine_handle<> self) {
  waiter = self;
  if (kind == Kind::read || kind == Kind::until_readable) stream->reading = this;
  Loop::Impl& loop = stream->loop.impl();
  if (loop.io_budget < 0) {
    // This coroutine had its share: the others first, then a try.
    loop.io_budget = kIoBudget;
    stream->loop.post([this] { go_on(); });
    return;
  }
  wait();
}

void IoOperation::go_on() {
  if (error == 0 && !attempt()) {
    wait();
  } else {
    finish(error);
  }
}

void IoOperation::wait() {
  if (stream->deadline != Time::max() && !listed) stream->loop.impl().deadlines.add(*this);
  const auto on_ready = [this] {
    stream->loop.impl().io_budget = kIoBudget;
    go_on();
  };
  if (waits_for_write(*this)) {
    stream->descriptor.when_writable(on_ready);
  } else {
    stream->descriptor.when_readable(on_ready);
  }
}

void IoOperation::finish(int why) {
  error = why;
  if (listed) stream->loop.impl().deadlines.remove(*this);
  if (stream->reading == this) stream->reading = nullptr;
  waiter.resume();
}

Error IoOperation::failure_reason() const {
  const char* what = kind == Kind::write ? "writing" : kind == Kind::read ? "reading" : "waiting";
  switch (error) {
    case kAborted:
      if (stream != nullptr && !stream->given_up.empty())
        return Error(kConnectionLost, fmt::format("connection lost while {}: {}", what, stream->given_up));
      return Error(kCancelled, "the connection was closed here");
    case kTlsError: {
      char text[256] = "protocol error";
      if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
      return Error(kTlsFailed, fmt::format("TLS: {}", text));
    }
    case kDeadlinePassed:
      return Error(kTimeout, fmt::format("{} took longer than its deadline", what));
    default:
      return Error(kConnectionLost, fmt::format("connection lost while {}: {}", what, std::strerror(error)));
  }
}

Result<std::size_t> ReadAwaiter::await_resume() const {
  if (error != 0) return failure(failure_reason());
  return done;
}

Result<void> WriteAwaiter::await_resume() const {
  if (error != 0) return failure(failure_reason());
  return {};
}

// ----------------------------------------------------------------------------------------------- deadlines

void DeadlineList::add(IoOperation& operation) {
  operation.listed = true;
  operation.previous = nullptr;
  operation.next = first_;
  if (first_ != nullptr) first_->previous = &operation;
  first_ = &operation;
  if (operation.stream->deadline < next_check_) arm(operation.stream->deadline);
}

void DeadlineList::remove(IoOperation& operation) {
  operation.listed = false;
  (operation.previous != nullptr ? operation.previous->next : first_) = operation.next;
  if (operation.next != nullptr) operation.next->previous = operation.previous;
}

void DeadlineList::arm(Time when) {
  next_check_ = when;
  timer_.set(when);
}

void DeadlineList::expire() {
  const Time now = Clock::now();
  Time earliest = Time::max();
  for (IoOperation* operation = first_; operation != nullptr; operation = operation->next) {
    if (operation->stream->deadline > now) {
      earliest = std::min(earliest, operation->stream->deadline);
    } else if (operation->error == 0) {
      // Wakes its wait, which sees the error; the other direction's wait goes on.
      operation->error = kDeadlinePassed;
      operation->stream->descriptor.cancel();
    }
  }
  next_check_ = Time::max();
  if (earliest != Time::max()) arm(std::max(earliest, now + kDeadlineStep));
}

// -------------------------------------------------------------------------------------------------- stream

StreamState::StreamState(Loop& owner, int socket)
    : loop(owner), descriptor(owner.impl().poller, socket), fd(socket) {}

Stream::Stream() = default;
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::Stream(std::unique_ptr<StreamState> state) : state_(std::move(state)) {}

Stream Stream::adopt(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return Stream(std::make_unique<StreamState>(Loop::current(), fd));
}

int Stream::fd() const { return state_ ? state_->fd : -1; }

Task<Result<void>> Stream::read_exactly(std::span<char> into) {
  while (!into.empty()) {
    Result<std::size_t> count = co_await read_some(into);
    if (!count) co_return failure(std::move(count.error()));
    if (*count == 0) co_return failure(kConnectionLost, "the peer closed the connection");
    into = into.subspan(*count);
  }
  co_return Result<void>();
}

void Stream::set_deadline(Time deadline) {
  if (state_) state_->deadline = deadline;
}

void Stream::abort() {
  if (!state_ || state_->aborted) return;
  state_->aborted = true;
  state_->descriptor.cancel();
}

void Stream::give_up(std::string why) {
  if (!state_ || state_->aborted) return;
  state_->given_up = std::move(why);
  abort();
}

void Stream::interrupt_read() {
  if (!state_ || state_->reading == nullptr || state_->reading->error != 0) return;
  state_->reading->error = IoOperation::kAborted;
  // A write that waits as well is woken too, finds no error and waits on.
  state_->descriptor.cancel();
}

void Stream::shutdown_write() {
  if (!state_) return;
  if (state_->ssl) SSL_shutdown(state_->ssl.get());
  ::shutdown(state_->fd, SHUT_WR);
}

void Stream::close() { state_.reset(); }

Task<void> Stream::lingering_close(LingerBounds bounds) {
  if (!state_) co_return;
  shutdown_write();
  state_->ssl.reset();  // what comes is not decrypted any more
  const Time end = Clock::now() + bounds.total;
  std::size_t dropped = 0;
  while (dropped < bounds.bytes && Clock::now() < end) {
    set_deadline(std::min(end, Clock::now() + bounds.silence));
    const Result<std::size_t> count = co_await read_some(shared_buffer());
    if (!count || *count == 0) break;
    dropped += *count;
  }
  close();
}

std::span<char> Stream::shared_buffer() const {
  Loop::Impl& loop = state_->loop.impl();
  if (!loop.shared_buffer)
    loop.shared_buffer = std::make_unique_for_overwrite<char[]>(Loop::Impl::kSharedBytes);
  return {loop.shared_buffer.get(), Loop::Impl::kSharedBytes};
}

bool Stream::is_stale() const {
  if (!state_ || state_->aborted) return true;
  // As the loop has seen it when it looked last: before anybody is served, it notes everything that has come.
  if (!state_->descriptor.readable()) return false;
  char byte;
  const ssize_t peeked = ::recv(state_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (peeked >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) return true;
  state_->descriptor.note_empty();
  return false;
}

Task<Result<void>> Stream::tls_handshake(bool server) {
  for (;;) {
    ERR_clear_error();
    const int outcome = server ? SSL_accept(state_->ssl.get()) : SSL_connect(state_->ssl.get());
    if (outcome == 1) co_return Result<void>();
    const int why = SSL_get_error(state_->ssl.get(), outcome);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
      char text[256] = "the peer closed the connection";
      if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
      co_return failure(kTlsFailed, fmt::format("TLS handshake with {}: {}", peer(), text));
    }
    ReadyAwaiter ready = why == SSL_ERROR_WANT_WRITE ? until_writable(*state_) : until_readable(*state_);
    if (co_await ready != 0) co_return failure(ready.failure_reason().with_context("TLS handshake"));
  }
}

Task<Result<void>> Stream::start_tls_server(TlsContext context) {
  state_->tls = std::move(context);
  state_->ssl.reset(SSL_new(state_->tls.native()));
  SSL_set_fd(state_->ssl.get(), state_->fd);
  return tls_handshake(true);
}

Task<Result<void>> Stream::start_tls_client(TlsContext context, std::string server_name) {
  state_->tls = std::move(context);
  state_->ssl.reset(SSL_new(state_->tls.native()));
  SSL_set_fd(state_->ssl.get(), state_->fd);
  SSL_set_tlsext_host_name(state_->ssl.get(), server_name.c_str());
  if (state_->tls.checks_peer()) SSL_set1_host(state_->ssl.get(), server_name.c_str());
  return tls_handshake(false);
}

bool Stream::is_tls() const { return state_ && state_->ssl; }
std::string Stream::tls_version() const { return is_tls() ? SSL_get_version(state_->ssl.get()) : ""; }
std::string Stream::tls_cipher() const { return is_tls() ? SSL_get_cipher(state_->ssl.get()) : ""; }

}  // namespace kintsugi::runtime
