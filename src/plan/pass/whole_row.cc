#include "plan/pass/whole_row.h"

#include <algorithm>
#include <array>

namespace kintsugi::plan::pass {

namespace {

bool is_one_of(std::string_view type, std::span<const std::string_view> types) {
  return std::ranges::find(types, type) != types.end();
}

sql::Expr* plus_zero(sql::Expr* value, std::string_view zero, sql::Arena& arena) {
  auto* literal = sql::make_node<sql::Literal>(arena);
  literal->literal = zero == "0" ? sql::LiteralKind::kInteger : sql::LiteralKind::kFloat;
  literal->text = zero;
  auto* sum = sql::make_node<sql::Binary>(arena);
  sum->op = sql::BinaryOp::kAdd;
  sum->left = value;
  sum->right = literal;
  return sum;
}

sql::Expr* as_bytes(sql::Expr* value, sql::Arena& arena) {
  auto* cast = sql::make_node<sql::Cast>(arena);
  cast->value = value;
  cast->type = sql::make_node<sql::DataType>(arena);
  cast->type->name = "binary";
  return cast;
}

}  // namespace

std::vector<sql::Expr*> whole_row(const Table& schema, std::string_view table, sql::Arena& arena) {
  static constexpr std::array<std::string_view, 12> kPlain = {"tinyint",  "smallint", "mediumint", "int",
                                                              "bigint",   "decimal",  "double",    "date",
                                                              "datetime", "time",     "timestamp", "year"};
  static constexpr std::array<std::string_view, 3> kNumbered = {"bit", "enum", "set"};
  std::vector<sql::Expr*> values;
  for (const Column& column : schema.columns) {
    if (column.generated) continue;
    auto* reference = sql::make_node<sql::ColumnRef>(arena);
    reference->table = arena.copy(table);
    reference->name = arena.copy(column.name);
    if (is_one_of(column.type, kPlain)) {
      values.push_back(reference);
    } else if (column.type == "float") {
      values.push_back(plus_zero(reference, "0e0", arena));
    } else if (is_one_of(column.type, kNumbered)) {
      values.push_back(plus_zero(reference, "0", arena));
    } else {
      values.push_back(as_bytes(reference, arena));
    }
  }
  return values;
}

const Column* never_null(const Table& schema) {
  const auto found =
      std::ranges::find_if(schema.columns, [](const Column& column) { return !column.nullable; });
  return found == schema.columns.end() ? nullptr : &*found;
}

}  // namespace kintsugi::plan::pass
