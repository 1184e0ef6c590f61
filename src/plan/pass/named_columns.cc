#include "plan/pass/named_columns.h"

#include "base/lower_case.h"

namespace kintsugi::plan::pass {

void Named::add(const sql::ColumnRef& column) {
  if (column.table.empty()) columns.insert(lower_case(column.name));
  if (!column.table.empty()) qualified.emplace(lower_case(column.table), lower_case(column.name));
}

bool Named::has(std::string_view alias, std::string_view column) const {
  const std::string name = lower_case(column);
  return columns.contains(name) || qualified.contains({lower_case(alias), name});
}

Named find_named(const sql::Statement& statement) {
  Named named;
  std::set<const sql::Node*> untold;  // items that EXISTS does not look at
  sql::walk(statement, [&named, &untold](const sql::Node& node) {
    if (const auto* exists = sql::as<sql::Exists>(&node)) {
      if (const auto* select = sql::as<sql::Select>(exists->query); select != nullptr)
        untold.insert(select->items.begin(), select->items.end());
    }
    if (const auto* column = sql::as<sql::ColumnRef>(&node)) named.add(*column);
    named.defaults |= node.kind == sql::NodeKind::kDefaultOf;
    if (const auto* item = sql::as<sql::SelectItem>(&node)) {
      if (const auto* star = sql::as<sql::Star>(item->value); star != nullptr && !untold.contains(item)) {
        if (star->table.empty()) named.all = true;
        named.stars.insert(star->table);
      }
    }
    if (const auto* join = sql::as<sql::Join>(&node)) {
      named.all |= join->natural;
      for (const std::string_view column : join->using_columns) named.columns.insert(lower_case(column));
    }
    return true;
  });
  return named;
}

}  // namespace kintsugi::plan::pass
