#include "runtime/spill_buffer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "runtime/errors.h"

namespace kintsugi::runtime {
namespace {

constexpr std::size_t kWindow = 256 * 1024;  // read from a file at a time, at least

/// Takes `amount` of what is left below `max`, or nothing.
bool reserve(std::atomic<std::uint64_t>& used, std::uint64_t max, std::uint64_t amount) {
  std::uint64_t now = used.load(std::memory_order_relaxed);
  do {
    if (amount > max || now > max - amount) return false;
  } while (!used.compare_exchange_weak(now, now + amount, std::memory_order_relaxed));
  return true;
}

/// A file that has no name, or loses it before anything is written.
int open_nameless(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return file;
  std::string path = folder + "/kintsugi-spill-XXXXXX";
  const int named = ::mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(path.c_str());
  return named;
}

}  // namespace

SpillBuffer::SpillBuffer(SpillBuffer&& other) noexcept : budget_(other.budget_) { *this = std::move(other); }

SpillBuffer& SpillBuffer::operator=(SpillBuffer&& other) noexcept {
  if (this == &other) return *this;
  release();
  budget_ = other.budget_;
  file_ = std::exchange(other.file_, -1);
  memory_ = std::exchange(other.memory_, {});
  front_ = std::exchange(other.front_, 0);
  memory_reserved_ = std::exchange(other.memory_reserved_, 0);
  in_file_ = std::exchange(other.in_file_, 0);
  file_read_ = std::exchange(other.file_read_, 0);
  written_ = std::exchange(other.written_, 0);
  consumed_ = std::exchange(other.consumed_, 0);
  return *this;
}

SpillBuffer::~SpillBuffer() { release(); }

void SpillBuffer::release() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  budget_->memory_used -= std::exchange(memory_reserved_, 0);
  budget_->disk_used -= std::exchange(in_file_, 0);
}

bool SpillBuffer::fits_in_memory(std::size_t bytes) {
  if (file_ >= 0 || memory_.size() + bytes > budget_->buffer_memory_max) return false;
  if (!reserve(budget_->memory_used, budget_->memory_max, bytes)) return false;
  memory_reserved_ += bytes;
  return true;
}

Result<void> SpillBuffer::append(std::string_view bytes) {
  if (fits_in_memory(bytes.size())) {
    memory_ += bytes;
  } else {
    Result<void> moved = memory_to_file();
    if (!moved) return moved;
    Result<void> written = write_file(bytes);
    if (!written) return written;
  }
  written_ += bytes.size();
  return {};
}

Result<void> SpillBuffer::memory_to_file() {
  if (file_ < 0) {
    file_ = open_nameless(budget_->folder);
    if (file_ < 0) {
      return failure(kSpillFailed,
                     fmt::format("a temporary file in {}: {}", budget_->folder, std::strerror(errno)));
    }
  }
  Result<void> written = write_file(memory_);
  memory_ = {};
  budget_->memory_used -= std::exchange(memory_reserved_, 0);
  return written;
}

Result<void> SpillBuffer::write_file(std::string_view bytes) {
  if (!reserve(budget_->disk_used, budget_->disk_max, bytes.size())) {
    return failure(kSpillFull, fmt::format("temporary files in {} have {} bytes and may have {}",
                                           budget_->folder, budget_->disk_used.load(), budget_->disk_max));
  }
  std::uint64_t at = in_file_;
  in_file_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t wrote = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      return failure(kSpillFailed, fmt::format("writing a temporary file in {}: {}", budget_->folder,
                                               wrote == 0 ? "nothing was written" : std::strerror(errno)));
    }
    at += static_cast<std::uint64_t>(wrote);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

/// Brings `wanted` bytes, which are more than it has, into the window; or all that are left.
Result<void> SpillBuffer::refill(std::size_t wanted) {
  memory_.erase(0, std::exchange(front_, 0));
  std::size_t have = memory_.size();
  const std::uint64_t left = in_file_ - file_read_;
  const std::size_t target =
      have + static_cast<std::size_t>(std::min<std::uint64_t>(left, std::max(wanted, kWindow) - have));
  memory_.resize(target);
  while (have < target) {
    const ssize_t got = ::pread(file_, memory_.data() + have, target - have, static_cast<off_t>(file_read_));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return failure(kSpillFailed,
                     fmt::format("reading a temporary file in {}: {}", budget_->folder,
                                 got == 0 ? "it is shorter than what was written" : std::strerror(errno)));
    }
    have += static_cast<std::size_t>(got);
    file_read_ += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<std::span<char>> SpillBuffer::read(std::size_t wanted) {
  if (memory_.size() - front_ < wanted && file_read_ < in_file_) {
    Result<void> filled = refill(wanted);
    if (!filled) return failure(std::move(filled.error()));
  }
  return std::span<char>(memory_.data() + front_, memory_.size() - front_);
}

void SpillBuffer::consume(std::size_t bytes) {
  front_ += bytes;
  consumed_ += bytes;
}

}  // namespace kintsugi::runtime
