#include "plan/pass/merge_having.h"

namespace kintsugi::plan::pass {

namespace {

using sql::BinaryOp;

/// The number that is written; the plan is for it alone. Empty: it is none.
std::string number_in(Draft& draft, const sql::Expr& expr) {
  const sql::Expr* value = &expr;
  std::string number;
  if (const auto* sign = sql::as<sql::Unary>(value); sign != nullptr && sign->op == sql::UnaryOp::kNegate) {
    number = "-";
    value = sign->operand;
  }
  const auto* literal = sql::as<sql::Literal>(value);
  if (literal == nullptr || is_row_mark(*literal)) return {};
  if (literal->literal != sql::LiteralKind::kInteger && literal->literal != sql::LiteralKind::kDecimal)
    return {};
  if (literal->ordinal >= 0)
    draft.plan->pinned_literals.push_back(static_cast<std::uint32_t>(literal->ordinal));
  return number + std::string(literal->text);
}

MergeFilter filter_of(BinaryOp op) {
  MergeFilter filter;
  filter.less = op == BinaryOp::kLess || op == BinaryOp::kLessEqual || op == BinaryOp::kNotEqual;
  filter.equal = op == BinaryOp::kEqual || op == BinaryOp::kLessEqual || op == BinaryOp::kGreaterEqual;
  filter.greater = op == BinaryOp::kGreater || op == BinaryOp::kGreaterEqual || op == BinaryOp::kNotEqual;
  return filter;
}

}  // namespace

bool read_having(Draft& draft, const sql::Expr& having, const std::vector<MergeFold>& folds,
                 const std::function<int(const sql::Expr&)>& fold_of, std::vector<MergeFilter>& to) {
  for (const sql::Expr* condition : conjuncts(&having)) {
    const auto* comparison = sql::as<sql::Binary>(condition);
    if (comparison == nullptr || !sql::is_comparison(comparison->op)) return false;
    const int fold = comparison->op == BinaryOp::kNullSafeEqual ? -1 : fold_of(*comparison->left);
    if (fold < 0) return false;
    const MergeFold::How how = folds[static_cast<std::size_t>(fold)].how;
    if (how != MergeFold::How::kCount && how != MergeFold::How::kSum) return false;
    MergeFilter filter = filter_of(comparison->op);
    filter.fold = static_cast<std::size_t>(fold);
    filter.number = number_in(draft, *comparison->right);
    if (filter.number.empty()) return false;
    to.push_back(std::move(filter));
  }
  return true;
}

}  // namespace kintsugi::plan::pass
