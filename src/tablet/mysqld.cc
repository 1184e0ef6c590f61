#include "tablet/mysqld.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "base/log.h"
#include "runtime/cancel.h"
#include "runtime/stream.h"
#include "runtime/timer.h"
#include "tablet/detail/files.h"
#include "tablet/detail/processes.h"
#include "tablet/errors.h"
#include "tablet/server_log.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kPauseFirst = 200ms;
constexpr Duration kPauseLongest = 30s;
/// A server that ran as long as this has not failed to start: the next pause is the first again.
constexpr Duration kHealthy = 60s;
constexpr Duration kAskAgain = 50ms;
constexpr std::size_t kLogBytesMax = 64 * 1024;

}  // namespace

std::optional<pid_t> find_server(const std::string& my_cnf) {
  const std::vector<pid_t> found = processes_with_argument("--defaults-file=" + my_cnf);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

Mysqld::Mysqld(Config config) : config_(std::move(config)) {}

Mysqld::~Mysqld() {
  if (process_) process_->release();
}

bool Mysqld::running() const { return running_ && process_ && process_->running(); }

pid_t Mysqld::pid() const { return process_ && process_->running() ? process_->pid() : 0; }

Task<void> Mysqld::run(runtime::Cancel& cancel, runtime::Event& changed) {
  Duration pause = kPauseFirst;
  while (!cancel.requested()) {
    Result<void> started = co_await start(cancel);
    if (cancel.requested()) co_return;
    const Time since = Clock::now();
    if (started) {
      running_ = true;
      error_.reset();
      changed.set();
      const bool ended = co_await process_->wait_until(Time::max(), &cancel);
      if (!ended) co_return;
      const runtime::ExitStatus status = co_await process_->wait();
      process_.reset();
      running_ = false;
      ++restarts_;
      error_ = Error(kMysqldDown, "mysqld ended with " + status.text());
      if (Clock::now() - since >= kHealthy) pause = kPauseFirst;
      judge(Clock::now() - since);
      kLog.warning("mysqld.exited",
                   {{"alias", config_.name}, {"how", status.text()}, {"restarts", restarts_}});
    } else {
      error_ = std::move(started.error());
      judge(Duration::zero());
      if (cutting_failed_) {
        kLog.warning("mysqld.not_cut_off", {{"alias", config_.name},
                                            {"next",
                                             "it is started with what nobody has acknowledged, and "
                                             "kept out if others lack that"},
                                            {"error", *error_}});
      } else {
        kLog.error("mysqld.not_started", {{"alias", config_.name}, {"error", *error_}});
      }
    }
    changed.set();
    co_await runtime::sleep_for(pause, &cancel);
    pause = std::min<Duration>(pause * 2, kPauseLongest);
  }
}

/// Of a server that has ended, or was not started. Some are killed by their data when they have answered.
void Mysqld::judge(Duration lived) {
  const bool for_data = !killed_ && lived < kHealthy &&
                        blames_data(read_tail(config_.files.error_log, log_offset_, kLogBytesMax));
  ended_for_data_ = for_data ? ended_for_data_ + 1 : 0;
}

Task<Result<bool>> Mysqld::adopt(runtime::Cancel& cancel) {
  const std::optional<pid_t> pid = find_server(config_.files.my_cnf);
  if (!pid) co_return false;
  Result<runtime::Process> process = runtime::Process::adopt(*pid);
  if (!process) co_return false;  // it ended just now
  process_ = std::move(*process);
  const Result<std::string> runs_with = read_file(config_.files.my_cnf);
  if (!runs_with || *runs_with != config_.my_cnf) {
    kLog.info("mysqld.restarting",
              {{"alias", config_.name}, {"pid", *pid}, {"why", "its settings have changed"}});
    co_await process_->stop(config_.stop_grace);
    process_.reset();
    co_return false;
  }
  adopted_ = true;
  log_offset_ = file_size(config_.files.error_log);
  Result<void> answered = co_await wait_until_it_answers(cancel, log_offset_);
  if (!answered) co_return failure(std::move(answered.error()));
  kLog.info("mysqld.adopted", {{"alias", config_.name}, {"pid", *pid}});
  co_return true;
}

Result<void> Mysqld::clean_up() {
  // Nobody runs here: what a killed server has left would only be in the way.
  for (const std::string& stale :
       {config_.files.socket, config_.files.socket + ".lock", config_.files.pid_file}) {
    ::unlink(stale.c_str());
  }
  Result<void> cleaned = remove_tree(config_.files.tmp);
  if (cleaned) cleaned = make_folder(config_.files.tmp, 0700);
  if (cleaned) cleaned = write_file(config_.files.my_cnf, config_.my_cnf, 0640);
  return cleaned;
}

Task<Result<void>> Mysqld::start(runtime::Cancel& cancel) {
  adopted_ = running_ = killed_ = false;
  Result<bool> adopted = co_await adopt(cancel);
  if (!adopted) co_return failure(std::move(adopted.error()));
  if (*adopted || cancel.requested()) co_return Result<void>();
  co_await wait_for_leave(cancel);
  if (cancel.requested()) co_return Result<void>();
  Result<void> cleaned = clean_up();
  if (!cleaned) co_return cleaned;
  const std::uint64_t log_offset = log_offset_ = file_size(config_.files.error_log);
  runtime::ProcessSpec spec;
  spec.command = {config_.program, "--defaults-file=" + config_.files.my_cnf};
  const bool cuts = start_as_ == StartAs::former_primary && !cutting_failed_;
  if (cuts) {
    const std::vector<std::string>& options = config_.former_primary_options;
    spec.command.insert(spec.command.end(), options.begin(), options.end());
  }
  spec.directory = config_.files.root;
  spec.output_file = config_.files.error_log;
  spec.die_with_parent = false;  // a dead agent must not take the server with it
  Result<runtime::Process> process = runtime::Process::start(std::move(spec));
  if (!process) co_return failure(kMysqldNotStarted, process.error().message());
  process_ = std::move(*process);
  kLog.info("mysqld.starting", {{"alias", config_.name}, {"pid", process_->pid()}});
  const Time begin = Clock::now();
  Result<void> answered = co_await wait_until_it_answers(cancel, log_offset);
  cutting_failed_ = cuts && !answered;
  if (!answered || cancel.requested()) co_return answered;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
  kLog.info("mysqld.started", {{"alias", config_.name}, {"pid", process_->pid()}, {"took_ms", took}});
  co_return answered;
}

Task<void> Mysqld::wait_for_leave(runtime::Cancel& cancel) {
  while (start_as_ == StartAs::waits && !cancel.requested()) {
    start_changed_.reset();
    [[maybe_unused]] const bool changed = co_await start_changed_.wait(Time::max(), &cancel);
  }
}

void Mysqld::start_as(StartAs as) {
  if (std::exchange(start_as_, as) != as) start_changed_.set();
}

void Mysqld::kill() {
  if (!process_) return;
  kLog.warning("mysqld.killed", {{"alias", config_.name}, {"pid", process_->pid()}});
  killed_ = true;
  process_->signal(SIGKILL);
}

bool Mysqld::dying() const { return killed_ && process_ && waits_in_kernel(process_->pid()); }

Task<Result<void>> Mysqld::wait_until_it_answers(runtime::Cancel& cancel, std::uint64_t log_offset) {
  // No deadline: recovery after a crash takes as long as it takes, and killing it would start it anew.
  while (!cancel.requested()) {
    const bool answered = co_await answers();
    if (answered) co_return Result<void>();
    const bool ended = co_await process_->wait_until(Clock::now() + kAskAgain, &cancel);
    if (!ended) continue;
    const runtime::ExitStatus status = co_await process_->wait();
    process_.reset();
    co_return failure(explain_start_failure(read_tail(config_.files.error_log, log_offset, kLogBytesMax),
                                            status.text(), config_.port));
  }
  co_return Result<void>();
}

Task<bool> Mysqld::answers() const {
  runtime::Address address = runtime::Address::unix_socket(config_.files.socket);
  Result<runtime::Stream> stream = co_await runtime::Stream::connect(std::move(address), Clock::now() + 5s);
  if (!stream) co_return false;
  stream->set_deadline(Clock::now() + 5s);
  std::array<char, 5> greeting;
  const Result<void> read = co_await stream->read_exactly(greeting);
  co_return read.has_value();
}

Task<void> Mysqld::stop(bool kill) {
  if (!process_) co_return;
  const pid_t pid = process_->pid();
  kLog.info("mysqld.stopping", {{"alias", config_.name}, {"pid", pid}, {"kill", kill}});
  if (kill) process_->signal(SIGKILL);
  const runtime::ExitStatus status = co_await process_->stop(config_.stop_grace);
  process_.reset();
  running_ = false;
  kLog.info("mysqld.stopped", {{"alias", config_.name}, {"pid", pid}, {"how", status.text()}});
}

}  // namespace kintsugi::tablet
