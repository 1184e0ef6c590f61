#include "gate/nested_statements.h"

#include "gate/errors.h"
#include "gate/explanation.h"
#include "gate/planning.h"
#include "gate/session.h"
#include "sql/parser.h"

namespace kintsugi::gate {
namespace {

constexpr std::size_t kWarningsMax = 64;  // max_error_count of the servers

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

Task<Result<std::shared_ptr<const plan::Plan>>> make_plan(Session& session, std::string_view text) {
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(text, arena, session.lexer_mode());
  if (!statement) co_return failure(std::move(statement.error()));
  plan::PlanContext context;
  context.own_text = false;
  co_return co_await plan_knowing_tables(session, **statement, text, std::move(context));
}

}  // namespace

Task<Result<void>> NestedStatements::run(std::string text, exec::ShardRequest::Part part,
                                         exec::RowSink& sink) {
  Result<std::shared_ptr<const plan::Plan>> plan = co_await make_plan(session_, text);
  if (!plan) co_return failure(std::move(plan.error()));
  UnitShards shards(shards_);
  plan::Bindings bindings = outer_;
  bindings.literals = bindings.parameters = bindings.read = {};
  bindings.lookups = nullptr;
  exec::ExecContext context = exec_context(session_, **plan, (*plan)->directives, bindings, shards);
  NestedStatements deeper(session_, shards_, outer_, depth_ + 1);
  context.statements = &deeper;
  context.part = part;
  co_return co_await exec::execute(context, sink);
}

void NestedStatements::warn(std::uint16_t code, std::string message) {
  SessionState& state = session_.state();
  if (state.warnings.size() < kWarningsMax) state.warnings.push_back({"Warning", code, std::move(message)});
}

}  // namespace kintsugi::gate
