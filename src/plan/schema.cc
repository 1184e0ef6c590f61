#include "plan/schema.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace kintsugi::plan {

namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (char c : text) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  out += '\'';
}

ColumnClass class_of(std::string_view type) {
  static constexpr std::pair<std::string_view, ColumnClass> kClasses[] = {
      {"tinyint", ColumnClass::kInteger},   {"smallint", ColumnClass::kInteger},
      {"mediumint", ColumnClass::kInteger}, {"int", ColumnClass::kInteger},
      {"bigint", ColumnClass::kInteger},    {"char", ColumnClass::kText},
      {"varchar", ColumnClass::kText},      {"tinytext", ColumnClass::kText},
      {"text", ColumnClass::kText},         {"mediumtext", ColumnClass::kText},
      {"longtext", ColumnClass::kText},     {"binary", ColumnClass::kBinary},
      {"varbinary", ColumnClass::kBinary},  {"tinyblob", ColumnClass::kBinary},
      {"blob", ColumnClass::kBinary},       {"mediumblob", ColumnClass::kBinary},
      {"longblob", ColumnClass::kBinary},   {"date", ColumnClass::kDate},
  };
  for (const auto& [name, type_class] : kClasses) {
    if (name == type) return type_class;
  }
  return ColumnClass::kOther;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

const Column* Table::find(std::string_view column) const {
  for (const Column& candidate : columns) {
    if (same_name(candidate.name, column)) return &candidate;
  }
  return nullptr;
}

const Table* Schema::find(std::string_view keyspace, std::string_view table) const {
  auto tables = keyspaces_.find(keyspace);
  if (tables == keyspaces_.end()) return nullptr;
  auto entry = tables->second.find(table);
  return entry == tables->second.end() ? nullptr : entry->second.get();
}

bool Schema::known_missing(std::string_view keyspace, std::string_view table) const {
  auto tables = keyspaces_.find(keyspace);
  if (tables == keyspaces_.end()) return false;
  auto entry = tables->second.find(table);
  return entry != tables->second.end() && entry->second == nullptr;
}

std::shared_ptr<const Schema> Schema::with(std::vector<Entry> tables,
                                           std::span<const TableKey> missing) const {
  auto copy = std::make_shared<Schema>(*this);
  for (const TableKey& key : missing) copy->keyspaces_[key.keyspace][key.table] = nullptr;
  for (Entry& table : tables) {
    const Table& key = *table;
    copy->keyspaces_[key.keyspace][key.name] = std::move(table);
  }
  return copy;
}

std::shared_ptr<const Schema> Schema::without(std::string_view keyspace, std::string_view table) const {
  auto copy = std::make_shared<Schema>(*this);
  auto tables = copy->keyspaces_.find(keyspace);
  if (tables == copy->keyspaces_.end()) return copy;
  if (table.empty()) {
    copy->keyspaces_.erase(tables);
  } else if (auto entry = tables->second.find(table); entry != tables->second.end()) {
    tables->second.erase(entry);
  }
  return copy;
}

std::string schema_query(std::string_view keyspace, std::span<const std::string> tables) {
  std::string query =
      "select c.table_schema, c.table_name, t.table_type, c.column_name, c.data_type, "
      // MariaDB has JSON as texts that are checked.
      "/*M! if(c.data_type = 'longtext' and exists (select 1 from information_schema.check_constraints x "
      "where x.constraint_schema = c.table_schema and x.table_name = c.table_name and x.level = 'Column' "
      "and x.constraint_name = c.column_name and x.check_clause like 'json_valid(%'), 'json', */ "
      "c.column_type /*M! ) */, "
      "c.is_nullable, "
      "c.extra, ifnull(c.collation_name, ''), "
      "ifnull(if(c.collation_name is null, c.character_octet_length, c.character_maximum_length), 0), "
      "c.column_default is not null and c.column_default <> 'NULL', "
      "ifnull(k.ordinal_position, 0), ifnull(c.generation_expression, '') <> '', "
      // MySQL tells a literal without its quotes.
      "ifnull(if(version() like '%MariaDB%' or c.extra like '%DEFAULT_GENERATED%', c.column_default, "
      "quote(c.column_default)), ''), "
      "ifnull(v.view_definition, ''), ifnull(v.is_updatable, 'NO'), ifnull(v.check_option, 'NONE'), "
      "ifnull((select group_concat(s.index_name separator '/') from information_schema.statistics s "
      "where s.table_schema = c.table_schema and s.table_name = c.table_name and s.column_name = "
      "c.column_name "
      "and s.non_unique = 0 and s.index_name <> 'PRIMARY' and not exists (select 1 from "
      "information_schema.statistics p where p.table_schema = s.table_schema and p.table_name = s.table_name "
      "and p.index_name = s.index_name and (p.sub_part is not null or p.column_name is null))), '') "
      "from information_schema.columns c join information_schema.tables t "
      "on t.table_schema = c.table_schema and t.table_name = c.table_name "
      "left join information_schema.key_column_usage k on k.table_schema = c.table_schema "
      "and k.table_name = c.table_name and k.column_name = c.column_name and k.constraint_name = 'PRIMARY' "
      "left join information_schema.views v on v.table_schema = c.table_schema "
      "and v.table_name = c.table_name "
      "where c.table_schema = ";
  append_quoted(query, keyspace);
  query += " and c.table_name in (";
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (i > 0) query += ", ";
    append_quoted(query, tables[i]);
  }
  query += ") order by c.table_name, c.ordinal_position";
  return query;
}

Result<void> SchemaReader::add_row(std::span<const std::string_view> cells) {
  if (cells.size() != kSchemaQueryColumns) {
    return failure(kInternal, "a row of the schema query has " + std::to_string(cells.size()) + " columns");
  }
  if (tables_.empty() || tables_.back()->keyspace != cells[0] || tables_.back()->name != cells[1]) {
    auto table = std::make_shared<Table>();
    table->keyspace = cells[0];
    table->name = cells[1];
    table->view = contains(cells[2], "VIEW");
    table->definition = cells[14];
    table->updatable = cells[15] == "YES";
    table->checked = !cells[16].empty() && cells[16] != "NONE";
    tables_.push_back(std::move(table));
    key_positions_.clear();
    key_names_.clear();
  }
  Table& table = *tables_.back();
  Column column;
  column.name = cells[3];
  column.type = cells[4];
  column.declared = cells[5];
  column.type_class = class_of(cells[4]);
  column.is_unsigned = contains(cells[5], "unsigned");
  column.nullable = cells[6] == "YES";
  column.auto_increment = contains(cells[7], "auto_increment");
  column.invisible = contains(cells[7], "INVISIBLE");
  column.collation = cells[8];
  std::from_chars(cells[9].data(), cells[9].data() + cells[9].size(), column.length);
  column.has_default = cells[10] == "1";
  column.generated = cells[12] == "1";
  if (column.has_default) column.default_sql = cells[13];
  int key_position = 0;
  std::from_chars(cells[11].data(), cells[11].data() + cells[11].size(), key_position);
  if (key_position > 0) {
    auto at = std::upper_bound(key_positions_.begin(), key_positions_.end(), key_position);
    table.primary_key.insert(table.primary_key.begin() + (at - key_positions_.begin()), column.name);
    key_positions_.insert(at, key_position);
  }
  add_to_keys(table, column.name, cells[17]);
  table.columns.push_back(std::move(column));
  return {};
}

void SchemaReader::add_to_keys(Table& table, const std::string& column, std::string_view names) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find('/'));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    const auto known = std::ranges::find(key_names_, name);
    const auto at = static_cast<std::size_t>(known - key_names_.begin());
    if (known == key_names_.end()) {
      key_names_.emplace_back(name);
      table.unique_keys.emplace_back();
    }
    table.unique_keys[at].push_back(column);
  }
}

std::vector<Schema::Entry> SchemaReader::take() {
  std::vector<Schema::Entry> tables(tables_.begin(), tables_.end());
  tables_.clear();
  return tables;
}

}  // namespace kintsugi::plan
