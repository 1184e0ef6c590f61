#include <algorithm>
#include <set>

#include "plan/pass/draft.h"
#include "plan/pass/functions.h"
#include "plan/pass/rules.h"
#include "sql/into_file.h"

// Pass "route": which shards the statement goes to.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

struct Features {
  std::vector<std::string> assigned;
  bool writes_file = false;
  bool sequence = false;
  std::string lock_function;
  bool takes_lock = false;
  bool releases_all = false;
  bool last_insert_id_set = false;
  bool locks = false;
  bool steady = true;  // no part of it is another one each time, or for each session
};

/// Functions of nothing but their arguments and the rows: those that are common. What is not among them may
/// be of the moment, the session or the server.
bool is_steady_function(const sql::FunctionCall& call) {
  static const std::set<std::string_view> kNames = {"abs",          "avg",          "bit_and",
                                                    "bit_or",       "ceil",         "ceiling",
                                                    "char_length",  "coalesce",     "concat",
                                                    "concat_ws",    "count",        "date",
                                                    "date_add",     "date_format",  "date_sub",
                                                    "datediff",     "day",          "elt",
                                                    "exp",          "field",        "find_in_set",
                                                    "floor",        "format",       "greatest",
                                                    "group_concat", "hex",          "hour",
                                                    "if",           "ifnull",       "instr",
                                                    "json_extract", "json_unquote", "lcase",
                                                    "least",        "left",         "length",
                                                    "ln",           "locate",       "lower",
                                                    "lpad",         "ltrim",        "max",
                                                    "md5",          "min",          "minute",
                                                    "mod",          "month",        "nullif",
                                                    "pow",          "power",        "rank",
                                                    "repeat",       "replace",      "reverse",
                                                    "right",        "round",        "row_number",
                                                    "rpad",         "rtrim",        "second",
                                                    "sha1",         "sha2",         "sign",
                                                    "sqrt",         "std",          "stddev",
                                                    "substr",       "substring",    "substring_index",
                                                    "sum",          "truncate",     "ucase",
                                                    "unhex",        "upper",        "week",
                                                    "year"};
  return call.schema.empty() && kNames.contains(call.name);
}

bool is_unsteady(const sql::Node& node) {
  if (const auto* call = sql::as<sql::FunctionCall>(&node)) return !is_steady_function(*call);
  return node.kind == NodeKind::kUserVariable || node.kind == NodeKind::kSystemVariable ||
         node.kind == NodeKind::kSequenceValue || node.kind == NodeKind::kInto ||
         node.kind == NodeKind::kAssign;
}

void add_assigned(Features& features, const sql::Expr* target) {
  if (const auto* variable = sql::as<sql::UserVariable>(target))
    features.assigned.emplace_back(variable->name);
}

Features find_features(const sql::Statement& statement) {
  Features features;
  sql::walk(statement, [&](const sql::Node& node) {
    if (const auto* assign = sql::as<sql::Assign>(&node)) add_assigned(features, assign->target);
    if (const auto* item = sql::as<sql::SetItem>(&node);
        item != nullptr && item->item == sql::SetKind::kUserVariable) {
      features.assigned.emplace_back(item->name);
    }
    if (const auto* into = sql::as<sql::Into>(&node)) {
      features.writes_file |= sql::writes_file(*into);
      for (const sql::Expr* variable : into->variables) add_assigned(features, variable);
    }
    features.sequence |= node.kind == NodeKind::kSequenceValue;
    features.locks |= node.kind == NodeKind::kLocking;
    features.steady &= !is_unsteady(node);
    if (const auto* call = sql::as<sql::FunctionCall>(&node)) {
      if (is_lock_function(call->name)) features.lock_function = call->name;
      features.takes_lock |= call->name == "get_lock";
      features.releases_all |= call->name == "release_all_locks";
      features.last_insert_id_set |= sets_last_insert_id(*call);
    }
    return true;
  });
  return features;
}

/// The one whose options are the statement's; null: it is no query, or one of VALUES.
const sql::Select* first_select(const sql::Node& statement) {
  if (const auto* operation = sql::as<sql::SetOperation>(&statement))
    return first_select(*operation->arms.front()->query);
  if (const auto* nested = sql::as<sql::NestedQuery>(&statement)) return first_select(*nested->inner);
  return sql::as<sql::Select>(&statement);
}

/// Statements that only read, and what they read may have been copied.
bool is_reader(NodeKind kind) {
  return sql::is_query(kind) || kind == NodeKind::kDo || kind == NodeKind::kSet;
}

/// The shard whose server has the session's locks: the first of the chosen keyspace. Null: it is not known.
const vschema::Shard* lock_shard(const Draft& draft) {
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(
      draft.context.keyspace.empty() ? draft.keyspace : draft.context.keyspace);
  if (keyspace == nullptr || keyspace->shards().empty()) return nullptr;
  return &keyspace->shards().front();
}

/// A query of tables that are elsewhere runs over copies, on the session's own connection to that server.
bool gather_at_locks(Draft& draft, const std::string& function) {
  const vschema::Shard* shard = lock_shard(draft);
  const bool copied = draft.course == Course::kSharded || draft.course == Course::kSeveral;
  if (!copied || shard == nullptr || !is_reader(draft.statement.kind)) return false;
  if (const auto& temporary = draft.plan->temporary)
    return temporary->keyspace == shard->keyspace && temporary->shard == shard->name;
  auto gather = std::make_unique<Gather>();
  gather->reason = function + "(), whose locks are at one server";
  gather->keyspace = shard->keyspace;
  gather->shard = shard->name;
  draft.plan->root = std::move(gather);
  return true;
}

/// Sessions of all gates must meet at one server: the first shard of the chosen keyspace; without one, of the
/// first keyspace.
Result<void> to_lock_server(Draft& draft, const std::string& function) {
  if (gather_at_locks(draft, function)) return {};
  if (draft.course != Course::kNoTables && draft.course != Course::kShard &&
      (draft.course != Course::kUnsharded || draft.keyspace != draft.context.keyspace)) {
    return failure(kUnsupportedYet, function + "() in a statement that reads tables");
  }
  const auto keyspaces = draft.context.routing->keyspaces();
  if (draft.keyspace.empty() && !keyspaces.empty()) draft.keyspace = keyspaces.front()->name();
  if (draft.course == Course::kNoTables) draft.course = Course::kUnsharded;
  return {};
}

/// CREATE PROCEDURE of one whose statements the gate runs, each as if a client had sent it.
bool is_gates_procedure(const Draft& draft) {
  const auto* routine = sql::as<sql::CreateRoutine>(&draft.statement);
  if (routine == nullptr || routine->function) return false;
  const std::string schema(routine->name->schema);
  const vschema::Keyspace* keyspace =
      draft.context.routing->find_keyspace(schema.empty() ? draft.context.keyspace : schema);
  return keyspace != nullptr && keyspace->sharded();
}

Result<void> apply_features(Draft& draft, const Features& features) {
  Plan& plan = *draft.plan;
  if (features.writes_file && !is_gates_procedure(draft))
    return failure(kFileWithin, "INTO OUTFILE and INTO DUMPFILE of a query that is a part of a statement");
  if (!features.lock_function.empty()) {
    if (Result<void> done = to_lock_server(draft, features.lock_function); !done) return done;
    plan.keeps_connection = features.takes_lock;
    plan.frees_connection = features.releases_all && !features.takes_lock;
    plan.locks = true;
  }
  plan.assigns_last_insert_id = features.last_insert_id_set && is_reader(draft.statement.kind);
  plan.assigned_variables = features.assigned;
  if (!is_ddl(draft.statement.kind) && draft.statement.kind != NodeKind::kExplain)
    plan.called =
        called_routines(draft.statement, draft.keyspace.empty() ? draft.context.keyspace : draft.keyspace);
  plan.locks |= features.locks || features.sequence;
  if (features.sequence) plan.writes = true;
  if (const sql::Select* select = first_select(draft.statement)) {
    plan.calc_found_rows = (select->options & sql::kCalcFoundRows) != 0;
  }
  plan.steady =
      sql::is_query(draft.statement.kind) && features.steady && !plan.locks && !plan.calc_found_rows;
  return {};
}

/// The keyspace whose name a query of information_schema asks for: `table_schema = 'x'`.
std::string asked_schema(Draft& draft) {
  std::string schema;
  sql::walk(draft.statement, [&](const sql::Node& node) {
    const auto* equal = sql::as<sql::Binary>(&node);
    if (equal == nullptr || equal->op != sql::BinaryOp::kEqual) return true;
    const auto* column = sql::as<sql::ColumnRef>(equal->left);
    const auto* literal = sql::as<sql::Literal>(equal->right);
    if (column == nullptr || literal == nullptr || literal->literal != sql::LiteralKind::kString) return true;
    if (column->name.size() < 6 || !same_column(column->name.substr(column->name.size() - 6), "schema"))
      return true;
    if (literal->ordinal >= 0)
      draft.plan->pinned_literals.push_back(static_cast<std::uint32_t>(literal->ordinal));
    if (schema.empty() && draft.context.routing->find_keyspace(literal->text) != nullptr)
      schema = literal->text;
    return true;
  });
  return schema;
}

Result<void> route_query(Draft& draft) {
  if (!draft.functions.empty() && draft.course != Course::kUnsharded) return gather_for_functions(draft);
  if (draft.course == Course::kSeveral) {
    auto gather = std::make_unique<Gather>();
    gather->reason = "tables of several keyspaces";
    draft.plan->root = std::move(gather);
    return {};
  }
  if (draft.course != Course::kSharded) return route_whole(draft);
  auto route = new_route(draft, Destination::Reach::kAnyShard);
  route->destination = destination_of_rows(draft);
  if (!draft.plan->assigned_variables.empty()) {
    refuse_several(route->destination, "user variables assigned by a query over several shards");
  }
  if (draft.plan->assigns_last_insert_id) {
    refuse_several(route->destination, "LAST_INSERT_ID(value) in a query over several shards");
  }
  draft.plan->root = std::move(route);
  return {};
}

Result<void> route_maintenance(Draft& draft, const sql::TableMaintenance& statement) {
  draft.plan->commits_implicitly = statement.verb != "checksum";
  if (draft.course != Course::kSharded) return route_whole(draft);
  auto route = new_route(draft, Destination::Reach::kAllShards);
  if (statement.verb == "checksum") {
    const auto copied = [](const TableEntry& entry) {
      return entry.routing != nullptr && entry.routing->kind == vschema::Table::Kind::reference;
    };
    if (std::ranges::all_of(draft.tables, copied)) {
      route->destination.reach = Destination::Reach::kAnyShard;
    } else if (std::ranges::any_of(draft.tables, copied)) {
      refuse_several(route->destination, "CHECKSUM TABLE of sharded and of reference tables at once");
    }
  }
  draft.plan->root = std::move(route);
  return {};
}

bool is_write(NodeKind kind) {
  return kind == NodeKind::kInsert || kind == NodeKind::kUpdate || kind == NodeKind::kDelete ||
         kind == NodeKind::kLoadData || is_routine_call(kind) || kind == NodeKind::kTableMaintenance;
}

Result<void> dispatch(Draft& draft) {
  const sql::Statement& statement = draft.statement;
  if (draft.plan->root != nullptr) return {};
  if (changes_temporary(draft)) return plan_temporary_change(draft);
  if (is_ddl(statement.kind)) return plan_ddl(draft);
  if (is_about_temporary(draft)) return plan_beside_temporary(draft);
  if (sql::is_query(statement.kind) || statement.kind == NodeKind::kDo || statement.kind == NodeKind::kSet) {
    return route_query(draft);
  }
  if (is_routine_call(statement.kind)) return plan_routine_call(draft);
  switch (statement.kind) {
    case NodeKind::kInsert:
      return draft.course == Course::kShard ? route_whole(draft)
                                            : plan_insert(draft, static_cast<const sql::Insert&>(statement));
    case NodeKind::kUpdate:
    case NodeKind::kDelete:
      return draft.course == Course::kSharded || draft.course == Course::kSeveral ? plan_change(draft)
                                                                                  : route_whole(draft);
    case NodeKind::kShow:
      return plan_show(draft, static_cast<const sql::Show&>(statement));
    case NodeKind::kExplain:
      return plan_explain(draft, static_cast<const sql::Explain&>(statement));
    case NodeKind::kTableMaintenance:
      return route_maintenance(draft, static_cast<const sql::TableMaintenance&>(statement));
    case NodeKind::kLoadData:
      return plan_load(draft, static_cast<const sql::LoadData&>(statement));
    default:
      return failure(kForbidden, "this statement (" + std::string(sql::kind_name(statement.kind)) +
                                     ") cannot be run through the gate");
  }
}

}  // namespace

Result<void> route_whole(Draft& draft) {
  using Reach = Destination::Reach;
  std::unique_ptr<Route> route;
  switch (draft.course) {
    case Course::kNoTables:
      route = new_route(draft, Reach::kAnyServer);
      break;
    case Course::kSystem: {
      const std::string schema = asked_schema(draft);
      if (!schema.empty()) draft.keyspace = schema;
      const bool shards = draft.context.routing->find_keyspace(draft.keyspace) != nullptr;
      route = new_route(draft, shards ? Reach::kAnyShard : Reach::kAnyServer);
      break;
    }
    case Course::kUnsharded:
      route = new_route(draft, Reach::kAnyShard);
      break;
    case Course::kShard:
      route = new_route(draft, Reach::kShard);
      route->destination.shard = draft.context.shard;
      break;
    default:
      return failure(kInternal, "a statement on sharded tables has no single place");
  }
  route->write = draft.plan->writes;
  draft.plan->root = std::move(route);
  return {};
}

Result<void> make_session(Draft& draft) {
  auto session = std::make_unique<Session>();
  session->statement = sql::clone(&draft.statement, draft.plan->arena);
  draft.plan->root = std::move(session);
  // Of others, what they say is in their values.
  const sql::NodeKind kind = draft.statement.kind;
  draft.plan->cacheable =
      kind == sql::NodeKind::kBegin || kind == sql::NodeKind::kCommit || kind == sql::NodeKind::kRollback;
  draft.done = true;
  return {};
}

bool is_lock_function(std::string_view name) {
  static const std::set<std::string_view> kNames = {"get_lock", "release_lock", "release_all_locks",
                                                    "is_free_lock", "is_used_lock"};
  return kNames.contains(name);
}

std::unique_ptr<Route> new_route(const Draft& draft, Destination::Reach reach) {
  auto route = std::make_unique<Route>();
  route->destination.reach = reach;
  route->destination.keyspace = draft.keyspace;
  route->destination.type = draft.context.type;
  return route;
}

Destination destination_of_rows(Draft& draft) {
  Destination destination;
  destination.keyspace = draft.keyspace;
  destination.type = draft.context.type;
  std::vector<int> roots;
  for (int rows : draft.top->rows) {
    const int root = draft.placement.root(rows);
    if (std::ranges::find(roots, root) == roots.end()) roots.push_back(root);
  }
  if (roots.empty()) return destination;  // the same on every shard
  if (!draft.top->not_exact.empty()) refuse_several(destination, draft.top->not_exact);
  bool narrowed = false;
  for (std::size_t group = 0; group < roots.size(); ++group) {
    for (Constraint& constraint : draft.placement.constraints[static_cast<std::size_t>(roots[group])]) {
      constraint.group = static_cast<int>(group);
      destination.constraints.push_back(constraint);
      narrowed = true;
    }
  }
  destination.groups = static_cast<int>(roots.size());
  destination.reach = narrowed ? Destination::Reach::kByKey : Destination::Reach::kAllShards;
  return destination;
}

void refuse_several(Destination& destination, std::string why) {
  if (!destination.several_refused) destination.several_refused = Error(kUnsupportedYet, std::move(why));
}

Result<void> choose_route(Draft& draft) {
  draft.plan->statement = draft.statement.kind;
  draft.plan->writes = is_write(draft.statement.kind);
  if (is_session_statement(draft)) return make_session(draft);
  if (Result<void> done = apply_features(draft, find_features(draft.statement)); !done) return done;
  if (Result<void> done = dispatch(draft); !done) return done;
  if ((draft.plan->writes || draft.plan->locks) && draft.context.type != topo::TabletType::primary) {
    return failure(kReadOnlyTarget, "the session's target is @" +
                                        std::string(topo::name(draft.context.type)) +
                                        ", and the statement writes or locks rows");
  }
  return {};
}

}  // namespace kintsugi::plan::pass
