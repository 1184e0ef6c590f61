#include "tablet/detail/reclone.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include <fmt/format.h>

#include "base/log.h"
#include "base/time.h"
#include "rpc/client.h"
#include "rpc/json.h"
#include "runtime/cancel.h"
#include "runtime/child_pipe.h"
#include "runtime/errors.h"
#include "runtime/http_client.h"
#include "runtime/offload.h"
#include "runtime/process.h"
#include "runtime/timer.h"
#include "tablet/detail/data_source.h"
#include "tablet/detail/files.h"
#include "tablet/detail/processes.h"
#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kStatement = 15s;
constexpr Duration kOffer = 15s;
/// The donor's program tells nothing while it waits for a lock or copies its redo log.
constexpr Duration kSilence = std::chrono::minutes(10);
constexpr Duration kFetch = std::chrono::hours(48);
constexpr Duration kProgram = std::chrono::hours(24);
constexpr Duration kAskProgress = 500ms;
constexpr Duration kTryAgain = 5s;
constexpr std::size_t kSaidBytes = 2000;

template <class F>
Task<Result<void>> beside(F work) {
  Result<void> done;
  const auto keep = [&] { done = work(); };
  co_await runtime::offload(keep);
  co_return done;
}

}  // namespace

Reclone::Reclone(Parts parts) : parts_(std::move(parts)), files_(parts_.data_dir.files()) {}
Reclone::~Reclone() = default;

Login Reclone::root() const {
  return root_login({parts_.flavour, files_.socket, parts_.os_user, /*keyspace=*/""});
}

void Reclone::step(std::string what) {
  kLog.info("reclone.step", {{"id", progress_.id()}, {"from", progress_.from()}, {"step", what}});
  progress_.set_step(std::move(what));
  progress_.set_bytes(0);
}

Result<void> Reclone::write_state() {
  return write_file(files_.reclone, rpc::to_json(state_, true) + '\n', 0640);
}

void Reclone::resume(Identity identity) {
  const Result<std::string> text = read_file(files_.reclone);
  if (!text) return;
  if (const Result<void> parsed = rpc::from_json(*text, state_); !parsed) {
    kLog.error("reclone.unreadable", {{"path", files_.reclone}, {"error", parsed.error()}});
    return;
  }
  progress_.set_id(state_.request().id());
  progress_.set_from(state_.request().from());
  progress_.set_saved(state_.saved());
  tasks_.spawn(run(std::move(identity)));
}

Result<void> Reclone::begin(v1::RecloneRequest request, Identity identity) {
  if (under_way() && progress_.id() == request.id()) return {};
  if (under_way())
    return failure(kRecloneRefused,
                   fmt::format("its data is being made anew already (recovery {})", progress_.id()));
  state_.Clear();
  *state_.mutable_request() = std::move(request);
  if (Result<void> written = write_state(); !written) return written;
  progress_.Clear();
  progress_.set_id(state_.request().id());
  progress_.set_from(state_.request().from());
  tasks_.spawn(run(std::move(identity)));
  return {};
}

Task<void> Reclone::stop() {
  tasks_.cancel().request();
  co_await tasks_.join();
}

Task<void> Reclone::run(Identity identity) {
  const std::string alias = identity.alias.text();
  kLog.warning("reclone.begun", {{"alias", alias}, {"id", progress_.id()}, {"from", progress_.from()}});
  Result<void> done = co_await run_steps(identity);
  // The copy is whole, and there is no way back: it is tried again.
  while (!done && state_.whole() && !done.error().is(runtime::kCancelled)) {
    kLog.error("reclone.waits", {{"alias", alias}, {"id", progress_.id()}, {"error", done.error()}});
    progress_.set_error(done.error().text());
    const bool again = co_await runtime::sleep_for(kTryAgain, &tasks_.cancel());
    if (!again) co_return;
    done = co_await replace(identity);
  }
  const bool stopped = tasks_.cancel().requested() || (!done && done.error().is(runtime::kCancelled));
  if (stopped) co_return;
  if (done) {
    kLog.warning("reclone.done", {{"alias", alias}, {"id", progress_.id()}, {"from", progress_.from()}});
    progress_.clear_error();
  } else {
    kLog.error("reclone.failed", {{"alias", alias}, {"id", progress_.id()}, {"error", done.error()}});
    progress_.set_error(done.error().text());
    [[maybe_unused]] const Result<void> discarded = co_await discard_copy();
    [[maybe_unused]] const Result<void> removed = remove_file(files_.reclone);
  }
  state_.Clear();
  progress_.clear_step();
  progress_.set_outcome(done ? v1::Reclone::done : v1::Reclone::failed);
  parts_.host.reclone_ended();
}

Task<Result<void>> Reclone::run_steps(Identity identity) {
  if (!state_.whole()) {
    Result<void> done = co_await discard_copy();
    step("asks the primary what it has");
    Result<std::string> executed = co_await executed_by_primary();
    if (!executed) co_return failure(std::move(executed.error()));
    if (done) done = co_await save(std::move(*executed));
    if (done) done = co_await copy();
    if (done) done = co_await prepare();
    if (!done) co_return done;
    state_.set_server_id(make_server_id());
    state_.set_saved(progress_.saved());
    state_.set_whole(true);
    done = write_state();
    if (!done) {
      state_.set_whole(false);
      co_return done;
    }
  }
  Result<void> replaced = co_await replace(std::move(identity));
  co_return replaced;
}

Task<Result<void>> Reclone::discard_copy() {
  const auto remove = [this]() -> Result<void> {
    Result<void> removed = remove_tree(files_.data_copied);
    if (removed) removed = remove_tree(files_.copy_tmp);
    // Of an earlier one, whose agent died before it could.
    if (removed && path_exists(files_.data)) removed = remove_tree(files_.data_replaced);
    return removed;
  };
  Result<void> done = co_await beside(remove);
  co_return done;
}

Task<Result<std::string>> Reclone::executed_by_primary() {
  const Result<ReplicationSource> primary = co_await parts_.host.primary();
  if (!primary) co_return failure(primary.error());
  ServerSession session({runtime::Address::tcp(primary->host, primary->port), kReplicationUser,
                         parts_.credentials.password("replication")});
  Result<std::string> executed = co_await executed_gtids(session, parts_.flavour, Clock::now() + kStatement);
  if (!executed) co_return failure(executed.error().with_context("the primary's server"));
  co_return executed;
}

/// Of a server that will not run, what its newest binlog says: an older one would not know of the last
/// transactions.
Task<Result<std::string>> Reclone::executed_here() {
  if (!parts_.host.data_is_unusable()) {
    ServerSession session(parts_.login);
    Result<std::string> executed =
        co_await executed_gtids(session, parts_.flavour, Clock::now() + kStatement);
    // A server that does not answer can be made anew too, but not by chance.
    if (!executed) co_return failure(executed.error().with_context("what this server has"));
    co_return executed;
  }
  step("reads in its binlog what it has");
  const std::vector<std::string> logs = binlogs(files_.data);
  if (logs.empty()) co_return failure(kCopyFailed, "it has no binlog");
  const std::string printed = files_.root + "/binlog.printed";
  std::vector<std::string> command = parts_.flavour.print_binlog_command();
  command.push_back("--result-file=" + printed);
  command.push_back(logs.back());
  const Result<void> done = co_await run_program(std::move(command));
  if (!done) co_return failure(done.error());
  Result<std::string> executed;
  const auto read = [&] {
    std::ifstream text(printed, std::ios::binary);
    executed = parts_.flavour.executed_in(text);
  };
  co_await runtime::offload(read);
  [[maybe_unused]] const Result<void> removed = remove_file(printed);
  co_return executed;
}

/// Transactions that the primary lacks. Of data on which no server runs, the binlogs where that fails: else
/// it would stay as it is for ever.
Task<Result<void>> Reclone::save(std::string executed) {
  Result<void> saved = co_await save_extra(std::move(executed));
  if (saved || !parts_.host.data_is_unusable() || tasks_.cancel().requested()) co_return saved;
  state_.set_binlogs_kept(files_.saved + '/' + progress_.id() + ".binlogs");
  progress_.set_saved(state_.binlogs_kept());
  kLog.error("reclone.binlogs_unreadable",
             {{"id", progress_.id()}, {"kept", state_.binlogs_kept()}, {"error", saved.error()}});
  co_return Result<void>();
}

/// Into a file. None: no file.
Task<Result<void>> Reclone::save_extra(std::string executed) {
  const Result<std::string> ours = co_await executed_here();
  if (!ours) co_return failure(ours.error());
  const Result<std::vector<std::vector<std::string>>> commands =
      parts_.flavour.save_commands(*ours, executed);
  if (!commands) co_return failure(commands.error());
  if (commands->empty()) co_return Result<void>();
  step("writes what only it has to a file");
  const Result<std::string> extra = parts_.flavour.errant(*ours, executed);
  Result<void> done = make_folder(files_.saved, 0700);
  if (!done) co_return done;
  const std::string path = files_.saved + '/' + progress_.id() + ".sql";
  done = write_file(
      path,
      "-- Transactions that this server had and its primary had not, when its data was made anew.\n"
      "-- this server: " +
          *ours + "\n-- the primary: " + executed + "\n-- in here:     " + extra.value_or("?") + "\n",
      0600);
  progress_.set_saved(path);
  for (const std::vector<std::string>& command : *commands) {
    if (done) done = co_await save_with(command);
  }
  if (!done) {
    // Half of them is worse than none: they are still in the binlog.
    [[maybe_unused]] Result<void> removed = remove_file(path);
    removed = remove_file(path + ".part");
  }
  if (done) {
    kLog.warning("reclone.saved",
                 {{"id", progress_.id()}, {"transactions", extra.value_or("?")}, {"path", path}});
  } else {
    progress_.clear_saved();
  }
  co_return done;
}

Task<Result<void>> Reclone::save_with(std::vector<std::string> command) {
  const std::vector<std::string> logs = binlogs(files_.data);
  const std::string part = progress_.saved() + ".part";
  Result<void> done = failure(kCopyFailed, "this server has no binlog");
  // From the latest on: what others lack is at the end, and all of the binlogs may be a lot.
  for (std::size_t first = logs.size(); first-- > 0;) {
    std::vector<std::string> whole = command;
    whole.push_back("--result-file=" + part);
    whole.insert(whole.end(), logs.begin() + static_cast<std::ptrdiff_t>(first), logs.end());
    done = co_await run_program(std::move(whole));
    if (done || !parts_.flavour.wants_older_binlog(done.error().message())) break;
  }
  if (!done) co_return done;
  const auto append = [&] { return append_file(part, progress_.saved()); };
  done = co_await beside(append);
  co_return done;
}

Task<Result<void>> Reclone::run_program(std::vector<std::string> command) {
  const std::string program = command.front();
  const std::uint64_t log_offset = file_size(files_.copy_log);
  runtime::ProcessSpec spec;
  spec.command = std::move(command);
  spec.command[0] = find_beside(parts_.program, program);
  spec.directory = files_.root;
  spec.output_file = files_.copy_log;
  Result<runtime::Process> process = runtime::Process::start(std::move(spec));
  if (!process) co_return failure(kCopyFailed, process.error().message());
  const bool ended = co_await process->wait_until(Clock::now() + kProgram, &tasks_.cancel());
  if (!ended) co_return failure(kCopyFailed, program + " was killed");
  const runtime::ExitStatus status = co_await process->wait();
  co_return check_end(program, status, log_offset);
}

Result<void> Reclone::check_end(const std::string& program, runtime::ExitStatus status,
                                std::uint64_t log_offset) const {
  if (status.ok()) return {};
  return failure(kCopyFailed, program + " ended with " + status.text() +
                                  " and said: " + read_tail(files_.copy_log, log_offset, kSaidBytes));
}

Result<void> Reclone::check(const v1::OfferCopyResponse& offer) const {
  if (offer.flavour() != parts_.flavour.name())
    return failure(kRecloneRefused, fmt::format("{} is {}, and this is {}", progress_.from(), offer.flavour(),
                                                parts_.flavour.name()));
  const std::optional<std::uint64_t> room = free_bytes(files_.root);
  if (room && *room < offer.data_bytes()) {
    return failure(
        kCopyFailed,
        fmt::format("the disk of {} has {} MB free, and the data of {} is {} MB: make room, the data "
                    "that is there is kept until the copy is whole",
                    files_.root, *room >> 20, progress_.from(), offer.data_bytes() >> 20));
  }
  return {};
}

Task<Result<void>> Reclone::copy() {
  step("asks " + progress_.from() + " for its data");
  const v1::RecloneRequest& request = state_.request();
  runtime::HttpClient http(
      runtime::Address::tcp(request.from_host(), static_cast<std::uint16_t>(request.from_http_port())));
  rpc::Client donor(http);
  const v1::OfferCopyRequest ask;
  const Result<v1::OfferCopyResponse> offer = co_await donor.call<v1::OfferCopyResponse>(
      "kintsugi.tablet.v1.Tablet/OfferCopy", ask, Clock::now() + kOffer, &tasks_.cancel());
  if (!offer) co_return failure(offer.error().with_context(progress_.from()));
  Result<void> done = check(*offer);
  if (!done) co_return done;
  step("copies the data of " + progress_.from());
  progress_.set_bytes_total(offer->data_bytes());
  if (offer->streams()) {
    done = co_await receive(donor, *offer);
  } else if (parts_.host.data_is_unusable()) {
    step("begins with empty data, since it has no server that could fetch any");
    done = co_await parts_.host.make_empty_data(files_.data_copied);
  } else {
    done = co_await fetch();
  }
  co_return done;
}

/// From the donor's agent through the program that makes a folder of it.
Task<Result<void>> Reclone::receive(rpc::Client& donor, v1::OfferCopyResponse offer) {
  Result<void> done = make_folder(files_.data_copied, 0700);
  if (!done) co_return done;
  Result<runtime::ChildPipe> pipe = runtime::ChildPipe::make();
  if (!pipe) co_return failure(std::move(pipe.error()));
  const std::uint64_t log_offset = file_size(files_.copy_log);
  runtime::ProcessSpec spec;
  spec.command = parts_.flavour.unpack_command(files_.data_copied);
  const std::string program = spec.command.front();
  spec.directory = files_.root;
  spec.output_file = files_.copy_log;
  spec.input_fd = pipe->childs_end();
  Result<runtime::Process> process = runtime::Process::start(std::move(spec));
  if (!process) co_return failure(kCopyFailed, process.error().message());
  pipe->close_childs_end();

  v1::CopyDataRequest request;
  request.set_word(offer.word());
  request.set_to(parts_.alias);
  request.set_proof(
      copy_proof(parts_.credentials.password("replication"), offer.word(), progress_.from(), parts_.alias));
  bool whole = false;
  std::function<Task<Result<void>>(v1::CopyPiece)> take = [&](v1::CopyPiece piece) -> Task<Result<void>> {
    if (piece.end()) {
      whole = true;
      copied_ = piece.gtid_executed();
      co_return Result<void>();
    }
    Result<void> written = co_await pipe->stream().write_all(piece.data());
    progress_.set_bytes(progress_.bytes() + piece.data().size());
    co_return written;
  };
  done = co_await donor.stream_slowly<v1::CopyPiece>("kintsugi.tablet.v1.Tablet/CopyData", request,
                                                     std::move(take), kSilence, &tasks_.cancel());
  pipe->stream().close();
  if (done && !whole) done = failure(kCopyFailed, progress_.from() + " ended in the middle");
  if (!done) {
    // What the program says is worth more than that it reads no more.
    const bool ended = co_await process->wait_until(Clock::now() + 1s, &tasks_.cancel());
    const Result<void> why =
        ended ? check_end(program, co_await process->wait(), log_offset) : Result<void>();
    co_return why ? failure(done.error().with_context(progress_.from())) : why;
  }
  co_return check_end(program, co_await process->wait(), log_offset);
}

/// By this tablet's own server.
Task<Result<void>> Reclone::fetch() {
  const v1::RecloneRequest& request = state_.request();
  const ReplicationSource from{request.from_host(), static_cast<std::uint16_t>(request.from_mysql_port())};
  runtime::TaskGroup asking;
  asking.spawn(ask_progress(asking.cancel()));
  ServerSession session(root());
  const runtime::Cancel::Callback stopped(&tasks_.cancel(), [&session] { session.abort(); });
  const Result<void> done = co_await session.run(
      parts_.flavour.fetch_statements(from, parts_.credentials.password("replication"), files_.data_copied),
      Clock::now() + kFetch);
  asking.cancel().request();
  co_await asking.join();
  if (!done) co_return failure(done.error().with_context("the server that fetches the data"));
  co_return Result<void>();
}

Task<void> Reclone::ask_progress(runtime::Cancel& cancel) {
  ServerSession session(root());
  const std::string query = parts_.flavour.fetched_query();
  while (!query.empty() && co_await runtime::sleep_for(kAskProgress, &cancel)) {
    const Result<QueryRows> rows = co_await session.query(query, Clock::now() + kStatement);
    if (rows && !rows->empty())
      progress_.set_bytes(std::strtoull(rows->rows[0][0].value_or("0").c_str(), nullptr, 10));
  }
}

Task<Result<void>> Reclone::prepare() {
  step("makes the copy a data directory");
  Result<void> done;
  std::vector<std::string> command = parts_.flavour.prepare_command(files_.data_copied);
  if (!command.empty()) done = co_await run_program(std::move(command));
  if (!done) co_return done;
  state_.set_gtids(copied_);
  const auto flush = [this] { return flush_tree(files_.data_copied); };
  done = co_await beside(flush);
  co_return done;
}

Task<Result<void>> Reclone::replace(Identity identity) {
  step("ends its server, whose data is replaced");
  const Result<void> ended = co_await parts_.host.end_server();
  if (!ended) co_return ended;
  Result<Identity> taken = parts_.data_dir.take_copy(std::move(identity), state_.server_id());
  if (!taken) co_return failure(std::move(taken.error()));
  step("starts a server on the copy");
  const Result<void> started = co_await parts_.host.start_server(std::move(*taken));
  if (!started) co_return started;
  ServerSession session(root());
  Result<void> told =
      co_await session.run(parts_.flavour.adopt_copy(state_.gtids()), Clock::now() + kStatement);
  if (told) told = keep_binlogs();
  if (told) told = remove_file(files_.reclone);
  if (!told) co_return told;
  const auto remove = [this] { return remove_tree(files_.data_replaced); };
  const Result<void> removed = co_await beside(remove);
  if (!removed)
    kLog.warning("reclone.old_data_left", {{"path", files_.data_replaced}, {"error", removed.error()}});
  co_return Result<void>();
}

/// Those of the old data. May be repeated.
Result<void> Reclone::keep_binlogs() {
  if (state_.binlogs_kept().empty()) return {};
  Result<void> done = make_folder(state_.binlogs_kept(), 0700);
  for (const std::string& log : binlogs(files_.data_replaced)) {
    const std::string name = std::filesystem::path(log).filename();
    if (done) done = rename_folder(log, state_.binlogs_kept() + '/' + name);
  }
  return done;
}

}  // namespace kintsugi::tablet
