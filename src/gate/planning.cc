#include "gate/planning.h"

#include "base/lower_case.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/temporary.h"
#include "sql/parser.h"

namespace kintsugi::gate {
namespace {

// Of planning, finding that tables must be read, and planning again: definitions may change meanwhile.
constexpr int kSchemaRounds = 20;

/// Whether rows that a server sorted for the session are in the order that the gate would merge them in: of
/// texts, this session's servers may sort by fewer bytes than the planner thinks.
bool may_merge(Session& session) { return session.state().settings->find("max_sort_length") == nullptr; }

bool checks_foreign_keys(const Settings& settings) {
  const std::string* value = settings.find("foreign_key_checks");
  if (value == nullptr) return true;
  const std::string word = lower_case(*value);
  return word != "0" && word != "off" && word != "'off'" && word != "false";
}

/// The plan of a statement like this one, which this session may use.
std::shared_ptr<const plan::Plan> find_plan(Session& session, std::string_view text,
                                            const sql::Fingerprint& fingerprint) {
  Worker& worker = session.worker();
  std::shared_ptr<const plan::Plan> found = worker.plans().find(
      text, fingerprint, session.state().target, worker.backends().routing().get(), worker.schema().get());
  const bool merges = found && found->root->kind == plan::NodeKind::kMerge;
  return merges && !may_merge(session) ? nullptr : found;
}

/// Parses and plans, and keeps the plan for texts like it. Of many sessions that need one plan, and tables
/// read for it, the first makes it. `shared`: it may be another's.
Task<Result<std::shared_ptr<const plan::Plan>>> make_plan(Session& session, std::string_view text,
                                                          const sql::Fingerprint& fingerprint, bool shared) {
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(text, arena, session.lexer_mode());
  if (!statement) co_return failure(std::move(statement.error()));
  sql::Parameterization parameterization;
  if (fingerprint.valid) parameterization = sql::parameterize(**statement, fingerprint);

  const Target& target = session.state().target;
  plan::PlanContext context;
  context.keyspace = target.keyspace;
  context.shard = target.shard;
  context.type = target.type;
  context.merge = may_merge(session);
  context.mariadb = session.worker().is_mariadb();
  context.temporary = session.state().temporary;
  const bool merges = context.merge;
  std::shared_ptr<const plan::Plan> anothers;
  PlanSource made_meanwhile;
  if (shared) made_meanwhile = [&] { return anothers = find_plan(session, text, fingerprint); };
  Result<std::shared_ptr<const plan::Plan>> planned =
      co_await plan_knowing_tables(session, **statement, text, std::move(context), std::move(made_meanwhile));
  GateMetrics& metrics = session.worker().metrics();
  (anothers ? metrics.plan_cache_hits : metrics.plan_cache_misses).add();
  if (planned && !anothers && (*planned)->cacheable && fingerprint.valid && merges) {
    for (const std::uint32_t ordinal : (*planned)->pinned_literals)
      parameterization.pinned.push_back(ordinal);
    session.worker().plans().add(text, fingerprint, std::move(parameterization), target, *planned);
  }
  co_return planned;
}

/// What this execution brings to its plan.
void bind(Session& session, const BoundValues& values, const sql::Fingerprint& fingerprint,
          PlannedStatement& planned) {
  planned.shape = fingerprint.key;
  planned.bindings.literals = values.literals();
  planned.bindings.parameters = values.parameters();
  planned.bindings.utf8 = session.client_is_utf8();
  planned.bindings.no_backslash_escapes = session.sql_mode().no_backslash_escapes;
  planned.bindings.no_auto_value_on_zero = session.sql_mode().no_auto_value_on_zero;
  planned.bindings.foreign_key_checks = checks_foreign_keys(*session.state().settings);
}

Task<Result<PlannedStatement>> plan_anew(Session& session, std::string_view text, const BoundValues& values,
                                         sql::Fingerprint fingerprint, bool shared) {
  Result<std::shared_ptr<const plan::Plan>> made = co_await make_plan(session, text, fingerprint, shared);
  if (!made) co_return failure(std::move(made.error()));
  PlannedStatement planned;
  planned.plan = std::move(*made);
  bind(session, values, fingerprint, planned);
  co_return planned;
}

}  // namespace

Task<Result<std::shared_ptr<const plan::Plan>>> plan_knowing_tables(Session& session,
                                                                    const sql::Statement& statement,
                                                                    std::string_view text,
                                                                    plan::PlanContext context,
                                                                    PlanSource made_meanwhile) {
  Worker& worker = session.worker();
  for (int round = 0; round < kSchemaRounds; ++round) {
    context.routing = worker.backends().routing();
    if (!context.routing) co_return failure(kRoutingUnknown, "the routing is not known");
    context.schema = worker.schema().current();
    Result<plan::Planned> planned = plan::plan(statement, text, context);
    if (!planned) co_return failure(std::move(planned.error()));
    if (planned->plan) co_return planned->plan;
    Result<void> loaded = co_await worker.schema().load(std::move(planned->missing), session.cancel());
    if (!loaded) co_return failure(std::move(loaded.error()));
    std::shared_ptr<const plan::Plan> made = made_meanwhile ? made_meanwhile() : nullptr;
    if (made) co_return made;
  }
  co_return failure(kInternal, "the planner asks for the same tables again and again");
}

Soon<Result<PlannedStatement>> plan_statement(Session& session, std::string_view text, BoundValues& values,
                                              const sql::Fingerprint* known) {
  Worker& worker = session.worker();
  if (known == nullptr) worker.fingerprints().of(text, session.lexer_mode(), worker.fingerprint());
  const sql::Fingerprint& fingerprint = known != nullptr ? *known : worker.fingerprint();
  const auto& temporary = session.state().temporary;
  const bool own_names = temporary != nullptr && temporary->may_be_named_in(text);
  if (fingerprint.valid) values.set_literals(text, fingerprint, session.lexer_mode());
  const bool shared = fingerprint.valid && !own_names;
  PlannedStatement planned;
  if (shared) planned.plan = find_plan(session, text, fingerprint);
  // Other sessions use the worker's fingerprint while this waits.
  if (!planned.plan) return plan_anew(session, text, values, fingerprint, shared);
  worker.metrics().plan_cache_hits.add();
  bind(session, values, fingerprint, planned);
  return Result<PlannedStatement>(std::move(planned));
}

}  // namespace kintsugi::gate
