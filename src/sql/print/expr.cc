// Expressions: the inverse of the grammar's expression part, with as few parentheses as it allows.

#include <algorithm>
#include <array>
#include <iterator>

#include "sql/grammar/characters.h"
#include "sql/grammar/keywords.h"
#include "sql/lexer.h"
#include "sql/print/writer.h"

namespace kintsugi::sql {

namespace {

struct BinaryForm {
  std::string_view text;
  Level level;
  Level left;
  Level right;
};

// By BinaryOp.
constexpr BinaryForm kBinaryForms[] = {
    {"=", Level::kComparison, Level::kComparison, Level::kPredicate},
    {"<=>", Level::kComparison, Level::kComparison, Level::kPredicate},
    {"<>", Level::kComparison, Level::kComparison, Level::kPredicate},
    {"<", Level::kComparison, Level::kComparison, Level::kPredicate},
    {"<=", Level::kComparison, Level::kComparison, Level::kPredicate},
    {">", Level::kComparison, Level::kComparison, Level::kPredicate},
    {">=", Level::kComparison, Level::kComparison, Level::kPredicate},
    {"xor", Level::kXor, Level::kXor, Level::kAnd},
    {"regexp", Level::kPredicate, Level::kBitOr, Level::kBitOr},
    {"not regexp", Level::kPredicate, Level::kBitOr, Level::kBitOr},
    {"sounds like", Level::kPredicate, Level::kBitOr, Level::kBitOr},
    {"member of", Level::kPredicate, Level::kBitOr, Level::kConcat},
    {"|", Level::kBitOr, Level::kBitOr, Level::kBitAnd},
    {"&", Level::kBitAnd, Level::kBitAnd, Level::kShift},
    {"<<", Level::kShift, Level::kShift, Level::kAdd},
    {">>", Level::kShift, Level::kShift, Level::kAdd},
    {"+", Level::kAdd, Level::kAdd, Level::kMultiply},
    {"-", Level::kAdd, Level::kAdd, Level::kMultiply},
    {"*", Level::kMultiply, Level::kMultiply, Level::kBitXor},
    {"/", Level::kMultiply, Level::kMultiply, Level::kBitXor},
    {"div", Level::kMultiply, Level::kMultiply, Level::kBitXor},
    {"%", Level::kMultiply, Level::kMultiply, Level::kBitXor},
    {"^", Level::kBitXor, Level::kBitXor, Level::kConcat},
    {"||", Level::kConcat, Level::kConcat, Level::kUnary},
};

const BinaryForm& form(BinaryOp op) { return kBinaryForms[static_cast<int>(op)]; }

}  // namespace

Level Writer::level(const Expr& expr) const {
  switch (expr.kind) {
    case NodeKind::kAssign:
      return Level::kAssign;
    case NodeKind::kLogical:
      return static_cast<const Logical&>(expr).op == LogicalOp::kOr ? Level::kOr : Level::kAnd;
    case NodeKind::kUnary:
      return static_cast<const Unary&>(expr).op == UnaryOp::kNot ? Level::kNot : Level::kUnary;
    case NodeKind::kBinary: {
      BinaryOp op = static_cast<const Binary&>(expr).op;
      // INTERVAL 1 DAY + takes all to its right that it can.
      if (is<Interval>(static_cast<const Binary&>(expr).left)) return Level::kAssign;
      if (op == BinaryOp::kConcat && !options_.pipes_as_concat) return Level::kPrimary;
      return form(op).level;
    }
    case NodeKind::kIs:
      return static_cast<const Is&>(expr).test == IsTest::kNull ? Level::kComparison : Level::kIsTruth;
    case NodeKind::kQuantified:
      return Level::kComparison;
    case NodeKind::kBetween:
    case NodeKind::kIn:
    case NodeKind::kLike:
      return Level::kPredicate;
    case NodeKind::kCollate:
      return Level::kCollate;
    default:
      return Level::kPrimary;
  }
}

void Writer::expr(const Expr& expr, Level least) {
  Level own = level(expr);
  bool wrap = own < least || (options_.all_parentheses && own != Level::kPrimary);
  if (wrap) {
    space();
    raw("(");
  }
  visit(const_cast<Expr&>(expr), [this](auto& n) { write(n); });
  if (wrap) raw(")");
}

void Writer::expr_not_as(std::string_view taken, const Expr& value, Level least) {
  space();
  std::size_t at = out_.size();
  expr(value, least);
  std::string_view text = std::string_view(out_).substr(at);
  bool word_goes_on = text.size() > taken.size() && is_word(text[taken.size()]) && is_word(taken.back());
  if (same_word(text.substr(0, taken.size()), taken) && !word_goes_on) parenthesise(at);
}

void Writer::infix(const Expr& left, Level left_least, std::string_view op, const Expr& right,
                   Level right_least) {
  expr(left, left_least);
  word(op);
  expr(right, right_least);
}

void Writer::in_parentheses(const Query& query) {
  space();
  raw("(");
  node(query);
  raw(")");
}

void Writer::write(const Literal& n) {
  if (!n.charset.empty()) {
    word("_");
    raw(n.charset);
  }
  switch (n.literal) {
    case LiteralKind::kNull:
      return word("null");
    case LiteralKind::kTrue:
      return word("true");
    case LiteralKind::kFalse:
      return word("false");
    case LiteralKind::kInteger:
    case LiteralKind::kDecimal:
    case LiteralKind::kFloat:
      tight_ = tight_ && !n.text.starts_with('-');
      return word(n.text);
    case LiteralKind::kString:
      if (!n.charset.empty()) return print_string(out_, n.text, options_);
      return string(n.text);
    case LiteralKind::kNational:
      word("N");
      return print_string(out_, n.text, options_);
    case LiteralKind::kHexNumber:
      word("0x");
      return raw(n.text);
    case LiteralKind::kHexString:
      word("x'");
      raw(n.text);
      return raw("'");
    case LiteralKind::kBit:
      word("b'");
      raw(n.text);
      return raw("'");
    case LiteralKind::kDate:
      word(n.braces ? "{d" : "date");
      break;
    case LiteralKind::kTime:
      word(n.braces ? "{t" : "time");
      break;
    case LiteralKind::kTimestamp:
      word(n.braces ? "{ts" : "timestamp");
      break;
  }
  string(n.text);
  if (n.braces) raw("}");
}

// Where the grammar takes a literal with a sign, and no parentheses.
void Writer::signed_literal(const Expr& value) {
  const auto* sign = as<Unary>(&value);
  if (sign == nullptr) return expr(value);
  word(sign->op == UnaryOp::kNegate ? "-" : "+");
  tight_ = true;
  expr(*sign->operand);
}

void Writer::write(const Parameter&) { word("?"); }

void Writer::write(const ColumnRef& n) {
  space();
  for (std::string_view part : {n.schema, n.table}) {
    if (part.empty()) continue;
    print_name(out_, part, options_);
    raw(".");
  }
  print_name(out_, n.name, options_);
}

void Writer::write(const Star& n) {
  space();
  for (std::string_view part : {n.schema, n.table}) {
    if (part.empty()) continue;
    print_name(out_, part, options_);
    raw(".");
  }
  raw("*");
}

void Writer::write(const UserVariable& n) {
  word("@");
  bool bare = !n.name.empty() &&
              std::all_of(n.name.begin(), n.name.end(), [](char c) { return is_word(c) || c == '.'; });
  backtick_unless(bare, n.name);
}

// Variables are quoted with backticks in every mode.
void Writer::backtick_unless(bool bare, std::string_view name) {
  if (bare) return raw(name);
  raw("`");
  for (char c : name) {
    if (c == '`') raw("`");
    out_ += c;
  }
  raw("`");
}

namespace {

bool is_plain(std::string_view name) { return std::all_of(name.begin(), name.end(), is_word); }

bool is_scope(std::string_view name) {
  static constexpr std::string_view kScopes[] = {"global", "session", "local", "persist", "persist_only"};
  return std::any_of(std::begin(kScopes), std::end(kScopes),
                     [name](std::string_view scope) { return same_word(name, scope); });
}

}  // namespace

void Writer::write(const SystemVariable& n) { system_variable(n.scope, n.prefix, n.name); }

void Writer::system_variable(VariableScope scope, std::string_view prefix, std::string_view name) {
  static constexpr std::string_view kScopes[] = {"",       "global.",  "session.",
                                                 "local.", "persist.", "persist_only."};
  word("@@");
  raw(kScopes[static_cast<int>(scope)]);
  if (!prefix.empty()) {
    // In quotes a scope's word is no scope.
    backtick_unless(is_plain(prefix) && !is_scope(prefix), prefix);
    raw(".");
  }
  backtick_unless(is_plain(name), name);
}

void Writer::write(const Assign& n) {
  expr(*n.target);
  word(":=");
  expr(*n.value);
}

void Writer::write(const Unary& n) {
  switch (n.op) {
    case UnaryOp::kNot:
      word("not");
      return expr(*n.operand, options_.high_not_precedence ? Level::kUnary : Level::kNot);
    case UnaryOp::kBinary:
      word("binary");
      return expr(*n.operand, Level::kUnary);
    default:
      break;
  }
  // Two minuses that touch may begin a comment: a sign after a sign keeps the space.
  if (n.op != UnaryOp::kBitNot) tight_ = false;
  word(n.op == UnaryOp::kNegate ? "-" : n.op == UnaryOp::kPlus ? "+" : "~");
  tight_ = true;
  expr(*n.operand, Level::kUnary);
}

void Writer::write(const Binary& n) {
  const BinaryForm& f = form(n.op);
  if (n.op == BinaryOp::kMemberOf) {
    expr(*n.left, f.left);
    word("member of (");
    expr(*n.right, f.right);
    return raw(")");
  }
  if (n.op == BinaryOp::kConcat && !options_.pipes_as_concat) {
    word("concat(");
    expr(*n.left);
    raw(",");
    expr(*n.right);
    return raw(")");
  }
  infix(*n.left, f.left, f.text, *n.right, f.right);
}

void Writer::write(const Logical& n) {
  bool is_or = n.op == LogicalOp::kOr;
  Level least = is_or ? Level::kXor : Level::kNot;
  for (unsigned i = 0; i < n.operands.count; ++i) {
    if (i != 0) word(is_or ? "or" : "and");
    expr(*n.operands[i], least);
  }
}

void Writer::write(const Quantified& n) {
  expr(*n.left, Level::kComparison);
  word(form(n.op).text);
  word(n.all ? "all" : "any");
  in_parentheses(*n.query);
}

void Writer::write(const Between& n) {
  expr(*n.value, Level::kBitOr);
  word(n.negated ? "not between" : "between");
  expr(*n.low, Level::kBitOr);
  word("and");
  expr(*n.high, Level::kPredicate);
}

void Writer::write(const In& n) {
  expr(*n.value, Level::kBitOr);
  word(n.negated ? "not in" : "in");
  if (n.query != nullptr) return in_parentheses(*n.query);
  parenthesised(n.list);
}

void Writer::write(const Like& n) {
  expr(*n.value, Level::kBitOr);
  word(n.negated ? "not like" : "like");
  expr(*n.pattern, Level::kConcat);
  if (n.escape == nullptr) return;
  word("escape");
  expr(*n.escape, Level::kConcat);
}

void Writer::write(const Is& n) {
  static constexpr std::string_view kTests[] = {"null", "true", "false", "unknown"};
  expr(*n.value, Level::kComparison);
  word(n.negated ? "is not" : "is");
  word(kTests[static_cast<int>(n.test)]);
}

void Writer::write(const Exists& n) {
  word("exists");
  in_parentheses(*n.query);
}

void Writer::write(const Subquery& n) { in_parentheses(*n.query); }

void Writer::write(const Row& n) { parenthesised(n.items); }

void Writer::write(const When& n) {
  word("when");
  expr(*n.condition);
  word("then");
  expr(*n.result);
}

void Writer::write(const Case& n) {
  word("case");
  if (n.operand != nullptr) expr(*n.operand);
  for (const When* when : n.whens) write(*when);
  if (n.otherwise != nullptr) {
    word("else");
    expr(*n.otherwise);
  }
  word("end");
}

void Writer::write(const Cast& n) {
  word("cast(");
  expr(*n.value);
  if (n.time_zone != nullptr) {
    word("at time zone");
    expr(*n.time_zone);
  }
  word("as");
  write(*n.type);
  word_if(n.array, "array");
  raw(")");
}

void Writer::write(const ConvertUsing& n) {
  word("convert(");
  expr(*n.value);
  word("using");
  charset_name(n.charset);
  raw(")");
}

void Writer::write(const Collate& n) {
  expr(*n.value, Level::kCollate);
  word("collate");
  charset_name(n.collation);
}

void Writer::write(const Interval& n) {
  word("interval");
  expr_not_as("(", *n.value);  // INTERVAL (a, b) would be the function of that name
  word(n.unit);
}

}  // namespace kintsugi::sql
