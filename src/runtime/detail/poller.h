#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <functional>

#include "base/time.h"

namespace kintsugi::runtime {

class Poller;

/// An open descriptor that its loop watches. It is registered once, and told by edges: the kernel says when
/// there is something new, and this remembers it until a try has found nothing more. So waiting costs no call
/// of its own, and whether a read would find something is known without asking. Owns the descriptor.
class Descriptor {
 public:
  Descriptor(Poller& poller, int fd);
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int fd() const { return fd_; }
  /// False: a read would find nothing, or it came after the loop has looked last.
  bool readable() const { return readable_ || ended_; }
  /// A read has found nothing, or has emptied the descriptor; a write has found no room. To be said before
  /// the loop looks again: what comes after the try is new.
  void note_empty() { readable_ = false; }
  void note_full() { writable_ = false; }

  /// Calls back, once, from the loop, when something has come since it was noted that nothing is there.
  /// Several may wait for the same: under TLS a write may have to read first.
  void when_readable(std::function<void()> callback);
  void when_writable(std::function<void()> callback);
  /// Calls those back that wait, soon, though nothing happened.
  void cancel();

 private:
  friend class Poller;
  void watch_writing(bool wanted);

  Poller& poller_;
  int fd_;
  bool readable_ = false;
  bool writable_ = false;
  bool ended_ = false;  // the peer sends no more: reads do not wait
  bool watches_writing_ = false;
  std::function<void()> on_readable_;
  std::function<void()> on_writable_;
};

/// The loop's wait for descriptors, by epoll.
class Poller {
 public:
  /// `post` runs a callback soon, on the loop.
  explicit Poller(std::function<void(std::function<void()>)> post);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Waits at most until then, and calls back those for whom something came. Everything that came is noted
  /// before anybody is called.
  void wait(Time until);
  /// Ends a wait, or the next one. Any thread.
  void interrupt();

 private:
  friend class Descriptor;
  void change(int operation, Descriptor& descriptor);
  void forget(const Descriptor& descriptor);

  static constexpr int kEvents = 256;

  std::function<void(std::function<void()>)> post_;
  int epoll_ = -1;
  int interrupt_ = -1;
  std::array<epoll_event, kEvents> events_;
  int event_count_ = 0;
};

}  // namespace kintsugi::runtime
