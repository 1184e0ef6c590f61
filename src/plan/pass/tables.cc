#include <algorithm>

#include "plan/pass/draft.h"
#include "plan/pass/gate_calls.h"
#include "plan/pass/reference.h"
#include "plan/pass/rules.h"
#include "sql/into_file.h"
#include "sql/set_statement.h"

// Pass "tables": every table that the statement names, the keyspace it is in, and so which way the statement
// goes.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

bool is_system_database(std::string_view name) {
  return same_column(name, "information_schema") || same_column(name, "performance_schema") ||
         same_column(name, "mysql") || same_column(name, "sys");
}

/// Names that WITH gives, visible from inside out.
struct CommonNames {
  const CommonNames* outer = nullptr;
  std::vector<std::string_view> names;

  bool has(std::string_view name) const {
    return std::ranges::find(names, name) != names.end() || (outer != nullptr && outer->has(name));
  }
};

class Collector {
 public:
  explicit Collector(std::vector<TableEntry>& tables) : tables_(tables) {}

  void collect(const sql::Node& node, const CommonNames& names) {
    switch (node.kind) {
      case NodeKind::kNamedTable:
        if (const auto* table = sql::as<sql::NamedTable>(&node); !is_common(*table->name, names)) {
          add(table->name, TableUse::Access::kRead);
        }
        return children(node, names, false);
      case NodeKind::kTableQuery:
        if (const auto* query = sql::as<sql::TableQuery>(&node); !is_common(*query->table, names)) {
          add(query->table, TableUse::Access::kRead);
        }
        return query_children(node, names);
      case NodeKind::kSequenceValue:
        return add(sql::as<sql::SequenceValue>(&node)->sequence, TableUse::Access::kWrite);
      case NodeKind::kInsert:
        add(sql::as<sql::Insert>(&node)->table, TableUse::Access::kWrite);
        return children(node, names, false);
      case NodeKind::kLoadData:
        add(sql::as<sql::LoadData>(&node)->table, TableUse::Access::kWrite);
        return children(node, names, false);
      case NodeKind::kUpdate:
      case NodeKind::kDelete:
        return query_children(node, names);
      default:
        if (sql::is_query(node.kind)) return query_children(node, names);
        return children(node, names, true);
    }
  }

 private:
  static bool is_common(const sql::TableName& name, const CommonNames& names) {
    return name.schema.empty() && names.has(name.name);
  }

  void add(const sql::TableName* name, TableUse::Access access) {
    TableEntry entry;
    entry.name = name;
    entry.access = access;
    tables_.push_back(std::move(entry));
  }

  void children(const sql::Node& node, const CommonNames& names, bool tables_too) {
    sql::for_each_child(node, [&](const sql::Node& child) {
      if (child.kind == NodeKind::kTableName) {
        if (tables_too) add(sql::as<sql::TableName>(&child), TableUse::Access::kAdmin);
        return;
      }
      collect(child, names);
    });
  }

  static const sql::With* with_of(const sql::Node& node) {
    if (const auto* update = sql::as<sql::Update>(&node)) return update->with;
    if (const auto* remove = sql::as<sql::Delete>(&node)) return remove->with;
    return sql::is_query(node.kind) ? static_cast<const sql::Query&>(node).with : nullptr;
  }

  void query_children(const sql::Node& node, const CommonNames& outer) {
    CommonNames names{&outer, {}};
    const sql::With* with = with_of(node);
    if (with != nullptr) {
      for (const sql::CommonTable* table : with->tables) {
        if (with->recursive) names.names.push_back(table->name);
        collect(*table->query, names);
        if (!with->recursive) names.names.push_back(table->name);
      }
    }
    sql::for_each_child(node, [&](const sql::Node& child) {
      if (&child == with || child.kind == NodeKind::kTableName || child.kind == NodeKind::kLocking) return;
      collect(child, names);
    });
  }

  std::vector<TableEntry>& tables_;
};

/// The table of a DELETE that a target names, by its alias if it has one.
const sql::TableName* aliased(const sql::Delete& remove, const sql::TableName& target) {
  const sql::TableName* found = nullptr;
  for (const sql::TableRef* ref : remove.from) {
    sql::walk(*ref, [&](const sql::Node& node) {
      const auto* table = sql::as<sql::NamedTable>(&node);
      if (table == nullptr) return !sql::is_query(node.kind);
      const std::string_view name = table->alias.empty() ? table->name->name : table->alias;
      if (found == nullptr && name == target.name) found = table->name;
      return true;
    });
  }
  return found;
}

/// Which of the tables are written is said by the statement, not by where they stand.
void mark_written(Draft& draft) {
  const auto mark = [&draft](std::string_view schema, std::string_view name) {
    for (TableEntry& entry : draft.tables) {
      if (entry.name->name == name && (schema.empty() || entry.name->schema == schema)) {
        entry.access = TableUse::Access::kWrite;
      }
    }
  };
  if (const auto* update = sql::as<sql::Update>(&draft.statement)) {
    for (const sql::TableRef* table : update->tables) {
      sql::walk(*table, [&](const sql::Node& node) {
        if (const auto* named = sql::as<sql::NamedTable>(&node)) mark(named->name->schema, named->name->name);
        return !sql::is_query(node.kind);
      });
    }
  }
  if (const auto* remove = sql::as<sql::Delete>(&draft.statement)) {
    for (const sql::TableRef* table : remove->from) {
      if (const auto* named = sql::as<sql::NamedTable>(table); named != nullptr && remove->targets.empty()) {
        mark(named->name->schema, named->name->name);
      }
    }
    for (const sql::TableName* target : remove->targets) {
      if (const sql::TableName* table = aliased(*remove, *target)) mark(table->schema, table->name);
    }
  }
}

Result<void> take_temporary(Draft& draft, TableEntry& entry, const TemporaryTable& temporary) {
  entry.found = draft.context.routing->find_keyspace(temporary.keyspace);
  entry.routing = &temporary.routing;
  entry.keyspace = temporary.keyspace;
  entry.server_name = temporary.name;
  entry.schema = temporary.table.get();
  entry.temporary = &temporary;
  if (entry.found == nullptr)
    return failure(kUnknownKeyspace, "there is no keyspace '" + temporary.keyspace + "'");
  return use_temporary(draft, temporary);
}

Result<void> look_up(Draft& draft, TableEntry& entry) {
  const std::string_view schema = entry.name->schema.empty() ? draft.context.keyspace : entry.name->schema;
  if (const TemporaryTable* temporary = find_temporary(draft.context, *entry.name)) {
    return take_temporary(draft, entry, *temporary);
  }
  if (is_system_database(schema)) {
    entry.keyspace = schema;
    entry.server_name = entry.name->name;
    return {};
  }
  auto found = draft.context.routing->find_table(schema, entry.name->name, draft.context.type);
  if (!found) {
    if (schema.empty() && !draft.context.routing->keyspaces().empty()) {
      return failure(kNoKeyspace, "no keyspace is chosen, and the table '" + std::string(entry.name->name) +
                                      "' is not known by its name alone");
    }
    return failure(found.error());
  }
  entry.found = found->keyspace;
  entry.routing = found->table;
  entry.keyspace = found->keyspace->name();
  entry.server_name = found->name;
  return {};
}

bool sequence_fills(const TableEntry& entry) {
  return entry.routing != nullptr && entry.routing->auto_increment.has_value() &&
         entry.access == TableUse::Access::kWrite;
}

/// Statements that read what they use of other keyspaces before they answer or write. (Of CREATE TABLE, only
/// that of a temporary one has tables here.)
bool may_span(sql::NodeKind kind) {
  return sql::is_query(kind) || kind == NodeKind::kInsert || kind == NodeKind::kUpdate ||
         kind == NodeKind::kDelete || kind == NodeKind::kCreateTable || kind == NodeKind::kDo ||
         kind == NodeKind::kSet;
}

/// Loads what the schema knows of the tables, or says that it must be asked for.
Result<void> look_up_schema(Draft& draft) {
  for (TableEntry& entry : draft.tables) {
    const bool needed = draft.course == Course::kSeveral || sequence_fills(entry);
    if (entry.found == nullptr || entry.temporary != nullptr || !(entry.found->sharded() || needed)) continue;
    entry.schema = draft.context.schema->find(entry.keyspace, entry.server_name);
    if (entry.schema != nullptr) continue;
    if (draft.context.schema->known_missing(entry.keyspace, entry.server_name)) {
      return failure(kUnknownTable, "table '" + entry.keyspace + "." + entry.server_name + "' doesn't exist");
    }
    TableKey key{entry.keyspace, entry.server_name};
    if (std::ranges::find(draft.missing, key) == draft.missing.end()) draft.missing.push_back(std::move(key));
  }
  return {};
}

Result<void> require_in_vschema(const Draft& draft) {
  for (const TableEntry& entry : draft.tables) {
    if (entry.found != nullptr && entry.found->sharded() && entry.routing == nullptr) {
      return failure(kNotInVSchema, "the vschema of keyspace '" + entry.keyspace +
                                        "' does not say how table '" + entry.server_name +
                                        "' is spread over its shards");
    }
  }
  return {};
}

Result<void> require_one_keyspace(Draft& draft) {
  const TableEntry* first = nullptr;
  const TableEntry* system = nullptr;
  bool several = false;
  for (const TableEntry& entry : draft.tables) {
    if (entry.found == nullptr) {
      system = &entry;
    } else if (first == nullptr) {
      first = &entry;
    } else if (first->keyspace != entry.keyspace) {
      if (may_span(draft.statement.kind)) several = true;
      if (several) continue;
      return failure(kCrossKeyspace, "the statement uses '" + first->keyspace + "." + first->server_name +
                                         "' and '" + entry.keyspace + "." + entry.server_name +
                                         "', which are in different keyspaces");
    }
  }
  if (first == nullptr) {
    draft.course = system == nullptr ? Course::kNoTables : Course::kSystem;
    draft.keyspace = draft.context.keyspace;
  } else {
    draft.keyspace = first->keyspace;
    draft.course = first->found->sharded() ? Course::kSharded : Course::kUnsharded;
    if (system != nullptr && draft.course == Course::kSharded && may_span(draft.statement.kind))
      several = true;
    const bool grouped = std::ranges::any_of(draft.tables, &TableEntry::group);
    if (several || grouped) draft.course = Course::kSeveral;
    if (system != nullptr && draft.course == Course::kSharded) {
      return failure(kUnsupportedYet, "tables of the sharded keyspace '" + first->keyspace + "' and of " +
                                          system->keyspace + " in one statement");
    }
  }
  draft.found = draft.context.routing->find_keyspace(draft.keyspace);
  if (!draft.keyspace.empty() && draft.found == nullptr && !is_system_database(draft.keyspace)) {
    return failure(kUnknownKeyspace, "there is no keyspace '" + draft.keyspace + "'");
  }
  return {};
}

/// What privileges are asked for: by the tables that the statement means, whatever is written with them.
void note_uses(Draft& draft) {
  for (const TableEntry& entry : draft.tables) {
    const TableUse use{entry.keyspace, entry.server_name, entry.access};
    auto& uses = draft.plan->tables;
    if (std::ranges::find(uses, use) == uses.end()) uses.push_back(use);
  }
}

/// A temporary table is made in a keyspace, of what a query of other keyspaces reads.
void span_to_created(Draft& draft) {
  const auto* create = sql::as<sql::CreateTable>(&draft.statement);
  if (create == nullptr || (draft.course != Course::kUnsharded && draft.course != Course::kSharded)) return;
  const std::string_view made =
      create->table->schema.empty() ? draft.context.keyspace : create->table->schema;
  if (made != draft.keyspace) draft.course = Course::kSeveral;
}

/// With a shard chosen everything goes there as it is; only what names another keyspace cannot.
Result<void> require_target_keyspace(Draft& draft) {
  for (TableEntry& entry : draft.tables) {
    entry.keyspace = entry.name->schema.empty() ? draft.context.keyspace : std::string(entry.name->schema);
    entry.server_name = entry.name->name;
    if (entry.keyspace != draft.context.keyspace && !is_system_database(entry.keyspace)) {
      return failure(kCrossKeyspace, "shard '" + draft.context.keyspace + "/" + draft.context.shard +
                                         "' is chosen, and the statement names keyspace '" + entry.keyspace +
                                         "'");
    }
    const TemporaryTable* temporary = find_temporary(draft.context, *entry.name);
    if (temporary == nullptr || temporary->shard != draft.context.shard) continue;
    if (Result<void> done = use_temporary(draft, *temporary); !done) return done;
    entry.temporary = temporary;
  }
  draft.course = Course::kShard;
  draft.keyspace = draft.context.keyspace;
  draft.found = draft.context.routing->find_keyspace(draft.keyspace);
  if (draft.found == nullptr)
    return failure(kUnknownKeyspace, "there is no keyspace '" + draft.keyspace + "'");
  if (draft.found->find_shard(draft.context.shard, draft.context.type) == nullptr) {
    return failure(kUnknownShard,
                   "keyspace '" + draft.keyspace + "' has no shard '" + draft.context.shard + "'");
  }
  return {};
}

/// Of INSERT and DELETE.
bool returns_elsewhere(const Draft& draft) {
  const auto* insert = sql::as<sql::Insert>(&draft.statement);
  const auto* remove = sql::as<sql::Delete>(&draft.statement);
  if ((insert == nullptr && remove == nullptr) || draft.tables.empty()) return false;
  const TableEntry& written = insert != nullptr ? *draft.entry(insert->table) : draft.tables.front();
  return std::ranges::any_of(insert != nullptr ? insert->returning : remove->returning,
                             [&](const sql::SelectItem* item) {
                               return find_gates_call(draft.context, *item) != nullptr ||
                                      find_call_over_copies(draft, *item) != nullptr ||
                                      find_read_elsewhere(draft, *item, written) != nullptr;
                             });
}

Result<void> find_named_tables(Draft& draft) {
  const sql::Statement& statement = draft.statement;
  const auto* create = sql::as<sql::CreateTable>(&statement);
  if (create != nullptr && create->temporary && create->query != nullptr) {
    Collector(draft.tables).collect(*create->query, {});
    return take_functions(draft, *create->query);
  }
  // DDL and what only names objects finds them by itself: they need not exist yet.
  if (is_ddl(statement.kind) || statement.kind == NodeKind::kShow || statement.kind == NodeKind::kExplain)
    return {};
  const bool in_steps = is_routine_call(statement.kind) && !is_self_contained(statement);
  if (in_steps) return {};
  Collector(draft.tables).collect(statement, {});
  mark_written(draft);
  return take_functions(draft, statement);
}

}  // namespace

std::vector<const sql::TableName*> tables_named(const sql::Statement& statement) {
  std::vector<TableEntry> found;
  Collector(found).collect(statement, {});
  std::vector<const sql::TableName*> names;
  for (const TableEntry& entry : found) names.push_back(entry.name);
  return names;
}

const TableEntry* Draft::entry(const sql::TableName* name) const {
  for (const TableEntry& table : tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

Result<void> find_tables(Draft& draft) {
  if (Result<void> done = plan_gate_functions(draft); !done || draft.done) return done;
  if (is_session_statement(draft)) {
    draft.course = Course::kNoTables;
    draft.keyspace = draft.context.keyspace;
    const bool plans_within =
        sql::is_set_statement(draft.statement) || sql::into_file(draft.statement) != nullptr;
    if (plans_within) return {};
    return refuse_call_over_copies(draft, draft.statement, "a statement of the session's own");
  }
  if (Result<void> named = find_named_tables(draft); !named) return named;
  Result<void> done;
  if (!draft.context.shard.empty()) {
    done = require_target_keyspace(draft);
    note_uses(draft);
  } else {
    for (TableEntry& entry : draft.tables) {
      if (Result<void> found = look_up(draft, entry); !found) return found;
    }
    note_uses(draft);
    read_beside(draft);
    draft.returns_elsewhere = returns_elsewhere(draft);
    done = check_function_writes(draft);
    if (done) done = write_to_sources(draft);
    if (done) done = require_one_keyspace(draft);
    if (done && may_span(draft.statement.kind)) done = follow_called(draft);
    if (done) span_to_created(draft);
    if (done) done = require_in_vschema(draft);
    if (done) done = look_up_schema(draft);
  }
  return done;
}

namespace {

/// Of a copy of the statement's node, too.
const TableEntry* entry_of(const Draft& draft, const sql::TableName& name) {
  const auto found = std::ranges::find_if(draft.tables, [&name](const TableEntry& entry) {
    return entry.name->name == name.name && entry.name->schema == name.schema;
  });
  return found == draft.tables.end() ? nullptr : &*found;
}

}  // namespace

const sql::TableName* find_read_elsewhere(const Draft& draft, const sql::Node& node,
                                          const TableEntry& written) {
  const sql::TableName* found = nullptr;
  sql::walk(node, [&](const sql::Node& child) {
    const auto* name = sql::as<sql::TableName>(&child);
    const TableEntry* read = name == nullptr ? nullptr : entry_of(draft, *name);
    if (read == nullptr || written.found == nullptr) return found == nullptr;
    const bool copied = read->routing != nullptr && read->routing->kind == vschema::Table::Kind::reference;
    if (read->keyspace != written.keyspace || (written.found->sharded() && !copied)) found = name;
    return found == nullptr;
  });
  return found;
}

bool makes_sharded_of_query(const Draft& draft) {
  const auto* create = sql::as<sql::CreateTable>(&draft.statement);
  if (create == nullptr || create->query == nullptr || !draft.context.shard.empty()) return false;
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(
      create->table->schema.empty() ? draft.context.keyspace : create->table->schema);
  return keyspace != nullptr && keyspace->sharded();
}

}  // namespace kintsugi::plan::pass
