#pragma once

#include <functional>
#include <optional>

#include "routine/value.h"
#include "sql/tree.h"

namespace kintsugi::routine {

/// What an expression is of literals and whole numbers in variables, where that is certain without a server:
/// sums and products that do not overflow, comparisons, AND, OR, NOT, IS NULL. Nothing of anything else.
/// `variable` gives the value of a name, or nothing if it is no variable.
std::optional<Value> fold(const sql::Expr& expr,
                          const std::function<const Value*(const sql::ColumnRef&)>& variable);

}  // namespace kintsugi::routine
