#include "plan/pass/read_locks.h"

#include "sql/tree.h"

namespace kintsugi::plan::pass {

void lock_reads(sql::Node& node, sql::Arena& arena) {
  sql::walk(node, [&arena](sql::Node& child) {
    if (const auto* with = sql::as<sql::With>(&child); with != nullptr && with->recursive) return false;
    auto* select = sql::as<sql::Select>(&child);
    if (select == nullptr || select->from.empty() || !select->locking.empty()) return true;
    auto* locking = sql::make_node<sql::Locking>(arena);
    locking->strength = sql::LockStrength::kShareMode;
    select->locking.push_back(arena, locking);
    return true;
  });
}

}  // namespace kintsugi::plan::pass
