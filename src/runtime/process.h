#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"

namespace kintsugi::runtime {

class Cancel;

struct ProcessSpec {
  std::vector<std::string> command;      ///< program (found in PATH) and its arguments
  std::vector<std::string> environment;  ///< "NAME=value", added to this process's own
  std::string directory;                 ///< working directory; empty: this process's
  std::string user;         ///< runs as this user, which only root may ask for; empty: this process's
  std::string input;        ///< given as standard input, then its end; empty: /dev/null
  std::string output_file;  ///< stdout and stderr are appended here; empty: this process's stderr
  /// Standard input and output instead, as ChildPipe makes them; -1: the above. They stay the caller's.
  int input_fd = -1;
  int output_fd = -1;
  /// SIGKILL when the parent ends, so that a crash leaves nothing behind. The kernel ties it to the parent's
  /// thread: start() must be called on one that lives as long as the process. It is lost when the child
  /// changes its user by itself: use `user` instead of a program's own option for that.
  bool die_with_parent = true;
  bool new_group = true;  ///< its own process group, so that a Ctrl-C does not reach it
};

struct ExitStatus {
  int code = 0;    ///< of exit(); meaningless if signal is not 0
  int signal = 0;  ///< that ended it, or 0
  bool ok() const { return code == 0 && signal == 0; }
  static constexpr int kUnknown = -1;  ///< `code` of an adopted process: only its parent is told
  std::string text() const;            ///< "exit code 1", "signal 9 (Killed)"
};

/// A child process. Belongs to one loop. Destroying it while the child runs kills the child (SIGKILL) and
/// reaps it. The child gets no descriptor of ours but the three standard ones, and default signal handlers.
class Process {
 public:
  /// kProcessFailed when the program cannot be started; the message has the program and the reason.
  static Result<Process> start(ProcessSpec spec);
  /// A process that runs already and is not our child, by its number: it can be awaited and signalled like
  /// one, but how it ended is not known, and destroying this leaves it alone. kProcessFailed if there is
  /// none.
  static Result<Process> adopt(pid_t pid);
  /// From now on destroying this leaves the process running: it outlives its owner.
  void release();
  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  ~Process();

  pid_t pid() const;
  bool running() const;
  /// To the process alone, except SIGKILL, which ends its whole group if it has its own. Harmless after the
  /// end.
  void signal(int number) const;
  /// Waits for the end; may be awaited by several, and again after the end.
  Task<ExitStatus> wait();
  /// True if it ended by then; false as well when `cancel` (may be null) was requested first.
  Task<bool> wait_until(Time deadline, Cancel* cancel = nullptr);
  /// SIGTERM, then SIGKILL if it has not ended after `grace`.
  Task<ExitStatus> stop(Duration grace);

 private:
  friend struct ProcessStarter;
  struct State;
  explicit Process(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct ProcessOutput {
  ExitStatus status;
  std::string out;    ///< stdout
  std::string error;  ///< stderr; each bounded to the last MiB
};
/// Runs a command to its end and collects what it prints; kTimeout if it takes longer, kCancelled if `cancel`
/// (may be null) was requested, and it is killed. `output_file` is not used.
Task<Result<ProcessOutput>> run_process(ProcessSpec spec, Time deadline, Cancel* cancel = nullptr);

}  // namespace kintsugi::runtime
