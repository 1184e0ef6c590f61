#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace kintsugi::runtime {

/// What all spill buffers of a process may take together. Any thread; outlives its buffers.
struct SpillBudget {
  std::string folder = "/tmp";                   ///< where files are made
  std::uint64_t buffer_memory_max = 256 * 1024;  ///< bytes that one buffer keeps in memory
  std::uint64_t memory_max =
      256ULL << 20;                      ///< bytes in memory of all buffers; past it they use files at once
  std::uint64_t disk_max = 10ULL << 30;  ///< bytes in files of all buffers
  std::atomic<std::uint64_t> memory_used{0};
  std::atomic<std::uint64_t> disk_used{0};
};

/// Bytes that are written front to back, and then read front to back, once: in memory while they are few,
/// past that in a file without a name, of which nothing is left whatever happens to the process. One thread
/// at a time.
///
/// Files are written and read in place, through the page cache: the caller's loop waits for it.
class SpillBuffer {
 public:
  /// Borrows the budget.
  explicit SpillBuffer(SpillBudget& budget) : budget_(&budget) {}
  SpillBuffer(SpillBuffer&& other) noexcept;
  SpillBuffer& operator=(SpillBuffer&& other) noexcept;
  ~SpillBuffer();

  /// Not after read(). kSpillFull when the budget's disk is used up, kSpillFailed when the file cannot be
  /// made or written; then the buffer is of no more use.
  Result<void> append(std::string_view bytes);

  /// The bytes that come next: `wanted` of them or more, or all there are if they are fewer. They may be
  /// written to, and hold until the next call. kSpillFailed.
  Result<std::span<char>> read(std::size_t wanted);
  /// Takes that many of the bytes that read() gave off the front.
  void consume(std::size_t bytes);

  /// Bytes that are left to be read.
  std::uint64_t size() const { return written_ - consumed_; }
  bool is_on_disk() const { return file_ >= 0; }

 private:
  bool fits_in_memory(std::size_t bytes);
  Result<void> write_file(std::string_view bytes);
  Result<void> memory_to_file();
  Result<void> refill(std::size_t wanted);
  void release();

  SpillBudget* budget_;
  int file_ = -1;
  std::string memory_;     // all of it, or what is not in the file yet; once reading: a window of the file
  std::size_t front_ = 0;  // of memory_: what was consumed
  std::uint64_t memory_reserved_ = 0;  // of the budget
  std::uint64_t in_file_ = 0;          // bytes written to the file, and reserved of the budget
  std::uint64_t file_read_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t consumed_ = 0;
};

}  // namespace kintsugi::runtime
