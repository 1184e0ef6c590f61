#include "gate/statement_runner.h"

#include <algorithm>
#include <optional>

#include "gate/brought_ids.h"
#include "gate/committing_call.h"
#include "gate/counted_rows.h"
#include "gate/errors.h"
#include "gate/explanation.h"
#include "gate/limits.h"
#include "gate/load_file.h"
#include "gate/nested_statements.h"
#include "gate/own_transaction.h"
#include "gate/partial_answer.h"
#include "gate/planning.h"
#include "gate/select_limit.h"
#include "gate/session.h"
#include "gate/sharing.h"
#include "gate/statement/statement.h"
#include "gate/statement_account.h"
#include "gate/statement_kinds.h"
#include "gate/temporary.h"
#include "gate/turns.h"
#include "plan/explain.h"
#include "runtime/errors.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::gate {
namespace {

constexpr std::size_t kStatementShown = 1024;

void clear_diagnostics(SessionState& state) {
  state.warnings.clear();
  state.warning_count_before = state.warning_count;
  state.error_count_before = state.error_count;
  state.warning_count = state.error_count = 0;
}

/// One statement that runs: what is known of it, and what it leaves behind.
class Run {
 public:
  Run(Session& session, const ClientStatement& statement) : session_(session), statement_(statement) {}
  ~Run() { values_->clear(); }

  Task<bool> operator()();

 private:
  Task<Result<void>> in_time();
  Task<void> expire(Time when, runtime::Cancel* cancel);
  Task<Result<void>> execute();
  Task<Result<void>> take_turns();
  Task<Result<void>> plan_by_current_routing();
  bool shares() const;
  Task<Result<void>> on_shards();
  Task<Result<void>> reach_shards();
  Task<Result<void>> look_up();
  Task<Result<void>> relay(const vschema::Shard& shard);
  Task<Result<void>> share(const vschema::Shard& shard);
  Task<Result<void>> have_shared(const SharedReads::Answer& answer);
  Task<Result<void>> with_operators(SharedReads::Place* shared = nullptr);
  Task<Result<void>> into_cursor();
  Task<Result<void>> into_sink(exec::RowSink& rows);
  Task<Result<void>> run_operators(exec::RowSink& sink, mysql::OkPacket& final_ok);
  void sent(std::uint64_t rows, std::uint64_t bytes);
  void note(const mysql::OkPacket& ok, bool has_rows, std::uint64_t rows);
  void fail(const Error& error);
  bool tells_loss(const Error& error) const;
  void warn_of_directives();
  void account(const Error* error);

  Session& session_;
  ClientStatement statement_;
  std::string kept_text_;  // of a statement that reads more from the client
  Spares<BoundValues>::Borrowed values_ = session_.worker().values().take();
  std::shared_ptr<const plan::Plan> plan_;
  plan::Bindings bindings_;
  std::vector<plan::LookupAnswer> lookups_;
  sql::StatementKey shape_;
  plan::Tier tier_ = plan::Tier::kNone;
  StatementUse use_;
  Turns turns_;
  RoutingUse::Hold routing_held_;
  const Time begun_ = Clock::now();
  bool told_ = false;  // an error has gone to the client already
  bool client_lost_ = false;
  bool rows_begun_ = false;
  bool id_brought_ = false;  // the OK's id is one that the statement brought: LAST_INSERT_ID() stays
  TimeLimit limit_;
  bool timed_out_ = false;
  bool shares_ = false;    // a read that others may be sent for
  bool own_unit_ = false;  // the statement is a transaction by itself, which servers are told
};

Task<bool> Run::operator()() {
  session_.activity().statement = statement_.text.substr(0, kStatementShown);
  session_.respond().set_binary_rows(statement_.binary);
  StatementUse* const outer = session_.shards().count_for(&use_);
  values_->set_parameters(statement_.parameters);
  Result<PlannedStatement> planned =
      co_await plan_statement(session_, statement_.text, *values_, statement_.fingerprint);
  Result<void> done;
  if (planned && planned->plan->root->kind == plan::NodeKind::kLoad) {
    kept_text_ = statement_.text;
    statement_.text = kept_text_;
    planned = co_await plan_statement(session_, statement_.text, *values_);
  }
  if (planned) {
    plan_ = planned->plan;
    bindings_ = planned->bindings;
    shape_ = planned->shape;
    if (!keeps_diagnostics(*plan_)) clear_diagnostics(session_.state());
    warn_of_directives();
    done = co_await in_time();
  } else {
    clear_diagnostics(session_.state());
    done = failure(std::move(planned.error()));
  }
  settle_row_turns(session_);
  if (!done && tells_loss(done.error())) session_.shards().loss_told();
  if (!done) fail(done.error());
  session_.respond().set_binary_rows(false);
  account(done ? nullptr : &done.error());
  session_.shards().count_for(outer);
  co_return !client_lost_;
}

void Run::account(const Error* error) {
  const sql::StatementKey* shape = plan_ ? &shape_ : nullptr;
  account_for(session_, {statement_, plan_.get(), shape, tier_, begun_, error, use_});
}

/// Whether the client learns from it that its transaction is gone: from the gate, or from the server itself
/// in the place of a row.
bool Run::tells_loss(const Error& error) const {
  return error.mysql_errno() == kTransactionLost.mysql_errno && (!told_ || error.is(kServerError));
}

/// Directives that were not understood: warnings before those of the servers.
void Run::warn_of_directives() {
  SessionState& state = session_.state();
  for (const std::string& ignored : plan_->directives.ignored) {
    const Error error(kDirectiveIgnored, ignored);
    state.warnings.push_back({"Warning", error.mysql_errno(), error.text()});
  }
  state.warning_count += plan_->directives.ignored.size();
}

Task<Result<void>> Run::in_time() {
  limit_ = time_limit(plan_->directives, session_.worker().options(), *session_.state().settings);
  const bool own = plan_->root->kind == plan::NodeKind::kSession && !runs_routine(*plan_);
  if (limit_.after == Duration::zero() || own) {
    Result<void> done = co_await execute();
    co_return done;
  }
  runtime::TaskGroup watch;
  watch.spawn(expire(limit_.deadline(begun_), &watch.cancel()));
  Result<void> done = co_await execute();
  watch.cancel().request();
  co_await watch.join();
  if (done || !timed_out_ || told_) co_return done;
  co_return failure(timeout_error(limit_));
}

Task<void> Run::expire(Time when, runtime::Cancel* cancel) {
  const bool came = co_await runtime::sleep_until(when, cancel);
  if (!came) co_return;
  timed_out_ = true;
  session_.cancel_statement();
}

Task<Result<void>> Run::execute() {
  if (plan_->root->kind == plan::NodeKind::kSession) {
    tier_ = plan::Tier::kSession;
    const sql::Statement* statement = static_cast<const plan::Session&>(*plan_->root).statement;
    Result<void> done = co_await run_session_statement(session_, *statement, statement_);
    if (const auto rows = rows_counted(*statement); done && rows) session_.state().row_count = *rows;
    co_return done;
  }
  const bool explains = plan_->root->kind == plan::NodeKind::kExplanation;
  shares_ = !explains && shares();
  if (!explains && !shares_) {
    Result<void> came = co_await take_turns();
    if (!came) co_return came;
  }
  if (keeps_to_routing(*plan_)) {
    Result<void> current = co_await plan_by_current_routing();
    if (!current) co_return current;
    routing_held_ = session_.worker().routing_use().hold();
  }
  if (explains) tier_ = plan::Tier::kSession;
  Result<void> done =
      explains ? co_await run_explanation(session_, statement_, *plan_, bindings_) : co_await on_shards();
  co_return done;
}

/// What a vschema has changed while the statement waited for its turn, every write must keep to.
Task<Result<void>> Run::plan_by_current_routing() {
  while (plan_->routing != session_.worker().backends().routing()) {
    Result<PlannedStatement> again =
        co_await plan_statement(session_, statement_.text, *values_, statement_.fingerprint);
    if (!again) co_return failure(std::move(again.error()));
    plan_ = again->plan;
    bindings_ = again->bindings;
  }
  co_return Result<void>();
}

/// A read that may have another's answer has none of them until it is sent itself: limits are of what servers
/// do, and as long as it waits they do nothing for it.
bool Run::shares() const {
  const bool whole = session_.inner() == nullptr && statement_.cursor == nullptr && plan_->lookups.empty();
  if (!whole || !session_.worker().options().shared_reads || is_own_transaction(session_, *plan_))
    return false;
  const vschema::Shard* shard = exec::relay_shard(*plan_, bindings_);
  return shard != nullptr && may_share(session_, *plan_, *shard);
}

Task<Result<void>> Run::take_turns() {
  if (!needs_turn(session_, *plan_)) co_return Result<void>();
  Result<void> came = co_await turns_.take(session_, *plan_, bindings_, statement_, use_);
  co_return came;
}

/// Which shards the statement goes to, and whether it may, depends on what its look-ups find.
Task<Result<void>> Run::look_up() {
  ShardConnections& shards = session_.shards();
  shards.begin_statement(&statement_, {});
  exec::ExecContext context = exec_context(session_, *plan_, plan_->directives, bindings_, shards);
  Result<void> done = co_await exec::look_up(context);
  shards.begin_statement(nullptr, {});
  lookups_ = std::move(context.lookups);
  bindings_.lookups = &lookups_;
  co_return done;
}

Task<Result<void>> Run::on_shards() {
  own_unit_ = is_own_transaction(session_, *plan_);
  if (own_unit_) session_.shards().begin_own_unit(!plan_->writes);
  Result<void> done = co_await reach_shards();
  if (session_.shards().in_unit() && own_unit_) {  // it did not come as far as to its rows
    [[maybe_unused]] Result<void> undone = co_await session_.shards().end_unit(false);
  }
  co_return done;
}

Task<Result<void>> Run::reach_shards() {
  if (!plan_->lookups.empty()) {
    Result<void> known = co_await look_up();
    if (!known) co_return known;
  }
  const vschema::Shard* shard = exec::relay_shard(*plan_, bindings_);
  tier_ = shard != nullptr ? plan::Tier::kRoute : plan::tier_of(*plan_, bindings_);
  Result<void> allowed =
      check_limits(*plan_, tier_, plan_->directives, session_.worker().options(), session_.identity());
  if (!allowed) co_return allowed;
  ShardConnections& shards = session_.shards();
  if (plan_->statement == sql::NodeKind::kCall && shard != nullptr) {
    const bool committing = co_await is_committing_call(session_, statement_, *shard);
    if (committing) {
      Result<void> done = co_await call_procedure(session_, statement_);
      co_return done;
    }
  }
  if (plan_->commits_implicitly && shards.transaction().open()) {
    Result<void> committed = co_await shards.commit();
    if (!committed) co_return committed;
  }
  AfterStatement after = asked_after(*plan_, statement_);
  const bool variables = !after.user_variables.empty();
  shards.begin_statement(&statement_, std::move(after));
  Result<void> done;
  InnerStatement* inner = session_.inner();
  if (inner != nullptr && inner->rows != nullptr) {
    done = co_await into_sink(*inner->rows);
  } else if (statement_.cursor != nullptr && sql::is_query(plan_->statement)) {
    done = co_await into_cursor();
  } else {
    const bool relays = shard != nullptr && inner == nullptr && !own_unit_;
    done = shares_ ? co_await share(*shard) : relays ? co_await relay(*shard) : co_await with_operators();
  }
  if (done && plan_->calc_found_rows) session_.state().found_rows = shards.rows_found();
  shards.begin_statement(nullptr, {});
  if (variables) session_.settings_changed();
  if (plan::makes_temporary(*plan_)) co_await look_at_temporary(session_, *plan_->temporary);
  co_await shards.settle_temporary();
  co_return done;
}

Task<Result<void>> Run::relay(const vschema::Shard& shard) {
  exec::ShardRequest request;
  request.shard = &shard;
  request.keyspace = shard.keyspace;
  request.type = plan::route_of(*plan_)->destination.type;
  request.write = plan_->writes || plan_->locks;
  request.stays = plan::makes_temporary(*plan_);
  const Responder& respond = session_.respond();
  const auto warnings = static_cast<std::uint16_t>(plan_->directives.ignored.size());
  ShardConnections::Relayed relayed;
  Result<void> done = co_await session_.shards().relay(
      request, session_.link(), session_.identity().capabilities,
      [&respond, warnings](mysql::OkPacket& ok) {
        respond.adapt(ok);
        ok.warnings = static_cast<std::uint16_t>(ok.warnings + warnings);
      },
      relayed, session_.cancel(),
      [this](Error& error) {
        if (timed_out_) error = timeout_error(limit_);
      });
  relayed.ok.warnings = static_cast<std::uint16_t>(relayed.ok.warnings + warnings);
  told_ = relayed.told;
  client_lost_ = relayed.client_lost;
  id_brought_ = relayed.id_brought;
  sent(relayed.rows, relayed.bytes);
  if (done) note(relayed.ok, relayed.has_rows, relayed.rows);
  co_return done;
}

Task<Result<void>> Run::run_operators(exec::RowSink& sink, mysql::OkPacket& final_ok) {
  NestedStatements nested(session_, session_.shards(), bindings_);
  PartialAnswer partial;
  ForgivingShards forgiving(session_.shards(), nested, partial);
  PartialSink lacking(sink, partial);
  const bool forgives = forgives_shards(session_, *plan_);
  exec::Shards& shards = forgives ? static_cast<exec::Shards&>(forgiving) : session_.shards();
  exec::ExecContext context = exec_context(session_, *plan_, plan_->directives, bindings_, shards);
  context.binary_rows = statement_.binary;
  context.statements = &nested;
  const InnerStatement* inner = session_.inner();
  if (inner != nullptr && inner->rows != nullptr && inner->rows_in_utf8 && !session_.client_is_utf8())
    context.part = exec::ShardRequest::Part::kPart;
  LoadFile file(session_, *plan_);
  context.file = file.client();
  Result<void> done = co_await exec::execute(context, forgives ? static_cast<exec::RowSink&>(lacking) : sink);
  if (own_unit_) {
    Result<void> ended = co_await session_.shards().end_unit(done.has_value());
    if (done) done = std::move(ended);
  }
  note_gathered(session_, context.gathered);
  const bool in_step = co_await file.drain();
  client_lost_ = !in_step;
  final_ok.warnings = static_cast<std::uint16_t>(final_ok.warnings + plan_->directives.ignored.size());
  if (done && context.generated_id) final_ok.last_insert_id = *context.generated_id;
  id_brought_ = !context.generated_id && gives_ids(*plan_) && !may_set_last_insert_id(statement_.text);
  if (plan_->root->kind == plan::NodeKind::kDdl) {
    const std::string keyspace = static_cast<const plan::Ddl&>(*plan_->root).destination.keyspace;
    Worker::forget_schema_everywhere(session_.worker().shared(), keyspace);
  }
  co_return done;
}

/// A read that others may be waiting for, or that waits for theirs.
Task<Result<void>> Run::share(const vschema::Shard& shard) {
  Worker& worker = session_.worker();
  const Time since = Clock::now();
  Result<SharedReads::Place> place =
      co_await worker.shared_reads().enter(sharing_key(session_, statement_, shard), session_.cancel());
  use_.waited += Clock::now() - since;
  if (!place) co_return failure(std::move(place.error()));
  Result<void> done;
  if (place->answer()) {
    worker.metrics().shared_reads.with({"shared"}).add();
    done = co_await have_shared(*place->answer());
    co_return done;
  }
  done = co_await take_turns();
  if (!done) co_return done;
  worker.metrics().shared_reads.with({"sent"}).add();
  done = place->leads() ? co_await with_operators(&*place) : co_await relay(shard);
  co_return done;
}

Task<Result<void>> Run::have_shared(const SharedReads::Answer& answer) {
  rows_begun_ = true;
  Result<void> told = co_await tell_shared(session_, answer);
  client_lost_ = !told;
  if (!told) co_return told;
  note(answer.ok, true, answer.rows);
  sent(answer.rows, answer.frames.size());
  session_.respond().end_of_rows(answer.ok);
  co_return told;
}

Task<Result<void>> Run::with_operators(SharedReads::Place* shared) {
  ClientSink sink(session_.respond());
  mysql::OkPacket& ok = sink.final_ok();
  std::optional<SharedReadSink> kept;
  if (shared != nullptr) kept.emplace(sink, session_.worker().options().shared_read_max);
  Result<void> done = co_await run_operators(kept ? static_cast<exec::RowSink&>(*kept) : sink, ok);
  if (kept) shared->publish(done ? kept->take() : nullptr);
  client_lost_ |= sink.client_lost();
  rows_begun_ = sink.has_columns();
  if (!done) co_return done;
  note(ok, sink.has_columns(), sink.row_count());
  sent(sink.row_count(), sink.byte_count());
  if (sink.has_columns()) {
    session_.respond().end_of_rows(std::move(ok));
  } else {
    session_.respond().ok(std::move(ok));
  }
  co_return done;
}

/// The statement that this one is a part of takes the rows.
Task<Result<void>> Run::into_sink(exec::RowSink& rows) {
  CountedRows counted(rows);
  Result<void> done = co_await run_operators(counted, counted.final_ok());
  if (!done) co_return done;
  note(counted.final_ok(), counted.has_columns(), counted.row_count());
  session_.respond().ok(counted.final_ok());
  co_return done;
}

/// The rows stay here until the client fetches them: the servers are done with the statement.
Task<Result<void>> Run::into_cursor() {
  auto cursor = std::make_unique<Cursor>(session_.worker().shared().spill);
  mysql::OkPacket& ok = cursor->final_ok();
  Result<void> done = co_await run_operators(*cursor, ok);
  if (!done) co_return done;
  const bool has_rows = !cursor->columns().empty();
  note(ok, has_rows, cursor->row_count());
  sent(cursor->row_count(), 0);
  if (has_rows) {
    session_.respond().cursor_opened(cursor->columns(), ok);
    *statement_.cursor = std::move(cursor);
  } else {
    session_.respond().ok(ok);
  }
  co_return done;
}

void Run::sent(std::uint64_t rows, std::uint64_t bytes) {
  use_.rows += rows;
  use_.bytes += bytes;
  session_.worker().metrics().rows.add(rows);
  session_.worker().metrics().bytes_to_clients.add(bytes);
}

/// What functions and SHOW will tell of the statement.
void Run::note(const mysql::OkPacket& ok, bool has_rows, std::uint64_t rows) {
  SessionState& state = session_.state();
  state.warning_count = ok.warnings;
  if (has_rows) {
    state.row_count = -1;
    if (!plan_->calc_found_rows) state.found_rows = rows;
  } else {
    state.row_count = static_cast<std::int64_t>(ok.affected_rows);
    if (ok.last_insert_id != 0 && !id_brought_) state.last_insert_id = ok.last_insert_id;
  }
}

void Run::fail(const Error& error) {
  SessionState& state = session_.state();
  state.row_count = -1;
  state.error_count = state.warning_count = 1;
  state.warnings.assign(1, {"Error", error.mysql_errno(), error.text()});
  InnerStatement* inner = session_.inner();
  if (inner == nullptr) session_.note_error(error);
  if (inner != nullptr) {
    const bool told_before = inner->told;
    inner->error = error;
    inner->told = rows_begun_ || told_before;
    if (!rows_begun_ || told_before) return;
  }
  if (!told_ && !session_.take_error_told()) session_.respond().error(error);
}

}  // namespace

Task<bool> run_statement(Session& session, const ClientStatement& sent) {
  ClientStatement statement = sent;
  std::string limited;
  if (const std::optional<std::uint64_t> limit = select_limit(session.state())) {
    limited = with_select_limit(sent.text, session.lexer_mode(), *limit);
    if (!limited.empty()) statement.text = limited;
    statement.fingerprint = nullptr;
  }
  Run run(session, statement);
  const bool goes_on = co_await run();
  co_return goes_on;
}

Task<bool> run_inner(Session& session, const ClientStatement& statement, InnerStatement& inner) {
  InnerStatement* outer = session.set_inner(&inner);
  const bool goes_on = co_await run_statement(session, statement);
  session.set_inner(outer);
  co_return goes_on;
}

mysql::OkPacket target_changed(Session& session) {
  mysql::OkPacket ok;
  if ((session.identity().capabilities & mysql::capability::kSessionTrack) != 0) {
    ok.changes.push_back({mysql::SessionChange::Kind::schema, "", session.state().target.text()});
  }
  return ok;
}

}  // namespace kintsugi::gate
