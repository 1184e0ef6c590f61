#include "plan/pass/row_triggers.h"

#include <algorithm>

#include "plan/pass/foreign_keys.h"

namespace kintsugi::plan::pass {

namespace {

using Columns = std::vector<RowTriggers::Column>;

constexpr std::uint16_t kUnknownColumnOfRow = 1054;

std::size_t place_of(const Columns& columns, std::string_view name) {
  const auto same = [name](const RowTriggers::Column& known) { return same_column(known.name, name); };
  return static_cast<std::size_t>(std::ranges::find_if(columns, same) - columns.begin());
}

void add_set(const vschema::TriggerSpec& trigger, RowTriggers& triggers) {
  for (const std::string& name : trigger.set_columns) {
    const std::size_t place = place_of(triggers.new_columns, name);
    if (place < triggers.new_columns.size() && std::ranges::find(triggers.set, place) == triggers.set.end())
      triggers.set.push_back(place);
  }
}

Result<void> add_columns(const std::vector<std::string>& named, const Table& table, const char* row,
                         Columns& columns) {
  for (const std::string& name : named) {
    const Column* column = table.find(name);
    if (column == nullptr)
      return failure(
          table_error(kUnknownColumnOfRow, "42S22", "Unknown column '" + name + "' in '" + row + "'"));
    if (place_of(columns, column->name) < columns.size()) continue;
    std::string type = column->declared;
    if (column->type_class == ColumnClass::kText) type += " collate " + column->collation;
    columns.push_back({column->name, std::move(type)});
  }
  return {};
}

}  // namespace

bool fires_triggers(const Draft& draft, const vschema::Table* table, std::string_view event) {
  return table != nullptr && draft.context.triggers && draft.context.shard.empty() &&
         std::ranges::find(table->triggers, event, &vschema::TriggerSpec::event) != table->triggers.end();
}

std::string triggers_of(const Draft& draft, const vschema::Table& table, std::string_view event) {
  if (!fires_triggers(draft, &table, event)) return {};
  return "the gate runs triggers of table '" + table.name + "' for each row";
}

Result<std::shared_ptr<const RowTriggers>> row_triggers(const Draft& draft, const TableEntry& entry,
                                                        std::string_view time, std::string_view event) {
  if (!fires_triggers(draft, entry.routing, event)) return nullptr;
  auto made = std::make_shared<RowTriggers>();
  made->keyspace = entry.keyspace;
  made->table = entry.server_name;
  for (const vschema::TriggerSpec& trigger : entry.routing->triggers) {
    if (trigger.event != event || trigger.time != time) continue;
    made->triggers.push_back(trigger);
    Result<void> done = add_columns(trigger.old_columns, *entry.schema, "OLD", made->old_columns);
    if (done) done = add_columns(trigger.new_columns, *entry.schema, "NEW", made->new_columns);
    if (!done) return failure(done.error());
  }
  if (made->triggers.empty()) return nullptr;
  for (const vschema::TriggerSpec& trigger : made->triggers) add_set(trigger, *made);
  return made;
}

std::optional<std::size_t> set_place(const RowTriggers* triggers, std::string_view column) {
  const std::optional<std::size_t> place = new_place(triggers, column);
  if (!place) return std::nullopt;
  const auto found = std::ranges::find(triggers->set, *place);
  if (found == triggers->set.end()) return std::nullopt;
  return static_cast<std::size_t>(found - triggers->set.begin());
}

std::optional<std::size_t> new_place(const RowTriggers* triggers, std::string_view column) {
  if (triggers == nullptr) return std::nullopt;
  const std::size_t place = place_of(triggers->new_columns, column);
  return place < triggers->new_columns.size() ? std::optional(place) : std::nullopt;
}

Result<std::string> select_new_row(const RowTriggers& triggers, const TableEntry& entry) {
  if (triggers.new_columns.empty()) return std::string();
  if (entry.schema->primary_key.empty())
    return failure(kUnsupportedYet, "NEW in triggers that the gate runs, of table '" + triggers.table +
                                        "', which has no primary key to find the row by");
  std::string select;
  for (const RowTriggers::Column& column : triggers.new_columns) {
    const std::string name = quoted_name(column.name);
    // As text, a float has fewer digits than it needs.
    const bool is_float = entry.schema->find(column.name)->type == "float";
    select += (select.empty() ? "select " : ", ") + (is_float ? "(" + name + " + 0e0)" : name);
  }
  return select + " from " + full_name(entry);
}

}  // namespace kintsugi::plan::pass
