#include "plan/declared_schema.h"

#include <algorithm>
#include <array>

#include "sql/printer.h"

namespace kintsugi::plan {

namespace {

std::string default_collation(std::string_view charset, std::string_view of_server) {
  if (charset == "binary") return "binary";
  if (charset == "latin1") return "latin1_swedish_ci";
  if (charset.empty() || of_server.starts_with(std::string(charset) + "_")) return std::string(of_server);
  if (charset == "utf8") charset = "utf8mb3";
  return std::string(charset) + "_general_ci";
}

std::string word_of(const sql::Expr* value) {
  if (const auto* literal = sql::as<sql::Literal>(value)) return std::string(literal->text);
  return value == nullptr || sql::is<sql::Default>(value) ? std::string() : sql::print(*value);
}

/// Of text columns that name none of their own.
std::string table_collation(const sql::CreateTable& create, std::string_view of_server) {
  std::string charset, collation;
  for (const sql::Option* option : create.options) {
    if (option->name == "character set") charset = word_of(option->value);
    if (option->name == "collate") collation = word_of(option->value);
  }
  return collation.empty() ? default_collation(charset, of_server) : collation;
}

bool is_text(std::string_view type) {
  return type == "char" || type == "varchar" || type.ends_with("text") || type == "enum" || type == "set";
}

std::string column_collation(const sql::DataType& type, const std::string& of_table) {
  if (!is_text(type.name)) return {};
  if (!type.collation.empty()) return std::string(type.collation);
  if (!type.binary) return type.charset.empty() ? of_table : default_collation(type.charset, of_table);
  const std::string charset =
      type.charset.empty() ? of_table.substr(0, of_table.find('_')) : std::string(type.charset);
  return charset + "_bin";
}

std::int64_t length_of(const sql::DataType& type) {
  if (type.size >= 0) return type.size;
  if (type.name == "char" || type.name == "binary") return 1;
  if (type.name.starts_with("tiny")) return 255;
  return type.name == "text" || type.name == "blob" ? 65'535 : 0;
}

std::vector<std::string_view> primary_key(const sql::CreateTable& create) {
  std::vector<std::string_view> columns;
  for (const sql::ColumnDef* column : create.columns) {
    if (column->key == sql::ColumnKey::kPrimary) columns.push_back(column->name);
  }
  for (const sql::KeyDef* key : create.keys) {
    if (key->key != sql::KeyKind::kPrimary) continue;
    for (const sql::KeyPart* part : key->parts) columns.push_back(part->column);
  }
  return columns;
}

}  // namespace

Result<Schema::Entry> declared_table(const sql::CreateTable& create, std::string_view keyspace,
                                     std::string_view collation) {
  if (create.like != nullptr || create.query != nullptr) {
    return failure(kInvalidArgument, "the columns of table '" + std::string(create.table->name) +
                                         "' are not in its CREATE TABLE: write them out");
  }
  const std::string of_table = table_collation(create, collation);
  const std::vector<std::string_view> key = primary_key(create);
  SchemaReader reader;
  for (const sql::ColumnDef* column : create.columns) {
    const sql::DataType& type = *column->type;
    const auto in_key = std::ranges::find(key, column->name);
    const std::string position = in_key == key.end() ? "0" : std::to_string(in_key - key.begin() + 1);
    const std::string declared = sql::print(type);
    const std::string own_collation = column_collation(type, of_table);
    const std::string length = std::to_string(length_of(type));
    const bool nullable = column->nullable != sql::Tristate::kNo && in_key == key.end();
    const std::string extra =
        std::string(column->auto_increment ? "auto_increment " : "") + (column->invisible ? "INVISIBLE" : "");
    const std::array<std::string_view, kSchemaQueryColumns> row = {
        keyspace,
        create.table->name,
        "BASE TABLE",
        column->name,
        type.name,
        declared,
        nullable ? "YES" : "NO",
        extra,
        own_collation,
        length,
        column->default_value != nullptr ? "1" : "0",
        position,
        column->expression != nullptr ? "1" : "0"};
    if (Result<void> added = reader.add_row(row); !added) return failure(added.error());
  }
  std::vector<Schema::Entry> tables = reader.take();
  if (tables.empty()) {
    return failure(kInvalidArgument, "table '" + std::string(create.table->name) + "' has no columns");
  }
  return tables.front();
}

}  // namespace kintsugi::plan
