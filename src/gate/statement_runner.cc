#include "gate/statement_runner.h"

#include <optional>
#include <utility>

#include "gate/detail/statement_run.h"
#include "gate/errors.h"
#include "gate/explanation.h"
#include "gate/limits.h"
#include "gate/own_transaction.h"
#include "gate/routine_rules.h"
#include "gate/select_limit.h"
#include "gate/session.h"
#include "gate/sharing.h"
#include "gate/statement/statement.h"
#include "gate/statement_account.h"
#include "gate/statement_kinds.h"
#include "gate/warnings.h"
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

Task<Result<void>> refused(Error why) { co_return failure(std::move(why)); }

}  // namespace

StatementRun::StatementRun(Session& session, const ClientStatement& statement)
    : session_(session),
      statement_(statement),
      values_(session.worker().values().take()),
      outer_use_(session.shards().count_for(&use_)),
      begun_(Clock::now()) {
  if (const std::optional<std::uint64_t> limit = select_limit(session.state())) {
    kept_text_ = with_select_limit(statement.text, session.lexer_mode(), *limit);
    if (!kept_text_.empty()) statement_.text = kept_text_;
    statement_.fingerprint = nullptr;
  }
  session.activity().statement = statement_.text.substr(0, kStatementShown);
  session.respond().set_binary_rows(statement_.binary);
  values_->set_parameters(statement_.parameters);
}

Soon<Result<PlannedStatement>> StatementRun::plan() {
  return plan_statement(session_, statement_.text, *values_, statement_.fingerprint);
}

bool StatementRun::must_keep_text(const Result<PlannedStatement>& planned) const {
  return planned && planned->plan->root->kind == plan::NodeKind::kLoad;
}

void StatementRun::keep_text() {
  kept_text_ = statement_.text;
  statement_.text = kept_text_;
  statement_.fingerprint = nullptr;
}

Task<Result<void>> StatementRun::run(PlannedStatement planned) {
  plan_ = std::move(planned.plan);
  bindings_ = planned.bindings;
  shape_ = planned.shape;
  if (session_.function_depth() > 0) {
    if (Result<void> allowed = check_within_function(*plan_); !allowed)
      return refused(std::move(allowed.error()));
  }
  if (!keeps_diagnostics(*plan_)) {
    // In a routine, what a statement has warned of is what its handlers see. MySQL always begins anew.
    if (session_.inner() == nullptr && session_.worker().is_mariadb() && may_keep_diagnostics(*plan_))
      earlier_ = std::exchange(session_.state().warnings, {});
    clear_diagnostics(session_.state());
  }
  warn_of_directives();
  limit_ = time_limit(plan_->directives, session_.worker().options(), *session_.state().settings);
  const bool own = plan_->root->kind == plan::NodeKind::kSession && !runs_routine(*plan_);
  return limit_.after == Duration::zero() || own ? execute() : within_limit();
}

void StatementRun::not_planned() { clear_diagnostics(session_.state()); }

bool StatementRun::end(const Result<void>& done) {
  session_.shards().begin_statement(nullptr, {});
  settle_row_turns(session_);
  if (!done && tells_loss(done.error())) session_.shards().loss_told();
  if (!done) {
    fail(done.error());
  } else if (!earlier_.empty()) {
    keep_earlier_diagnostics();
  }
  session_.state().failed = !done;
  session_.respond().set_binary_rows(false);
  account(done ? nullptr : &done.error());
  session_.shards().count_for(outer_use_);
  return !client_lost_;
}

/// MariaDB's servers forget what they have warned of when a statement uses tables, or warns itself.
void StatementRun::keep_earlier_diagnostics() {
  SessionState& state = session_.state();
  if (!state.warnings.empty()) return;
  state.warnings = std::move(earlier_);
  state.warning_count = state.warning_count_before;
  state.error_count = state.error_count_before;
}

void StatementRun::account(const Error* error) {
  const sql::StatementKey* shape = plan_ ? &shape_ : nullptr;
  account_for(session_, {statement_, plan_.get(), shape, tier_, begun_, error, use_});
}

/// Whether the client learns from it that its transaction is gone: from the gate, or from the server itself
/// in the place of a row.
bool StatementRun::tells_loss(const Error& error) const {
  return error.mysql_errno() == kTransactionLost.mysql_errno && (!told_ || error.is(kServerError));
}

/// Directives that were not understood: warnings before those of the servers.
void StatementRun::warn_of_directives() {
  SessionState& state = session_.state();
  for (const std::string& ignored : plan_->directives.ignored) {
    const Error error(kDirectiveIgnored, ignored);
    state.warnings.push_back({"Warning", error.mysql_errno(), error.text()});
  }
  state.warning_count += plan_->directives.ignored.size();
}

Task<Result<void>> StatementRun::within_limit() {
  runtime::TaskGroup watch;
  watch.spawn(expire(limit_.deadline(begun_), &watch.cancel()));
  Result<void> done = co_await execute();
  watch.cancel().request();
  co_await watch.join();
  if (done || !timed_out_ || told_) co_return done;
  co_return failure(timeout_error(limit_));
}

Task<void> StatementRun::expire(Time when, runtime::Cancel* cancel) {
  const bool came = co_await runtime::sleep_until(when, cancel);
  if (!came) co_return;
  timed_out_ = true;
  session_.cancel_statement();
}

Task<Result<void>> StatementRun::execute() {
  if (plan_->root->kind == plan::NodeKind::kSession) return by_session();
  const bool explains = plan_->root->kind == plan::NodeKind::kExplanation;
  if (explains) tier_ = plan::Tier::kSession;
  shares_ = !explains && shares();
  const bool waits = !explains && !shares_ && needs_turn(session_, *plan_);
  const bool keeps = keeps_to_routing(*plan_);
  if (waits || (keeps && !is_current())) return in_turn();
  if (keeps) routing_held_ = session_.worker().routing_use().hold();
  return explains ? run_explanation(session_, statement_, *plan_, bindings_) : on_shards();
}

Task<Result<void>> StatementRun::by_session() {
  tier_ = plan::tier_of(*plan_, bindings_);
  const auto& root = static_cast<const plan::Session&>(*plan_->root);
  const sql::Statement* statement = root.statement;
  if (root.calls_functions) {
    Result<void> allowed =
        check_limits(*plan_, tier_, plan_->directives, session_.worker().options(), session_.identity());
    if (!allowed) co_return allowed;
    co_return co_await statement_with_functions(session_, *plan_, statement_);
  }
  Result<void> done = co_await run_session_statement(session_, *statement, statement_);
  if (const auto rows = rows_counted(*statement); done && rows) session_.state().row_count = *rows;
  co_return done;
}

/// Waits for its turns, and for a plan of what a vschema has become meanwhile.
Task<Result<void>> StatementRun::in_turn() {
  const bool explains = plan_->root->kind == plan::NodeKind::kExplanation;
  if (!explains && !shares_ && needs_turn(session_, *plan_)) {
    Result<void> came = co_await turns_.take(session_, *plan_, bindings_, statement_, use_);
    if (!came) co_return came;
  }
  if (keeps_to_routing(*plan_)) {
    Result<void> current = co_await plan_by_current_routing();
    if (!current) co_return current;
    routing_held_ = session_.worker().routing_use().hold();
  }
  Result<void> done =
      co_await (explains ? run_explanation(session_, statement_, *plan_, bindings_) : on_shards());
  co_return done;
}

bool StatementRun::is_current() const { return plan_->routing == session_.worker().backends().routing(); }

/// What a vschema has changed while the statement waited for its turn, every write must keep to.
Task<Result<void>> StatementRun::plan_by_current_routing() {
  while (!is_current()) {
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
bool StatementRun::shares() const {
  const bool whole = session_.inner() == nullptr && statement_.cursor == nullptr && plan_->lookups.empty();
  if (!whole || !session_.worker().options().shared_reads || is_own_transaction(session_, *plan_))
    return false;
  const vschema::Shard* shard = exec::relay_shard(*plan_, bindings_);
  return shard != nullptr && may_share(session_, *plan_, *shard);
}

void StatementRun::fail(const Error& error) {
  SessionState& state = session_.state();
  note_failure(state, error);
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

Task<bool> run_statement(Session& session, ClientStatement statement) {
  StatementRun run(session, statement);
  Result<PlannedStatement> planned = co_await run.plan();
  if (run.must_keep_text(planned)) {
    run.keep_text();
    planned = co_await run.plan();
  }
  Result<void> done;
  if (planned) {
    done = co_await run.run(std::move(*planned));
  } else {
    run.not_planned();
    done = failure(std::move(planned.error()));
  }
  co_return run.end(done);
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
