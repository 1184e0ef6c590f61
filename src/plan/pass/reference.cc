#include "plan/pass/reference.h"

#include <algorithm>

#include "plan/pass/foreign_keys.h"

namespace kintsugi::plan::pass {

namespace {

/// The name that columns of the table are qualified with, in the tables of an UPDATE; empty: it is not among
/// them.
std::string_view qualifier_of(const sql::Update& update, const sql::TableName* name) {
  std::string_view found;
  for (const sql::TableRef* table : update.tables) {
    sql::walk(*table, [&](const sql::Node& node) {
      const auto* named = sql::as<sql::NamedTable>(&node);
      if (named != nullptr && named->name == name) found = named->alias.empty() ? name->name : named->alias;
      return !sql::is_query(node.kind);
    });
  }
  return found;
}

/// Whether SET assigns to the table; where only its columns tell, they must be known.
bool is_assigned(Draft& draft, const sql::Update& update, const TableEntry& entry) {
  const std::string_view qualifier = qualifier_of(update, entry.name);
  if (qualifier.empty()) return false;
  if (draft.tables.size() == 1) return true;
  return std::ranges::any_of(update.set, [&](const sql::Assignment* assignment) {
    const sql::ColumnRef& column = *assignment->column;
    if (!column.table.empty()) return column.table == qualifier;
    const Table* schema = draft.context.schema->find(entry.keyspace, entry.server_name);
    TableKey key{entry.keyspace, entry.server_name};
    if (schema == nullptr && !draft.context.schema->known_missing(key.keyspace, key.table))
      draft.missing.push_back(std::move(key));
    return schema != nullptr && schema->find(column.name) != nullptr;
  });
}

bool is_written(Draft& draft, const TableEntry& entry) {
  if (entry.access != TableUse::Access::kWrite) return false;
  const auto* update = sql::as<sql::Update>(&draft.statement);
  return update == nullptr || is_assigned(draft, *update, entry);
}

/// Foreign keys of a copy that servers keep are no matter of a write to its source.
Result<void> check_foreign_keys(const Draft& draft, const vschema::ReferenceGroup& group) {
  for (const auto& copy : group.copies) {
    const vschema::Table* table = draft.context.routing->find_keyspace(copy.keyspace)->find_table(copy.table);
    std::string why = foreign_key_of(draft, *table, {});
    for (const vschema::ForeignKeySpec& key : table->foreign_keys) {
      if (!key.on_servers) why = "foreign key '" + key.name + "', which the gate keeps";
    }
    if (why.empty()) continue;
    return failure(kUnsupportedYet, "a write to '" + group.source.keyspace + "." + group.source.table +
                                        "', since of its copy in keyspace '" + copy.keyspace + "': " + why);
  }
  return {};
}

/// The keyspace of all tables but those of groups; null: there is none, or several.
const vschema::Keyspace* common_keyspace(const Draft& draft) {
  const vschema::Keyspace* common = nullptr;
  for (const TableEntry& entry : draft.tables) {
    if (entry.found == nullptr) return nullptr;
    if (draft.context.routing->reference_group(entry.keyspace, entry.server_name) != nullptr) continue;
    if (common != nullptr && common != entry.found) return nullptr;
    common = entry.found;
  }
  return common;
}

const vschema::ReferenceGroup::Member* member_in(const vschema::ReferenceGroup& group,
                                                 std::string_view keyspace) {
  if (group.source.keyspace == keyspace) return &group.source;
  const auto copy = std::ranges::find(group.copies, keyspace, &vschema::ReferenceGroup::Member::keyspace);
  return copy == group.copies.end() ? nullptr : &*copy;
}

std::vector<const sql::TableName*> tables_of(const sql::Node& node) {
  std::vector<const sql::TableName*> names;
  sql::walk(node, [&names](const sql::Node& child) {
    if (const auto* table = sql::as<sql::NamedTable>(&child)) names.push_back(table->name);
    return true;
  });
  return names;
}

void name_source(sql::NamedTable& table, const vschema::ReferenceGroup& group, sql::Arena& arena) {
  if (table.alias.empty()) table.alias = table.name->name;
  table.name->schema = arena.copy(group.source.keyspace);
  table.name->name = arena.copy(group.source.table);
}

void replace_name(Text& text, std::string_view keyspace, std::string_view table, Draft& draft) {
  const std::string mark = "`" + std::string(kWrittenTable) + "`";
  const std::string name = quoted_name(keyspace) + "." + quoted_name(table);
  for (TextPiece& piece : text) {
    if (piece.kind != TextPiece::Kind::kText) continue;
    std::string whole(piece.text);
    const std::size_t at = whole.find(mark);
    if (at == std::string::npos) continue;
    piece.text = draft.keep(whole.replace(at, mark.size(), name));
  }
}

}  // namespace

Result<void> write_to_sources(Draft& draft) {
  const vschema::Snapshot& routing = *draft.context.routing;
  for (TableEntry& entry : draft.tables) {
    if (entry.found == nullptr || entry.temporary != nullptr) continue;
    const vschema::ReferenceGroup* group = routing.reference_group(entry.keyspace, entry.server_name);
    if (group == nullptr || !is_written(draft, entry)) continue;
    if (Result<void> done = check_foreign_keys(draft, *group); !done) return done;
    const auto source = routing.find_table(group->source.keyspace, group->source.table);
    if (!source) return failure(source.error());
    entry.group = group;
    entry.found = source->keyspace;
    entry.routing = source->table;
    entry.keyspace = group->source.keyspace;
    entry.server_name = group->source.table;
  }
  return {};
}

void read_beside(Draft& draft) {
  const vschema::Keyspace* keyspace = common_keyspace(draft);
  if (keyspace == nullptr || !sql::is_query(draft.statement.kind) || !can_rename(draft.statement)) return;
  // Locks belong where the rows are written first.
  if (!static_cast<const sql::Query&>(draft.statement).locking.empty()) return;
  for (TableEntry& entry : draft.tables) {
    const auto* group = draft.context.routing->reference_group(entry.keyspace, entry.server_name);
    if (group == nullptr || entry.found == keyspace || entry.temporary != nullptr) continue;
    const auto* member = member_in(*group, keyspace->name());
    if (member == nullptr) continue;
    entry.found = keyspace;
    entry.routing = keyspace->find_table(member->table);
    entry.keyspace = member->keyspace;
    entry.server_name = member->table;
  }
}

std::vector<Copy> name_copies(const TableEntry& entry, Text& text, Draft& draft) {
  std::vector<Copy> copies;
  if (entry.group != nullptr) {
    for (const auto& member : entry.group->copies) {
      Copy& copy = copies.emplace_back(Copy{member.keyspace, text});
      replace_name(copy.text, member.keyspace, member.table, draft);
    }
  }
  replace_name(text, entry.keyspace, entry.server_name, draft);
  return copies;
}

// The walks of both meet their tables in the same order.
void read_at_source(const Draft& draft, const sql::TableRef& original, sql::TableRef& copy,
                    sql::Arena& arena) {
  const std::vector<const sql::TableName*> names = tables_of(original);
  std::size_t next = 0;
  sql::walk(copy, [&](sql::Node& node) {
    auto* table = sql::as<sql::NamedTable>(&node);
    if (table == nullptr) return true;
    const TableEntry* entry = draft.entry(names[next++]);
    if (entry != nullptr && entry->group != nullptr) name_source(*table, *entry->group, arena);
    return true;
  });
}

void read_own_rows_at_source(const Draft& draft, const TableEntry& written, const sql::Query& original,
                             sql::Query& copy, sql::Arena& arena) {
  if (written.group == nullptr) return;
  const std::vector<const sql::TableName*> names = tables_of(original);
  const bool own = std::ranges::all_of(names, [&](const sql::TableName* name) {
    const TableEntry* entry = draft.entry(name);
    return entry != nullptr && entry->temporary == nullptr &&
           draft.context.routing->reference_group(entry->keyspace, entry->server_name) == written.group;
  });
  if (!own) return;
  sql::walk(copy, [&](sql::Node& node) {
    if (auto* table = sql::as<sql::NamedTable>(&node)) name_source(*table, *written.group, arena);
    return true;
  });
  drop_schemas(copy);
}

void drop_schemas(sql::Node& node) {
  sql::walk(node, [](sql::Node& child) {
    if (auto* column = sql::as<sql::ColumnRef>(&child)) column->schema = {};
    return true;
  });
}

}  // namespace kintsugi::plan::pass
