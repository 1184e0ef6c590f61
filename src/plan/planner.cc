#include "plan/planner.h"

#include "plan/pass/functions.h"
#include "plan/pass/rules.h"
#include "plan/pass/shown.h"
#include "plan/pass/views.h"

namespace kintsugi::plan {

namespace {

using pass::Draft;

struct Pass {
  PassInfo info;
  Result<void> (*run)(Draft& draft);
};

constexpr Pass kPasses[] = {
    {{"tables", "the tables named, their keyspaces, and so which way the statement goes"}, pass::find_tables},
    {{"scopes", "query blocks, what stands in their FROMs, nested queries, columns yielded"},
     pass::build_scopes},
    {{"calls", "of calls of functions that gates run, for rows: what finds the rows, and the rest"},
     pass::cut_at_calls},
    {{"returning", "of writes whose RETURNING asks for more than the row has: the write, and the rest"},
     pass::cut_at_returning},
    {{"placement", "which rows lie together, and what is known of where they are"}, pass::place_rows},
    {{"route", "which shards the statement goes to"}, pass::choose_route},
    {{"information", "what is copied for queries of information_schema that one shard cannot answer"},
     pass::gather_information},
    {{"text", "what servers are sent where it is not the client's own text"}, pass::write_text},
    {{"views", "of writes through views with CHECK OPTION: what servers do through theirs"},
     pass::write_through_view},
    {{"merge",
      "of queries that shards answer but for the order of rows and their groups: how rows are merged"},
     pass::merge_streams},
    {{"parts", "of queries whose rows lie together: what the shards make of them, and the rest over that"},
     pass::gather_parts},
    {{"gather", "what is copied to one server, of queries that no route answers"}, pass::gather_rest},
};

/// What must hold after every pass; breaking it is a bug of the pass.
Result<void> check(const Draft& draft, std::string_view pass) {
  const auto broken = [pass](const char* what) {
    return failure(kInternal, "after pass " + std::string(pass) + ": " + what);
  };
  for (const auto& source : draft.sources) {
    if (source->rows >= static_cast<int>(draft.placement.parent.size()))
      return broken("a source of unknown rows");
  }
  if (pass != "text" || draft.plan->root == nullptr) return {};
  if (draft.plan->root->kind == NodeKind::kRoute) {
    const auto& route = static_cast<const Route&>(*draft.plan->root);
    if (!route.own_text && route.text.empty()) return broken("a route without text");
    for (const Constraint& constraint : route.destination.constraints) {
      if (constraint.group >= route.destination.groups) return broken("a constraint of no group");
    }
  }
  return {};
}

/// A plan that could never run is refused now, so that PREPARE tells.
Result<void> check_reach(const Draft& draft) {
  if (draft.plan->root == nullptr || draft.plan->root->kind != NodeKind::kRoute) return {};
  const Destination& destination = static_cast<const Route&>(*draft.plan->root).destination;
  if (destination.reach != Destination::Reach::kAllShards || !destination.several_refused) return {};
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(destination.keyspace);
  if (keyspace == nullptr || keyspace->shards(destination.type).size() < 2) return {};
  return failure(*destination.several_refused);
}

/// Where servers run all of the statement, none calls what only the gate runs.
Result<void> check_row_calls(const Draft& draft) {
  if (draft.row_calls.empty()) return {};
  const Node& root = *draft.plan->root;
  const std::size_t made =
      root.kind == NodeKind::kInsert       ? static_cast<const Insert&>(root).calls.texts.size()
      : root.kind == NodeKind::kKeyedWrite ? static_cast<const KeyedWrite&>(root).calls.texts.size()
                                           : 0;
  if (made > 0) return {};
  return failure(kUnsupportedYet, "function '" + std::string(draft.row_calls.front().call->name) +
                                      "', which the gate runs, in a statement of one server's tables");
}

/// The context as the statement's own comments change it.
PlanContext apply(const Directives& directives, const PlanContext& context) {
  PlanContext own = context;
  if (directives.tablet_type) own.type = *directives.tablet_type;
  own.merge = context.merge && directives.merge.value_or(true);
  return own;
}

Draft start(const sql::Statement& statement, std::string_view text, const PlanContext& context) {
  Draft draft{.statement = statement, .text = text, .context = context, .plan = std::make_shared<Plan>()};
  draft.plan->routing = context.routing;
  draft.plan->schema = context.schema;
  draft.plan->temporary_tables = context.temporary;
  return draft;
}

Result<void> run(Draft& draft, std::string_view last) {
  for (const Pass& pass : kPasses) {
    if (Result<void> done = pass.run(draft); !done) return done;
    if (Node* root = draft.plan->root.get(); root != nullptr && root->decided_by.empty())
      root->decided_by = pass.info.name;
    if (Result<void> sound = check(draft, pass.info.name); !sound) return sound;
    if (!draft.missing.empty() || draft.done || pass.info.name == last) return {};
  }
  return check_reach(draft);
}

}  // namespace

std::span<const PassInfo> passes() {
  static constexpr auto kInfos = [] {
    std::array<PassInfo, std::size(kPasses)> infos;
    for (std::size_t i = 0; i < infos.size(); ++i) infos[i] = kPasses[i].info;
    return infos;
  }();
  return kInfos;
}

Result<Planned> plan(const sql::Statement& statement, std::string_view text, const PlanContext& context) {
  Directives directives = parse_directives(statement.directives);
  PlanContext own = apply(directives, context);
  sql::Arena arena;
  Result<const sql::Statement*> shown = pass::shown_query(statement, own, arena);
  if (!shown) return failure(shown.error());
  const sql::Statement& asked = *shown == nullptr ? statement : **shown;
  Result<pass::WithoutViews> plain = pass::replace_views(asked, own, arena);
  if (!plain) return failure(plain.error());
  if (!plain->missing.empty()) return Planned{nullptr, std::move(plain->missing)};
  pass::WithoutRowCalls alone = pass::replace_row_calls(*plain->statement, own, arena);
  if (alone.statement != &statement) own.own_text = false;
  Draft draft = start(*alone.statement, text, own);
  draft.row_calls = std::move(alone.calls);
  draft.checked = std::move(plain->checked);
  draft.with_views = plain->statement != &asked;
  if (Result<void> done = run(draft, {}); !done) return failure(done.error());
  if (!draft.missing.empty()) return Planned{nullptr, std::move(draft.missing)};
  if (Result<void> called = check_row_calls(draft); !called) return failure(called.error());
  pass::collect_lookups(*draft.plan);
  draft.plan->directives = std::move(directives);
  // A pattern of SHOW is in the query as it was written.
  const bool once = *shown != nullptr || draft.plan->temporary;
  if (once || draft.plan->directives.use_plan_cache == false) draft.plan->cacheable = false;
  return Planned{std::move(draft.plan), {}};
}

Result<std::string> plan_after(std::string_view pass, const sql::Statement& statement, std::string_view text,
                               const PlanContext& context) {
  Draft draft = start(statement, text, context);
  if (Result<void> done = run(draft, pass); !done) return failure(done.error());
  return pass::describe(draft);
}

}  // namespace kintsugi::plan
