#include "plan/pass/known_table.h"
#include "plan/pass/reference.h"

// DDL of reference tables that have a source.

namespace kintsugi::plan::pass {

namespace {

std::string whole_name(std::string_view keyspace, std::string_view table) {
  return quoted_name(keyspace) + "." + quoted_name(table);
}

/// Its source as the vschema has it.
Result<std::string> source_name(const Draft& draft, const sql::TableName& source) {
  const std::string keyspace(source.schema.empty() ? draft.keyspace : source.schema);
  const vschema::Keyspace* found = draft.context.routing->find_keyspace(keyspace);
  if (found == nullptr) return failure(kUnknownKeyspace, "there is no keyspace '" + keyspace + "'");
  if (found->sharded()) {
    return failure(kUnsupportedYet, "REFERENCE FROM '" + keyspace + "." + std::string(source.name) +
                                        "': a source is in a keyspace that is not sharded");
  }
  return keyspace + "." + std::string(source.name);
}

ReferenceFill fill_from(const std::string& source, const std::string& table,
                        const std::vector<std::string>& columns) {
  const std::size_t dot = source.find('.');
  ReferenceFill fill;
  fill.source_keyspace = source.substr(0, dot);
  const std::string from = whole_name(fill.source_keyspace, source.substr(dot + 1));
  std::string names;
  for (const std::string& column : columns) names += (names.empty() ? "" : ", ") + column;
  fill.lock = "select count(*) from " + from + " lock in share mode";
  fill.read = "select " + names + " from " + from + " lock in share mode";
  fill.wipe = "delete from " + table;
  fill.replace = "replace into " + table + " (" + names + ") values ";
  return fill;
}

}  // namespace

Result<void> create_reference(Draft& draft, const sql::CreateTable& create, Ddl& node, VSchemaEdit& edit) {
  edit.reference = true;
  if (create.shard_by->source == nullptr) return {};
  Result<std::string> source = source_name(draft, *create.shard_by->source);
  if (!source) return failure(source.error());
  edit.source = *source;
  // One that is there stays as it is.
  if (create.if_not_exists && draft.found->find_table(edit.table) != nullptr) return {};
  std::vector<std::string> columns;
  for (const sql::ColumnDef* column : create.columns) {
    if (column->expression == nullptr) columns.push_back(quoted_name(column->name));
  }
  node.fill = fill_from(*source, whole_name(draft.keyspace, edit.table), columns);
  return {};
}

Result<void> alter_reference(Draft& draft, const sql::AlterTable& alter, Ddl& node) {
  const vschema::Table* table = draft.found->find_table(alter.table->name);
  if (alter.actions.size() > 1 || table == nullptr || table->kind != vschema::Table::Kind::reference) {
    return failure(kUnsupportedYet,
                   "REFERENCE FROM of '" + std::string(alter.table->name) +
                       "' is for a reference table that is there, and alone in its ALTER TABLE");
  }
  Result<std::string> source = source_name(draft, *alter.actions[0]->shard_by->source);
  if (!source) return failure(source.error());
  const Result<const Table*> known = known_table(draft, table->name);
  if (!known) return failure(known.error());
  const Table* schema = *known;
  if (schema == nullptr) return {};
  std::vector<std::string> columns;
  for (const Column& column : schema->columns) {
    if (!column.generated) columns.push_back(quoted_name(column.name));
  }
  node.own_text = false;
  node.text = {};
  node.fill = fill_from(*source, whole_name(draft.keyspace, table->name), columns);
  VSchemaEdit edit;
  edit.kind = VSchemaEdit::Kind::kSetSource;
  edit.keyspace = draft.keyspace;
  edit.table = table->name;
  edit.source = std::move(*source);
  node.edits.push_back(std::move(edit));
  return {};
}

Result<void> require_no_copies(const Draft& draft, std::string_view table) {
  const vschema::ReferenceGroup* group = draft.context.routing->reference_group(draft.keyspace, table);
  if (group == nullptr || group->source.keyspace != draft.keyspace || group->source.table != table) return {};
  const auto& copy = group->copies.front();
  return failure(kSourceOfCopies, "'" + draft.keyspace + "." + std::string(table) + "' is the source of '" +
                                      copy.keyspace + "." + copy.table + "'");
}

void truncate_copies(Draft& draft, std::string_view table, Ddl& node) {
  const vschema::ReferenceGroup* group = draft.context.routing->reference_group(draft.keyspace, table);
  if (group == nullptr) return;
  std::vector<vschema::ReferenceGroup::Member> members = group->copies;
  members.push_back(group->source);
  for (const auto& member : members) {
    if (member.keyspace == draft.keyspace) continue;
    Copy& copy = node.copies.emplace_back(Copy{member.keyspace, {}});
    append_text(copy.text, "truncate table " + whole_name(member.keyspace, member.table), draft);
  }
}

}  // namespace kintsugi::plan::pass
