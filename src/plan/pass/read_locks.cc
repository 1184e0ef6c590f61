#include "plan/pass/read_locks.h"

#include <algorithm>

#include "sql/tree.h"

namespace kintsugi::plan::pass {

namespace {

bool names_table(const sql::TableRef& ref) {
  if (const auto* join = sql::as<sql::Join>(&ref))
    return names_table(*join->left) || names_table(*join->right);
  return sql::is<sql::NamedTable>(&ref);
}

/// MySQL refuses the clause where there is nothing to lock: rows of JSON_TABLE.
bool reads_tables(const sql::Select& select) {
  return std::any_of(select.from.begin(), select.from.end(),
                     [](const sql::TableRef* ref) { return names_table(*ref); });
}

}  // namespace

void lock_reads(sql::Node& node, sql::Arena& arena) {
  sql::walk(node, [&arena](sql::Node& child) {
    if (const auto* with = sql::as<sql::With>(&child); with != nullptr && with->recursive) return false;
    auto* select = sql::as<sql::Select>(&child);
    if (select == nullptr || !reads_tables(*select) || !select->locking.empty()) return true;
    auto* locking = sql::make_node<sql::Locking>(arena);
    locking->strength = sql::LockStrength::kShareMode;
    select->locking.push_back(arena, locking);
    return true;
  });
}

}  // namespace kintsugi::plan::pass
