#include "gate/query_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

/// How long a line waits at most; what comes meanwhile is one write.
constexpr std::chrono::milliseconds kPause(100);

}  // namespace

QueryLog::QueryLog(Options options, admin::Family<admin::Counter>& lines)
    : options_(std::move(options)),
      written_(lines.with({"written"})),
      dropped_(lines.with({"dropped"})),
      failed_(lines.with({"failed"})) {}

Result<std::unique_ptr<QueryLog>> QueryLog::open(Options options, admin::Family<admin::Counter>& lines) {
  std::unique_ptr<QueryLog> log(new QueryLog(std::move(options), lines));
  Result<void> opened = log->open_file();
  if (!opened) return failure(std::move(opened.error()));
  log->writer_ = std::thread([self = log.get()] { self->run(); });
  return log;
}

QueryLog::~QueryLog() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  news_.notify_one();
  if (writer_.joinable()) writer_.join();
  if (file_ >= 0) ::close(file_);
}

Result<void> QueryLog::open_file() {
  const int file = ::open(options_.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file < 0)
    return failure(kInvalidArgument, fmt::format("query_log {}: {}", options_.path, std::strerror(errno)));
  if (file_ >= 0) ::close(file_);
  file_ = file;
  struct stat now{};
  size_ = ::fstat(file_, &now) == 0 ? static_cast<std::uint64_t>(now.st_size) : 0;
  return {};
}

bool QueryLog::wants(Duration took, bool failed) {
  if (options_.slow > Duration::zero() && took >= options_.slow) return true;
  if (failed && options_.errors) return true;
  if (options_.every <= 1) return options_.every == 1;
  return turn_.fetch_add(1, std::memory_order_relaxed) % options_.every == 0;
}

void QueryLog::write(std::string_view line) {
  bool much = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + line.size() + 1 > options_.queue_bytes_max) {
      dropped_.add();
      return;
    }
    waiting_ += line;
    waiting_ += '\n';
    ++waiting_lines_;
    much = waiting_.size() > options_.queue_bytes_max / 2;
  }
  if (much) news_.notify_one();
}

void QueryLog::run() {
  std::string text;
  for (bool last = false; !last;) {
    std::uint64_t lines = 0;
    {
      std::unique_lock lock(mutex_);
      news_.wait_for(lock, kPause,
                     [this] { return ended_ || waiting_.size() > options_.queue_bytes_max / 2; });
      last = ended_;
      text.clear();
      text.swap(waiting_);
      lines = std::exchange(waiting_lines_, 0);
    }
    follow_rename();
    if (const std::uint64_t dropped = dropped_.value(); dropped != dropped_told_) {
      text += fmt::format("{{\"time\":\"{}\",\"dropped_lines\":{}}}\n",
                          to_rfc3339(std::chrono::system_clock::now(), true), dropped - dropped_told_);
      dropped_told_ = dropped;
    }
    if (!text.empty()) write_out(text, lines);
  }
}

void QueryLog::write_out(std::string_view text, std::uint64_t lines) {
  if (options_.file_bytes_max != 0 && size_ != 0 && size_ + text.size() > options_.file_bytes_max) rotate();
  while (!text.empty()) {
    const ssize_t wrote = ::write(file_, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      failed_.add(lines);
      if (!std::exchange(failing_, true)) {
        kLog.error("query_log.not_written",
                   {{"file", options_.path}, {"error", std::string(std::strerror(errno))}});
      }
      return;
    }
    size_ += static_cast<std::uint64_t>(wrote);
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  failing_ = false;
  written_.add(lines);
}

/// Somebody else may have moved the file away.
void QueryLog::follow_rename() {
  struct stat there{}, here{};
  const bool same = ::stat(options_.path.c_str(), &there) == 0 && ::fstat(file_, &here) == 0 &&
                    there.st_ino == here.st_ino && there.st_dev == here.st_dev;
  if (same) return;
  const Result<void> opened = open_file();
  if (!opened && !std::exchange(failing_, true))
    kLog.error("query_log.not_opened", {{"error", opened.error()}, {"kept", "the file there was"}});
}

void QueryLog::rotate() {
  const auto name = [this](std::uint32_t number) { return fmt::format("{}.{}", options_.path, number); };
  for (std::uint32_t number = options_.files_max; number > 1; --number)
    std::rename(name(number - 1).c_str(), name(number).c_str());
  if (options_.files_max == 0) {
    ::unlink(options_.path.c_str());
  } else {
    std::rename(options_.path.c_str(), name(1).c_str());
  }
  follow_rename();
}

}  // namespace kintsugi::gate
