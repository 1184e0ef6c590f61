#include "runtime/detail/poller.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime/coarse_time.h"

namespace kintsugi::runtime {
namespace {

[[noreturn]] void broken(const char* what) {
  std::fprintf(stderr, "broken invariant: %s: %s\n", what, std::strerror(errno));
  std::abort();
}

/// epoll's unit, rounded up so that a wait does not end before its time.
thread_local Time woke_at{};

int milliseconds_until(Time until) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
  if (until == Time::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), kLongest).count());
}

void add(std::function<void()>& waiting, std::function<void()> callback) {
  if (!waiting) {
    waiting = std::move(callback);
    return;
  }
  waiting = [first = std::move(waiting), then = std::move(callback)] {
    first();
    then();
  };
}

}  // namespace

Descriptor::Descriptor(Poller& poller, int fd) : poller_(poller), fd_(fd) {
  poller_.change(EPOLL_CTL_ADD, *this);
}

Descriptor::~Descriptor() {
  // A child that is being started may hold the descriptor for a moment more, and keep it registered.
  poller_.change(EPOLL_CTL_DEL, *this);
  poller_.forget(*this);
  ::close(fd_);
}

void Descriptor::when_readable(std::function<void()> callback) {
  if (readable_) {
    poller_.post_(std::move(callback));
  } else {
    add(on_readable_, std::move(callback));
  }
}

void Descriptor::when_writable(std::function<void()> callback) {
  if (writable_) {
    poller_.post_(std::move(callback));
  } else {
    add(on_writable_, std::move(callback));
    watch_writing(true);
  }
}

/// Only while somebody waits for it: a unix socket tells of every packet that its peer has read.
void Descriptor::watch_writing(bool wanted) {
  if (wanted == watches_writing_ && !wanted) return;
  watches_writing_ = wanted;
  poller_.change(EPOLL_CTL_MOD, *this);  // tells of room that was there before, too
}

void Descriptor::cancel() {
  for (std::function<void()>* callback : {&on_readable_, &on_writable_}) {
    if (*callback) poller_.post_(std::exchange(*callback, nullptr));
  }
}

Poller::Poller(std::function<void(std::function<void()>)> post)
    : post_(std::move(post)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      interrupt_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;  // by edges nobody has to read it
  event.data.ptr = nullptr;
  if (epoll_ < 0 || interrupt_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, interrupt_, &event) != 0)
    broken("a loop cannot be made");
}

Poller::~Poller() {
  ::close(interrupt_);
  ::close(epoll_);
}

void Poller::change(int operation, Descriptor& descriptor) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  if (descriptor.watches_writing_) event.events |= EPOLLOUT;
  event.data.ptr = &descriptor;
  if (::epoll_ctl(epoll_, operation, descriptor.fd_, &event) == 0) return;
  // A plain file cannot be watched; reads and writes of one never wait.
  if (errno != EPERM && operation != EPOLL_CTL_DEL) broken("a descriptor cannot be watched");
}

void Poller::forget(const Descriptor& descriptor) {
  for (int i = 0; i < event_count_; ++i) {
    if (events_[static_cast<std::size_t>(i)].data.ptr == &descriptor)
      events_[static_cast<std::size_t>(i)].data.ptr = nullptr;
  }
}

void Poller::interrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(interrupt_, &one, sizeof one);
}

void Poller::wait(Time until) {
  const int count = ::epoll_wait(epoll_, events_.data(), kEvents, milliseconds_until(until));
  if (count < 0 && errno != EINTR) broken("epoll");
  woke_at = Clock::now();
  event_count_ = std::max(count, 0);
  constexpr std::uint32_t kOver = EPOLLERR | EPOLLHUP;
  for (int i = 0; i < event_count_; ++i) {
    const epoll_event& event = events_[static_cast<std::size_t>(i)];
    auto* descriptor = static_cast<Descriptor*>(event.data.ptr);
    if (descriptor == nullptr) continue;
    if ((event.events & (EPOLLIN | EPOLLRDHUP | kOver)) != 0) descriptor->readable_ = true;
    if ((event.events & (EPOLLOUT | kOver)) != 0) descriptor->writable_ = true;
    if ((event.events & (EPOLLRDHUP | EPOLLHUP)) != 0) descriptor->ended_ = true;
  }
  // Whoever is called may close any descriptor, which takes it out of the events.
  for (int i = 0; i < event_count_; ++i) {
    const auto current = [&] {
      return static_cast<Descriptor*>(events_[static_cast<std::size_t>(i)].data.ptr);
    };
    if (current() != nullptr && current()->readable_ && current()->on_readable_)
      std::exchange(current()->on_readable_, nullptr)();
    if (current() != nullptr && current()->writable_ && current()->on_writable_) {
      current()->watch_writing(false);
      std::exchange(current()->on_writable_, nullptr)();
    }
  }
  event_count_ = 0;
}

Time coarse_now() { return woke_at == Time() ? Clock::now() : woke_at; }

}  // namespace kintsugi::runtime
