#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/error.h"

namespace kintsugi::local {

/// A lock on a file that the kernel holds for a process and gives up when the process ends, however it ends:
/// none is ever stale.
class FileLock {
 public:
  /// nullopt if another process holds it; kStateFolder if the file cannot be made.
  static Result<std::optional<FileLock>> try_take(const std::string& path);
  /// One that was held by whoever started this process and handed over as a descriptor.
  static FileLock inherit(int fd);
  /// Waits, without end, until nobody holds it. Does not take it.
  static void wait_until_free(const std::string& path);

  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileLock();

  int fd() const { return fd_; }

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace kintsugi::local
