#include "plan/pass/shown.h"

#include <fmt/format.h>

#include "plan/pass/draft.h"
#include "plan/pass/trigger_rows.h"
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

constexpr std::string_view kIndex =
    "select TABLE_NAME as `Table`, NON_UNIQUE as `Non_unique`, INDEX_NAME as `Key_name`, SEQ_IN_INDEX as "
    "`Seq_in_index`, COLUMN_NAME as `Column_name`, COLLATION as `Collation`, CARDINALITY as `Cardinality`, "
    "SUB_PART as `Sub_part`, {} as `Packed`, NULLABLE as `Null`, INDEX_TYPE as `Index_type`, COMMENT as "
    "`Comment`, INDEX_COMMENT as `Index_comment`, {} from information_schema.STATISTICS where TABLE_SCHEMA = "
    "{} "
    "and TABLE_NAME = {}";

/// Rows are shown in the order in which servers tell of them.
std::string index_query(const sql::Show& show, std::string_view keyspace, bool mariadb) {
  const char* own = mariadb ? "IGNORED as `Ignored`" : "IS_VISIBLE as `Visible`, EXPRESSION as `Expression`";
  return fmt::format(kIndex, mariadb ? "PACKED" : "NULL", own, quoted_text(keyspace),
                     quoted_text(show.name->name));
}

std::string status_query(const sql::Show& show, std::string_view keyspace) {
  std::string query(kTableStatus);
  query += quoted_text(keyspace);
  if (show.like != nullptr) query += " and TABLE_NAME like " + sql::print(*show.like);
  return query;
}

/// A table that has no entry is told of by any shard, or is not there.
bool is_of_table(const sql::Show& show, const PlanContext& context, const vschema::Keyspace& keyspace) {
  return show.name != nullptr && find_temporary(context, *show.name) == nullptr &&
         keyspace.find_table(show.name->name) != nullptr;
}

/// Of triggers where gates run some; empty: any shard tells of all.
std::string query_of_triggers(const sql::Show& show, const vschema::Keyspace& keyspace) {
  if (show.what == "create trigger" && show.name != nullptr)
    return create_trigger_row(keyspace, show.name->name);
  if (show.what != "triggers" || trigger_rows(keyspace).empty()) return {};
  std::string query = triggers_query(keyspace.name());
  if (show.like != nullptr) query += " and EVENT_OBJECT_TABLE like " + sql::print(*show.like);
  if (show.where != nullptr)
    return fmt::format("select * from ({}) as shown where {}", query, sql::print(*show.where));
  return query +
         " order by EVENT_OBJECT_TABLE, field(EVENT_MANIPULATION, 'INSERT', 'UPDATE', 'DELETE'), "
         "field(ACTION_TIMING, 'BEFORE', 'AFTER'), ACTION_ORDER";
}

Result<const sql::Statement*> parsed(std::string_view query, sql::Arena& arena) {
  Result<sql::Statement*> statement = sql::parse(arena.copy(query), arena);
  if (!statement) return failure(statement.error());
  return *statement;
}

}  // namespace

Result<const sql::Statement*> shown_query(const sql::Statement& statement, const PlanContext& context,
                                          sql::Arena& arena) {
  const auto* show = sql::as<sql::Show>(&statement);
  if (show == nullptr || !context.shard.empty()) return nullptr;
  const bool index = show->what == "index";
  const std::string_view said =
      show->name == nullptr || show->name->schema.empty() ? show->database : show->name->schema;
  const std::string_view name = said.empty() ? std::string_view(context.keyspace) : said;
  const vschema::Keyspace* keyspace = context.routing->find_keyspace(name);
  if (keyspace == nullptr) return nullptr;
  if (const std::string triggers = query_of_triggers(*show, *keyspace); !triggers.empty())
    return parsed(triggers, arena);
  if ((!index && show->what != "table status") || keyspace->shards(context.type).size() < 2) return nullptr;
  if (index && (show->extended || !is_of_table(*show, context, *keyspace))) return nullptr;
  std::string query = index ? index_query(*show, name, context.mariadb) : status_query(*show, name);
  if (show->where != nullptr)
    query = fmt::format("select * from ({}) as shown where {}", query, sql::print(*show->where));
  if (!index) query += " order by Name";
  return parsed(query, arena);
}

}  // namespace kintsugi::plan::pass
