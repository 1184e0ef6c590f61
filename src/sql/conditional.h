#pragma once

#include <vector>

#include "sql/arena.h"
#include "sql/tree.h"

namespace kintsugi::sql {

/// An operand of an expression, and what must be true for a server to evaluate it.
struct GuardedOperand {
  Expr* operand = nullptr;
  Expr* guard = nullptr;  ///< null: it always is evaluated
};

/// Of an expression that leaves out some of its operands: all of them, in the order in which servers come to
/// them: AND, OR, CASE, IF() and the functions like it. Empty: the node evaluates all that it has. Guards are
/// made in `arena`, and share the node's operands.
std::vector<GuardedOperand> guarded_operands(const Node& node, Arena& arena);

/// Both hold; null: nothing need hold.
Expr* both(Expr* a, Expr* b, Arena& arena);

/// The value where the guard is true, else NULL.
Expr* guarded(Expr& guard, Expr& value, Arena& arena);

}  // namespace kintsugi::sql
