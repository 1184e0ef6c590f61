#include <algorithm>
#include <set>

#include "plan/pass/global_keys.h"
#include "sql/printer.h"

// Unique keys that are unique on all shards: each has a look-up table, which is made with its table.

namespace kintsugi::plan::pass {

const sql::ColumnDef* created_column(const sql::CreateTable& create, std::string_view name) {
  for (const sql::ColumnDef* column : create.columns) {
    if (same_column(column->name, name)) return column;
  }
  return nullptr;
}

std::string_view first_key_column(const sql::CreateTable& create) {
  for (const sql::ColumnDef* column : create.columns) {
    if (column->key == sql::ColumnKey::kPrimary) return column->name;
  }
  for (const sql::KeyDef* key : create.keys) {
    if (key->key == sql::KeyKind::kPrimary && !key->parts.empty()) return key->parts.front()->column;
  }
  return {};
}

namespace {

constexpr std::size_t kNameMax = 64;

/// The columns of the table's unique key of this name; none: there is no such key. Servers name a key that is
/// given no name by its first column.
std::vector<std::string> key_columns(const sql::CreateTable& create, std::string_view name) {
  for (const sql::KeyDef* key : create.keys) {
    if (key->key != sql::KeyKind::kUnique || key->parts.empty()) continue;
    const std::string_view given = key->name.empty() ? key->constraint : key->name;
    const std::string_view own = given.empty() ? key->parts.front()->column : given;
    if (!same_column(own, name)) continue;
    std::vector<std::string> columns;
    for (const sql::KeyPart* part : key->parts) {
      if (part->length >= 0 || part->expression != nullptr) return {};
      columns.emplace_back(part->column);
    }
    return columns;
  }
  for (const sql::ColumnDef* column : create.columns) {
    if (column->key == sql::ColumnKey::kUnique && same_column(column->name, name))
      return {std::string(column->name)};
  }
  return {};
}

/// Character set and collation, which decide what is a duplicate.
std::string collation_of(const sql::CreateTable& create) {
  std::string out;
  for (const sql::Option* option : create.options) {
    if (option->name == "character set" || option->name == "collate") out += " " + sql::print(*option);
  }
  return out;
}

Result<std::string> definition(const sql::CreateTable& create, const std::string& keyspace,
                               const std::string& name, const std::vector<std::string>& columns) {
  std::string text = create.or_replace ? "create or replace table " : "create table if not exists ";
  text += quoted_name(keyspace) + "." + quoted_name(name) + " (";
  std::string key;
  for (const std::string& each : columns) {
    const sql::ColumnDef* column = created_column(create, each);
    if (column == nullptr || column->type == nullptr || column->expression != nullptr)
      return failure(kUnsupportedYet,
                     "GLOBAL UNIQUE of column '" + each + "', which is generated or not there");
    text += quoted_name(column->name) + " " + sql::print(*column->type) + " not null, ";
    key += (key.empty() ? "" : ", ") + quoted_name(column->name);
  }
  return text + "keyspace_id varbinary(64) not null, primary key (" + key + "))" + collation_of(create);
}

}  // namespace

std::string placing_type(std::string_view type, bool binary) {
  static const std::set<std::string_view> kExact = {"tinyint", "smallint",  "mediumint", "int", "bigint",
                                                    "binary",  "varbinary", "boolean",   "date"};
  static const std::set<std::string_view> kTexts = {"char", "varchar"};
  if (kExact.contains(type)) return "xxhash";
  if (kTexts.contains(type)) return binary ? "xxhash" : "unicode_loose_xxhash";
  return {};
}

bool holds_sharding_key(std::span<const std::string> key, std::span<const std::string> sharding) {
  return std::ranges::all_of(sharding, [key](const std::string& column) {
    return std::ranges::any_of(key, [&column](const std::string& each) { return same_column(each, column); });
  });
}

std::string quoted_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' || c == '\\' ? 2 : 1, c);
  return out + "'";
}

std::string quoted_name(std::string_view name) {
  std::string out;
  sql::print_name(out, name, {});
  return out;
}

void append_global_keys(Draft& draft, std::string_view table, const std::string& verb,
                        std::vector<Text>& to) {
  const vschema::Table* found = draft.found->find_table(table);
  if (found == nullptr) return;
  for (const vschema::TableVindex& vindex : found->vindexes) {
    if (!vindex.owned || !vschema::is_global_key_table(vindex.lookup_table)) continue;
    append_text(to.emplace_back(),
                verb + quoted_name(draft.keyspace) + "." + quoted_name(vindex.lookup_table), draft);
  }
}

Result<std::vector<Text>> make_global_keys(Draft& draft, const sql::CreateTable& create, VSchemaEdit& edit) {
  std::vector<Text> made;
  if (create.if_not_exists && draft.found->find_table(edit.table) != nullptr) return made;
  for (const std::string_view name : create.shard_by->global_keys) {
    vschema::GlobalKey key{std::string(name), key_columns(create, name), {}};
    if (key.columns.empty())
      return failure(kUnknownColumn,
                     "GLOBAL UNIQUE: the table has no unique key '" + key.name + "' of whole columns");
    if (holds_sharding_key(key.columns, edit.columns)) continue;  // it is unique on all shards as it is
    const std::string table = vschema::global_key_table(edit.table, key.name);
    if (table.size() > kNameMax)
      return failure(kUnsupportedYet,
                     "GLOBAL UNIQUE: the name '" + table + "' of its look-up table is too long");
    const Result<std::string> text = definition(create, draft.keyspace, table, key.columns);
    if (!text) return failure(text.error());
    append_text(made.emplace_back(), *text, draft);
    const sql::ColumnDef* first = created_column(create, key.columns.front());
    key.vindex_type = placing_type(first->type->name, first->type->charset == "binary");
    edit.global_keys.push_back(std::move(key));
  }
  return made;
}

}  // namespace kintsugi::plan::pass
