#include "local/commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "base/log.h"
#include "local/arguments.h"
#include "local/client.h"
#include "local/daemon.h"
#include "local/detail/json.h"
#include "local/errors.h"
#include "local/logs.h"
#include "local/preflight.h"
#include "local/report.h"
#include "local/supervisor.h"
#include "runtime/loop.h"
#include "runtime/signals.h"
#include "spec/fields.h"

namespace kintsugi::local {

namespace {

const Logger kLog{"local"};

constexpr Duration kDaemonMax = 15s;
/// How long a cluster that should be up may be without a supervisor: the other of the pair starts it.
constexpr Duration kReviveMax = 5s;

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

int fail(const Error& error) {
  const std::string text = error.text() + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
  return error.is(kUsage) ? 2 : 1;
}

/// The folder, with what git is told about it, and a state that says that the cluster is wanted.
Result<void> prepare(const Layout& layout, const std::string& cluster) {
  if (Result<void> made = make_private_folder(layout.dir); !made) return made;
  if (Result<void> made = make_private_folder(layout.logs()); !made) return made;
  if (Result<void> made = make_private_folder(layout.dir + "/tablets"); !made) return made;
  // There are passwords in it.
  if (Result<void> written = write_file(layout.dir + "/.gitignore", "*\n"); !written) return written;
  Result<State> state = load_state(layout);
  if (!state && !state.error().is(kNotFound)) return failure(state.error());
  if (!state) state = State{};
  if (!state->cluster.empty() && state->cluster != cluster) {
    return failure(kRefusedChange,
                   fmt::format("the folder {} is of cluster '{}' and the spec is of '{}': give each its "
                               "own with --dir",
                               layout.dir, state->cluster, cluster));
  }
  state->cluster = cluster;
  state->wanted = "starting";
  return save_state(layout, *state);
}

/// The guardian ends, instead of starting for ever what cannot run.
void give_up(const Layout& layout) {
  Result<State> state = load_state(layout);
  if (!state || state->wanted != "starting") return;
  state->wanted = "down";
  static_cast<void>(save_state(layout, *state));
}

/// Makes sure that the pair of daemons runs.
Task<Result<void>> ensure_daemons(const Layout& layout, const std::string& cluster) {
  Client client(layout);
  if ((co_await client.status()).has_value()) co_return Result<void>();
  if (Result<void> made = make_state_folder(layout); !made) co_return made;
  Result<std::optional<FileLock>> lock = FileLock::try_take(layout.guardian_lock());
  if (!lock) co_return failure(lock.error());
  if (*lock) {
    if (Result<void> prepared = prepare(layout, cluster); !prepared) co_return prepared;
    Result<void> started = start_guardian(layout, own_program(), std::move(**lock));
    if (!started) co_return started;
  }
  const bool answers = co_await client.wait_until_answers(Clock::now() + kDaemonMax);
  if (!answers) {
    give_up(layout);
    co_return failure(kDaemonFailed, fmt::format("the supervisor does not answer\n{}",
                                                 log_tail(layout.log("supervisor"), 10)));
  }
  co_return Result<void>();
}

Task<int> up(Arguments arguments, Layout layout, SpecSource source) {
  const Result<spec::Cluster> cluster = cluster_of(source);
  if (!cluster) co_return fail(cluster.error());
  if (arguments.word == "up") {
    const Result<void> running = co_await ensure_daemons(layout, cluster->name);
    if (!running) co_return fail(running.error());
  }
  Client client(layout);
  const bool answers = co_await client.wait_until_answers(Clock::now() + kReviveMax);
  if (!answers) {
    co_return fail(
        Error(kNotRunning, fmt::format("cluster {} does not run in {}", cluster->name, layout.dir)));
  }
  const Result<void> applied =
      co_await client.apply({std::move(source), arguments.allow_data_loss}, print_progress);
  if (!applied) co_return fail(applied.error());
  const Result<ClusterStatus> status = co_await client.status();
  if (!status) co_return fail(status.error());
  print(how_to_connect(*status, *cluster, layout));
  co_return 0;
}

Task<void> print_all(Progress& progress) {
  ProgressEvent event;
  while (co_await progress.next(event)) {
    if (event.state != "failed") print_progress(event);
  }
}

/// The supervisor in this process, until Ctrl-C.
Task<int> up_in_foreground(Arguments arguments, Layout layout, SpecSource source) {
  const Result<spec::Cluster> cluster = cluster_of(source);
  if (!cluster) co_return fail(cluster.error());
  if (const Result<void> made = make_state_folder(layout); !made) co_return fail(made.error());
  Result<std::optional<FileLock>> guardian = FileLock::try_take(layout.guardian_lock());
  Result<std::optional<FileLock>> own = FileLock::try_take(layout.supervisor_lock());
  if (!own || !guardian) co_return fail(own ? guardian.error() : own.error());
  if (!*own || !*guardian) {
    co_return fail(Error(kBusy, fmt::format("cluster {} runs already in {}", cluster->name, layout.dir)));
  }
  if (const Result<void> prepared = prepare(layout, cluster->name); !prepared)
    co_return fail(prepared.error());
  runtime::Signals signals({SIGINT, SIGTERM});
  Supervisor supervisor(layout, own_program());
  const Result<void> opened = co_await supervisor.open();
  if (!opened) co_return fail(opened.error());
  Progress applying;
  runtime::TaskGroup tasks;
  tasks.spawn(print_all(applying));
  co_await supervisor.apply({std::move(source), arguments.allow_data_loss}, applying);
  co_await tasks.join();
  int exit_code = 1;
  if (applying.outcome()) {
    print(how_to_connect(supervisor.status(), *cluster, layout));
    co_await signals.next();
    exit_code = 0;
  } else {
    fail(applying.outcome().error());
  }
  Progress stopping;
  tasks.spawn(print_all(stopping));
  co_await supervisor.down(stopping);
  co_await tasks.join();
  co_await supervisor.close();
  co_return exit_code;
}

/// Of a cluster that was started in the folder once.
Result<State> known_state(const Layout& layout) {
  Result<State> state = load_state(layout);
  if (!state && state.error().is(kNotFound)) return failure(kNotRunning, state.error().message());
  return state;
}

Task<int> status(Arguments arguments, Layout layout) {
  Result<State> state = known_state(layout);
  if (!state) co_return fail(state.error());
  Client client(layout);
  Result<ClusterStatus> now = co_await client.status();
  if (!now && state->wanted != "down") {
    co_await client.wait_until_answers(Clock::now() + kReviveMax);
    now = co_await client.status();
  }
  if (!now) {
    now = ClusterStatus{};
    now->cluster = state->cluster;
    now->dir = layout.dir;
    now->state = "down";
    if (state->wanted != "down")
      now->notes.emplace_back("the supervisor is gone: `kintsugi local up` starts it again");
  }
  print(arguments.json ? detail::to_json(*now) + "\n" : status_text(*now));
  co_return now->state == "down" ? 3 : 0;
}

/// Stops what runs although no supervisor does.
Task<Result<void>> down_by_ourselves(const Layout& layout) {
  Result<std::optional<FileLock>> guardian = FileLock::try_take(layout.guardian_lock());
  Result<std::optional<FileLock>> own = FileLock::try_take(layout.supervisor_lock());
  if (!own || !guardian || !*own || !*guardian) {
    co_return failure(kBusy, fmt::format("a supervisor holds {} and does not answer", layout.dir));
  }
  Supervisor supervisor(layout, own_program());
  Result<void> opened = co_await supervisor.open();
  if (!opened) co_return opened;
  Progress progress;
  runtime::TaskGroup tasks;
  tasks.spawn(print_all(progress));
  co_await supervisor.down(progress);
  co_await tasks.join();
  co_await supervisor.close();
  co_return progress.outcome();
}

/// Everything that this program put into the folder; what others put there stays.
Result<void> remove_data(const Layout& layout) {
  for (const std::string& each :
       {layout.dir + "/tablets", layout.etcd_data(), layout.logs(), layout.credentials(), layout.users_file(),
        layout.state_file(), layout.processes_file(), layout.socket(), layout.supervisor_lock(),
        layout.guardian_lock(), layout.dir + "/.gitignore"}) {
    std::error_code error;
    std::filesystem::remove_all(each, error);
    if (error) return failure(kStateFolder, fmt::format("cannot remove {}: {}", each, error.message()));
  }
  std::error_code not_empty;
  std::filesystem::remove(layout.dir, not_empty);
  return {};
}

Task<int> down(Arguments arguments, Layout layout) {
  const Result<State> state = known_state(layout);
  if (!state) co_return fail(state.error());
  Client client(layout);
  bool answers = (co_await client.status()).has_value();
  if (!answers && state->wanted != "down")
    answers = co_await client.wait_until_answers(Clock::now() + kReviveMax);
  Result<void> stopped;
  if (answers) {
    stopped = co_await client.down(print_progress);
  } else {
    stopped = co_await down_by_ourselves(layout);
  }
  if (!stopped) co_return fail(stopped.error());
  // The pair ends by itself, as soon as it has answered.
  FileLock::wait_until_free(layout.supervisor_lock());
  FileLock::wait_until_free(layout.guardian_lock());
  if (arguments.remove_data) {
    if (const Result<void> removed = remove_data(layout); !removed) co_return fail(removed.error());
  }
  print(fmt::format("cluster {} is down{}\n", state->cluster,
                    arguments.remove_data ? " and its data is removed" : ""));
  co_return 0;
}

int logs(const Arguments& arguments, const Layout& layout) {
  std::vector<std::string> command{"tail", "-n", std::to_string(arguments.lines)};
  if (arguments.follow) command.emplace_back("-F");
  std::vector<std::string> known;
  std::error_code error;
  for (const auto& each : std::filesystem::directory_iterator(layout.logs(), error)) {
    known.push_back(each.path().stem().string());
  }
  std::ranges::sort(known);
  for (const std::string& each : known) {
    const bool wanted =
        arguments.process.empty() || arguments.process == each || "tablet-" + arguments.process == each;
    if (wanted) command.push_back(layout.log(each));
  }
  if (command.size() == (arguments.follow ? 4u : 3u)) {
    return fail(
        Error(kUsage, fmt::format("there is no log of '{}' in {}", arguments.process, layout.logs())));
  }
  std::vector<char*> raw;
  for (std::string& each : command) raw.push_back(each.data());
  raw.push_back(nullptr);
  ::execvp(raw[0], raw.data());
  return fail(Error(kEnvironment, "there is no program 'tail' in PATH"));
}

Task<int> supervise(Layout layout, FileLock own) {
  Supervisor supervisor(layout, own_program());
  const Result<void> opened = co_await supervisor.open();
  if (!opened) {
    kLog.error("supervisor.failed", {{"error", opened.error()}});
    co_return 1;
  }
  co_await supervisor.wait_finished(true);
  co_await supervisor.close();
  // Held to here.
  static_cast<void>(own);
  co_return 0;
}

int check(const Arguments& arguments, const spec::PartChecks& checks) {
  const Result<SpecSource> source = read_spec(arguments.spec_file, checks);
  if (!source) return fail(source.error());
  print(fmt::format("{}: good\n", arguments.spec_file));
  return 0;
}

}  // namespace

int run(const std::vector<std::string>& words, const spec::PartChecks& checks) {
  const Result<Arguments> arguments = parse_arguments(words);
  if (!arguments) return fail(arguments.error());
  if (arguments->help) {
    print(help());
    return 0;
  }
  if (arguments->word == "schema") {
    print(spec::json_schema());
    return 0;
  }
  if (arguments->word == "check") return check(*arguments, checks);
  const Result<Layout> layout = layout_of(*arguments);
  if (!layout) return fail(layout.error());
  if (arguments->word == "logs") return logs(*arguments, *layout);
  const bool is_daemon = arguments->word == "guard" || arguments->word == "supervise";
  if (is_daemon && arguments->lock_fd < 0) return fail(Error(kUsage, "only `kintsugi local up` calls this"));
  if (arguments->word == "guard") {
    return run_guardian(*layout, own_program(), FileLock::inherit(arguments->lock_fd));
  }
  runtime::Loop loop;
  if (arguments->word == "supervise") {
    return loop.block_on(supervise(*layout, FileLock::inherit(arguments->lock_fd)));
  }
  // What a person started and can read is said in plain words; the rest is for the daemons' logs.
  if (!arguments->foreground) log_settings::set_level("*", LogLevel::warning);
  if (arguments->word == "status") return loop.block_on(status(*arguments, *layout));
  if (arguments->word == "down") return loop.block_on(down(*arguments, *layout));
  Result<SpecSource> source = read_spec(arguments->spec_file, checks);
  if (!source) return fail(source.error());
  if (arguments->foreground) {
    return loop.block_on(up_in_foreground(*arguments, *layout, std::move(*source)));
  }
  return loop.block_on(up(*arguments, *layout, std::move(*source)));
}

}  // namespace kintsugi::local
