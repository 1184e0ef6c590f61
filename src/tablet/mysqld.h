#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/event.h"
#include "runtime/process.h"
#include "tablet/data_dir.h"

namespace kintsugi::runtime {
class Cancel;
}

namespace kintsugi::tablet {

/// The process that runs with this option file, whoever started it; nothing if none does.
std::optional<pid_t> find_server(const std::string& my_cnf);

/// Whether, and as what, a server that does not run is started.
enum class StartAs {
  usual,
  waits,           ///< it is not started before this changes
  former_primary,  ///< it cuts off commits that no replica has acknowledged, where the flavour can
};

/// One mysqld's life: started, or adopted where it runs already; started again with growing pauses when it
/// dies; stopped. It outlives the agent: when this is destroyed, mysqld goes on, and the next agent finds it.
/// All calls on one loop. Borrows what it is given.
class Mysqld {
 public:
  struct Config {
    std::string name;  ///< the tablet's alias, for the log
    std::string program;
    TabletFiles files;
    std::uint16_t port = 0;
    std::string my_cnf;                               ///< the content that the server is to run with
    std::vector<std::string> former_primary_options;  ///< of StartAs::former_primary
    Duration stop_grace = std::chrono::seconds(60);   ///< a polite stop takes longer than that: SIGKILL
  };
  explicit Mysqld(Config config);
  ~Mysqld();

  /// Keeps the server running until `cancel` is requested; leaves it running then. `changed` is set whenever
  /// running() or error() has changed.
  ///
  /// A server that runs already is adopted if it was started with the same my.cnf; otherwise it is stopped
  /// and started with the new one.
  Task<void> run(runtime::Cancel& cancel, runtime::Event& changed);

  /// What the server runs with from its next start on.
  void set_my_cnf(std::string my_cnf) { config_.my_cnf = std::move(my_cnf); }
  /// From the next start on. One that fails as former_primary is tried as usual.
  void start_as(StartAs as);
  /// SIGKILL, whatever state it is in; run() goes on and starts it again.
  void kill();

  /// kill() was called, and what is left of it waits in the kernel for a disk: it does nothing any more,
  /// though its connections stay open until the disk answers.
  bool dying() const;

  /// Stops the server: politely, or with SIGKILL where politeness would harm. Not while run() runs.
  Task<void> stop(bool kill);

  /// It has answered a connection since it started, and has not ended since.
  bool running() const;
  pid_t pid() const;
  bool adopted() const { return adopted_; }
  /// It has ended for its data at each of its last starts: nothing that is done here will make it run.
  bool data_is_unusable() const { return ended_for_data_ >= kEndsForData; }
  /// From the next start on it runs on other data.
  void forget_data() { ended_for_data_ = 0; }
  /// How often it ended unasked since this object was made.
  std::uint32_t restarts() const { return restarts_; }
  /// It is kept from running: StartAs::waits.
  bool waits() const { return start_as_ == StartAs::waits && !process_; }
  /// Why it does not run; nothing while it does, or is on its way.
  const std::optional<Error>& error() const { return error_; }

 private:
  Task<Result<void>> start(runtime::Cancel& cancel);
  Task<void> wait_for_leave(runtime::Cancel& cancel);
  Task<Result<bool>> adopt(runtime::Cancel& cancel);
  Result<void> clean_up();
  Task<Result<void>> wait_until_it_answers(runtime::Cancel& cancel, std::uint64_t log_offset);
  Task<bool> answers() const;

  void judge(Duration lived);

  static constexpr int kEndsForData = 4;
  Config config_;
  std::optional<runtime::Process> process_;
  bool running_ = false;
  bool adopted_ = false;
  bool killed_ = false;
  std::uint32_t restarts_ = 0;
  std::optional<Error> error_;
  StartAs start_as_ = StartAs::usual;
  runtime::Event start_changed_;
  bool cutting_failed_ = false;
  std::uint64_t log_offset_ = 0;  // where the log of its last start begins
  int ended_for_data_ = 0;        // in a row
};

}  // namespace kintsugi::tablet
