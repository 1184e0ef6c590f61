#include <algorithm>
#include <optional>
#include <utility>

#include "gate/answer_taker.h"
#include "gate/brought_ids.h"
#include "gate/committing_call.h"
#include "gate/counted_rows.h"
#include "gate/detail/statement_run.h"
#include "gate/event/run.h"
#include "gate/explanation.h"
#include "gate/load_file.h"
#include "gate/nested_statements.h"
#include "gate/own_transaction.h"
#include "gate/partial_answer.h"
#include "gate/routine_variables.h"
#include "gate/session.h"
#include "gate/sharing.h"
#include "gate/statement/statement.h"
#include "gate/statement_account.h"
#include "gate/statement_kinds.h"
#include "gate/temporary.h"

// From shards to the client: see detail/statement_run.h.

namespace kintsugi::gate {
namespace {

Task<Result<void>> failed(Error error) { co_return failure(std::move(error)); }

}  // namespace

Task<Result<void>> StatementRun::on_shards() {
  own_unit_ = is_own_transaction(session_, *plan_);
  if (own_unit_) return as_own_unit();
  return plan_->lookups.empty() ? to_shards() : after_look_ups();
}

Task<Result<void>> StatementRun::as_own_unit() {
  session_.shards().begin_own_unit(!plan_->writes);
  Result<void> done = co_await (plan_->lookups.empty() ? to_shards() : after_look_ups());
  if (session_.shards().in_unit()) {  // it did not come as far as to its rows
    [[maybe_unused]] Result<void> undone = co_await session_.shards().end_unit(false);
  }
  co_return done;
}

Task<Result<void>> StatementRun::after_look_ups() {
  Result<void> known = co_await look_up();
  if (!known) co_return known;
  Result<void> done = co_await to_shards();
  co_return done;
}

/// Which shards the statement goes to, and whether it may, depends on what its look-ups find.
Task<Result<void>> StatementRun::look_up() {
  ShardConnections& shards = session_.shards();
  shards.begin_statement(&statement_, {});
  exec::ExecContext context = exec_context(session_, *plan_, plan_->directives, bindings_, shards);
  Result<void> done = co_await exec::look_up(context);
  shards.begin_statement(nullptr, {});
  lookups_ = std::move(context.lookups);
  bindings_.lookups = &lookups_;
  co_return done;
}

Task<Result<void>> StatementRun::to_shards() {
  const vschema::Shard* shard = exec::relay_shard(*plan_, bindings_);
  tier_ = shard != nullptr ? plan::Tier::kRoute : plan::tier_of(*plan_, bindings_);
  Result<void> allowed =
      check_limits(*plan_, tier_, plan_->directives, session_.worker().options(), session_.identity());
  if (!allowed) return failed(std::move(allowed.error()));
  const bool may_commit = plan_->statement == sql::NodeKind::kCall && shard != nullptr;
  const bool commits = plan_->commits_implicitly && session_.shards().transaction().open();
  return may_commit || commits ? after_commit(shard) : send(shard);
}

/// A CALL that may commit is run by the gate, if it does; what commits implicitly ends the transaction first.
Task<Result<void>> StatementRun::after_commit(const vschema::Shard* shard) {
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
  Result<void> done = co_await send(shard);
  co_return done;
}

Task<Result<void>> StatementRun::send(const vschema::Shard* shard) {
  AfterStatement after = asked_after(*plan_, statement_);
  return may_assign_unseen(session_, *plan_) ? send_with_routines(shard, std::move(after))
                                             : send_plainly(shard, std::move(after));
}

Task<Result<void>> StatementRun::send_plainly(const vschema::Shard* shard, AfterStatement after) {
  const bool to_client = session_.inner() == nullptr && statement_.cursor == nullptr;
  const bool leaves = !after.user_variables.empty() || plan_->calc_found_rows ||
                      session_.state().temporary != nullptr || plan::makes_temporary(*plan_);
  if (shard == nullptr || !to_client || leaves || own_unit_ || shares_)
    return send_and_settle(shard, std::move(after));
  session_.shards().begin_statement(&statement_, std::move(after));
  return relay(*shard);
}

/// What a server's routine assigns is the session's, and no other's who gets the connection next.
Task<Result<void>> StatementRun::send_with_routines(const vschema::Shard* shard, AfterStatement after) {
  for (std::string& variable : co_await variables_of_routines(session_, plan_)) {
    if (std::ranges::find(after.user_variables, variable) == after.user_variables.end())
      after.user_variables.push_back(std::move(variable));
  }
  co_return co_await send_plainly(shard, std::move(after));
}

Task<Result<void>> StatementRun::send_and_settle(const vschema::Shard* shard, AfterStatement after) {
  ShardConnections& shards = session_.shards();
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

Task<Result<void>> StatementRun::relay(const vschema::Shard& shard) {
  exec::ShardRequest request;
  request.shard = &shard;
  request.keyspace = shard.keyspace;
  request.type = plan::route_of(*plan_)->destination.type;
  request.write = plan_->writes || plan_->locks;
  request.stays = plan::makes_temporary(*plan_);
  RelayTaker taker(session_.link(), session_.identity().capabilities, *this);
  ShardConnections::Relayed relayed;
  Result<void> done = co_await session_.shards().perform(request, taker, relayed, session_.cancel());
  relayed.ok.warnings = static_cast<std::uint16_t>(relayed.ok.warnings + plan_->directives.ignored.size());
  told_ = relayed.told;
  client_lost_ = relayed.client_lost;
  id_brought_ = relayed.id_brought;
  sent(relayed.rows, relayed.bytes);
  if (done) note(relayed.ok, relayed.has_rows, relayed.rows);
  co_return done;
}

void StatementRun::edit_ok(mysql::OkPacket& ok) {
  session_.respond().adapt(ok);
  ok.warnings = static_cast<std::uint16_t>(ok.warnings + plan_->directives.ignored.size());
}

void StatementRun::edit_error(Error& error) {
  if (timed_out_) error = timeout_error(limit_);
}

Task<Result<void>> StatementRun::run_operators(exec::RowSink& sink, mysql::OkPacket& final_ok) {
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
    if (done && may_define_events(*plan_)) {
      done = co_await note_event_statement(session_, statement_.text);
      forget_event_warnings(session_.state(), final_ok);
    }
    const std::string keyspace = static_cast<const plan::Ddl&>(*plan_->root).destination.keyspace;
    Worker::forget_schema_everywhere(session_.worker().shared(), keyspace);
  }
  co_return done;
}

/// A read that others may be waiting for, or that waits for theirs.
Task<Result<void>> StatementRun::share(const vschema::Shard& shard) {
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
  if (needs_turn(session_, *plan_)) {
    done = co_await turns_.take(session_, *plan_, bindings_, statement_, use_);
    if (!done) co_return done;
  }
  worker.metrics().shared_reads.with({"sent"}).add();
  done = place->leads() ? co_await with_operators(&*place) : co_await relay(shard);
  co_return done;
}

Task<Result<void>> StatementRun::have_shared(const SharedReads::Answer& answer) {
  rows_begun_ = true;
  Result<void> told = co_await tell_shared(session_, answer);
  client_lost_ = !told;
  if (!told) co_return told;
  note(answer.ok, true, answer.rows);
  sent(answer.rows, answer.frames.size());
  session_.respond().end_of_rows(answer.ok);
  co_return told;
}

Task<Result<void>> StatementRun::with_operators(SharedReads::Place* shared) {
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
Task<Result<void>> StatementRun::into_sink(exec::RowSink& rows) {
  CountedRows counted(rows);
  Result<void> done = co_await run_operators(counted, counted.final_ok());
  if (!done) co_return done;
  note(counted.final_ok(), counted.has_columns(), counted.row_count());
  session_.respond().ok(counted.final_ok());
  co_return done;
}

/// The rows stay here until the client fetches them: the servers are done with the statement.
Task<Result<void>> StatementRun::into_cursor() {
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

void StatementRun::sent(std::uint64_t rows, std::uint64_t bytes) {
  use_.rows += rows;
  use_.bytes += bytes;
  session_.worker().metrics().rows.add(rows);
  session_.worker().metrics().bytes_to_clients.add(bytes);
}

/// What functions and SHOW will tell of the statement.
void StatementRun::note(const mysql::OkPacket& ok, bool has_rows, std::uint64_t rows) {
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

}  // namespace kintsugi::gate
