#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "admin/metrics.h"
#include "base/error.h"
#include "base/time.h"

namespace kintsugi::gate {

/// Lines of statements, appended to a file by a thread of its own, so that no loop waits for a disk: lines
/// wait in memory, and those that find it full are dropped, which is counted, and said in the file. A file
/// that was renamed or removed is made anew within a second, so a rotation needs no signal; one that is too
/// large is renamed to `path.1`. Any thread; what was given is written before the destructor returns.
class QueryLog {
 public:
  struct Options {
    std::string path;
    std::uint64_t every = 0;            ///< one of so many statements; 0: none for that reason
    Duration slow{};                    ///< all that take as long; 0: none for that reason
    bool errors = false;                ///< all that fail
    std::uint64_t queue_bytes_max = 0;  ///< of lines that wait
    std::uint64_t file_bytes_max = 0;   ///< 0: no bound
    std::uint32_t files_max = 1;        ///< beside the current one
  };
  /// kInvalidArgument: the file cannot be opened.
  static Result<std::unique_ptr<QueryLog>> open(Options options, admin::Family<admin::Counter>& lines);
  ~QueryLog();

  /// Whether a statement is to be written. Each call counts as one statement.
  bool wants(Duration took, bool failed);
  /// A line without its end.
  void write(std::string_view line);

 private:
  QueryLog(Options options, admin::Family<admin::Counter>& lines);
  void run();
  void write_out(std::string_view text, std::uint64_t lines);
  void follow_rename();
  void rotate();
  Result<void> open_file();

  const Options options_;
  admin::Counter& written_;
  admin::Counter& dropped_;
  admin::Counter& failed_;
  std::atomic<std::uint64_t> turn_{0};

  // The writer's.
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t dropped_told_ = 0;
  bool failing_ = false;  // has been said

  std::mutex mutex_;  // guards what follows
  std::condition_variable news_;
  std::string waiting_;
  std::uint64_t waiting_lines_ = 0;
  bool ended_ = false;

  std::thread writer_;
};

}  // namespace kintsugi::gate
