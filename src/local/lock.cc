#include "local/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "local/errors.h"

namespace kintsugi::local {

Result<std::optional<FileLock>> FileLock::try_take(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failure(kStateFolder, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  std::optional<FileLock> lock = FileLock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) lock.reset();
  return lock;
}

FileLock FileLock::inherit(int fd) {
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return FileLock(fd);
}

void FileLock::wait_until_free(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  while (::flock(fd, LOCK_EX) != 0 && errno == EINTR) {
  }
  ::close(fd);
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace kintsugi::local
