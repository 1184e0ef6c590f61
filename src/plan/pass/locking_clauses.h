#pragma once

#include <string>

#include "sql/tree.h"

namespace kintsugi::plan::pass {

/// The clauses that lock a copy's rows, as one.
struct Locks {
  bool update = false, share = false, nowait = false, skip = false;

  void add(const sql::Locking& clause) {
    (clause.strength == sql::LockStrength::kUpdate ? update : share) = true;
    nowait |= clause.wait == sql::LockWait::kNowait;
    skip |= clause.wait == sql::LockWait::kSkipLocked;
  }

  bool any() const { return update || share; }

  void add_all(const sql::Node& node) {
    sql::walk(node, [this](const sql::Node& each) {
      if (const auto* clause = sql::as<sql::Locking>(&each)) add(*clause);
      return true;
    });
  }

  /// As a clause, with a space in front; empty: none locks.
  std::string text() const {
    if (update) return nowait ? " for update nowait" : skip ? " for update skip locked" : " for update";
    return share ? " lock in share mode" : "";
  }
};

}  // namespace kintsugi::plan::pass
