#pragma once

#include <coroutine>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/address.h"
#include "runtime/errors.h"
#include "runtime/tls.h"

namespace kintsugi::runtime {

class Cancel;
class Loop;
class Stream;

/// One read or write under way; lives in the frame of the coroutine that awaits it.
struct IoOperation {
  /// The last two move nothing: they end when the socket is ready.
  enum class Kind { read, write, until_readable, until_writable };

  struct StreamState* stream;
  Kind kind;
  char* data;
  std::size_t size;
  std::size_t done = 0;  ///< bytes moved so far
  int error = 0;         ///< an errno, or one of the two below
  std::coroutine_handle<> waiter;
  IoOperation* next = nullptr;  ///< in the loop's list of deadlines
  IoOperation* previous = nullptr;
  bool listed = false;

  static constexpr int kTlsError = -1;
  static constexpr int kAborted = -2;

  /// Tries without waiting; true when it is over, one way or the other.
  bool attempt();
  void wait();
  void go_on();
  void finish(int why);
  Error failure_reason() const;

  bool await_ready();
  void await_suspend(std::coroutine_handle<> self);
};

struct ReadAwaiter : IoOperation {
  Result<std::size_t> await_resume() const;
};
struct WriteAwaiter : IoOperation {
  Result<void> await_resume() const;
};

/// How long a peer that is being closed may go on sending.
struct LingerBounds {
  std::size_t bytes = std::size_t{1} << 20;
  Duration silence = std::chrono::seconds(1);  ///< nothing came for so long: it has what it was told
  Duration total = std::chrono::seconds(2);
};

/// When TCP finds out that a peer is gone which never said goodbye: its machine lost power or its network.
/// (No TCP_USER_TIMEOUT beside it: that would also end connections whose peer is there and does not read.)
struct KeepAlive {
  Duration idle = std::chrono::seconds(60);      ///< silence before the peer is asked
  Duration interval = std::chrono::seconds(10);  ///< between questions that get no answer
  int questions = 6;                             ///< unanswered, after which the connection is lost
};

/// A connected byte stream over TCP or a unix socket, with TLS once it was started. Owns its socket. Belongs
/// to one loop; at most one read and one write may be under way at a time. Must not be destroyed or moved
/// from while an operation is under way: abort() it and await the coroutines that use it first.
///
/// What is known to find nothing is not tried: a read costs one system call, and only when something has
/// come.
class Stream {
 public:
  Stream();  ///< closed
  ~Stream();
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;

  /// Takes over a connected, non-blocking socket, on the current loop.
  static Stream adopt(int fd);
  /// Connects; kConnectFailed names the address and the reason, kTimeout the time. kCancelled as soon as
  /// `cancel` (may be null) is requested, but for a host's name, whose look-up ends by itself.
  static Task<Result<Stream>> connect(Address address, Time deadline = Time::max(), Cancel* cancel = nullptr);

  bool is_open() const { return state_ != nullptr; }
  int fd() const;
  /// "127.0.0.1:50312", or "unix".
  std::string peer() const;

  /// Reads at least one byte and at most `into.size()`; 0: the peer sends no more.
  ReadAwaiter read_some(std::span<char> into) {
    return {{state_.get(), IoOperation::Kind::read, into.data(), into.size()}};
  }
  /// Memory for read_some() that all streams of the loop share, so that one which waits for its peer holds
  /// none. What was read there is to be copied before the coroutine waits again.
  std::span<char> shared_buffer() const;
  /// Reads exactly `into.size()` bytes; an end before that is kConnectionLost.
  Task<Result<void>> read_exactly(std::span<char> into);
  /// Done when the kernel took all bytes; waits while the peer does not read.
  WriteAwaiter write_all(std::string_view bytes) {
    return {{state_.get(), IoOperation::Kind::write, const_cast<char*>(bytes.data()), bytes.size()}};
  }

  /// Operations that still wait at that time (25 ms late at most) fail with kTimeout. Holds for all later
  /// operations until it is set again; Time::max(): none.
  void set_deadline(Time deadline);

  /// Makes the operations under way and all later ones fail with kCancelled. Harmless when closed.
  void abort();
  /// The same, but they fail with kConnectionLost and `why`: the peer is taken for dead.
  void give_up(std::string why);
  /// Makes the read that waits now, if any, fail with kCancelled; later ones go on as ever.
  void interrupt_read();
  /// Tells the peer that no more will be sent.
  void shutdown_write();
  /// Closes the socket. No operation may be under way. Bytes that were not read make the kernel reset the
  /// connection, and the peer may lose what was written last: see lingering_close().
  void close();
  /// Closes so that the peer gets what was written last: says that no more comes, then reads and drops what
  /// the peer still sends, until it closes too or a bound is reached. abort() ends it early.
  Task<void> lingering_close(LingerBounds bounds = {});
  /// True when the peer had closed or reset the connection when the loop looked last, which it does before it
  /// serves anybody; no bytes are taken. For idle connections in a pool, where bytes that wait to be read
  /// mean that the connection is out of step as well.
  bool is_stale() const;

  /// Turns the stream into TLS; bytes read before must not belong to the TLS handshake.
  Task<Result<void>> start_tls_server(TlsContext context);
  /// `server_name` is checked against the certificate if the context checks peers.
  Task<Result<void>> start_tls_client(TlsContext context, std::string server_name);
  bool is_tls() const;
  /// "TLSv1.3", "TLS_AES_256_GCM_SHA384"; empty without TLS.
  std::string tls_version() const;
  std::string tls_cipher() const;

 private:
  explicit Stream(std::unique_ptr<StreamState> state);
  static Task<Result<Stream>> connect_one(const Address& address, const struct SocketAddress& target,
                                          Time deadline, Cancel* cancel);
  Task<int> connected();
  Task<Result<void>> tls_handshake(bool server);

  std::unique_ptr<StreamState> state_;
};

/// Accepts streams at an address. Belongs to the loop that made it.
class Listener {
 public:
  struct Options {
    bool reuse_port = false;  ///< several loops listen at the same port and the kernel spreads connections
    int backlog = 4096;
    int unix_mode = 0;  ///< permissions of a unix socket's file; 0: as the umask says
    KeepAlive keep_alive;
  };
  /// Port 0: a free one, see port(). A unix socket's stale file is replaced.
  static Result<Listener> listen(const Address& address, Options options);
  static Result<Listener> listen(const Address& address) { return listen(address, Options{}); }

  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  ~Listener();

  const Address& address() const { return address_; }
  std::uint16_t port() const { return address_.port; }
  /// The next connection; fails with kCancelled after abort(). When the process is out of descriptors it
  /// waits until there is one again (logged), and goes on.
  Task<Result<Stream>> accept();
  void abort();

 private:
  Listener(std::unique_ptr<StreamState> state, Address address);
  std::unique_ptr<StreamState> state_;
  Address address_;
};

}  // namespace kintsugi::runtime
