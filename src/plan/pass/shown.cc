#include "plan/pass/shown.h"

#include <fmt/format.h>

#include "plan/pass/draft.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan::pass {

namespace {

constexpr std::string_view kTableStatus =
    "select TABLE_NAME as `Name`, ENGINE as `Engine`, VERSION as `Version`, ROW_FORMAT as `Row_format`, "
    "TABLE_ROWS as "
    "`Rows`, AVG_ROW_LENGTH as `Avg_row_length`, DATA_LENGTH as `Data_length`, MAX_DATA_LENGTH as "
    "`Max_data_length`, "
    "INDEX_LENGTH as `Index_length`, DATA_FREE as `Data_free`, AUTO_INCREMENT as `Auto_increment`, "
    "CREATE_TIME as "
    "`Create_time`, UPDATE_TIME as `Update_time`, CHECK_TIME as `Check_time`, TABLE_COLLATION as "
    "`Collation`, CHECKSUM "
    "as `Checksum`, CREATE_OPTIONS as `Create_options`, TABLE_COMMENT as `Comment` from "
    "information_schema.TABLES where "
    "TABLE_SCHEMA = ";

}  // namespace

Result<const sql::Statement*> shown_query(const sql::Statement& statement, const PlanContext& context,
                                          sql::Arena& arena) {
  const auto* show = sql::as<sql::Show>(&statement);
  if (show == nullptr || show->what != "table status" || !context.shard.empty()) return nullptr;
  const std::string_view name = show->database.empty() ? std::string_view(context.keyspace) : show->database;
  const vschema::Keyspace* keyspace = context.routing->find_keyspace(name);
  if (keyspace == nullptr || keyspace->shards(context.type).size() < 2) return nullptr;
  std::string query(kTableStatus);
  query += quoted_text(name);
  if (show->like != nullptr) query += " and TABLE_NAME like " + sql::print(*show->like);
  if (show->where != nullptr)
    query = fmt::format("select * from ({}) as status where {}", query, sql::print(*show->where));
  query += " order by Name";
  Result<sql::Statement*> parsed = sql::parse(arena.copy(query), arena);
  if (!parsed) return failure(parsed.error());
  return *parsed;
}

}  // namespace kintsugi::plan::pass
