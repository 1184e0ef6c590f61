#include "exec/executor.h"

#include "exec/op/operators.h"

namespace kintsugi::exec {

namespace {

struct Operator {
  plan::NodeKind kind;
  Task<Result<void>> (*run)(ExecContext& context, const plan::Node& node, RowSink& sink);
};

constexpr Operator kOperators[] = {
    {plan::NodeKind::kRoute, run_route}, {plan::NodeKind::kInsert, run_insert},
    {plan::NodeKind::kDdl, run_ddl},     {plan::NodeKind::kGather, run_gather},
    {plan::NodeKind::kMerge, run_merge}, {plan::NodeKind::kKeyedWrite, run_keyed_write},
    {plan::NodeKind::kLoad, run_load},
};

}  // namespace

Task<Result<void>> execute(ExecContext& context, RowSink& sink) {
  Result<void> known = co_await look_up(context);
  if (!known) co_return known;
  const plan::Node& root = *context.plan.root;
  for (const Operator& candidate : kOperators) {
    if (candidate.kind == root.kind) co_return co_await candidate.run(context, root, sink);
  }
  co_return failure(kInternal, "no operator runs a plan of kind " + std::string(node_name(root.kind)));
}

}  // namespace kintsugi::exec
