#include "gate/explanation.h"

#include <chrono>
#include <sstream>

#include <fmt/format.h>

#include "gate/estimates.h"
#include "gate/limits.h"
#include "gate/measured_shards.h"
#include "gate/nested_statements.h"
#include "gate/session.h"
#include "gate/variables.h"
#include "mysql/packet.h"
#include "plan/explain.h"

namespace kintsugi::gate {
namespace {

/// Takes rows to nowhere.
class Drain final : public exec::RowSink {
 public:
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition>) override {
    has_rows_ = true;
    co_return Result<void>();
  }
  Task<Result<void>> rows(exec::RowBatch batch) override {
    rows_ += mysql::count_packets({batch.frames.data(), batch.frames.size()});
    bytes_ += batch.frames.size();
    co_return Result<void>();
  }
  Task<Result<void>> done(mysql::OkPacket ok) override {
    affected_ = ok.affected_rows;
    co_return Result<void>();
  }

  std::string text(Duration took) const {
    const double ms = std::chrono::duration<double, std::milli>(took).count();
    if (!has_rows_) return fmt::format("answer: {} rows affected, in {:.3f} ms", affected_, ms);
    return fmt::format("answer: {} rows of {} bytes, in {:.3f} ms", rows_, bytes_, ms);
  }

 private:
  bool has_rows_ = false;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t affected_ = 0;
};

/// Runs what is explained, as if it had been sent alone.
Task<Result<void>> run_inner(Session& session, const ClientStatement& sent, const plan::Plan& outer,
                             const plan::Bindings& bindings, MeasuredShards& measured, Drain& drain) {
  const plan::Plan& inner = *outer.explained;
  Result<void> allowed = check_limits(inner, plan::tier_of(inner, bindings), outer.directives,
                                      session.worker().options(), session.identity());
  if (!allowed) co_return allowed;
  ClientStatement statement;
  statement.text = static_cast<const plan::Explanation&>(*outer.root).text;
  statement.binary = sent.binary;
  statement.parameters = sent.parameters;
  AfterStatement after;
  for (const std::string& name : inner.assigned_variables)
    after.user_variables.push_back(user_variable(name));
  session.shards().begin_statement(&statement, std::move(after));
  exec::ExecContext context = exec_context(session, inner, outer.directives, bindings, measured);
  context.binary_rows = sent.binary;
  NestedStatements nested(session, measured, bindings);
  context.statements = &nested;
  Result<void> done = co_await exec::execute(context, drain);
  session.shards().begin_statement(nullptr, {});
  if (done && context.generated_id) session.state().last_insert_id = *context.generated_id;
  if (!inner.assigned_variables.empty()) session.settings_changed();
  co_return done;
}

void respond(Session& session, const plan::ExplainedNode& root, bool json) {
  std::vector<Responder::Row> rows;
  if (json) {
    rows.push_back({plan::to_json(root)});
  } else {
    std::istringstream lines(plan::to_text(root));
    for (std::string line; std::getline(lines, line);) rows.push_back({line});
  }
  session.respond().table({"Plan"}, rows);
}

}  // namespace

exec::ExecContext exec_context(Session& session, const plan::Plan& plan, const plan::Directives& directives,
                               const plan::Bindings& bindings, exec::Shards& shards) {
  exec::ExecContext context{.plan = plan,
                            .bindings = bindings,
                            .shards = shards,
                            .sequences = session.worker().sequences(),
                            .vschema = session.worker().vschema_editor(),
                            .session = session.values()};
  context.cancel = session.cancel();
  context.now_us = std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const std::vector<plan::Bound> bounds = gather_bounds(directives, session.worker().options());
  context.gather_rows_max = bounds[0].value;
  context.gather_bytes_max = bounds[1].value;
  context.write_rows_max = session.worker().options().write_rows_max;
  context.write_bytes_max = session.worker().options().write_bytes_max;
  context.spill = &session.worker().shared().spill;
  return context;
}

Task<Result<void>> run_explanation(Session& session, const ClientStatement& sent, const plan::Plan& plan,
                                   const plan::Bindings& bindings) {
  const auto& explanation = static_cast<const plan::Explanation&>(*plan.root);
  const GateOptions& options = session.worker().options();
  plan::ExplainRequest request{.plan = *plan.explained, .text = explanation.text, .bindings = bindings};
  request.session = [&session](plan::SessionValue value, std::string_view name) {
    return session.values().sql(value, name);
  };
  request.bounds = gather_bounds(plan.directives, options);
  const Result<void> allowed = check_limits(*plan.explained, plan::tier_of(*plan.explained, bindings),
                                            plan.directives, options, session.identity());
  if (!allowed) request.notes.push_back("would be refused: " + allowed.error().text());
  const TimeLimit limit = time_limit(plan.directives, options, *session.state().settings);
  if (limit.after > Duration::zero()) {
    request.notes.push_back(fmt::format(
        "ends after {} ms ({})", std::chrono::duration_cast<std::chrono::milliseconds>(limit.after).count(),
        limit.of_session             ? "max_statement_time"
        : plan.directives.timeout_ms ? "directive timeout_ms"
                                     : "gate option query_timeout"));
  }
  plan::ExplainedNode root = plan::explain(request);
  session.shards().begin_statement(nullptr, {});
  co_await add_estimates(session, *plan.explained, root);
  if (explanation.analyze) {
    MeasuredShards measured(session.shards(), std::string(explanation.text));
    Drain drain;
    const Time begun = Clock::now();
    Result<void> done = co_await run_inner(session, sent, plan, bindings, measured, drain);
    if (!done) co_return done;
    root.notes.push_back(drain.text(Clock::now() - begun));
    add_measured(root, measured.runs());
  }
  respond(session, root, explanation.json);
  co_return Result<void>();
}

}  // namespace kintsugi::gate
