#include "sql/conditional.h"

#include <gtest/gtest.h>

#include "sql/parser.h"
#include "sql/printer.h"

namespace kintsugi::sql {
namespace {

/// "operand if guard; …"
std::string guards(std::string_view sql) {
  Arena arena;
  Result<Expr*> expr = parse_expression(sql, arena);
  if (!expr) return expr.error().message();
  std::string text;
  for (const GuardedOperand& operand : guarded_operands(**expr, arena)) {
    text += text.empty() ? "" : "; ";
    text += print(*operand.operand);
    if (operand.guard != nullptr) text += " if " + print(*operand.guard);
  }
  return text;
}

TEST(Conditional, WhatEvaluatesAllOfItsOperandsHasNoGuards) {
  EXPECT_EQ(guards("a + b"), "");
  EXPECT_EQ(guards("concat(a, b)"), "");
  EXPECT_EQ(guards("other.coalesce(a, b)"), "");
}

TEST(Conditional, AChainEndsWithWhatDecidesIt) {
  EXPECT_EQ(guards("a and b and c"), "a; b if a is not false; c if a is not false and b is not false");
  EXPECT_EQ(guards("a or b"), "a; b if a is not true");
}

TEST(Conditional, CaseTakesOneResult) {
  EXPECT_EQ(guards("case when a then b when c then d else e end"),
            "a; b if a is true; c if a is not true; d if a is not true and c is true; "
            "e if a is not true and c is not true");
  EXPECT_EQ(guards("case x when 1 then b else c end"), "x; 1; b if x = 1 is true; c if x = 1 is not true");
}

TEST(Conditional, FunctionsThatLeaveOutOperands) {
  EXPECT_EQ(guards("if(a, b, c)"), "a; b if a is true; c if a is not true");
  EXPECT_EQ(guards("coalesce(a, b, c)"), "a; b if a is null; c if a is null and b is null");
  EXPECT_EQ(guards("ifnull(a, b)"), "a; b if a is null");
  EXPECT_EQ(guards("nullif(a, b)"), "a; b if a is not null");
  EXPECT_EQ(guards("elt(n, a, b)"), "n; a if n = 1; b if n = 2");
}

}  // namespace
}  // namespace kintsugi::sql
