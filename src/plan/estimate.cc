#include "plan/estimate.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "plan/pass/rules.h"
#include "sql/parser.h"

namespace kintsugi::plan {

namespace {

/// What a statement makes of the rows of its join.
struct Shape {
  bool one_row = false;
  bool fewer = false;  ///< of rows it makes groups, or drops some afterwards
  bool set = false;    ///< of several SELECTs
  const sql::Limit* limit = nullptr;
};

/// An aggregate of the query itself, and not of one inside.
bool aggregates(const sql::Node& node) {
  bool found = false;
  sql::walk(node, [&found](const sql::Node& child) {
    if (sql::is_query(child.kind)) return false;
    const auto* call = sql::as<sql::FunctionCall>(&child);
    found |= call != nullptr && pass::is_aggregate(*call);
    return !found;
  });
  return found;
}

Shape shape_of(const sql::Select& select) {
  const bool aggregated =
      (select.having != nullptr && aggregates(*select.having)) ||
      std::ranges::any_of(select.items, [](const sql::SelectItem* item) { return aggregates(*item); });
  Shape shape;
  shape.one_row = aggregated && select.group_by.empty();
  shape.fewer = !select.group_by.empty() || select.distinct || select.having != nullptr;
  shape.limit = select.limit;
  return shape;
}

std::optional<Shape> shape_of(const sql::Statement& statement) {
  if (const auto* select = sql::as<sql::Select>(&statement)) return shape_of(*select);
  if (const auto* update = sql::as<sql::Update>(&statement)) return Shape{.limit = update->limit};
  if (const auto* erase = sql::as<sql::Delete>(&statement)) return Shape{.limit = erase->limit};
  if (!sql::is_query(statement.kind)) return std::nullopt;
  return Shape{.fewer = true, .set = true, .limit = static_cast<const sql::Query&>(statement).limit};
}

std::optional<double> whole_number(const sql::Expr* expr) {
  const auto* literal = sql::as<sql::Literal>(expr);
  if (literal == nullptr || literal->literal != sql::LiteralKind::kInteger) return std::nullopt;
  double number = 0;
  std::from_chars(literal->text.data(), literal->text.data() + literal->text.size(), number);
  return number;
}

/// Rows of a table that the optimizer has read already, or does not read.
std::optional<double> rows_without_reading(const PlanLine& line) {
  const auto says = [&line](std::string_view words) { return line.extra.find(words) != std::string::npos; };
  if (says("mpossible") || says("o matching") || says("Zero limit")) return 0;
  if (says("No tables used") || says("optimized away")) return 1;
  return std::nullopt;
}

/// The lines of one SELECT, multiplied.
std::optional<double> joined_rows(std::span<const PlanLine> plan, std::uint64_t id) {
  std::optional<double> product;
  for (const PlanLine& line : plan) {
    if (line.id != id) continue;
    const std::optional<double> rows =
        line.rows ? *line.rows * line.filtered / 100 : rows_without_reading(line);
    if (!rows) return std::nullopt;
    product = product.value_or(1) * *rows;
  }
  return product;
}

/// The SELECTs whose rows are the answer's, added up.
std::optional<double> answer_rows(std::span<const PlanLine> plan, bool set) {
  std::optional<double> sum = joined_rows(plan, 1);
  std::uint64_t last = 1;
  for (const PlanLine& line : plan) {
    const bool is_arm =
        line.select_type == "UNION" || line.select_type == "EXCEPT" || line.select_type == "INTERSECT";
    if (!set || !is_arm || line.id == last || !sum) continue;
    last = line.id;
    const std::optional<double> arm = joined_rows(plan, line.id);
    sum = arm ? std::optional(*sum + *arm) : std::nullopt;
  }
  return sum;
}

double cut(double rows, const sql::Limit* limit) {
  if (limit == nullptr) return rows;
  const std::optional<double> offset = whole_number(limit->offset);
  const std::optional<double> count = whole_number(limit->count);
  rows = std::max(0.0, rows - offset.value_or(0));
  return count ? std::min(rows, *count) : rows;
}

/// Servers' estimates of less than a row are of one.
std::uint64_t to_count(double rows) {
  constexpr double kMax = 1e18;
  return rows <= 0 ? 0 : static_cast<std::uint64_t>(std::max(1.0, std::round(std::min(rows, kMax))));
}

}  // namespace

bool is_estimated(sql::NodeKind statement) {
  return sql::is_query(statement) || statement == sql::NodeKind::kUpdate ||
         statement == sql::NodeKind::kDelete;
}

std::optional<Estimate> estimate_rows(std::string_view sql, std::span<const PlanLine> plan) {
  sql::Arena arena;
  const Result<sql::Statement*> statement = sql::parse(sql, arena);
  if (!statement) return std::nullopt;
  const std::optional<Shape> shape = shape_of(**statement);
  if (!shape) return std::nullopt;
  const std::optional<double> rows =
      shape->one_row ? std::optional<double>(1) : answer_rows(plan, shape->set);
  if (!rows) return std::nullopt;
  return Estimate{to_count(cut(*rows, shape->limit)), shape->fewer};
}

}  // namespace kintsugi::plan
