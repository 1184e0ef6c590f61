#include "plan/schema.h"

#include <algorithm>
#include <charconv>

#include "base/lower_case.h"

namespace kintsugi::plan {

namespace {

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
    if (equal_names(candidate.name, column)) return &candidate;
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

/// `told`: null for a table that does not exist.
bool Schema::contradicts(const TableKey& key, const Table* told) const {
  const Table* known = find(key.keyspace, key.table);
  if (known == nullptr) return told != nullptr && known_missing(key.keyspace, key.table);
  return told == nullptr || !(*known == *told);
}

bool Schema::learn(std::span<const Entry> tables, std::span<const TableKey> missing) {
  for (const TableKey& key : missing) {
    if (contradicts(key, nullptr)) return false;
  }
  for (const Entry& table : tables) {
    if (contradicts({table->keyspace, table->name}, table.get())) return false;
  }
  for (const TableKey& key : missing) keyspaces_[key.keyspace].emplace(key.table, nullptr);
  for (const Entry& table : tables) keyspaces_[table->keyspace].emplace(table->name, table);
  return true;
}

std::shared_ptr<Schema> Schema::with(std::vector<Entry> tables, std::span<const TableKey> missing) const {
  auto copy = std::make_shared<Schema>(*this);
  for (const TableKey& key : missing) copy->keyspaces_[key.keyspace][key.table] = nullptr;
  for (Entry& table : tables) {
    const Table& key = *table;
    copy->keyspaces_[key.keyspace][key.name] = std::move(table);
  }
  return copy;
}

std::shared_ptr<Schema> Schema::without(std::string_view keyspace, std::string_view table) const {
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

namespace {

constexpr std::string_view kOfTriggers = "event_object_";  // their columns that name tables

/// Constants in each part of the query: servers look into all tables of all databases where a part has none.
std::string chosen_tables(std::string_view prefix, std::string_view keyspace,
                          std::span<const std::string> tables) {
  const bool of_triggers = prefix == kOfTriggers;
  std::string condition = std::string(prefix) + (of_triggers ? "schema = " : "table_schema = ");
  append_quoted(condition, keyspace);
  condition += " and " + std::string(prefix) + (of_triggers ? "table in (" : "table_name in (");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (i > 0) condition += ", ";
    append_quoted(condition, tables[i]);
  }
  return condition + ")";
}

/// For each column the names of the unique keys that it is of, but for those of parts of columns and of
/// expressions.
std::string unique_keys_query(std::string_view keyspace, std::span<const std::string> tables) {
  return "select s.table_name, s.column_name, group_concat(s.index_name order by s.index_name separator '/') "
         "as names "
         "from information_schema.statistics s join (select table_name, index_name "
         "from information_schema.statistics where " +
         chosen_tables({}, keyspace, tables) +
         " and non_unique = 0 and index_name <> 'PRIMARY' group by table_name, index_name "
         "having count(sub_part) = 0 and count(column_name) = count(*)) w "
         "on w.table_name = s.table_name and w.index_name = s.index_name where " +
         chosen_tables("s.", keyspace, tables) + " group by s.table_name, s.column_name";
}

}  // namespace

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
      "ifnull(u.names, ''), ifnull(g.count, 0) "
      "from information_schema.columns c join information_schema.tables t "
      "on t.table_schema = c.table_schema and t.table_name = c.table_name "
      "left join information_schema.key_column_usage k on k.table_schema = c.table_schema "
      "and k.table_name = c.table_name and k.column_name = c.column_name and k.constraint_name = 'PRIMARY' "
      "left join (select event_object_table, count(*) as count from information_schema.triggers where ";
  query += chosen_tables(kOfTriggers, keyspace, tables) +
           " group by event_object_table) g on g.event_object_table = c.table_name "
           "left join (select table_name, view_definition, is_updatable, check_option from "
           "information_schema.views where " +
           chosen_tables({}, keyspace, tables) + ") v on v.table_name = c.table_name left join (" +
           unique_keys_query(keyspace, tables) +
           ") u on u.table_name = c.table_name and u.column_name = c.column_name where " +
           chosen_tables("c.", keyspace, tables) + " order by c.table_name, c.ordinal_position";
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
    table->triggers = !cells[18].empty() && cells[18] != "0";
    tables_.push_back(std::move(table));
    key_positions_.clear();
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
    const auto known = std::ranges::find(table.unique_key_names, name);
    const auto at = static_cast<std::size_t>(known - table.unique_key_names.begin());
    if (known == table.unique_key_names.end()) {
      table.unique_key_names.emplace_back(name);
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
