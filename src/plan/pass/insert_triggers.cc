#include "plan/pass/insert_triggers.h"

#include <string>

#include "plan/pass/foreign_keys.h"

namespace kintsugi::plan::pass {

namespace {

using Columns = std::vector<std::string_view>;

constexpr std::uint16_t kNoDefault = 1364;

bool is_default(const sql::Expr& item) {
  return item.kind == sql::NodeKind::kDefault || item.kind == sql::NodeKind::kDefaultOf;
}

/// What NEW has in a column before any trigger. A row that waits for an id has no value there.
Result<Operand> given(Draft& draft, const Column& column, const sql::Expr* item, sql::Arena& arena) {
  if (item != nullptr && !is_default(*item)) {
    if (auto operand = constant_operand(item, draft)) return *operand;
    return failure(kUnroutableValue,
                   "column '" + column.name + "', which a trigger of the gate names, is given an expression");
  }
  if (column.auto_increment) return Operand{};
  if (column.default_sql.empty()) {
    if (item == nullptr || column.nullable) return Operand{};
    return failure(
        table_error(kNoDefault, "HY000", "Field '" + column.name + "' doesn't have a default value"));
  }
  if (const std::optional<Operand> value = default_operand(column, draft, arena)) return *value;
  return failure(kUnsupportedYet, "column '" + column.name +
                                      "', which a trigger of the gate names and whose default is an "
                                      "expression, is not given a value");
}

void give_way(const RowTriggers& triggers, const Columns& columns, sql::Row& row, sql::Arena& arena) {
  for (std::size_t i = 0; i < triggers.set.size(); ++i) {
    const auto at =
        static_cast<std::size_t>(position_of(columns, triggers.new_columns[triggers.set[i]].name));
    while (row.items.size() <= at) row.items.push_back(arena, nullptr);
    row.items[at] = set_mark(i, arena);
  }
}

}  // namespace

int position_of(const Columns& columns, std::string_view name) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (same_column(columns[i], name)) return static_cast<int>(i);
  }
  return -1;
}

const sql::Expr* item_at(const sql::Row& row, int position) {
  if (position < 0 || static_cast<std::size_t>(position) >= row.items.size()) return nullptr;
  return row.items[static_cast<std::size_t>(position)];
}

Result<std::vector<std::vector<Operand>>> give_way_to_triggers(Draft& draft, const TableEntry& entry,
                                                               const RowTriggers& triggers, sql::Values& rows,
                                                               Columns& columns, sql::Arena& arena) {
  const Columns named = columns;
  for (const std::size_t set : triggers.set) {
    const std::string_view column = arena.copy(triggers.new_columns[set].name);
    if (position_of(columns, column) < 0) columns.push_back(column);
  }
  std::vector<std::vector<Operand>> all;
  for (sql::Row* row : rows.rows) {
    std::vector<Operand>& of_row = all.emplace_back();
    if (row->items.size() != named.size()) {
      return failure(kColumnCount,
                     "Column count doesn't match value count at row " + std::to_string(all.size()));
    }
    for (const RowTriggers::Column& column : triggers.new_columns) {
      const sql::Expr* item = item_at(*row, position_of(named, column.name));
      Result<Operand> value = given(draft, *entry.schema->find(column.name), item, arena);
      if (!value) return failure(value.error());
      of_row.push_back(*value);
    }
    give_way(triggers, columns, *row, arena);
  }
  return all;
}

}  // namespace kintsugi::plan::pass
