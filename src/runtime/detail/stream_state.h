#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

#include "runtime/detail/poller.h"
#include "runtime/stream.h"

namespace kintsugi::runtime {

/// What is behind a Stream or Listener, at an address that does not change while it is moved.
struct StreamState {
  /// `socket` does not block.
  StreamState(Loop& owner, int socket);

  Loop& loop;
  Descriptor descriptor;
  int fd;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, SSL_free};
  TlsContext tls;
  Time deadline = Time::max();
  bool aborted = false;
  std::string given_up{};  ///< aborted, and why its operations fail with kConnectionLost; empty: kCancelled
  IoOperation* reading = nullptr;  ///< the operation that waits for bytes to come
  /// For TLS: the direction the last attempt would have had to wait for.
  bool tls_wants_write = false;
};

/// `co_await` until there is something new, after a try that found nothing: 0, or why the wait ended as
/// IoOperation::error says it.
struct ReadyAwaiter : IoOperation {
  int await_resume() const noexcept { return error; }
};
inline ReadyAwaiter until_readable(StreamState& state) {
  return {{&state, IoOperation::Kind::until_readable, nullptr, 1}};
}
inline ReadyAwaiter until_writable(StreamState& state) {
  return {{&state, IoOperation::Kind::until_writable, nullptr, 1}};
}

}  // namespace kintsugi::runtime
