#include "gate/planning.h"

#include "gate/errors.h"
#include "gate/session.h"

namespace kintsugi::gate {
namespace {

// Of planning, finding that tables must be read, and planning again: definitions may change meanwhile.
constexpr int kSchemaRounds = 20;

}  // namespace

Task<Result<std::shared_ptr<const plan::Plan>>> plan_knowing_tables(Session& session,
                                                                    const sql::Statement& statement,
                                                                    std::string_view text,
                                                                    plan::PlanContext context) {
  Worker& worker = session.worker();
  for (int round = 0; round < kSchemaRounds; ++round) {
    context.routing = worker.backends().routing();
    if (!context.routing) co_return failure(kRoutingUnknown, "the routing is not known");
    context.schema = worker.schema();
    Result<plan::Planned> planned = plan::plan(statement, text, context);
    if (!planned) co_return failure(std::move(planned.error()));
    if (planned->plan) co_return planned->plan;
    Result<void> loaded = co_await worker.load_tables(std::move(planned->missing), session.cancel());
    if (!loaded) co_return failure(std::move(loaded.error()));
  }
  co_return failure(kInternal, "the planner asks for the same tables again and again");
}

}  // namespace kintsugi::gate
