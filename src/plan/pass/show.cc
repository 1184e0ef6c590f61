#include <algorithm>
#include <optional>
#include <set>

#include "plan/merge.h"
#include "plan/pass/draft.h"
#include "plan/pass/foreign_keys.h"
#include "plan/pass/functions.h"
#include "sql/into_file.h"

// SHOW and EXPLAIN, and which statements a session does itself.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

/// What any shard of a keyspace can tell of all of them.
bool is_of_keyspace(std::string_view what) {
  static const std::set<std::string_view> kWhat = {"tables",
                                                   "table status",
                                                   "columns",
                                                   "fields",
                                                   "index",
                                                   "indexes",
                                                   "keys",
                                                   "create table",
                                                   "create view",
                                                   "create trigger",
                                                   "create function",
                                                   "create procedure",
                                                   "create event",
                                                   "create sequence",
                                                   "triggers",
                                                   "events",
                                                   "open tables",
                                                   "create database",
                                                   "procedure status",
                                                   "function status"};
  return kWhat.contains(what);
}

/// What every server tells the same.
bool is_of_server(std::string_view what) {
  static const std::set<std::string_view> kWhat = {"collation",       "character set", "engines",
                                                   "storage engines", "privileges",    "plugins"};
  return kWhat.contains(what);
}

std::string shown_keyspace(const Draft& draft, const sql::Show& show) {
  if (show.name != nullptr && !show.name->schema.empty()) return std::string(show.name->schema);
  if (!show.database.empty()) return std::string(show.database);
  if (show.what == "create database" && show.name != nullptr) return std::string(show.name->name);
  return draft.context.keyspace;
}

Result<void> route_to_keyspace(Draft& draft, const std::string& keyspace) {
  auto route = new_route(draft, Destination::Reach::kAnyShard);
  const bool known = draft.context.routing->find_keyspace(keyspace) != nullptr;
  static const std::set<std::string_view> kSystem = {"information_schema", "performance_schema", "mysql",
                                                     "sys"};
  if (keyspace.empty()) return failure(kNoKeyspace, "no keyspace is chosen");
  if (known) {
    route->destination.keyspace = keyspace;
  } else if (kSystem.contains(keyspace)) {
    if (draft.keyspace.empty()) route->destination.reach = Destination::Reach::kAnyServer;
  } else {
    return failure(kUnknownKeyspace, "there is no keyspace '" + keyspace + "'");
  }
  if (!draft.context.shard.empty()) {
    route->destination.reach = Destination::Reach::kShard;
    route->destination.shard = draft.context.shard;
  }
  draft.plan->root = std::move(route);
  return {};
}

/// The session's table that SHOW tells of; null: it tells of another one, or of something else.
const TemporaryTable* shown_temporary(const Draft& draft, std::string_view keyspace,
                                      const sql::TableName* name) {
  if (name == nullptr || draft.context.temporary == nullptr) return nullptr;
  const TemporaryTable* table = draft.context.temporary->find(keyspace, name->name);
  const bool reached =
      table != nullptr && (draft.context.shard.empty() || draft.context.shard == table->shard);
  return reached ? table : nullptr;
}

Result<void> route_to_temporary(Draft& draft, const TemporaryTable& table) {
  if (Result<void> done = use_temporary(draft, table); !done) return done;
  auto route = new_route(draft, Destination::Reach::kShard);
  route->destination.keyspace = table.keyspace;
  route->destination.shard = table.shard;
  draft.plan->root = std::move(route);
  return {};
}

bool is_ours(const sql::Explain& explain) {
  return explain.verb == sql::ExplainVerb::kVexplain || explain.format == "kintsugi" ||
         explain.format == "kintsugi_json";
}

Result<void> explain_here(Draft& draft, const sql::Explain& explain, bool executes) {
  auto explanation = std::make_unique<Explanation>();
  explanation->json = explain.format == "kintsugi_json";
  explanation->analyze = executes;
  const sql::Statement& statement = *explain.statement;
  explanation->text = draft.keep(draft.text.substr(statement.offset, statement.length));
  draft.plan->root = std::move(explanation);
  draft.plan->cacheable = false;  // it shows the statement's own text
  return {};
}

/// A server that has all tables of a statement that it does not run alone, though of some of the rows only;
/// nothing: there is none.
std::optional<Destination> server_of_tables(const Draft& draft, const Plan& inner) {
  Destination destination;
  destination.type = draft.context.type;
  if (inner.root->kind == plan::NodeKind::kMerge)
    return static_cast<const MergeStreams&>(*inner.root).destination;
  if (inner.root->kind != plan::NodeKind::kGather) return std::nullopt;
  const auto& gather = static_cast<const Gather&>(*inner.root);
  destination.keyspace = gather.keyspace;
  destination.shard = gather.shard;
  if (!gather.shard.empty()) destination.reach = Destination::Reach::kShard;
  const bool there = std::ranges::all_of(inner.tables, [&](const TableUse& use) {
    return use.keyspace == gather.keyspace || draft.context.routing->find_keyspace(use.keyspace) == nullptr;
  });
  return there ? std::optional(std::move(destination)) : std::nullopt;
}

/// Where a plan would run, for a server that is to explain it: one of the shards will do.
Result<std::unique_ptr<Route>> explain_there(Draft& draft, const Plan& inner, bool executes) {
  auto route = new_route(draft, Destination::Reach::kAnyShard);
  if (inner.root->kind == plan::NodeKind::kRoute) {
    route->destination = static_cast<const Route&>(*inner.root).destination;
  } else if (inner.root->kind == plan::NodeKind::kInsert && !executes) {
    route->destination.keyspace = static_cast<const Insert&>(*inner.root).destination.keyspace;
  } else if (inner.root->kind == plan::NodeKind::kKeyedWrite && !executes) {
    route->destination.keyspace =
        static_cast<const KeyedWrite&>(*inner.root).targets.front().destination.keyspace;
  } else if (std::optional<Destination> there = server_of_tables(draft, inner); there && !executes) {
    route->destination = *there;
  } else {
    return failure(kNoServersPlan, "no server runs the statement as it is");
  }
  if (executes) {
    if (!route->destination.several_refused) {
      route->destination.several_refused = Error(kUnsupportedYet, "EXPLAIN ANALYZE over several shards");
    }
  } else {
    route->destination.several_refused.reset();
    route->destination.one_will_do = true;
  }
  return route;
}

/// The foreign keys that the gate keeps are shown too.
void add_constraints(Draft& draft, const sql::Show& show) {
  auto& route = static_cast<Route&>(*draft.plan->root);
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(route.destination.keyspace);
  const vschema::Table* table = keyspace == nullptr ? nullptr : keyspace->find_table(show.name->name);
  if (table == nullptr || !draft.context.shard.empty()) return;
  std::vector<vschema::ForeignKeySpec> keys = table->foreign_keys;
  std::ranges::sort(keys, {}, &vschema::ForeignKeySpec::name);
  for (const vschema::ForeignKeySpec& key : keys) {
    if (!key.on_servers) route.constraints += ",\n  " + constraint_text(key);
  }
  if (route.constraints.empty()) return;
  route.own_text = false;
  route.text = make_text(draft, show);
}

}  // namespace

bool sets_last_insert_id(const sql::FunctionCall& call) {
  return call.name == "last_insert_id" && !call.args.empty();
}

bool assigns_from_elsewhere(const Draft& draft) {
  const auto* set = sql::as<sql::Set>(&draft.statement);
  if (set == nullptr || set->statement != nullptr) return false;
  bool elsewhere = find_call_over_copies(draft, *set) != nullptr;
  sql::walk(*set, [&](const sql::Node& node) {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    elsewhere |= node.kind == NodeKind::kNamedTable || node.kind == NodeKind::kTableQuery ||
                 (call != nullptr && (is_lock_function(call->name) || sets_last_insert_id(*call) ||
                                      names_keyspace(draft.context, *call)));
    return !elsewhere;
  });
  return elsewhere && std::ranges::all_of(set->items, [](const sql::SetItem* item) {
           return item->item == sql::SetKind::kUserVariable;
         });
}

bool is_session_statement(const Draft& draft) {
  if (assigns_from_elsewhere(draft)) return false;
  const sql::Statement& statement = draft.statement;
  if (sql::into_file(statement) != nullptr) return true;
  switch (statement.kind) {
    case NodeKind::kSet:
    case NodeKind::kSetTransaction:
    case NodeKind::kSetPassword:
    case NodeKind::kSetRole:
    case NodeKind::kUse:
    case NodeKind::kBegin:
    case NodeKind::kCommit:
    case NodeKind::kRollback:
    case NodeKind::kSavepoint:
    case NodeKind::kReleaseSavepoint:
    case NodeKind::kLockTables:
    case NodeKind::kUnlockTables:
    case NodeKind::kKill:
    case NodeKind::kPrepare:
    case NodeKind::kExecute:
    case NodeKind::kDeallocate:
    case NodeKind::kFlush:
    case NodeKind::kCreateUser:
    case NodeKind::kDropUser:
    case NodeKind::kRenameUser:
    case NodeKind::kGrant:
    case NodeKind::kRevoke:
    case NodeKind::kSignal:
    case NodeKind::kGetDiagnostics:
    case NodeKind::kCreateDatabase:
    case NodeKind::kAlterDatabase:
    case NodeKind::kAlterVSchema:
      return true;
    case NodeKind::kDropObject: {
      const std::string_view object = static_cast<const sql::DropObject&>(statement).object;
      return object == "database" || object == "schema";
    }
    case NodeKind::kShow: {
      const std::string_view what = static_cast<const sql::Show&>(statement).what;
      return !is_of_keyspace(what) && !is_of_server(what);
    }
    default:
      return false;
  }
}

Result<void> plan_show(Draft& draft, const sql::Show& show) {
  if (is_of_server(show.what)) {
    draft.plan->root = new_route(draft, Destination::Reach::kAnyServer);
    return {};
  }
  const std::string keyspace = shown_keyspace(draft, show);
  if (const TemporaryTable* table = shown_temporary(draft, keyspace, show.name))
    return route_to_temporary(draft, *table);
  if (Result<void> done = route_to_keyspace(draft, keyspace); !done) return done;
  if (show.what == "create table" && show.name != nullptr) add_constraints(draft, show);
  return {};
}

Result<void> plan_explain(Draft& draft, const sql::Explain& explain) {
  if (explain.table != nullptr) {
    const std::string_view schema = explain.table->schema;
    const std::string keyspace(schema.empty() ? draft.context.keyspace : schema);
    if (const TemporaryTable* table = shown_temporary(draft, keyspace, explain.table))
      return route_to_temporary(draft, *table);
    return route_to_keyspace(draft, keyspace);
  }
  if (explain.statement == nullptr) return failure(kUnsupportedYet, "EXPLAIN FOR CONNECTION");
  if (!explain.into.empty()) return failure(kUnsupportedYet, "EXPLAIN … INTO");
  Result<Planned> inner = plan::plan(*explain.statement, draft.text, draft.context);
  if (!inner) return failure(inner.error());
  if (inner->plan == nullptr) {
    draft.missing = std::move(inner->missing);
    return {};
  }
  const Plan& plan = *inner->plan;
  draft.plan->explained = inner->plan;
  draft.plan->tables = plan.tables;
  draft.plan->temporary = plan.temporary;
  draft.plan->pinned_literals = plan.pinned_literals;
  const bool executes = explain.analyze || explain.verb == sql::ExplainVerb::kAnalyze;
  if (executes && plan.root->kind == plan::NodeKind::kSession) {
    return failure(kUnsupportedYet,
                   "ANALYZE of a statement that calls functions which the gate runs: EXPLAIN shows it");
  }
  draft.plan->writes = executes && plan.writes;
  if (is_ours(explain)) return explain_here(draft, explain, executes);
  auto route = explain_there(draft, plan, executes);
  if (!route) return failure(route.error());
  (*route)->write = draft.plan->writes;
  draft.plan->root = *std::move(route);
  return {};
}

}  // namespace kintsugi::plan::pass
