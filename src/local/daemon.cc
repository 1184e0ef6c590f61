#include "local/daemon.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "base/time.h"
#include "local/errors.h"

namespace kintsugi::local {

namespace {

const Logger kLog{"local"};

constexpr int kLockFd = 3;
constexpr Duration kLongEnough = 10s;  ///< a supervisor that ran so long did not fail at once
constexpr Duration kPauseMax = 10s;

/// In the child: only calls that are safe between fork and exec.
[[noreturn]] void become_daemon(char* const* arguments, int lock_fd, int log_fd, int null_fd) {
  ::setsid();
  // The grandchild belongs to init, so that nobody has to wait for it.
  if (::fork() != 0) ::_exit(0);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(null_fd, STDIN_FILENO);
  ::dup2(log_fd, STDOUT_FILENO);
  ::dup2(log_fd, STDERR_FILENO);
  ::dup2(lock_fd, kLockFd);
  ::close_range(kLockFd + 1, ~0u, 0);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

/// Above the descriptors that the child puts in place.
int out_of_the_way(int fd) { return fd > kLockFd ? fd : ::fcntl(fd, F_DUPFD_CLOEXEC, kLockFd + 1); }

Result<void> start_daemon(const Layout& layout, const std::string& program, const char* word, FileLock lock) {
  const std::string log = layout.log(std::string(word) == "guard" ? "guardian" : "supervisor");
  const int log_fd = out_of_the_way(::open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (log_fd < 0) return failure(kStateFolder, fmt::format("cannot write {}: {}", log, std::strerror(errno)));
  const int null_fd = out_of_the_way(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int lock_fd = out_of_the_way(lock.fd());
  std::vector<std::string> command{
      program, "local", word, "--dir", layout.dir, "--lock-fd", std::to_string(kLockFd)};
  std::vector<char*> arguments;
  for (std::string& each : command) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) become_daemon(arguments.data(), lock_fd, log_fd, null_fd);
  const int error = errno;
  if (child > 0) ::waitpid(child, nullptr, 0);
  ::close(log_fd);
  ::close(null_fd);
  if (lock_fd != lock.fd()) ::close(lock_fd);
  if (child < 0)
    return failure(kEnvironment, fmt::format("cannot start a process: {}", std::strerror(error)));
  return {};
}

}  // namespace

Result<void> start_guardian(const Layout& layout, const std::string& program, FileLock guardian_lock) {
  return start_daemon(layout, program, "guard", std::move(guardian_lock));
}

Result<void> start_supervisor(const Layout& layout, const std::string& program, FileLock supervisor_lock) {
  return start_daemon(layout, program, "supervise", std::move(supervisor_lock));
}

int run_guardian(const Layout& layout, const std::string& program, FileLock own) {
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  Duration pause = 100ms;
  for (;;) {
    const Result<State> state = load_state(layout);
    if (!state || state->wanted == "down") {
      kLog.info("guardian.done", {{"dir", layout.dir}});
      return 0;
    }
    Time started = Clock::now();
    Result<std::optional<FileLock>> lock = FileLock::try_take(layout.supervisor_lock());
    if (lock && *lock) {
      kLog.info("supervisor.start", {{"dir", layout.dir}});
      if (const Result<void> done = start_supervisor(layout, program, std::move(**lock)); !done) {
        kLog.error("supervisor.start_failed", {{"error", done.error()}});
      }
    }
    FileLock::wait_until_free(layout.supervisor_lock());
    // Each failure at once doubles the pause: a supervisor that cannot run must not keep the machine busy.
    pause = Clock::now() - started > kLongEnough ? 100ms : std::min(pause * 2, kPauseMax);
    std::this_thread::sleep_for(pause);
  }
  // `own` is held to here.
  static_cast<void>(own);
}

std::string own_program() {
  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  std::string program(path, length > 0 ? static_cast<std::size_t>(length) : 0);
  // A binary that was built anew while it ran: its successor is at the same place.
  constexpr std::string_view kDeleted = " (deleted)";
  if (program.ends_with(kDeleted)) program.resize(program.size() - kDeleted.size());
  return program;
}

}  // namespace kintsugi::local
