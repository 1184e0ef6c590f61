#include "sql/conditional.h"

#include <string>
#include <string_view>

namespace kintsugi::sql {

namespace {

class Guards {
 public:
  explicit Guards(Arena& arena) : arena_(arena) {}

  std::vector<GuardedOperand> of(const Node& node) {
    if (const auto* logical = as<Logical>(&node)) {
      of_logical(*logical);
    } else if (const auto* choice = as<Case>(&node)) {
      of_case(*choice);
    } else if (const auto* call = as<FunctionCall>(&node); call != nullptr && call->schema.empty()) {
      of_call(*call);
    }
    return std::move(found_);
  }

 private:
  void add(Expr* operand, Expr* guard) { found_.push_back({operand, guard}); }

  Expr* is(Expr* value, IsTest test, bool negated = false) {
    auto* made = make_node<Is>(arena_);
    made->value = value;
    made->test = test;
    made->negated = negated;
    return made;
  }

  Expr* equals(Expr* left, Expr* right) {
    auto* made = make_node<Binary>(arena_);
    made->op = BinaryOp::kEqual;
    made->left = left;
    made->right = right;
    return made;
  }

  Expr* number(std::size_t value) {
    auto* made = make_node<Literal>(arena_);
    made->literal = LiteralKind::kInteger;
    made->text = arena_.copy(std::to_string(value));
    return made;
  }

  /// A chain ends with the first operand that decides it.
  void of_logical(const Logical& logical) {
    const IsTest decides = logical.op == LogicalOp::kAnd ? IsTest::kFalse : IsTest::kTrue;
    Expr* guard = nullptr;
    for (Expr* operand : logical.operands) {
      add(operand, guard);
      guard = both(guard, is(operand, decides, true), arena_);
    }
  }

  void of_case(const Case& choice) {
    if (choice.operand != nullptr) add(choice.operand, nullptr);
    Expr* guard = nullptr;  // none before it was taken
    for (const When* when : choice.whens) {
      Expr* taken = choice.operand == nullptr ? when->condition : equals(choice.operand, when->condition);
      add(when->condition, guard);
      add(when->result, both(guard, is(taken, IsTest::kTrue), arena_));
      guard = both(guard, is(taken, IsTest::kTrue, true), arena_);
    }
    if (choice.otherwise != nullptr) add(choice.otherwise, guard);
  }

  void of_call(const FunctionCall& call) {
    const std::string_view name = call.name;
    if ((name == "if" && call.args.size() == 3) || (name == "nvl2" && call.args.size() == 3)) {
      const IsTest test = name == "if" ? IsTest::kTrue : IsTest::kNull;
      add(call.args[0], nullptr);
      add(call.args[1], is(call.args[0], test, name != "if"));
      add(call.args[2], is(call.args[0], test, name == "if"));
    } else if (name == "coalesce" || name == "ifnull" || name == "nvl") {
      Expr* guard = nullptr;
      for (Expr* arg : call.args) {
        add(arg, guard);
        guard = both(guard, is(arg, IsTest::kNull), arena_);
      }
    } else if (name == "nullif" && call.args.size() == 2) {
      add(call.args[0], nullptr);
      add(call.args[1], is(call.args[0], IsTest::kNull, true));
    } else if (name == "elt") {
      for (std::size_t i = 0; i < call.args.size(); ++i)
        add(call.args[i], i == 0 ? nullptr : equals(call.args[0], number(i)));
    }
  }

  Arena& arena_;
  std::vector<GuardedOperand> found_;
};

}  // namespace

std::vector<GuardedOperand> guarded_operands(const Node& node, Arena& arena) {
  return Guards(arena).of(node);
}

Expr* both(Expr* a, Expr* b, Arena& arena) {
  if (a == nullptr || b == nullptr) return a == nullptr ? b : a;
  auto* chain = make_node<Logical>(arena);
  chain->op = LogicalOp::kAnd;
  for (Expr* side : {a, b}) {
    auto* inner = as<Logical>(side);
    if (inner == nullptr || inner->op != LogicalOp::kAnd) {
      chain->operands.push_back(arena, side);
      continue;
    }
    for (Expr* operand : inner->operands) chain->operands.push_back(arena, operand);
  }
  return chain;
}

Expr* guarded(Expr& guard, Expr& value, Arena& arena) {
  auto* choice = make_node<FunctionCall>(arena);
  choice->name = "if";
  for (Expr* argument : {&guard, &value, static_cast<Expr*>(make_node<Literal>(arena))})
    choice->args.push_back(arena, argument);
  return choice;
}

}  // namespace kintsugi::sql
