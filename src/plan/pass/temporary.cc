#include "plan/temporary.h"

#include <algorithm>

#include "plan/pass/draft.h"
#include "sql/printer.h"

// Statements about the session's temporary tables. They run on the one server that has these; of what is not
// there, copies are made beside them (gather.cc).

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;
using Names = std::vector<const sql::TableName*>;

std::string_view keyspace_of(const PlanContext& context, const sql::TableName& name) {
  return name.schema.empty() ? std::string_view(context.keyspace) : name.schema;
}

/// What a statement makes, drops or alters.
Names names_of(const sql::Statement& statement) {
  Names names;
  if (const auto* create = sql::as<sql::CreateTable>(&statement); create != nullptr && create->temporary)
    names = {create->table};
  if (const auto* alter = sql::as<sql::AlterTable>(&statement)) names = {alter->table};
  if (const auto* truncate = sql::as<sql::TruncateTable>(&statement)) names = {truncate->table};
  if (const auto* create = sql::as<sql::CreateIndex>(&statement)) names = {create->table};
  if (const auto* drop = sql::as<sql::DropIndex>(&statement)) names = {drop->table};
  if (const auto* drop = sql::as<sql::DropTables>(&statement); drop != nullptr)
    names.assign(drop->tables.begin(), drop->tables.end());
  if (const auto* rename = sql::as<sql::RenameTables>(&statement)) {
    for (const sql::RenamePair* pair : rename->pairs) names.push_back(pair->from);
  }
  return names;
}

/// Names that come into being.
Names new_names(const sql::Statement& statement) {
  Names names;
  if (const auto* alter = sql::as<sql::AlterTable>(&statement)) {
    for (const sql::AlterAction* action : alter->actions) {
      if (action->action == sql::AlterKind::kRenameTable) names.push_back(action->table);
    }
  }
  if (const auto* rename = sql::as<sql::RenameTables>(&statement)) {
    for (const sql::RenamePair* pair : rename->pairs) names.push_back(pair->to);
  }
  return names;
}

/// CREATE and DROP TEMPORARY TABLE: about temporary tables, whether they are there or not.
bool says_temporary(const sql::Statement& statement) {
  const auto* create = sql::as<sql::CreateTable>(&statement);
  const auto* drop = sql::as<sql::DropTables>(&statement);
  return (create != nullptr && create->temporary) || (drop != nullptr && drop->temporary);
}

/// The server where the session's temporary tables of a keyspace are: that of the chosen shard, or of the
/// first.
Result<TemporaryUse> server_for(const Draft& draft, std::string_view name) {
  if (name.empty()) return failure(kNoKeyspace, "no keyspace is chosen");
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(name);
  if (keyspace == nullptr)
    return failure(kUnknownKeyspace, "there is no keyspace '" + std::string(name) + "'");
  if (!draft.context.shard.empty()) {
    if (name == draft.context.keyspace) return TemporaryUse{std::string(name), draft.context.shard, {}};
    return failure(kCrossKeyspace, "shard '" + draft.context.keyspace + "/" + draft.context.shard +
                                       "' is chosen, and the statement names keyspace '" + std::string(name) +
                                       "'");
  }
  const auto shards = keyspace->shards();
  if (shards.empty())
    return failure(kUnknownShard, "keyspace '" + std::string(name) + "' has no shard that serves");
  return TemporaryUse{std::string(name), shards.front().name, {}};
}

Result<void> require_primary(const Draft& draft) {
  if (draft.context.type == topo::TabletType::primary) return {};
  return failure(kReadOnlyTarget, "the session's target is @" + std::string(topo::name(draft.context.type)) +
                                      ", and temporary tables are on primaries");
}

std::unique_ptr<Route> route_to_server(const Draft& draft) {
  auto route = new_route(draft, Destination::Reach::kShard);
  route->destination.keyspace = draft.plan->temporary->keyspace;
  route->destination.shard = draft.plan->temporary->shard;
  route->write = draft.plan->writes;
  return route;
}

/// Whether the server of the temporary tables has all rows of the table.
bool is_there(const Draft& draft, const TableEntry& entry) {
  const TemporaryUse& use = *draft.plan->temporary;
  if (entry.found == nullptr) return true;
  if (entry.keyspace != use.keyspace) return false;
  if (entry.temporary != nullptr) return entry.temporary->shard == use.shard;
  return !entry.found->sharded() || entry.routing->kind == vschema::Table::Kind::reference;
}

/// The model of CREATE TABLE … LIKE must be on the same server.
Result<void> check_model(const Draft& draft, const sql::TableName& model) {
  const TemporaryUse& use = *draft.plan->temporary;
  const TemporaryTable* temporary = find_temporary(draft.context, model);
  if (keyspace_of(draft.context, model) == use.keyspace &&
      (temporary == nullptr || temporary->shard == use.shard)) {
    return {};
  }
  return failure(kCrossKeyspace, "CREATE TEMPORARY TABLE … LIKE a table that is on another server");
}

Result<void> plan_create(Draft& draft, const sql::CreateTable& create) {
  Result<const sql::CreateTable*> whole = with_shard_clause(draft, create);
  if (!whole) return failure(whole.error());
  if ((*whole)->shard_by != nullptr) {
    return failure(kUnsupportedYet, "SHARD BY and REFERENCE of a temporary table, which is on one server");
  }
  if (create.like != nullptr) {
    if (Result<void> done = check_model(draft, *create.like); !done) return done;
  }
  if (draft.course != Course::kShard) return plan_beside_temporary(draft);
  draft.plan->root = route_to_server(draft);
  return {};
}

/// DROP TABLE of temporary tables: should these be gone, it must not be others that it drops.
Text drop_text(Draft& draft, const sql::DropTables& drop) {
  sql::DropTables* copy = sql::clone(&drop, draft.plan->arena);
  copy->temporary = true;
  return make_text(draft, *copy);
}

/// All of the names are the session's, and there, and of one server.
Result<void> use_all(Draft& draft, const Names& names) {
  for (const sql::TableName* name : names) {
    const TemporaryTable* table = find_temporary(draft.context, *name);
    if (table == nullptr) {
      return failure(kUnsupportedYet, "temporary tables and others, as '" + std::string(name->name) +
                                          "', in one statement that changes them: write one for each");
    }
    if (Result<void> done = use_temporary(draft, *table); !done) return done;
    if (draft.plan->temporary->keyspace != table->keyspace || draft.plan->temporary->shard != table->shard) {
      return failure(kCrossKeyspace,
                     "temporary tables on several servers in one statement that changes them");
    }
  }
  return {};
}

/// CREATE and DROP TEMPORARY TABLE name their server by its keyspace.
Result<void> use_server(Draft& draft, const Names& names) {
  for (const sql::TableName* name : names) {
    Result<TemporaryUse> server = server_for(draft, keyspace_of(draft.context, *name));
    if (!server) return failure(std::move(server.error()));
    const TemporaryTable* known = find_temporary(draft.context, *name);
    if (known != nullptr && known->lost.empty()) server->shard = known->shard;
    auto& use = draft.plan->temporary;
    if (name != names.front() && (use->keyspace != server->keyspace || use->shard != server->shard)) {
      return failure(kCrossKeyspace,
                     "temporary tables on several servers in one statement that changes them");
    }
    use = std::move(*server);
  }
  return require_primary(draft);
}

bool is_temporary(const Draft& draft, const Source* source) {
  return source != nullptr && std::ranges::any_of(draft.tables, [source](const TableEntry& entry) {
           return entry.temporary != nullptr && &entry.temporary->routing == source->routing;
         });
}

/// Of an UPDATE or DELETE whose scopes are known: whether all that it writes to is temporary.
bool changes_only_temporary(const Draft& draft) {
  if (const auto* update = sql::as<sql::Update>(&draft.statement)) {
    return std::ranges::all_of(update->set, [&draft](const sql::Assignment* assignment) {
      return is_temporary(draft, resolve_column(*assignment->column, draft.top).source);
    });
  }
  const auto* remove = sql::as<sql::Delete>(&draft.statement);
  return remove != nullptr && std::ranges::all_of(draft.top->sources, [&](const Source* source) {
           const bool target = std::ranges::any_of(
               remove->targets, [source](const sql::TableName* name) { return name->name == source->alias; });
           return is_temporary(draft, source) || !(target || remove->targets.empty());
         });
}

}  // namespace

const TemporaryTable* find_temporary(const PlanContext& context, const sql::TableName& name) {
  if (context.temporary == nullptr) return nullptr;
  return context.temporary->find(keyspace_of(context, name), name.name);
}

Result<void> use_temporary(Draft& draft, const TemporaryTable& table) {
  if (!table.lost.empty())
    return failure(kTemporaryTableLost, "temporary table '" + table.name + "' is gone: " + table.lost);
  if (!draft.plan->temporary) draft.plan->temporary = TemporaryUse{table.keyspace, table.shard, {}};
  return require_primary(draft);
}

bool changes_temporary(const Draft& draft) {
  if (says_temporary(draft.statement)) return true;
  return std::ranges::any_of(names_of(draft.statement), [&draft](const sql::TableName* name) {
    const TemporaryTable* table = find_temporary(draft.context, *name);
    return table != nullptr && (draft.context.shard.empty() || table->shard == draft.context.shard);
  });
}

Result<void> plan_temporary_change(Draft& draft) {
  Plan& plan = *draft.plan;
  const Names names = names_of(draft.statement);
  const bool explicitly = says_temporary(draft.statement);
  plan.writes = true;
  plan.commits_implicitly = !explicitly;
  if (Result<void> done = explicitly ? use_server(draft, names) : use_all(draft, names); !done) return done;
  for (const Names& each : {names, new_names(draft.statement)}) {
    for (const sql::TableName* name : each) {
      plan.temporary->changed.emplace_back(name->name);
      plan.tables.push_back({plan.temporary->keyspace, std::string(name->name), TableUse::Access::kAdmin});
    }
  }
  if (const auto* create = sql::as<sql::CreateTable>(&draft.statement)) return plan_create(draft, *create);
  auto route = route_to_server(draft);
  if (const auto* drop = sql::as<sql::DropTables>(&draft.statement); drop != nullptr && !drop->temporary) {
    route->own_text = false;
    route->text = drop_text(draft, *drop);
  }
  plan.root = std::move(route);
  return {};
}

bool is_about_temporary(const Draft& draft) {
  if (!draft.plan->temporary || draft.course == Course::kShard) return false;
  const NodeKind kind = draft.statement.kind;
  const bool read = sql::is_query(kind) || kind == NodeKind::kDo || kind == NodeKind::kSet ||
                    kind == NodeKind::kTableMaintenance;
  if (const auto* insert = sql::as<sql::Insert>(&draft.statement))
    return draft.entry(insert->table)->temporary != nullptr;
  return read || (draft.top != nullptr && changes_only_temporary(draft));
}

Result<void> plan_beside_temporary(Draft& draft) {
  const bool alone =
      std::ranges::all_of(draft.tables, [&draft](const TableEntry& entry) { return is_there(draft, entry); });
  if (alone) {
    draft.plan->root = route_to_server(draft);
    return {};
  }
  const bool apart = std::ranges::any_of(draft.tables, [&draft](const TableEntry& entry) {
    return entry.access == TableUse::Access::kWrite && entry.temporary != nullptr && !is_there(draft, entry);
  });
  if (apart) return failure(kCrossKeyspace, "a write to temporary tables on several servers");
  auto gather = std::make_unique<Gather>();
  gather->reason = "temporary tables, and tables of other servers";
  gather->keyspace = draft.plan->temporary->keyspace;
  gather->shard = draft.plan->temporary->shard;
  draft.plan->root = std::move(gather);
  return {};
}

}  // namespace kintsugi::plan::pass
