#include "plan/pass/insert_copies.h"

#include <algorithm>

#include "sql/parser.h"

namespace kintsugi::plan::pass {

namespace {

/// A column's DEFAULT that gives another value on each server; null: it has none.
sql::Expr* unrepeatable_default(const Column& column, sql::Arena& arena) {
  if (column.generated || column.default_sql.find('(') == std::string::npos) return nullptr;
  const Result<sql::Expr*> value = sql::parse_expression(arena.copy(column.default_sql), arena);
  return value && find_unrepeatable(**value) != nullptr ? *value : nullptr;
}

Result<void> append(sql::Insert& insert, const Column& column, sql::Expr* value, sql::Arena& arena) {
  if (auto* values = sql::as<sql::Values>(insert.source)) {
    for (sql::Row* row : values->rows) row->items.push_back(arena, sql::clone(value, arena));
    return {};
  }
  auto* select = sql::as<sql::Select>(insert.source);
  if (select == nullptr || select->distinct) {
    return failure(kCopiesWouldDiffer,
                   "the default of column '" + column.name +
                       "', where rows come from a query that is DISTINCT or a set operation");
  }
  auto* item = sql::make_node<sql::SelectItem>(arena);
  item->value = value;
  select->items.push_back(arena, item);
  return {};
}

/// VALUES ()
bool has_empty_rows(const sql::Insert& insert) {
  const auto* values = sql::as<sql::Values>(insert.source);
  return values != nullptr && !values->rows.empty() && values->rows[0]->items.empty();
}

void replace_defaults(sql::Insert& insert, std::size_t position, const sql::Expr* value, sql::Arena& arena) {
  auto* values = sql::as<sql::Values>(insert.source);
  if (values == nullptr) return;
  for (sql::Row* row : values->rows) {
    if (position < row->items.size() && row->items[position]->kind == sql::NodeKind::kDefault)
      row->items[position] = sql::clone(value, arena);
  }
}

}  // namespace

Result<void> write_defaults(const TableEntry& entry, sql::Insert& insert, bool implicit,
                            std::vector<std::string_view>& names, sql::Arena& arena) {
  for (const Column& column : entry.schema->columns) {
    sql::Expr* value = unrepeatable_default(column, arena);
    if (value == nullptr) continue;
    if (implicit && has_empty_rows(insert)) names.clear();
    const auto named = std::ranges::find_if(
        names, [&column](std::string_view name) { return same_column(name, column.name); });
    if (named != names.end()) {
      replace_defaults(insert, static_cast<std::size_t>(named - names.begin()), value, arena);
      continue;
    }
    if (implicit) name_columns(insert, names, arena);
    implicit = false;
    names.push_back(column.name);
    name_columns(insert, names, arena);
    if (Result<void> done = append(insert, column, value, arena); !done) return done;
  }
  return {};
}

void unqualify(const TableEntry& entry, sql::Insert& insert) {
  for (sql::Assignment* assignment : insert.on_duplicate) {
    sql::walk(*assignment, [&entry](sql::Node& node) {
      auto* column = sql::as<sql::ColumnRef>(&node);
      if (column != nullptr && column->table == entry.name->name) column->schema = column->table = {};
      return true;
    });
  }
}

void name_columns(sql::Insert& insert, std::span<const std::string_view> names, sql::Arena& arena) {
  sql::List<sql::ColumnRef*> columns{};
  for (const std::string_view name : names) {
    auto* column = sql::make_node<sql::ColumnRef>(arena);
    column->name = name;
    columns.push_back(arena, column);
  }
  insert.columns = columns;
  insert.has_columns = true;
}

}  // namespace kintsugi::plan::pass
