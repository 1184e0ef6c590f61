#include <algorithm>
#include <array>
#include <charconv>

#include "plan/pass/rules.h"

// How the gate can compare the values of an expression as servers do, and put aggregates together; whether it
// may ask for them twice.

namespace kintsugi::plan::pass {

namespace {

using sql::BinaryOp;

template <std::size_t n>
bool is_one_of(std::string_view name, const std::array<std::string_view, n>& names) {
  return std::ranges::find(names, name) != names.end();
}

constexpr std::array<std::string_view, 7> kWholeTypes = {"tinyint", "smallint", "mediumint", "int",
                                                         "bigint",  "year",     "decimal"};
constexpr std::array<std::string_view, 3> kDateTypes = {"date", "datetime", "time"};
/// Not the larger ones: the weights of a text past max_allowed_packet are NULL.
constexpr std::array<std::string_view, 4> kTextTypes = {"char", "varchar", "tinytext", "text"};
constexpr std::array<std::string_view, 6> kByteTypes = {"binary", "varbinary",  "tinyblob",
                                                        "blob",   "mediumblob", "longblob"};
/// As many as fit max_sort_length, of four bytes.
constexpr std::uint64_t kSortedCharacters = 255;
/// Functions that make numbers of whatever they are given.
constexpr std::array<std::string_view, 35> kNumberFunctions = {"ascii",
                                                               "avg",
                                                               "bit_and",
                                                               "bit_count",
                                                               "bit_length",
                                                               "bit_or",
                                                               "bit_xor",
                                                               "ceil",
                                                               "ceiling",
                                                               "char_length",
                                                               "character_length",
                                                               "count",
                                                               "crc32",
                                                               "datediff",
                                                               "day",
                                                               "dayofmonth",
                                                               "dayofweek",
                                                               "dayofyear",
                                                               "dense_rank",
                                                               "floor",
                                                               "hour",
                                                               "length",
                                                               "minute",
                                                               "mod",
                                                               "month",
                                                               "octet_length",
                                                               "quarter",
                                                               "rank",
                                                               "round",
                                                               "row_number",
                                                               "second",
                                                               "sign",
                                                               "sum",
                                                               "weekday",
                                                               "year"};
constexpr std::array<std::string_view, 5> kBranches = {"coalesce", "ifnull", "if", "least", "greatest"};
constexpr std::array<std::string_view, 11> kTextFunctions = {
    "concat", "lcase", "left", "lower", "ltrim", "right", "rtrim", "substr", "substring", "ucase", "upper"};

/// The table's column that is meant, through derived tables; null: it is none, or not known.
const Column* column_behind(const Source* source, std::string_view name) {
  while (source != nullptr) {
    if (source->kind == Source::Kind::kTable)
      return source->table == nullptr ? nullptr : source->table->find(name);
    if (source->kind != Source::Kind::kDerived || source->query == nullptr) return nullptr;
    const std::vector<Output>& outputs = source->query->outputs;
    const Source* inner = nullptr;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::string_view shown = i < source->columns.size() ? source->columns[i] : outputs[i].name;
      if (!same_column(shown, name)) continue;
      inner = outputs[i].source;
      name = outputs[i].column;
      break;
    }
    source = inner;
  }
  return nullptr;
}

/// Whether a column like FLOAT(7,2) is written with as many places only.
bool has_places(const Column& column) {
  return (column.type == "float" || column.type == "double") &&
         column.declared.find(',') != column.declared.npos;
}

class Judge {
 public:
  explicit Judge(Block* block) : block_(block) {}

  std::optional<Comparison> comparison(const sql::Expr& expr) const {
    if (const auto* column = sql::as<sql::ColumnRef>(&expr)) {
      const Column* known = column_of(*column);
      return known == nullptr ? std::nullopt : of_column(*known);
    }
    if (const std::optional<std::string_view> collation = collation_of(expr))
      return of_texts(*collation, !is_short(expr));
    if (has_unwritable(expr)) return std::nullopt;
    if (const auto* call = sql::as<sql::FunctionCall>(&expr); call != nullptr && is_extreme(*call)) {
      const std::optional<Comparison> of_each = comparison(*call->args.front());
      const bool same =
          of_each && (of_each->by == Compared::kAsTheyAre || of_each->by == Compared::kInstants);
      return same ? of_each : std::nullopt;
    }
    return is_number(expr) || is_date(expr) ? std::optional(Comparison{}) : std::nullopt;
  }

  bool is_quiet(const sql::Expr& expr) const {
    if (const auto* column = sql::as<sql::ColumnRef>(&expr)) return column_of(*column) != nullptr;
    if (sql::is<sql::Literal>(&expr) || sql::is<sql::Parameter>(&expr)) return true;
    if (const auto* unary = sql::as<sql::Unary>(&expr))
      return is_number(*unary->operand) && is_quiet(*unary->operand);
    if (const auto* binary = sql::as<sql::Binary>(&expr)) {
      const bool plain = sql::is_comparison(binary->op) || binary->op == BinaryOp::kAdd ||
                         binary->op == BinaryOp::kSubtract || binary->op == BinaryOp::kMultiply;
      return plain && is_quiet_number(*binary->left) && is_quiet_number(*binary->right);
    }
    if (const auto* collate = sql::as<sql::Collate>(&expr)) return is_quiet(*collate->value);
    if (const auto* is = sql::as<sql::Is>(&expr)) return is_quiet(*is->value);
    const auto* call = sql::as<sql::FunctionCall>(&expr);
    return call != nullptr && is_quiet_call(*call);
  }

  std::optional<MergeFold::How> fold(const sql::FunctionCall& call) const {
    using How = MergeFold::How;
    if (merge_of(call) == Merge::kNone || call.over != nullptr) return std::nullopt;
    const bool quiet = std::ranges::all_of(call.args, [this](const sql::Expr* argument) {
      return sql::is<sql::Star>(argument) || is_quiet(*argument);
    });
    if (!quiet || call.args.count != 1) return std::nullopt;
    const sql::Expr& argument = *call.args.front();
    if (call.name == "count") return How::kCount;
    if (call.name == "sum") return is_exact(argument) ? std::optional(How::kSum) : std::nullopt;
    if (call.name == "avg") return has_few_places(argument) ? std::optional(How::kAverage) : std::nullopt;
    if (is_extreme(call)) {
      const std::optional<Comparison> by = comparison(call);
      if (!by || by->in_part) return std::nullopt;
      return call.name == "min" ? How::kLeast : How::kGreatest;
    }
    if (!is_whole_column(argument)) return std::nullopt;
    return call.name == "bit_and" ? How::kBitAnd : call.name == "bit_or" ? How::kBitOr : How::kBitXor;
  }

 private:
  /// Whether it is a whole number or a decimal, of which sums are decimals.
  bool is_exact(const sql::Expr& expr) const {
    if (const auto* column = sql::as<sql::ColumnRef>(&expr)) {
      const Column* known = column_of(*column);
      return known != nullptr && is_one_of(known->type, kWholeTypes) && known->type != "year";
    }
    if (const auto* literal = sql::as<sql::Literal>(&expr))
      return literal->literal == sql::LiteralKind::kInteger || literal->literal == sql::LiteralKind::kDecimal;
    if (const auto* binary = sql::as<sql::Binary>(&expr)) {
      if (sql::is_comparison(binary->op)) return true;
      const bool plain = binary->op == BinaryOp::kAdd || binary->op == BinaryOp::kSubtract ||
                         binary->op == BinaryOp::kMultiply;
      return plain && is_exact(*binary->left) && is_exact(*binary->right);
    }
    if (sql::is<sql::Is>(&expr)) return true;
    const auto* call = sql::as<sql::FunctionCall>(&expr);
    if (call == nullptr || !call->schema.empty() || !is_one_of(call->name, kBranches)) return false;
    const std::size_t first = call->name == "if" ? 1 : 0;
    for (std::size_t i = first; i < call->args.size(); ++i) {
      if (!is_exact(*call->args[i])) return false;
    }
    return call->args.size() > first;
  }

  bool is_whole_column(const sql::Expr& expr) const {
    const auto* column = sql::as<sql::ColumnRef>(&expr);
    const Column* known = column == nullptr ? nullptr : column_of(*column);
    return known != nullptr && known->type_class == ColumnClass::kInteger;
  }

  /// A column with so few decimal places that its average has not more than any server keeps of a division.
  bool has_few_places(const sql::Expr& expr) const {
    if (is_whole_column(expr)) return true;
    const auto* column = sql::as<sql::ColumnRef>(&expr);
    const Column* known = column == nullptr ? nullptr : column_of(*column);
    if (known == nullptr || known->type != "decimal") return false;
    constexpr int kPlacesMax = 20;
    const std::size_t comma = known->declared.find(',');
    int places = 0;
    if (comma != std::string::npos)
      std::from_chars(known->declared.data() + comma + 1, known->declared.data() + known->declared.size(),
                      places);
    return places <= kPlacesMax;
  }

  const Column* column_of(const sql::ColumnRef& column) const {
    const ResolvedColumn resolved = resolve_column(column, block_);
    return resolved.source == nullptr ? nullptr : column_behind(resolved.source, resolved.name);
  }

  static std::optional<Comparison> of_texts(std::string_view collation, bool in_part) {
    const std::optional<std::string_view> padding = padding_of(collation);
    if (!padding) return std::nullopt;
    return Comparison{Compared::kWeights, std::string(*padding), in_part};
  }

  /// Whether the texts are never longer than what servers sort by.
  bool is_short(const sql::Expr& expr) const {
    std::uint64_t length = 0;
    sql::walk(expr, [&](const sql::Node& node) {
      const auto* reference = sql::as<sql::ColumnRef>(&node);
      const Column* column = reference == nullptr ? nullptr : column_of(*reference);
      if (column != nullptr) length += column->length;
      return true;
    });
    const auto* call = sql::as<sql::FunctionCall>(&expr);
    return length <= kSortedCharacters && (call == nullptr || call->name != "concat");
  }

  static std::optional<Comparison> of_column(const Column& column) {
    if (column.declared == "json") return std::nullopt;
    const bool in_part = column.length > kSortedCharacters;
    if (is_one_of(column.type, kByteTypes)) return Comparison{Compared::kAsTheyAre, {}, in_part};
    if (is_one_of(column.type, kWholeTypes) || is_one_of(column.type, kDateTypes)) return Comparison{};
    if (column.type == "bit") return Comparison{.bits = true};
    if (column.type == "double" && !has_places(column)) return Comparison{};
    if (column.type == "float") return Comparison{Compared::kDoubles, {}};
    if (column.type == "enum" || column.type == "set") return Comparison{Compared::kNumbers, {}};
    if (column.type == "timestamp") return Comparison{Compared::kInstants, {}};
    return is_one_of(column.type, kTextTypes) ? of_texts(column.collation, in_part) : std::nullopt;
  }

  /// Whether it is made of columns whose values servers may write with fewer digits than they have, or write
  /// in a way of their own once they are in an expression.
  bool has_unwritable(const sql::Expr& expr) const {
    bool found = false;
    sql::walk(expr, [&](const sql::Node& node) {
      const auto* reference = sql::as<sql::ColumnRef>(&node);
      if (reference == nullptr) return !found;
      const Column* column = column_of(*reference);
      found |= column == nullptr || column->type == "float" || column->type == "bit" || has_places(*column);
      return !found;
    });
    return found;
  }

  static bool is_extreme(const sql::FunctionCall& call) {
    return call.over == nullptr && call.schema.empty() && call.args.count == 1 &&
           (call.name == "min" || call.name == "max");
  }

  bool is_number(const sql::Expr& expr) const {
    switch (expr.kind) {
      case sql::NodeKind::kLogical:
      case sql::NodeKind::kBetween:
      case sql::NodeKind::kIn:
      case sql::NodeKind::kLike:
      case sql::NodeKind::kIs:
      case sql::NodeKind::kExtract:
        return true;
      default:
        break;
    }
    if (const auto* column = sql::as<sql::ColumnRef>(&expr)) {
      const Column* known = column_of(*column);
      return known != nullptr &&
             (is_one_of(known->type, kWholeTypes) || (known->type == "double" && !has_places(*known)));
    }
    if (const auto* literal = sql::as<sql::Literal>(&expr)) return is_numeric(literal->literal);
    if (const auto* unary = sql::as<sql::Unary>(&expr))
      return unary->op == sql::UnaryOp::kPlus ? is_number(*unary->operand)
                                              : unary->op != sql::UnaryOp::kBinary;
    if (const auto* binary = sql::as<sql::Binary>(&expr)) {
      return binary->op != BinaryOp::kConcat && !sql::is<sql::Interval>(binary->left) &&
             !sql::is<sql::Interval>(binary->right);
    }
    const auto* call = sql::as<sql::FunctionCall>(&expr);
    return call != nullptr && call->schema.empty() &&
           (is_one_of(call->name, kNumberFunctions) || is_branch_of_numbers(*call));
  }

  static bool is_numeric(sql::LiteralKind kind) {
    return kind == sql::LiteralKind::kInteger || kind == sql::LiteralKind::kDecimal ||
           kind == sql::LiteralKind::kFloat;
  }

  bool is_branch_of_numbers(const sql::FunctionCall& call) const {
    if (!is_one_of(call.name, kBranches)) return false;
    const std::size_t first = call.name == "if" ? 1 : 0;
    for (std::size_t i = first; i < call.args.size(); ++i) {
      if (!is_number(*call.args[i])) return false;
    }
    return call.args.size() > first;
  }

  bool is_date(const sql::Expr& expr) const {
    if (const auto* cast = sql::as<sql::Cast>(&expr)) return is_one_of(cast->type->name, kDateTypes);
    const auto* call = sql::as<sql::FunctionCall>(&expr);
    return call != nullptr && call->schema.empty() && call->name == "date";
  }

  /// Of a text made of columns of one collation and literals: that collation.
  std::optional<std::string_view> collation_of(const sql::Expr& expr) const {
    if (const auto* column = sql::as<sql::ColumnRef>(&expr)) {
      const Column* known = column_of(*column);
      const bool text = known != nullptr && is_one_of(known->type, kTextTypes) && known->declared != "json";
      return text ? std::optional<std::string_view>(known->collation) : std::nullopt;
    }
    if (const auto* collate = sql::as<sql::Collate>(&expr))
      return collation_of(*collate->value) ? std::optional(collate->collation) : std::nullopt;
    const auto* call = sql::as<sql::FunctionCall>(&expr);
    if (call == nullptr || !call->schema.empty()) return std::nullopt;
    if (is_extreme(*call)) return collation_of(*call->args.front());
    if (!is_one_of(call->name, kTextFunctions)) return std::nullopt;
    std::optional<std::string_view> found;
    for (const sql::Expr* argument : call->args) {
      if (sql::is<sql::Literal>(argument) || sql::is<sql::Parameter>(argument)) continue;
      const std::optional<std::string_view> own = collation_of(*argument);
      if (!own || (found && found != own)) return std::nullopt;
      found = own;
    }
    return found;
  }

  bool is_quiet_number(const sql::Expr& expr) const { return is_number(expr) && is_quiet(expr); }

  bool is_quiet_call(const sql::FunctionCall& call) const {
    if (!call.schema.empty() || call.over != nullptr) return false;
    const bool counts = call.name == "count" || call.name == "length" || call.name == "char_length" ||
                        is_extreme(call) || is_one_of(call.name, kTextFunctions);
    if (!counts && call.name != "sum" && call.name != "avg" && !is_branch_of_numbers(call)) return false;
    return std::ranges::all_of(call.args, [&](const sql::Expr* argument) {
      return sql::is<sql::Star>(argument) || (counts ? is_quiet(*argument) : is_quiet_number(*argument));
    });
  }

  Block* block_;
};

}  // namespace

std::optional<Comparison> comparison_of(const sql::Expr& expr, Block* block) {
  return Judge(block).comparison(expr);
}

std::optional<MergeFold::How> fold_of(const sql::FunctionCall& call, Block* block) {
  return Judge(block).fold(call);
}

bool is_quiet(const sql::Expr& expr, Block* block) { return Judge(block).is_quiet(expr); }

bool warns_once(const sql::Expr& expr, Block* block) {
  bool warns = false;
  sql::walk(expr, [&](const sql::Node& node) {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    warns |= call != nullptr && call->name == "sha2";  // of a length that there is not
    const bool computes = call != nullptr || sql::is<sql::Binary>(&node) || sql::is<sql::Unary>(&node) ||
                          sql::is<sql::Cast>(&node) || sql::is<sql::Case>(&node);
    if (!computes || warns) return !warns;
    bool constant = true;
    sql::walk(node, [&constant](const sql::Node& inner) {
      constant &= !sql::is<sql::ColumnRef>(&inner) && !sql::is<sql::Star>(&inner);
      return constant;
    });
    warns |= constant && !is_quiet(static_cast<const sql::Expr&>(node), block);
    return !warns;
  });
  return warns;
}

std::optional<std::string_view> padding_of(std::string_view collation) {
  using namespace std::string_view_literals;
  const auto has = [collation](std::string_view part) { return collation.find(part) != collation.npos; };
  const bool bytes = collation.starts_with("latin1_") || collation.starts_with("ascii_");
  const bool unicode = collation.starts_with("utf8mb4_") || collation.starts_with("utf8mb3_") ||
                       collation.starts_with("utf8_");
  if (collation == "binary") return ""sv;
  if (!bytes && !unicode) return std::nullopt;
  if (has("_0900_")) return ""sv;
  // Collations of several levels have the second level's weights behind all of the first.
  const bool levels = !collation.ends_with("_ci") && !collation.ends_with("_bin");
  if (levels || (has("_uca1400_") && !collation.ends_with("_ai_ci"))) return std::nullopt;
  if (has("_nopad_")) return ""sv;
  if (bytes) {
    const bool simple = collation.ends_with("_bin") || collation.ends_with("_general_ci") ||
                        collation.ends_with("_swedish_ci") || collation.ends_with("_german1_ci");
    return simple ? std::optional(" "sv) : std::nullopt;
  }
  if (collation.ends_with("_bin")) return collation.starts_with("utf8mb4_") ? "\0\0 "sv : "\0 "sv;
  if (has("_general_")) return "\0 "sv;
  return has("_520_") ? "\x02\x0a"sv : "\x02\x09"sv;
}

}  // namespace kintsugi::plan::pass
