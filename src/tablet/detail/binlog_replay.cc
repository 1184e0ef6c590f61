#include "tablet/detail/binlog_replay.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string_view>

#include "runtime/offload.h"
#include "runtime/process.h"
#include "tablet/detail/files.h"
#include "tablet/detail/processes.h"
#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

/// What the server found unfinished when it was started is rolled back meanwhile, and holds its locks till
/// then.
constexpr const char* kWaitForRollbacks = "SET SESSION innodb_lock_wait_timeout = 100";

/// A server that is strict about its GTIDs refuses to be told one that it has, also where none is written.
constexpr std::string_view kGtid = "/*M!100001 SET @@session.gtid_seq_no=";

Result<void> leave_out_gtids(const std::string& from, const std::string& to) {
  std::ifstream in(from, std::ios::binary);
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(kGtid)) out << line << '\n';
  }
  out.flush();
  if (in.bad() || !out) return failure(kReplayFailed, from + " could not be copied to " + to);
  return {};
}

Task<Result<void>> run_program(runtime::ProcessSpec spec, Time deadline) {
  const std::string program = spec.command.front();
  const Result<runtime::ProcessOutput> run = co_await runtime::run_process(std::move(spec), deadline);
  if (!run) co_return failure(kReplayFailed, program + ": " + run.error().message());
  if (!run->status.ok())
    co_return failure(kReplayFailed,
                      program + " ended with " + run->status.text() + " and said: " + run->error + run->out);
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> replay_binlog(ReplayingServer server, BinlogPlace place, Time deadline) {
  const std::string written = server.files.replayed + ".part";
  runtime::ProcessSpec read;
  read.command = {find_beside(server.program, "mariadb-binlog"),
                  "--no-defaults",
                  "--disable-log-bin",
                  "--start-position=" + std::to_string(place.begin),
                  "--stop-position=" + std::to_string(place.end),
                  "--result-file=" + written,
                  server.files.data + '/' + place.file};
  Result<void> done = co_await run_program(std::move(read), deadline);
  if (!done) co_return done;
  const auto filter = [&] { done = leave_out_gtids(written, server.files.replayed); };
  co_await runtime::offload(filter);
  if (done) done = remove_file(written);
  if (!done) co_return done;
  const int input = ::open(server.files.replayed.c_str(), O_RDONLY | O_CLOEXEC);
  if (input < 0) co_return failure(kReplayFailed, server.files.replayed + ": " + std::strerror(errno));
  runtime::ProcessSpec run;
  run.command = {find_beside(server.program, "mariadb"),
                 "--no-defaults",
                 "--binary-mode",
                 "--socket=" + server.login.socket,
                 "--user=" + server.login.os_user,
                 std::string("--init-command=") + kWaitForRollbacks};
  run.input_fd = input;
  done = co_await run_program(std::move(run), deadline);
  ::close(input);
  if (!done) co_return done;
  co_return remove_file(server.files.replayed);
}

}  // namespace kintsugi::tablet
