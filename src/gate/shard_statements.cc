#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/frame_allocator.h"
#include "base/log.h"
#include "gate/answer_taker.h"
#include "gate/detail/held.h"
#include "gate/errors.h"
#include "gate/shard_connections.h"
#include "gate/variables.h"
#include "gate/warnings.h"
#include "mysql/errors.h"
#include "mysql/status_flags.h"
#include "runtime/coarse_time.h"
#include "runtime/errors.h"
#include "runtime/event.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

using End = wire::RelayOutcome::End;

constexpr Duration kKilledTimeout = std::chrono::seconds(10);  // until a killed query's connection is cut
constexpr int kTriesMax = 3;

constexpr int kDeadlock = 1213;
constexpr int kReadOnly = 1290;

/// The server is no primary (any more): nothing of the statement has taken effect.
bool is_read_only(const Error& error) {
  return error.is(kServerError) && error.mysql_errno() == kReadOnly &&
         error.message().find("read") != std::string::npos;
}

std::uint64_t number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

}  // namespace

namespace {

/// A server that is sent more than it takes closes the connection; few clients would guess that from "broken
/// pipe".
Error explain_cut(Error error, std::size_t bytes) {
  constexpr std::size_t kSmallestLimit = 1 << 20;
  if (bytes < kSmallestLimit || error.is(kServerError)) return error;
  return Error(
      mysql::kPacketTooLarge,
      fmt::format("the server ended the connection while it was sent {} bytes: its max_allowed_packet may be "
                  "smaller ({})",
                  bytes, error.message()));
}

}  // namespace

/// A statement under way on a server, as long as `backend` is set.
struct ShardConnections::Running {
  Backend* backend;
  runtime::Event done;
  bool killing = false;
  runtime::Event killed;           ///< the server has been told, or could not be
  bool may_be_killed_yet = false;  ///< it is not known whether the server still will
};

Task<Result<void>> ShardConnections::run(const exec::ShardRequest& request, exec::RowSink& sink,
                                         runtime::Cancel* cancel) {
  SinkTaker taker(sink);
  Relayed relayed;
  Result<void> done = co_await perform(request, taker, relayed, cancel);
  if (taker.sink_error()) co_return failure(std::move(*taker.sink_error()));
  if (done && relayed.part_lost)
    co_return failure(kTransactionLost, "the connection was lost after the statement had been answered");
  co_return done;
}

Task<Result<void>> ShardConnections::perform(const exec::ShardRequest& request, AnswerTaker& taker,
                                             Relayed& relayed, runtime::Cancel* cancel) {
  const Time give_up = runtime::coarse_now() + options_.failover_wait;
  for (int tries = 1;; ++tries) {
    Attempt attempt = co_await try_once(request, taker, relayed, give_up, cancel);
    if (!attempt.error) co_return Result<void>();
    const bool cancelled = cancel != nullptr && cancel->requested();
    const bool now = attempt.retry_now && tries < kTriesMax;
    const bool later = attempt.retry_later && Clock::now() < give_up;
    if (cancelled || (!now && !later)) co_return failure(std::move(*attempt.error));
    if (later) co_await backends_.wait_for_news(give_up, cancel);
  }
}

/// One try on a connection, from its command on.
struct ShardConnections::Try {
  Held& held;
  const exec::ShardRequest& request;
  Relayed& relayed;
  Attempt attempt{};
  std::shared_ptr<Running> running{};
  Result<void> sent{};
  std::optional<std::uint32_t> once{};  ///< a statement that is to be closed after it
  wire::RelayOutcome outcome{};
  bool answered = false;  ///< and that is no error
};

Task<ShardConnections::Attempt> ShardConnections::try_once(const exec::ShardRequest& request,
                                                           AnswerTaker& taker, Relayed& relayed, Time give_up,
                                                           runtime::Cancel* cancel) {
  Result<Held*> acquired = co_await acquire(request, give_up, cancel);
  if (!acquired) co_return Attempt{.error = std::move(acquired.error())};
  Try one{.held = **acquired, .request = request, .relayed = relayed};
  Backend& backend = one.held.backend();
  if (use_ != nullptr) use_->touch(request.shard);
  one.running = std::allocate_shared<Running>(FrameAllocator<Running>(), &backend);
  {
    const runtime::Cancel::Callback on_cancel(cancel, [this, &one] {
      one.running->killing = true;
      kills_.spawn(kill(one.running));
    });
    if (after_.last_insert_id && request.part == exec::ShardRequest::Part::kStatement)
      one.sent = co_await give_last_insert_id(backend);
    if (one.held.opens) put_opening(backend);
    if (one.sent) one.sent = co_await send(backend, request, one.once);
    if (one.held.opens) one.sent = co_await read_opening(one.held, std::move(one.sent));
    const mysql::Command command = is_binary(request) ? mysql::Command::stmt_execute : mysql::Command::query;
    if (one.sent) co_await taker.take(backend, command, one.outcome);
    one.running->backend = nullptr;
    one.running->done.set();
  }
  one.answered = one.sent && conclude(one.held, request, one.outcome, relayed, one.attempt);
  if (asks_nothing_more(one)) {
    one.held.fresh = false;
    if (!settle_at_once(one.held)) co_await settle(one.held);
  } else {
    co_await wind_up(one);
  }
  co_return std::move(one.attempt);
}

/// Whether it was answered, and leaves nothing to be done but to settle its connection.
bool ShardConnections::asks_nothing_more(const Try& one) const {
  const mysql::OkPacket& ok = one.outcome.ok;
  return one.answered && !one.once && !one.running->killing && !one.held.backend().is_broken() &&
         !asks_after(one.request, ok.warnings) && !may_be_brought(one.held.backend(), ok.last_insert_id);
}

/// What seldom comes after a try: questions, failures, a KILL.
Task<void> ShardConnections::wind_up(Try& one) {
  Held& held = one.held;
  Attempt& attempt = one.attempt;
  Backend& backend = held.backend();
  const mysql::OkPacket& ok = one.outcome.ok;
  if (one.sent) {
    if (one.answered && asks_after(one.request, ok.warnings))
      attempt.error = co_await after_answer(held, one.request, ok.warnings);
    if (one.answered && may_be_brought(backend, ok.last_insert_id))
      one.relayed.id_brought = co_await is_brought(backend, ok.last_insert_id);
    if (one.outcome.error && one.request.refused_row != nullptr)
      co_await find_refused_row(backend, one.request);
    if (one.once && one.outcome.end == End::complete) co_await backend.close_statement(*one.once);
  } else {
    const std::size_t bytes =
        one.request.own_text && statement_ != nullptr ? statement_->text.size() : one.request.text.size();
    attempt.error = explain_cut(std::move(one.sent.error()), bytes);
    attempt.retry_now = backend.is_broken() && held.fresh && held.lease.was_idle();
  }
  if (one.running->killing) co_await outlive_kill(*one.running, backend);
  const bool victim =
      attempt.error && attempt.error->is(kServerError) && attempt.error->mysql_errno() == kDeadlock;
  if (attempt.retry_now || attempt.retry_later) {
    held.joined = held.unit_savepoint = false;
    co_await give_back(held);
    co_return;
  }
  held.fresh = false;
  const bool joined = held.joined;
  one.relayed.part_lost = joined && backend.is_broken();
  if (!settle_at_once(held)) co_await settle(held);
  if (victim && joined) co_await lose_transaction("a deadlock");
  if (one.relayed.part_lost && attempt.error && !attempt.error->is(kTransactionLost))
    attempt.error = Error(kTransactionLost, attempt.error->message());
}

/// What an answer that was read, or could not be, means for the connection, the session and the caller. True:
/// it was read, and is no error.
bool ShardConnections::conclude(Held& held, const exec::ShardRequest& request, wire::RelayOutcome& outcome,
                                Relayed& relayed, Attempt& attempt) {
  Backend& backend = held.backend();
  relayed.has_rows = relayed.has_rows || outcome.result_sets > 0;
  relayed.rows += outcome.rows;
  relayed.bytes += outcome.bytes;
  const bool wrote = request.write || outcome.result_sets == 0;
  held.wrote |= wrote;
  if (wrote && held.type == topo::TabletType::primary && !held.shard.empty())
    state_.replica_reads.of(held.keyspace, held.shard).wrote = true;
  if (outcome.end == End::complete) {
    backend.connection().answer_read(outcome.error ? backend.connection().status() : outcome.ok.status, true);
    if (!outcome.error) {
      relayed.ok = std::move(outcome.ok);  // its numbers stay
      return true;
    }
    relayed.told = !outcome.held;
    attempt.error = with_client_row(*outcome.error, request.rows);
    attempt.retry_later = outcome.held && held.fresh && is_read_only(*outcome.error);
    return false;
  }
  backend.connection().answer_read(0, false);
  backend.break_connection();
  attempt.error =
      outcome.failure ? *outcome.failure : Error(runtime::kConnectionLost, "the answer was cut off");
  if (outcome.end == End::sink_lost) {
    relayed.told = relayed.client_lost = true;
    return false;
  }
  attempt.error = attempt.error->with_context(backend.config()->alias);
  const bool nothing_told = outcome.bytes == 0;
  // A connection from the pool that was dead already: a read is asked again, a write may have been done.
  const bool dead = held.lease.was_idle() || backend.given_up();
  attempt.retry_now = nothing_told && held.fresh && dead && !request.write;
  if (held.joined && !attempt.retry_now) {
    attempt.error = Error(kTransactionLost, attempt.error->message());
  }
  relayed.client_lost = relayed.told = !outcome.between_packets;
  return false;
}

void ShardConnections::put_opening(Backend& backend) {
  std::string& payload = backends_.payload();
  mysql::write_query(payload, kStartTransaction, backend.connection().capabilities());
  backend.connection().put_first(payload);
}

/// After put_opening() and send(). Where it was not begun, the shard has not joined, and the connection is of
/// no use.
Task<Result<void>> ShardConnections::read_opening(Held& held, Result<void> begun) {
  held.opens = false;
  if (begun) begun = co_await held.backend().connection().read_first();
  if (begun) co_return begun;
  held.joined = false;
  held.backend().break_connection();
  co_return begun;
}

/// Whether the answer's rows are binary, so that it must be asked for by a prepared statement.
bool ShardConnections::is_binary(const exec::ShardRequest& request) const {
  return statement_ != nullptr && statement_->binary && request.part == exec::ShardRequest::Part::kStatement;
}

Soon<Result<void>> ShardConnections::send(Backend& backend, const exec::ShardRequest& request,
                                          std::optional<std::uint32_t>& once) {
  if (is_binary(request)) {
    const auto known = request.own_text ? backend.prepared(statement_->text) : std::nullopt;
    if (known) return send_execution(backend, request, *known);
    return send_prepared(backend, request, once);
  }
  std::string& payload = backends_.payload();
  mysql::write_query(payload, request.own_text ? statement_->text : request.text,
                     backend.connection().capabilities());
  return backend.connection().send_command(payload);
}

Soon<Result<void>> ShardConnections::send_execution(Backend& backend, const exec::ShardRequest& request,
                                                    std::uint32_t id) {
  const std::span<const mysql::Parameter> parameters =
      request.own_text ? statement_->parameters : std::span<const mysql::Parameter>();
  std::string& payload = backends_.payload();
  mysql::write_execute(payload, id, 0, parameters, backend.connection().capabilities());
  return backend.connection().send_command(payload);
}

/// Prepares it first. `once`: the statement is to be closed after it.
Task<Result<void>> ShardConnections::send_prepared(Backend& backend, const exec::ShardRequest& request,
                                                   std::optional<std::uint32_t>& once) {
  Result<std::uint32_t> id = co_await (request.own_text ? backend.prepare(statement_->text)
                                                        : backend.prepare_once(std::string(request.text)));
  if (!id) co_return failure(std::move(id.error()));
  if (!request.own_text) once = *id;
  Result<void> sent = co_await send_execution(backend, request, *id);
  co_return sent;
}

Task<Result<void>> ShardConnections::with_backend(const exec::ShardRequest& asked, const Use& use,
                                                  runtime::Cancel* cancel) {
  exec::ShardRequest request = asked;
  request.own_text = false;  // what `use` sends is its own
  for (int tries = 1;; ++tries) {
    Result<Held*> acquired = co_await acquire(request, Clock::now() + options_.failover_wait, cancel);
    if (!acquired) co_return failure(std::move(acquired.error()));
    Held& held = **acquired;
    const bool dead_is_likely = held.fresh && held.lease.was_idle();
    Result<void> used = co_await use(held.backend());
    const bool retry =
        !used && !used.error().is(kServerError) && held.backend().is_broken() && dead_is_likely;
    held.fresh = false;
    co_await settle(held);
    if (!retry || tries >= kTriesMax) co_return used;
  }
}

// After the statement, on the same connection.

bool ShardConnections::asks_after(const exec::ShardRequest& request, std::uint64_t warnings) const {
  using Part = exec::ShardRequest::Part;
  const Part part = request.part;
  if (!nested_variables_.empty()) return part != Part::kCopyIn;
  if (request.unseen) return false;
  if (part != Part::kStatement && part != Part::kPart && part != Part::kRead) return false;
  return warnings > 0 || !after_.user_variables.empty() || after_.keep || after_.free || after_.found_rows ||
         after_.last_insert_id;
}

Task<std::optional<Error>> ShardConnections::after_answer(Held& held, const exec::ShardRequest& request,
                                                          std::uint64_t warnings) {
  using Part = exec::ShardRequest::Part;
  const Part part = request.part;
  Backend& backend = held.backend();
  const bool nested = !nested_variables_.empty();
  const std::vector<std::string> variables = nested ? nested_variables_ : after_.user_variables;
  if (nested && part != Part::kRead) {
    co_await read_user_variables(backend, variables);
    co_return std::nullopt;
  }
  const std::size_t known = state_.warnings.size();
  // What is read of variables and counts must not be asked before the warnings: each statement clears them.
  if (warnings > 0) co_await read_warnings(backend, request.rows);
  if (part == Part::kRead && warnings > 0) {
    std::optional<Error> error = co_await strict_error(backend, known);
    if (error) co_return error;
  }
  if (!variables.empty()) co_await read_user_variables(backend, variables);
  if (part != Part::kStatement) co_return std::nullopt;
  if (after_.keep || after_.free) {
    held.kept = after_.keep;
    backend.mark_touched();  // whatever becomes of the session, its locks end with it
  }
  if (after_.found_rows) co_await read_found_rows(backend);
  if (after_.last_insert_id) co_await read_last_insert_id(backend);
  co_return std::nullopt;
}

/// The first of the session's warnings, from `first` on, that a write would have failed with. Of values that
/// were cut, servers make an error or not by where in the statement they stand, so they stay warnings.
Task<std::optional<Error>> ShardConnections::strict_error(Backend& backend, std::size_t first) {
  constexpr std::uint32_t kDivisionByZero = 1365, kWrongValueForFunction = 1411;
  for (std::size_t i = first; i < state_.warnings.size(); ++i) {
    const auto warning = state_.warnings[i];  // other shards' answers add to the list meanwhile
    if (warning.code != kDivisionByZero && warning.code != kWrongValueForFunction) continue;
    Result<wire::ResultSet> strict = co_await backend.query("SELECT @@sql_mode LIKE '%STRICT%'");
    if (!strict || number(strict->value()) == 0) co_return std::nullopt;
    co_return Error::from_server(static_cast<std::uint16_t>(warning.code),
                                 warning.code == kDivisionByZero ? "22012" : "HY000", warning.message);
  }
  co_return std::nullopt;
}

Task<void> ShardConnections::read_warnings(Backend& backend, std::span<const std::size_t> rows) {
  Result<wire::ResultSet> shown = co_await backend.query("SHOW WARNINGS");
  if (!shown) co_return;
  std::size_t of = 0;  // the client's row; what names none follows what is of the same row
  for (const wire::TextRow& row : shown->rows) {
    if (row.size() < 3) break;
    const auto code = static_cast<std::uint32_t>(number(row[1]));
    of = add_warning(state_.warnings, {row[0].value_or(""), code, with_client_row(row[2].value_or(""), rows)},
                     of);
  }
}

/// Which row it was about: not all messages name it. MySQL does not know.
Task<void> ShardConnections::find_refused_row(Backend& backend, const exec::ShardRequest& request) {
  Result<wire::ResultSet> told = co_await backend.query(
      "BEGIN NOT ATOMIC DECLARE r INT; GET DIAGNOSTICS CONDITION 1 r = ROW_NUMBER; SELECT r; END");
  const std::uint64_t row = told ? number(told->value()) : 0;
  if (row > 0 && row <= request.rows.size()) *request.refused_row = request.rows[row - 1];
}

Task<void> ShardConnections::read_found_rows(Backend& backend) {
  Result<wire::ResultSet> found = co_await backend.query("SELECT FOUND_ROWS()");
  if (found) rows_found_ += number(found->value());
}

/// A query may leave LAST_INSERT_ID() as it is, and its connection has had other sessions' before.
Task<Result<void>> ShardConnections::give_last_insert_id(Backend& backend) {
  Result<wire::ResultSet> given =
      co_await backend.query(fmt::format("SET last_insert_id = {}", state_.last_insert_id));
  if (!given) co_return failure(std::move(given.error()));
  co_return Result<void>();
}

Task<void> ShardConnections::read_last_insert_id(Backend& backend) {
  Result<wire::ResultSet> read = co_await backend.query("SELECT LAST_INSERT_ID()");
  if (read) state_.last_insert_id = number(read->value());
}

/// An OK's id may be the AUTO_INCREMENT column's value that the statement brought itself; LAST_INSERT_ID() is
/// only ever one that was generated.
bool ShardConnections::may_be_brought(const Backend& backend, std::uint64_t id) const {
  return id != 0 && !backend.is_broken() && after_.may_be_brought && after_.may_be_brought(id);
}

Task<bool> ShardConnections::is_brought(Backend& backend, std::uint64_t id) {
  Result<wire::ResultSet> read = co_await backend.query("SELECT LAST_INSERT_ID()");
  co_return read.has_value() && number(read->value()) != id;
}

Task<void> ShardConnections::read_user_variables(Backend& backend, const std::vector<std::string>& names) {
  std::string sql = read_back_query(names);
  Result<wire::ResultSet> read = co_await backend.query(std::move(sql));
  if (!read || read->rows.empty()) co_return;
  std::vector<mysql::Cell> cells;
  for (const auto& cell : read->rows.front()) cells.push_back(cell ? mysql::Cell(*cell) : std::nullopt);
  Result<std::vector<ReadBack>> values = read_back(names, read->columns, cells);
  if (!values) {
    kLog.error("variables.unreadable", {{"error", values.error()}});
    co_return;
  }
  state_.settings = with_user_variables(*state_.settings, std::move(*values));
  backend.note_settings(state_.settings);
}

/// A KILL names a connection, and may come when its statement has ended: the connection's next one, which may
/// be somebody else's, must not be hit.
Task<void> ShardConnections::outlive_kill(Running& running, Backend& backend) {
  const bool told = co_await running.killed.wait(Clock::now() + kKilledTimeout);
  if (backend.is_broken()) co_return;
  if (!told || running.may_be_killed_yet) {
    backend.break_connection();
    co_return;
  }
  // Takes the KILL upon itself if it came after the statement.
  [[maybe_unused]] Result<wire::ResultSet> taken = co_await backend.query("DO 0");
}

/// The client gave the statement up: the server is told, and if that does not help the connection is cut.
Task<void> ShardConnections::kill(std::shared_ptr<Running> running) {
  if (running->backend == nullptr) {
    running->killed.set();
    co_return;
  }
  const std::shared_ptr<const BackendConfig> server = running->backend->config();
  const std::uint32_t id = running->backend->connection().connection_id();
  Result<void> killed = co_await backends_.kill_query(server, id);
  running->may_be_killed_yet = !killed;
  running->killed.set();
  if (killed) co_await running->done.wait(Clock::now() + kKilledTimeout);
  if (running->backend != nullptr) running->backend->break_connection();
}

}  // namespace kintsugi::gate
