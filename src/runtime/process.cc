#include "runtime/process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "runtime/cancel.h"
#include "runtime/detail/loop_impl.h"
#include "runtime/detail/stream_state.h"
#include "runtime/errors.h"
#include "runtime/event.h"
#include "runtime/task_group.h"

extern char** environ;

namespace kintsugi::runtime {
namespace {

constexpr std::size_t kOutputBytesMax = 1u << 20;
constexpr std::size_t kChildStackBytes = 64u << 10;

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// What went wrong in the child before its program ran; in memory that is shared with it either way.
struct ChildReport {
  const char* failed_step = nullptr;
  int error = 0;
};

// Everything that the child needs, made before it is: between clone and exec it shares this memory, so it
// calls nothing that allocates or locks.
struct ChildPlan {
  std::string program;
  std::vector<std::string> environment;
  std::vector<char*> arguments;
  std::vector<char*> variables;
  const char* directory = nullptr;
  Fd standard[3];
  std::optional<passwd> user;
  std::vector<gid_t> groups;
  bool die_with_parent = true;
  bool new_group = true;
  pid_t parent = 0;
  ChildReport* report = nullptr;
};

[[noreturn]] void give_up(ChildPlan& plan, const char* step) {
  plan.report->failed_step = step;
  plan.report->error = errno;
  ::_exit(127);
}

int run_child(void* argument) {
  ChildPlan& plan = *static_cast<ChildPlan*>(argument);
  struct sigaction by_default{};
  by_default.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &by_default, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (plan.new_group) ::setpgid(0, 0);
  if (plan.user) {
    // The system calls themselves: glibc's functions would change every thread of the parent.
    if (::syscall(SYS_setgroups, plan.groups.size(), plan.groups.data()) != 0 ||
        ::syscall(SYS_setresgid, plan.user->pw_gid, plan.user->pw_gid, plan.user->pw_gid) != 0 ||
        ::syscall(SYS_setresuid, plan.user->pw_uid, plan.user->pw_uid, plan.user->pw_uid) != 0) {
      give_up(plan, "change to the user");
    }
  }
  if (plan.die_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != plan.parent) ::_exit(127);  // it ended before the line above
  }
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0) give_up(plan, "enter the working directory");
  for (int i = 0; i < 3; ++i) {
    if (::dup2(plan.standard[i].get(), i) < 0) give_up(plan, "set up standard input and output");
  }
  ::syscall(SYS_close_range, 3u, ~0u, 0u);
  ::execve(plan.program.c_str(), plan.arguments.data(), plan.variables.data());
  give_up(plan, "run the program");
}

// Above the standard descriptors, which the child replaces one after the other.
Fd out_of_the_way(int fd) {
  if (fd < 0 || fd > 2) return Fd(fd);
  const Fd low(fd);
  return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

Fd duplicate(int fd) { return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

Fd input_of(const std::string& input) {
  if (input.empty()) return out_of_the_way(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  // A file in memory: the child may read it at any pace and nobody has to feed it.
  Fd file = out_of_the_way(::memfd_create("input", MFD_CLOEXEC));
  if (file.get() < 0) return file;
  std::string_view rest = input;
  while (!rest.empty()) {
    const ssize_t count = ::write(file.get(), rest.data(), rest.size());
    if (count < 0) return Fd();
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::vector<std::string> merged_environment(const std::vector<std::string>& added) {
  std::map<std::string_view, std::string_view> by_name;
  const auto put = [&](std::string_view variable) {
    by_name[variable.substr(0, variable.find('='))] = variable;
  };
  for (char** variable = environ; *variable != nullptr; ++variable) put(*variable);
  for (const std::string& variable : added) put(variable);
  std::vector<std::string> merged;
  merged.reserve(by_name.size());
  for (const auto& [name, variable] : by_name) merged.emplace_back(variable);
  return merged;
}

std::string find_program(const std::string& name, const std::vector<std::string>& environment) {
  if (name.find('/') != std::string::npos) return name;
  std::string_view path = "/usr/local/bin:/usr/bin:/bin";
  for (const std::string_view variable : environment) {
    if (variable.starts_with("PATH=")) path = variable.substr(5);
  }
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(path.size(), folder.size() + 1));
    std::string candidate = std::string(folder) + '/' + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

Result<void> look_up_user(const std::string& name, ChildPlan& plan) {
  std::string buffer(16u << 10, '\0');
  passwd entry{};
  passwd* found = nullptr;
  ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return failure(kProcessFailed, fmt::format("there is no user '{}'", name));
  plan.user = entry;  // of which only the two ids are used later
  int count = 0;
  ::getgrouplist(name.c_str(), entry.pw_gid, nullptr, &count);
  plan.groups.resize(static_cast<std::size_t>(count));
  ::getgrouplist(name.c_str(), entry.pw_gid, plan.groups.data(), &count);
  return {};
}

Result<void> make_plan(ProcessSpec& spec, Fd out, Fd error, ChildPlan& plan) {
  if (spec.command.empty()) return failure(kProcessFailed, "no command was given");
  plan.environment = merged_environment(spec.environment);
  plan.program = find_program(spec.command[0], plan.environment);
  if (plan.program.empty()) {
    return failure(kProcessFailed, fmt::format("there is no program '{}' in PATH", spec.command[0]));
  }
  for (std::string& argument : spec.command) plan.arguments.push_back(argument.data());
  plan.arguments.push_back(nullptr);
  for (std::string& variable : plan.environment) plan.variables.push_back(variable.data());
  plan.variables.push_back(nullptr);
  if (!spec.directory.empty()) plan.directory = spec.directory.c_str();
  if (!spec.user.empty()) {
    const Result<void> found = look_up_user(spec.user, plan);
    if (!found) return found;
  }
  plan.standard[0] = spec.input_fd < 0 ? input_of(spec.input) : duplicate(spec.input_fd);
  plan.standard[1] = std::move(out);
  plan.standard[2] = std::move(error);
  for (const Fd& fd : plan.standard) {
    if (fd.get() < 0) {
      return failure(kProcessFailed,
                     fmt::format("standard input and output of {}: {}", plan.program, std::strerror(errno)));
    }
  }
  plan.die_with_parent = spec.die_with_parent;
  plan.new_group = spec.new_group;
  plan.parent = ::getpid();
  return {};
}

struct Child {
  pid_t pid;
  Fd pidfd;
};

#ifdef KINTSUGI_SANITIZED
constexpr int kSharedMemory = 0;  // the sanitizers keep books that a child must not write in
#else
constexpr int kSharedMemory = CLONE_VM;
#endif

// Like vfork: this thread stands still until the child runs its program or gave up, and no page is copied.
Result<Child> spawn(ChildPlan& plan) {
  const std::unique_ptr<char[]> stack(new char[kChildStackBytes]);
  void* const shared =
      ::mmap(nullptr, sizeof(ChildReport), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    return failure(kProcessFailed, fmt::format("cannot start {}: {}", plan.program, std::strerror(errno)));
  }
  plan.report = new (shared) ChildReport;
  // A handler of ours that ran in the child would change the parent's memory.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  int pidfd = -1;
  const pid_t pid = ::clone(run_child, stack.get() + kChildStackBytes,
                            kSharedMemory | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &pidfd);
  const int clone_error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  const ChildReport report = *plan.report;
  ::munmap(shared, sizeof(ChildReport));
  if (pid < 0) {
    return failure(kProcessFailed,
                   fmt::format("cannot start {}: {}", plan.program, std::strerror(clone_error)));
  }
  Child child{pid, Fd(pidfd)};
  if (report.failed_step != nullptr) {
    ::waitpid(pid, nullptr, 0);
    return failure(kProcessFailed, fmt::format("cannot start {}: cannot {}: {}", plan.program,
                                               report.failed_step, std::strerror(report.error)));
  }
  return child;
}

}  // namespace

std::string ExitStatus::text() const {
  if (signal == 0 && code == kUnknown) return "an end that nobody saw";
  if (signal == 0) return fmt::format("exit code {}", code);
  const char* description = ::sigdescr_np(signal);
  return fmt::format("signal {} ({})", signal, description != nullptr ? description : "unknown");
}

struct Process::State {
  State(Child child, bool own_group, bool is_ours = true)
      : pid(child.pid),
        new_group(own_group),
        ours(is_ours),
        pidfd(Loop::current().impl().poller, child.pidfd.release()) {
    watch();
  }
  ~State() {
    if (ended.is_set() || !ours || released) return;
    kill_all();
    ::waitpid(pid, nullptr, 0);
  }

  void watch() {
    pidfd.note_empty();
    pidfd.when_readable([this] { reap(); });
  }

  void reap() {
    if (!ours) {
      // The first process of a container becomes the parent of those that lost theirs.
      if (::getpid() == 1) ::waitpid(pid, nullptr, WNOHANG);
      status.code = ExitStatus::kUnknown;
      ended.set();
      return;
    }
    int raw = 0;
    const pid_t reaped = ::waitpid(pid, &raw, WNOHANG);
    if (reaped == 0) {
      watch();
      return;
    }
    if (reaped != pid) status.code = ExitStatus::kUnknown;  // somebody else reaped it
    if (reaped == pid && WIFEXITED(raw)) status.code = WEXITSTATUS(raw);
    if (reaped == pid && WIFSIGNALED(raw)) status.signal = WTERMSIG(raw);
    ended.set();
  }

  // By its descriptor: the number of a process that is no child of ours may be another's by now.
  bool signal(int number) { return ::syscall(SYS_pidfd_send_signal, pidfd.fd(), number, nullptr, 0) == 0; }
  void kill_all() {
    if (signal(SIGKILL) && new_group) ::kill(-pid, SIGKILL);
  }

  pid_t pid;
  bool new_group;
  bool ours;
  bool released = false;
  Descriptor pidfd;
  Event ended;
  ExitStatus status;
};

struct ProcessStarter {
  static Result<Process> start(ProcessSpec& spec, Fd out, Fd error) {
    ChildPlan plan;
    const Result<void> planned = make_plan(spec, std::move(out), std::move(error), plan);
    if (!planned) return failure(planned.error());
    Result<Child> child = spawn(plan);
    if (!child) return failure(std::move(child.error()));
    return Process(std::make_unique<Process::State>(std::move(*child), spec.new_group));
  }
};

Process::Process(std::unique_ptr<State> state) : state_(std::move(state)) {}
Process::Process(Process&&) noexcept = default;
Process& Process::operator=(Process&&) noexcept = default;
Process::~Process() = default;

void Process::release() { state_->released = true; }

Result<Process> Process::start(ProcessSpec spec) {
  const auto open_output = [&spec] {
    if (spec.output_file.empty()) return duplicate(STDERR_FILENO);
    return out_of_the_way(::open(spec.output_file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  };
  Fd out = open_output();
  if (out.get() < 0) {
    return failure(kProcessFailed, fmt::format("cannot write {}: {}",
                                               spec.output_file.empty() ? "standard error" : spec.output_file,
                                               std::strerror(errno)));
  }
  Fd error = duplicate(out.get());
  if (spec.output_fd >= 0) out = duplicate(spec.output_fd);
  return ProcessStarter::start(spec, std::move(out), std::move(error));
}

Result<Process> Process::adopt(pid_t pid) {
  Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (pidfd.get() < 0) {
    return failure(kProcessFailed, fmt::format("cannot watch process {}: {}", pid, std::strerror(errno)));
  }
  return Process(std::make_unique<State>(Child{pid, std::move(pidfd)}, ::getpgid(pid) == pid, false));
}

pid_t Process::pid() const { return state_->pid; }
bool Process::running() const { return !state_->ended.is_set(); }

void Process::signal(int number) const {
  if (!running()) return;
  if (number == SIGKILL) {
    state_->kill_all();
  } else {
    state_->signal(number);
  }
}

Task<ExitStatus> Process::wait() {
  State& state = *state_;
  co_await state.ended.wait();
  co_return state.status;
}

Task<bool> Process::wait_until(Time deadline, Cancel* cancel) { return state_->ended.wait(deadline, cancel); }

Task<ExitStatus> Process::stop(Duration grace) {
  signal(SIGTERM);
  const bool ended = co_await wait_until(Clock::now() + grace);
  if (!ended) signal(SIGKILL);
  co_return co_await wait();
}

// --------------------------------------------------------------------------------------- run and collect

namespace {

// The reading end of a pipe; keeps the last part of what comes through.
class Collector {
 public:
  explicit Collector(Fd fd) : state_(Loop::current(), fd.release()) {
    ::fcntl(state_.fd, F_SETFL, O_NONBLOCK);
  }

  Task<void> run() {
    // A grandchild may hold the pipe open after the child's end: then abort() ends this.
    while (read_what_is_there()) {
      ReadyAwaiter ready = until_readable(state_);
      if (co_await ready != 0) break;
    }
    read_what_is_there();
  }
  void abort() {
    state_.aborted = true;
    state_.descriptor.cancel();
  }
  std::string take() {
    if (kept_.size() > kOutputBytesMax) kept_.erase(0, kept_.size() - kOutputBytesMax);
    return std::move(kept_);
  }

 private:
  // False at the end.
  bool read_what_is_there() {
    char buffer[16u << 10];
    for (;;) {
      const ssize_t count = ::read(state_.fd, buffer, sizeof buffer);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return count < 0 && errno == EAGAIN;
      kept_.append(buffer, static_cast<std::size_t>(count));
      if (kept_.size() > 2 * kOutputBytesMax) kept_.erase(0, kept_.size() - kOutputBytesMax);
    }
  }

  StreamState state_;
  std::string kept_;
};

struct Pipe {
  Fd read;
  Fd write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return failure(kProcessFailed, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  return Pipe{out_of_the_way(ends[0]), out_of_the_way(ends[1])};
}

}  // namespace

Task<Result<ProcessOutput>> run_process(ProcessSpec spec, Time deadline, Cancel* cancel) {
  const std::string program = spec.command.empty() ? "" : spec.command[0];
  Result<Pipe> out = make_pipe();
  if (!out) co_return failure(std::move(out.error()));
  Result<Pipe> error = make_pipe();
  if (!error) co_return failure(std::move(error.error()));
  Result<Process> process = ProcessStarter::start(spec, std::move(out->write), std::move(error->write));
  if (!process) co_return failure(std::move(process.error()));

  Collector out_text(std::move(out->read));
  Collector error_text(std::move(error->read));
  TaskGroup reading;
  reading.spawn(out_text.run());
  reading.spawn(error_text.run());
  const bool ended = co_await process->wait_until(deadline, cancel);
  if (!ended) process->signal(SIGKILL);
  const ExitStatus status = co_await process->wait();
  out_text.abort();
  error_text.abort();
  co_await reading.join();
  if (!ended && cancel != nullptr && cancel->requested()) {
    co_return failure(kCancelled, fmt::format("{} was killed: cancelled", program));
  }
  if (!ended)
    co_return failure(kTimeout, fmt::format("{} was killed: it took longer than its deadline", program));
  co_return ProcessOutput{status, out_text.take(), error_text.take()};
}

}  // namespace kintsugi::runtime
