#include "tablet/schema.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "kintsugi/tablet/v1/tablet.pb.h"
#include "mysql/quote.h"

namespace kintsugi::tablet {
namespace {

/// Everything that a definition consists of, from information_schema, in a fixed order. AUTO_INCREMENT and
/// times are not among it.
constexpr const char* kDefinitions[] = {
    "SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, "
    "COLLATION_NAME,"
    " COLUMN_KEY, EXTRA, GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER "
    "BY 1, 3",
    "SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART, INDEX_TYPE FROM"
    " information_schema.STATISTICS WHERE TABLE_SCHEMA = ? ORDER BY 1, 2, 3",
    "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT FROM"
    " information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1",
    "SELECT TABLE_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_NAME, UPDATE_RULE, DELETE_RULE FROM"
    " information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? ORDER BY 1, 2",
    "SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ? ORDER BY 1",
    "SELECT TRIGGER_NAME, EVENT_MANIPULATION, ACTION_TIMING, EVENT_OBJECT_TABLE, ACTION_STATEMENT FROM"
    " information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ? ORDER BY 1",
    "SELECT ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, ROUTINE_DEFINITION FROM information_schema.ROUTINES"
    " WHERE ROUTINE_SCHEMA = ? ORDER BY 1, 2",
};

std::string with_database(std::string sql, const std::string& database) {
  return sql.replace(sql.find('?'), 1, mysql::quoted(database));
}

/// 64-bit FNV-1a, by Fowler, Noll and Vo: a change of a definition must change it, nobody attacks it.
class Digest {
 public:
  void add(const std::optional<std::string>& cell) {
    byte(cell ? 1 : 2);
    if (cell) {
      for (const char c : *cell) byte(static_cast<unsigned char>(c));
    }
    byte(0);
  }
  std::string hex() const {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(state_ >> shift) & 15];
    return text;
  }

 private:
  void byte(unsigned char value) {
    state_ ^= value;
    state_ *= 0x100000001b3ULL;
  }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

std::string kind_of(const std::string& table_type) {
  if (table_type == "VIEW" || table_type == "SYSTEM VIEW") return "view";
  if (table_type == "SEQUENCE") return "sequence";
  return "table";
}

void fill_columns(const QueryRows& rows, const std::map<std::string, v1::Table*>& tables) {
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const auto table = tables.find(rows.text(row, "TABLE_NAME"));
    if (table == tables.end()) continue;
    v1::Column& column = *table->second->add_columns();
    column.set_name(rows.text(row, "COLUMN_NAME"));
    column.set_type(rows.text(row, "COLUMN_TYPE"));
    column.set_nullable(rows.text(row, "IS_NULLABLE") == "YES");
    column.set_default_(rows.text(row, "COLUMN_DEFAULT"));
    column.set_key(rows.text(row, "COLUMN_KEY"));
    column.set_extra(rows.text(row, "EXTRA"));
    column.set_collation(rows.text(row, "COLLATION_NAME"));
  }
}

}  // namespace

bool is_already_done(int mysql_errno) {
  switch (mysql_errno) {
    case 1007:  // CREATE DATABASE: exists
    case 1008:  // DROP DATABASE: is not there
    case 1050:  // CREATE TABLE: exists
    case 1051:  // DROP TABLE: is not there
    case 1060:  // ADD COLUMN: exists
    case 1061:  // ADD KEY: exists
    case 1068:  // ADD PRIMARY KEY: exists
    case 1091:  // DROP COLUMN or KEY: is not there
      return true;
    default:
      return false;
  }
}

Task<Result<std::string>> schema_digest(ServerSession& session, std::string database, Time deadline) {
  Digest digest;
  bool anything = false;
  for (const char* sql : kDefinitions) {
    Result<QueryRows> rows = co_await session.query(with_database(sql, database), deadline);
    if (!rows) co_return failure(std::move(rows.error()));
    digest.add(std::to_string(rows->rows.size()));
    for (const auto& row : rows->rows) {
      anything = true;
      for (const auto& cell : row) digest.add(cell);
    }
  }
  co_return anything ? digest.hex() : "0";
}

Task<Result<void>> read_schema(ServerSession& session, std::string database, std::vector<std::string> tables,
                               v1::GetSchemaResponse& response, Time deadline) {
  response.set_database(database);
  const Result<QueryRows> listed = co_await session.query(
      "SELECT TABLE_NAME, TABLE_TYPE, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES WHERE "
      "TABLE_SCHEMA = " +
          mysql::quoted(database) + " ORDER BY 1",
      deadline);
  if (!listed) co_return failure(listed.error());
  for (std::size_t row = 0; row < listed->rows.size(); ++row) {
    const std::string name = listed->text(row, "TABLE_NAME");
    if (!tables.empty() && std::find(tables.begin(), tables.end(), name) == tables.end()) continue;
    v1::Table& table = *response.add_tables();
    table.set_name(name);
    table.set_kind(kind_of(listed->text(row, "TABLE_TYPE")));
    table.set_rows_estimate(std::strtoull(listed->text(row, "TABLE_ROWS").c_str(), nullptr, 10));
    table.set_data_bytes(std::strtoull(listed->text(row, "DATA_LENGTH").c_str(), nullptr, 10));
    const Result<QueryRows> shown = co_await session.query(
        "SHOW CREATE TABLE " + mysql::quoted_identifier(database) + '.' + mysql::quoted_identifier(name),
        deadline);
    if (!shown) co_return failure(shown.error());
    table.set_create_statement(shown->text(0, table.kind() == "view" ? "Create View" : "Create Table"));
  }
  const Result<QueryRows> columns = co_await session.query(
      "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, COLUMN_KEY, EXTRA, "
      "COLLATION_NAME FROM"
      " information_schema.COLUMNS WHERE TABLE_SCHEMA = " +
          mysql::quoted(database) + " ORDER BY TABLE_NAME, ORDINAL_POSITION",
      deadline);
  if (!columns) co_return failure(columns.error());
  const Result<QueryRows> keys = co_await session.query(
      "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE INDEX_NAME = 'PRIMARY' AND"
      " TABLE_SCHEMA = " +
          mysql::quoted(database) + " ORDER BY TABLE_NAME, SEQ_IN_INDEX",
      deadline);
  if (!keys) co_return failure(keys.error());
  std::map<std::string, v1::Table*> by_name;
  for (v1::Table& table : *response.mutable_tables()) by_name[table.name()] = &table;
  fill_columns(*columns, by_name);
  for (std::size_t row = 0; row < keys->rows.size(); ++row) {
    const auto table = by_name.find(keys->text(row, "TABLE_NAME"));
    if (table != by_name.end()) table->second->add_primary_key(keys->text(row, "COLUMN_NAME"));
  }
  co_return Result<void>();
}

Task<Result<void>> apply_schema(ServerSession& session, std::string database,
                                const v1::ApplySchemaRequest& request, v1::ApplySchemaResponse& response,
                                Time deadline) {
  const Result<QueryRows> used =
      co_await session.query("USE " + mysql::quoted_identifier(database), deadline);
  if (!used) co_return failure(used.error());
  bool failed = false;
  for (const std::string& statement : request.statements()) {
    v1::StatementResult& result = *response.add_results();
    if (failed) continue;
    const Time begin = Clock::now();
    const Result<QueryRows> done = co_await session.query(statement, deadline);
    result.set_duration_ms(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count()));
    if (done) {
      result.set_outcome(v1::StatementResult::done);
      continue;
    }
    result.set_error(done.error().text());
    result.set_mysql_errno(done.error().mysql_errno());
    if (request.repeatable() && is_already_done(done.error().mysql_errno())) {
      result.set_outcome(v1::StatementResult::already_done);
      continue;
    }
    result.set_outcome(v1::StatementResult::failed);
    failed = true;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::tablet
