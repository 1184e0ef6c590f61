#include "routine/fold.h"

#include <cstdint>

namespace kintsugi::routine {
namespace {

using sql::NodeKind;
using Variables = std::function<const Value*(const sql::ColumnRef&)>;

/// A whole number, or NULL.
using Number = std::optional<std::int64_t>;

std::optional<Number> number_of(const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  if (value->is_null()) return Number();
  const std::optional<std::int64_t> number = as_integer(*value);
  return number ? std::optional<Number>(Number(*number)) : std::nullopt;
}

Value made(Number number) { return number ? integer(*number) : Value{}; }

std::optional<Value> fold_literal(const sql::Literal& literal) {
  switch (literal.literal) {
    case sql::LiteralKind::kNull:
      return Value{};
    case sql::LiteralKind::kTrue:
      return integer(1);
    case sql::LiteralKind::kFalse:
      return integer(0);
    case sql::LiteralKind::kInteger: {
      const std::optional<std::int64_t> number =
          as_integer({Value::Kind::integer, std::string(literal.text)});
      return number ? std::optional<Value>(integer(*number)) : std::nullopt;
    }
    case sql::LiteralKind::kString:
      // Others are in a character set that only the session knows.
      return literal.charset.empty() && is_ascii(literal.text) ? std::optional<Value>(text(literal.text))
                                                               : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Number> compare(sql::BinaryOp op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case sql::BinaryOp::kEqual:
      return Number(a == b);
    case sql::BinaryOp::kNotEqual:
      return Number(a != b);
    case sql::BinaryOp::kLess:
      return Number(a < b);
    case sql::BinaryOp::kLessEqual:
      return Number(a <= b);
    case sql::BinaryOp::kGreater:
      return Number(a > b);
    case sql::BinaryOp::kGreaterEqual:
      return Number(a >= b);
    default:
      return std::nullopt;
  }
}

std::optional<Value> fold_binary(const sql::Binary& binary, const Variables& variable) {
  const bool arithmetic = binary.op == sql::BinaryOp::kAdd || binary.op == sql::BinaryOp::kSubtract ||
                          binary.op == sql::BinaryOp::kMultiply;
  if (!arithmetic && !sql::is_comparison(binary.op)) return std::nullopt;
  const std::optional<Number> left = number_of(fold(*binary.left, variable));
  const std::optional<Number> right = left ? number_of(fold(*binary.right, variable)) : std::nullopt;
  if (!right || binary.op == sql::BinaryOp::kNullSafeEqual) return std::nullopt;
  if (!*left || !*right) return Value{};
  if (!arithmetic) {
    const std::optional<Number> compared = compare(binary.op, **left, **right);
    return compared ? std::optional<Value>(made(*compared)) : std::nullopt;
  }
  std::int64_t result = 0;
  const bool overflows = binary.op == sql::BinaryOp::kAdd ? __builtin_add_overflow(**left, **right, &result)
                         : binary.op == sql::BinaryOp::kSubtract
                             ? __builtin_sub_overflow(**left, **right, &result)
                             : __builtin_mul_overflow(**left, **right, &result);
  return overflows ? std::nullopt : std::optional<Value>(integer(result));
}

std::optional<Value> fold_logical(const sql::Logical& logical, const Variables& variable) {
  const bool all = logical.op == sql::LogicalOp::kAnd;
  Number result = all ? 1 : 0;
  for (const sql::Expr* operand : logical.operands) {
    const std::optional<Number> value = number_of(fold(*operand, variable));
    if (!value) return std::nullopt;
    if (!*value) {
      result.reset();
    } else if ((**value != 0) != all) {
      return integer(all ? 0 : 1);
    }
  }
  return made(result);
}

std::optional<Value> fold_unary(const sql::Unary& unary, const Variables& variable) {
  if (unary.op != sql::UnaryOp::kNot && unary.op != sql::UnaryOp::kNegate) return std::nullopt;
  const std::optional<Number> value = number_of(fold(*unary.operand, variable));
  if (!value) return std::nullopt;
  if (!*value) return Value{};
  if (unary.op == sql::UnaryOp::kNot) return integer(**value == 0 ? 1 : 0);
  std::int64_t result = 0;
  if (__builtin_sub_overflow(std::int64_t{0}, **value, &result)) return std::nullopt;
  return integer(result);
}

}  // namespace

std::optional<Value> fold(const sql::Expr& expr, const Variables& variable) {
  switch (expr.kind) {
    case NodeKind::kLiteral:
      return fold_literal(static_cast<const sql::Literal&>(expr));
    case NodeKind::kColumnRef: {
      const Value* value = variable(static_cast<const sql::ColumnRef&>(expr));
      return value == nullptr ? std::nullopt : std::optional<Value>(*value);
    }
    case NodeKind::kBinary:
      return fold_binary(static_cast<const sql::Binary&>(expr), variable);
    case NodeKind::kLogical:
      return fold_logical(static_cast<const sql::Logical&>(expr), variable);
    case NodeKind::kUnary:
      return fold_unary(static_cast<const sql::Unary&>(expr), variable);
    default:
      return std::nullopt;
  }
}

}  // namespace kintsugi::routine
