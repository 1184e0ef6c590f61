#include "runtime/signals.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "runtime/cancel.h"
#include "runtime/stream.h"

namespace kintsugi::runtime {
namespace {

/// Where the number of a signal is sent to; 0: nowhere. All that a handler may touch.
std::array<std::atomic<int>, NSIG> listeners;

void tell(int number) {
  const int before = errno;
  const int listener = listeners[static_cast<std::size_t>(number)];
  const char told = static_cast<char>(number);
  // A full socket holds many signals that nobody has taken yet: one more changes nothing.
  if (listener != 0) [[maybe_unused]]
    const ssize_t sent = ::send(listener, &told, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  errno = before;
}

}  // namespace

struct Signals::State {
  struct Taken {
    int number;
    int listener;  // who was told before
    struct sigaction action;
  };

  State() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
      std::perror("broken invariant: no socket for signals");
      std::abort();
    }
    reading = Stream::adopt(ends[0]);
    writing = ends[1];
  }
  ~State() {
    for (; !taken.empty(); taken.pop_back()) {
      ::sigaction(taken.back().number, &taken.back().action, nullptr);
      listeners[static_cast<std::size_t>(taken.back().number)] = taken.back().listener;
    }
    ::close(writing);
  }

  void take(int number) {
    Taken& each = taken.emplace_back();
    each.number = number;
    each.listener = listeners[static_cast<std::size_t>(number)].exchange(writing);
    struct sigaction action{};
    action.sa_handler = tell;
    action.sa_flags = SA_RESTART;
    ::sigaction(number, &action, &each.action);
  }

  Stream reading;
  int writing = -1;
  std::vector<Taken> taken;
};

Signals::Signals(std::initializer_list<int> numbers) : state_(std::make_unique<State>()) {
  for (const int number : numbers) state_->take(number);
}

Signals::~Signals() = default;

Task<int> Signals::next(Cancel* cancel) {
  Stream& reading = state_->reading;
  if (cancel != nullptr && cancel->requested()) co_return 0;
  const Cancel::Callback on_cancel(cancel, [&reading] { reading.interrupt_read(); });
  char number = 0;
  const Result<std::size_t> count = co_await reading.read_some({&number, 1});
  co_return count ? number : 0;
}

}  // namespace kintsugi::runtime
