#include "plan/pass/trigger_rows.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  return out;
}

/// In the order of the tables' names.
std::map<std::string, const vschema::Table*> tables_with_triggers(const vschema::Keyspace& keyspace) {
  std::map<std::string, const vschema::Table*> tables;
  for (const auto& [name, table] : keyspace.tables()) {
    if (!table.triggers.empty()) tables.emplace(name, &table);
  }
  return tables;
}

/// Servers run theirs first, as far as rows of AFTER tell; those of BEFORE were made later than the gate's.
std::string row(const vschema::Table& table, const vschema::TriggerSpec& trigger, int position) {
  const std::string schema = quoted_text(table.keyspace), name = quoted_text(table.name);
  const std::string event = quoted_text(upper(trigger.event));
  return fmt::format(
      "select 'def' as TRIGGER_CATALOG, {0} as TRIGGER_SCHEMA, {1} as TRIGGER_NAME, {2} as "
      "EVENT_MANIPULATION, "
      "'def' as EVENT_OBJECT_CATALOG, {0} as EVENT_OBJECT_SCHEMA, {3} as EVENT_OBJECT_TABLE, "
      "(select count(*) from information_schema.TRIGGERS where EVENT_OBJECT_SCHEMA = {0} and "
      "EVENT_OBJECT_TABLE = {3} and EVENT_MANIPULATION = {2} and ACTION_TIMING = {12}) + {4} as "
      "ACTION_ORDER, "
      "null as ACTION_CONDITION, {5} as ACTION_STATEMENT, 'ROW' as ACTION_ORIENTATION, {12} as "
      "ACTION_TIMING, "
      "null as ACTION_REFERENCE_OLD_TABLE, null as ACTION_REFERENCE_NEW_TABLE, 'OLD' as "
      "ACTION_REFERENCE_OLD_ROW, "
      "'NEW' as ACTION_REFERENCE_NEW_ROW, {6} as CREATED, {7} as SQL_MODE, {8} as DEFINER, {9} as "
      "CHARACTER_SET_CLIENT, {10} as COLLATION_CONNECTION, {11} as DATABASE_COLLATION",
      schema, quoted_text(trigger.name), event, name, position, quoted_text(trigger.body),
      quoted_text(trigger.created), quoted_text(trigger.sql_mode), quoted_text(trigger.definer),
      quoted_text(trigger.character_set_client), quoted_text(trigger.collation_connection),
      quoted_text(trigger.database_collation), quoted_text(upper(trigger.time)));
}

std::string account(std::string_view definer) {
  const std::size_t at = definer.rfind('@');
  const auto quoted = [](std::string_view name) { return fmt::format("`{}`", name); };
  return at == definer.npos ? quoted(definer)
                            : quoted(definer.substr(0, at)) + "@" + quoted(definer.substr(at + 1));
}

}  // namespace

std::string trigger_rows(const vschema::Keyspace& keyspace) {
  std::string query;
  for (const auto& [name, table] : tables_with_triggers(keyspace)) {
    std::map<std::string, int> positions;
    for (const vschema::TriggerSpec& trigger : table->triggers)
      query += (query.empty() ? "" : " union all ") +
               row(*table, trigger, ++positions[trigger.time + trigger.event]);
  }
  return query;
}

std::string create_trigger_row(const vschema::Keyspace& keyspace, std::string_view name) {
  for (const auto& [of, table] : keyspace.tables()) {
    const vschema::TriggerSpec* trigger = vschema::find_trigger(table.triggers, name);
    if (trigger == nullptr) continue;
    const std::string create =
        fmt::format("CREATE DEFINER={} TRIGGER {} {} {} ON {} FOR EACH ROW {}", account(trigger->definer),
                    quoted_name(trigger->name), upper(trigger->time), upper(trigger->event), quoted_name(of),
                    trigger->body);
    return fmt::format(
        "select {} as `Trigger`, {} as `sql_mode`, {} as `SQL Original Statement`, {} as "
        "`character_set_client`, {} as `collation_connection`, {} as `Database Collation`, {} as `Created`",
        quoted_text(trigger->name), quoted_text(trigger->sql_mode), quoted_text(create),
        quoted_text(trigger->character_set_client), quoted_text(trigger->collation_connection),
        quoted_text(trigger->database_collation), quoted_text(trigger->created));
  }
  return {};
}

std::string triggers_query(std::string_view keyspace) {
  return "select TRIGGER_NAME as `Trigger`, EVENT_MANIPULATION as `Event`, EVENT_OBJECT_TABLE as `Table`, "
         "ACTION_STATEMENT as `Statement`, ACTION_TIMING as `Timing`, CREATED as `Created`, SQL_MODE as "
         "`sql_mode`, DEFINER as `Definer`, CHARACTER_SET_CLIENT as `character_set_client`, "
         "COLLATION_CONNECTION as `collation_connection`, DATABASE_COLLATION as `Database Collation` from "
         "information_schema.TRIGGERS where TRIGGER_SCHEMA = " +
         quoted_text(keyspace);
}

}  // namespace kintsugi::plan::pass
