#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace kintsugi::plan {

/// What the planner asks of a column's type: how values compare, hence which of them may be routed by.
enum class ColumnClass : std::uint8_t {
  kInteger,  ///< tinyint to bigint, year not
  kText,     ///< char, varchar, the text types
  kBinary,   ///< binary, varbinary, the blob types
  kDate,
  kOther,  ///< the rest: never routed by
};

struct Column {
  std::string name;      ///< as created; names of columns compare without regard to case
  std::string type;      ///< information_schema's data_type, lower case: "bigint"
  std::string declared;  ///< its column_type: "bigint(20) unsigned", "enum('a','b')"
  ColumnClass type_class = ColumnClass::kOther;
  bool is_unsigned = false;
  bool nullable = true;
  bool auto_increment = false;
  bool has_default = false;
  bool generated = false;
  bool invisible = false;
  std::string default_sql;   ///< the value of has_default, as an expression
  std::string collation;     ///< of kText
  std::uint64_t length = 0;  ///< characters of kText, bytes of kBinary

  bool operator==(const Column&) const = default;
};

struct Table {
  std::string keyspace;
  std::string name;
  bool view = false;
  std::string definition;                ///< of a view: its query
  bool updatable = false;                ///< of a view
  bool checked = false;                  ///< of a view: it has a CHECK OPTION
  bool triggers = false;                 ///< it has some
  std::vector<Column> columns;           ///< in order of position
  std::vector<std::string> primary_key;  ///< its columns, in order of the key
  /// The columns of each other unique key, in no order; those over parts of texts are left out.
  std::vector<std::vector<std::string>> unique_keys;
  std::vector<std::string> unique_key_names;  ///< of these

  /// Without regard to case; null if there is none.
  const Column* find(std::string_view column) const;
  bool operator==(const Table&) const = default;
};

struct TableKey {
  std::string keyspace;
  std::string table;
  auto operator<=>(const TableKey&) const = default;
};

/// The tables known so far. It only ever learns what it did not know: whatever was planned against it stays
/// right, and its Tables stay where they are; another definition of a table makes another Schema. Read by any
/// thread while it does not learn.
class Schema {
 public:
  using Entry = std::shared_ptr<const Table>;

  /// Null if it was not loaded yet.
  const Table* find(std::string_view keyspace, std::string_view table) const;
  /// Loaded, and found not to exist.
  bool known_missing(std::string_view keyspace, std::string_view table) const;

  /// Adds what was not known. False, and nothing is changed, where one of them is known to be otherwise.
  [[nodiscard]] bool learn(std::span<const Entry> tables, std::span<const TableKey> missing = {});
  /// With `tables` added or replaced, and `missing` remembered as not existing.
  std::shared_ptr<Schema> with(std::vector<Entry> tables, std::span<const TableKey> missing = {}) const;
  /// Without a table (after DDL), or without all of a keyspace if `table` is empty.
  std::shared_ptr<Schema> without(std::string_view keyspace, std::string_view table = {}) const;

 private:
  bool contradicts(const TableKey& key, const Table* told) const;

  using Tables = std::map<std::string, Entry, std::less<>>;  ///< null: known not to exist
  std::map<std::string, Tables, std::less<>> keyspaces_;
};

/// The query that reads tables of one keyspace from a server: its rows go to SchemaReader, in order.
std::string schema_query(std::string_view keyspace, std::span<const std::string> tables);
inline constexpr std::size_t kSchemaQueryColumns = 19;

/// Makes Tables of the rows of schema_query().
class SchemaReader {
 public:
  /// One row: kSchemaQueryColumns cells as text, "" for NULL. kInternal if the row has another width.
  Result<void> add_row(std::span<const std::string_view> cells);
  std::vector<Schema::Entry> take();

 private:
  void add_to_keys(Table& table, const std::string& column, std::string_view names);

  std::vector<std::shared_ptr<Table>> tables_;
  std::vector<int> key_positions_;  ///< of the last table's primary_key so far
};

}  // namespace kintsugi::plan
