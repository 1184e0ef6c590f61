#include "gate/nested_statements.h"

#include <algorithm>

#include "gate/errors.h"
#include "gate/explanation.h"
#include "gate/planning.h"
#include "gate/routine_rules.h"
#include "gate/session.h"
#include "gate/trigger_host.h"
#include "gate/variables.h"
#include "gate/warnings.h"
#include "routine/errors.h"
#include "sql/parser.h"

namespace kintsugi::gate {
namespace {

/// The shards as a part of a statement sees them: in the statement's own unit.
class UnitShards final : public exec::Shards {
 public:
  explicit UnitShards(exec::Shards& shards) : shards_(shards) {}

  Task<Result<void>> run(const exec::ShardRequest& request, exec::RowSink& sink,
                         runtime::Cancel* cancel) override {
    exec::ShardRequest own = request;
    if (own.part == exec::ShardRequest::Part::kStatement) own.unseen = true;
    co_return co_await shards_.run(own, sink, cancel);
  }
  Task<Result<void>> begin_unit(std::span<const vschema::Shard* const>) override { co_return Result<void>(); }
  Task<Result<void>> end_unit(bool) override { co_return Result<void>(); }
  Task<void> end_scratch() override { return shards_.end_scratch(); }

 private:
  exec::Shards& shards_;
};

Task<Result<std::shared_ptr<const plan::Plan>>> make_plan(Session& session, std::string_view text,
                                                          bool triggers) {
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(text, arena, session.lexer_mode());
  if (!statement) co_return failure(std::move(statement.error()));
  plan::PlanContext context;
  context.keyspace = session.state().target.keyspace;
  context.own_text = false;
  context.mariadb = session.worker().is_mariadb();
  context.triggers = triggers;
  co_return co_await plan_knowing_tables(session, **statement, text, std::move(context));
}

Error busy(const std::string& table) {
  constexpr std::uint16_t kBusy = 1442;
  return Error::from_server(kBusy, "HY000",
                            "Can't update table '" + table +
                                "' in stored function/trigger because it is already used by statement which "
                                "invoked this stored function/trigger");
}

bool calls_functions(const plan::Plan& plan) {
  return plan.root->kind == plan::NodeKind::kSession &&
         static_cast<const plan::Session&>(*plan.root).calls_functions;
}

Result<void> check_kind(const plan::Plan& plan) {
  if (Result<void> allowed = check_within_function(plan); !allowed) return allowed;
  if (plan.root->kind == plan::NodeKind::kSession || plan.root->kind == plan::NodeKind::kDdl)
    return failure(routine::kUnsupportedRoutine, "a statement of the session's own in a trigger");
  return {};
}

}  // namespace

Task<Result<void>> NestedStatements::run(std::string text, exec::ShardRequest::Part part,
                                         exec::RowSink& sink) {
  return perform(std::move(text), part, sink, true);
}

Task<Result<void>> NestedStatements::cascade(std::string text, exec::RowSink& sink) {
  return perform(std::move(text), exec::ShardRequest::Part::kStatement, sink, false);
}

Result<void> NestedStatements::check(const plan::Plan& plan) const {
  if (Result<void> kind = check_kind(plan); !kind) return kind;
  for (const plan::TableUse& use : plan.tables) {
    if (use.access != plan::TableUse::Access::kWrite) continue;
    const bool used = std::ranges::any_of(busy_, [&use](const plan::TableUse& known) {
      return known.keyspace == use.keyspace && known.table == use.table;
    });
    if (used) return failure(busy(use.table));
  }
  return {};
}

Task<Result<void>> NestedStatements::perform(std::string text, exec::ShardRequest::Part part,
                                             exec::RowSink& sink, bool triggers) {
  Result<std::shared_ptr<const plan::Plan>> plan = co_await make_plan(session_, text, triggers);
  if (!plan) co_return failure(std::move(plan.error()));
  if (calls_functions(**plan)) {
    if (static_cast<const plan::Session&>(*(*plan)->root).rows != nullptr) {
      co_return failure(routine::kUnsupportedRoutine,
                        "a function that the gate runs, called for the rows of a query in a trigger");
    }
    Result<std::string> with_values = co_await with_values_in_trigger(session_, *this, std::move(text));
    if (!with_values) co_return failure(std::move(with_values.error()));
    text = std::move(*with_values);
    plan = co_await make_plan(session_, text, triggers);
    if (!plan) co_return failure(std::move(plan.error()));
  }
  Result<void> checked = check(**plan);
  if (!checked) co_return checked;
  UnitShards shards(shards_);
  plan::Bindings bindings = outer_;
  bindings.literals = bindings.parameters = bindings.read = bindings.set = {};
  bindings.lookups = nullptr;
  exec::ExecContext context = exec_context(session_, **plan, (*plan)->directives, bindings, shards);
  NestedStatements deeper(session_, shards_, outer_);
  deeper.depth_ = depth_ + 1;
  deeper.busy_ = busy_;
  context.statements = &deeper;
  context.part = part;
  std::vector<std::string> assigned;
  for (const std::string& name : (*plan)->assigned_variables) assigned.push_back(user_variable(name));
  std::vector<std::string> outer = session_.shards().begin_nested(std::move(assigned));
  Result<void> done = co_await exec::execute(context, sink);
  session_.shards().begin_nested(std::move(outer));
  co_return done;
}

Task<Result<void>> NestedStatements::fire(const plan::Plan& by, const plan::RowTriggers& triggers,
                                          std::span<const plan::Value> old_row,
                                          std::span<const plan::Value> new_row) {
  NestedStatements inner = within(by);
  for (const vschema::TriggerSpec& trigger : triggers.triggers) {
    const Result<std::vector<plan::Value>> done =
        co_await run_trigger(session_, inner, triggers, trigger, old_row, new_row, nullptr);
    if (!done) co_return failure(done.error());
  }
  co_return Result<void>();
}

Task<Result<void>> NestedStatements::fire_before(const plan::Plan& by, const plan::RowTriggers& triggers,
                                                 std::span<const plan::Value> old_row,
                                                 std::span<const plan::Value> new_row, exec::OwnValues& set) {
  NestedStatements inner = within(by);
  std::vector<plan::Value> row(new_row.begin(), new_row.end());
  for (const vschema::TriggerSpec& trigger : triggers.triggers) {
    Result<std::vector<plan::Value>> done =
        co_await run_trigger(session_, inner, triggers, trigger, old_row, row, &set.texts);
    if (!done) co_return failure(std::move(done.error()));
    row = std::move(*done);
  }
  for (const std::size_t column : triggers.set) set.values.push_back(row[column]);
  co_return Result<void>();
}

NestedStatements NestedStatements::within(const plan::Plan& by) const {
  NestedStatements inner(session_, shards_, outer_);
  inner.depth_ = depth_ + 1;
  inner.busy_ = busy_;
  inner.busy_.insert(inner.busy_.end(), by.tables.begin(), by.tables.end());
  return inner;
}

void NestedStatements::warn(std::uint16_t code, std::string message) {
  add_warning(session_.state().warnings, {"Warning", code, std::move(message)});
}

}  // namespace kintsugi::gate
