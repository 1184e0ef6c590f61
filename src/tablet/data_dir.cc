#include "tablet/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>

#include "base/log.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "mysql/auth.h"
#include "rpc/json.h"
#include "runtime/cancel.h"
#include "runtime/process.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "tablet/detail/files.h"
#include "tablet/detail/processes.h"
#include "tablet/errors.h"
#include "tablet/server_log.h"
#include "topo/key_range.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

/// sun_path of a unix socket's address, its zero byte and the ".lock" that MySQL puts beside it.
constexpr std::size_t kSocketPathMax = 107 - 5;
constexpr Duration kInitialiseTimeout = 300s;
constexpr Duration kKillTimeout = 30s;
/// A disk with less room than this, seen so many times in a row, stays full.
constexpr std::uint64_t kRoomMin = 1u << 20;
constexpr Duration kRoomInterval = 500ms;
constexpr int kRoomlessMax = 4;

tl::unexpected<Error> unusable(std::string message) { return failure(kDataDirUnusable, std::move(message)); }

std::string to_json(const Identity& identity) {
  v1::DataDirIdentity message;
  message.set_alias(identity.alias.text());
  message.set_keyspace(identity.shard.keyspace);
  message.set_shard(identity.shard.shard);
  message.set_flavour(identity.flavour);
  message.set_owner(identity.owner);
  message.set_server_id(identity.server_id);
  message.mutable_created_at()->set_seconds(std::chrono::system_clock::to_time_t(identity.created_at));
  return rpc::to_json(message, true) + '\n';
}

Result<Identity> parse_identity(std::string_view text) {
  v1::DataDirIdentity message;
  if (Result<void> parsed = rpc::from_json(text, message, rpc::UnknownFields::ignore); !parsed) {
    return failure(std::move(parsed.error()));
  }
  const Result<topo::TabletAlias> alias = topo::TabletAlias::parse(message.alias());
  if (!alias) return failure(alias.error());
  if (message.owner().empty() || message.server_id() == 0) return unusable("it names no owner or server id");
  Identity identity;
  identity.alias = *alias;
  identity.shard = {message.keyspace(), message.shard()};
  identity.flavour = message.flavour();
  identity.owner = message.owner();
  identity.server_id = message.server_id();
  identity.created_at = std::chrono::system_clock::from_time_t(message.created_at().seconds());
  return identity;
}

/// Ends what an agent that died has left at work in an unfinished data directory. Making one is the work of a
/// script and its children, and only the first of them ends with its agent.
Task<Result<void>> end_initialisers(std::string datadir, runtime::Cancel* cancel) {
  for (const pid_t pid : processes_with_argument("--datadir=" + datadir)) {
    Result<runtime::Process> process = runtime::Process::adopt(pid);
    if (!process) continue;  // it ended just now
    kLog.warning("data_dir.initialiser_killed", {{"pid", pid}, {"path", datadir}});
    process->signal(SIGKILL);
    const bool ended = co_await process->wait_until(Clock::now() + kKillTimeout, cancel);
    if (!ended) {
      co_return unusable("process " + std::to_string(pid) + " still works in " + datadir +
                         " and does not end, though it was killed");
    }
  }
  co_return Result<void>();
}

/// Requests `stop` when the folder's disk is full, which `full` tells then.
Task<void> watch_room(std::string folder, runtime::Cancel& stop, bool& full, runtime::Cancel& ended) {
  int roomless = 0;
  while (co_await runtime::sleep_for(kRoomInterval, &ended)) {
    const std::optional<std::uint64_t> room = free_bytes(folder);
    roomless = room && *room < kRoomMin ? roomless + 1 : 0;
    if (roomless < kRoomlessMax) continue;
    full = true;
    stop.request();
    break;
  }
}

/// Runs a program that makes data in the folder. A server that finds its disk full waits for room and tells
/// its log only: here that is a failure.
Task<Result<runtime::ProcessOutput>> run_with_room(runtime::ProcessSpec spec, std::string folder,
                                                   runtime::Cancel* cancel) {
  runtime::Cancel stop;
  const runtime::Cancel::Callback passed_on(cancel, [&stop] { stop.request(); });
  bool full = false;
  runtime::TaskGroup watch;
  watch.spawn(watch_room(folder, stop, full, watch.cancel()));
  Result<runtime::ProcessOutput> run =
      co_await runtime::run_process(std::move(spec), Clock::now() + kInitialiseTimeout, &stop);
  watch.cancel().request();
  co_await watch.join();
  if (!run && full)
    co_return failure(kInitialiseFailed, "The disk is full: make room. It is that of " + folder);
  co_return run;
}

}  // namespace

/// Random and never 0; below 2^31, which every tool takes.
std::uint32_t make_server_id() {
  const std::string bytes = mysql::secure_random()(4);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return (number & 0x7fffffff) | 1;
}

TabletFiles::TabletFiles(std::string folder)
    : root(std::move(folder)),
      identity(root + "/tablet.json"),
      opened(root + "/opened.json"),
      lock(root + "/agent.lock"),
      my_cnf(root + "/my.cnf"),
      data(root + "/data"),
      data_unfinished(root + "/data.unfinished"),
      data_copied(root + "/data.copied"),
      data_replaced(root + "/data.replaced"),
      reclone(root + "/reclone.json"),
      saved(root + "/saved"),
      copy_tmp(root + "/copy.tmp"),
      copy_log(root + "/copy.log"),
      replayed(root + "/replayed.sql"),
      init_file(root + "/initialise.sql"),
      tmp(root + "/tmp"),
      socket(root + "/mysqld.sock"),
      pid_file(root + "/mysqld.pid"),
      error_log(root + "/error.log") {}

DataDir::Lock::~Lock() { ::close(fd); }

Result<DataDir> DataDir::open(const std::string& folder, const std::string& socket) {
  if (folder.empty()) return unusable("no data directory was given (--dir)");
  if (folder.find_first_of("#\\'\"\n\r") != std::string::npos) {
    return unusable("the path " + folder +
                    " has a character that a my.cnf cannot hold: # \\ ' \" or a line's end");
  }
  if (Result<void> made = make_folder(folder, 0750); !made) return failure(std::move(made.error()));
  std::error_code error;
  const std::filesystem::path path = std::filesystem::canonical(folder, error);
  if (error) return unusable("cannot resolve " + folder + ": " + error.message());
  TabletFiles files(path.string());
  if (!socket.empty()) files.socket = socket;
  if (files.socket.size() > kSocketPathMax) {
    return unusable("the path of the unix socket is too long, " + std::to_string(files.socket.size()) +
                    " bytes of " + std::to_string(kSocketPathMax) + ": " + files.socket +
                    ". Give a shorter --mysql-socket");
  }
  struct stat status{};
  if (::stat(files.root.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
    return unusable(folder + " is no folder");
  if (status.st_uid != ::geteuid()) {
    return unusable(folder + " belongs to user number " + std::to_string(status.st_uid) +
                    ", but this is number " + std::to_string(::geteuid()));
  }
  auto lock = std::make_unique<Lock>(::open(files.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (lock->fd < 0) return unusable("cannot write to " + folder + ": " + std::strerror(errno));
  if (::flock(lock->fd, LOCK_EX | LOCK_NB) != 0) {
    return unusable("another agent works in " + folder + " (`fuser " + files.lock + "` tells which)");
  }
  if (Result<void> made = make_folder(files.tmp, 0700); !made) return failure(std::move(made.error()));
  return DataDir(std::move(files), std::move(lock));
}

Result<Identity> DataDir::read_identity(const Flavour& flavour, const DataDirRequest& request) const {
  const Result<std::string> text = read_file(files_.identity);
  if (!text && text.error().is(kNotFound)) {
    return unusable(files_.data + " is there but " + files_.identity +
                    " is not: Kintsugi has not made this data. Move it away, or give another --dir");
  }
  if (!text) return failure(text.error());
  Result<Identity> identity = parse_identity(*text);
  if (!identity) return unusable(files_.identity + " cannot be read: " + identity.error().message());
  const auto differs = [&](std::string_view what, const std::string& there, const std::string& wanted) {
    return unusable("the data in " + files_.root + " is of " + std::string(what) + ' ' + there + ", not of " +
                    wanted + ": give this tablet a folder of its own");
  };
  if (identity->alias != request.alias)
    return differs("tablet", identity->alias.text(), request.alias.text());
  if (identity->shard != request.shard) return differs("shard", identity->shard.text(), request.shard.text());
  if (identity->flavour != flavour.name())
    return differs("flavour", identity->flavour, std::string(flavour.name()));
  return identity;
}

Task<Result<Identity>> DataDir::prepare(const Flavour& flavour, DataDirRequest request,
                                        runtime::Cancel* cancel) {
  if (!path_exists(files_.data) && path_exists(files_.data_replaced)) {
    // An agent died between the two renames of take_copy(), which is done again.
    Result<void> back = rename_folder(files_.data_replaced, files_.data);
    if (!back) co_return failure(std::move(back.error()));
  }
  if (!path_exists(files_.data)) {
    const topo::TabletAlias alias = request.alias;
    Identity identity{alias,
                      request.shard,
                      std::string(flavour.name()),
                      topo::to_hex(mysql::secure_random()(16)),
                      make_server_id(),
                      std::chrono::system_clock::now()};
    Result<void> made = co_await initialise(flavour, request, files_.data_unfinished, cancel);
    if (!made) co_return failure(std::move(made.error()));
    // Before the rename: data without an identity is never taken for ours.
    made = write_file(files_.identity, to_json(identity), 0640);
    if (made) made = rename_folder(files_.data_unfinished, files_.data);
    if (!made) co_return failure(std::move(made.error()));
    kLog.info("data_dir.made",
              {{"alias", alias.text()}, {"path", files_.data}, {"server_id", identity.server_id}});
  }
  co_return read_identity(flavour, request);
}

Result<Identity> DataDir::take_copy(Identity identity, std::uint32_t server_id) {
  Result<void> done;
  if (path_exists(files_.data_copied)) {
    if (path_exists(files_.data)) done = rename_folder(files_.data, files_.data_replaced);
    if (done) done = rename_folder(files_.data_copied, files_.data);
  }
  identity.server_id = server_id;
  identity.created_at = std::chrono::system_clock::now();
  if (done) done = write_file(files_.identity, to_json(identity), 0640);
  if (!done) return failure(std::move(done.error()));
  kLog.info("data_dir.copy_taken",
            {{"alias", identity.alias.text()}, {"path", files_.data}, {"server_id", server_id}});
  return identity;
}

Task<Result<void>> DataDir::initialise(const Flavour& flavour, DataDirRequest request, std::string folder,
                                       runtime::Cancel* cancel) {
  Result<void> clean = co_await end_initialisers(folder, cancel);
  if (clean) clean = remove_tree(folder);
  if (clean) clean = make_folder(folder, 0700);
  std::string statements;
  for (const std::string& each : flavour.initialise_statements(request.os_user)) statements += each + ";\n";
  if (clean) clean = write_file(files_.init_file, statements, 0600);
  if (!clean) co_return clean;
  InitialiseRequest initialise{request.program, folder,           files_.tmp,           files_.init_file,
                               request.os_user, ::geteuid() == 0, request.user_settings};
  runtime::ProcessSpec spec;
  spec.command = flavour.initialise_command(initialise);
  spec.directory = files_.root;
  const std::string program = spec.command.front();
  Result<runtime::ProcessOutput> run = co_await run_with_room(std::move(spec), folder, cancel);
  ::unlink(files_.init_file.c_str());
  if (!run) co_return failure(kInitialiseFailed, "cannot make a data directory: " + run.error().message());
  if (!run->status.ok())
    co_return failure(explain_initialise_failure(program, run->status.text(), run->error + run->out));
  co_return flush_tree(folder);
}

}  // namespace kintsugi::tablet
