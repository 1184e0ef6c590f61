#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plan/explain.h"

/// How many rows a server expects a statement to yield or change, by its own EXPLAIN of it. Pure.
namespace kintsugi::plan {

/// A line of a server's EXPLAIN: one table of a plan.
struct PlanLine {
  std::uint64_t id = 0;  ///< of its SELECT: 1 for the outermost
  std::string select_type;
  std::optional<double> rows;
  double filtered = 100;  ///< percent of `rows` that its conditions leave
  std::string extra;
};

/// Whether estimate_rows() may know something of it.
bool is_estimated(sql::NodeKind statement);

/// Tables of a join are multiplied, by what their conditions leave; LIMIT cuts, an aggregate without GROUP BY
/// is one row; how many groups there are no server says. Nothing where the server does not say, or the text
/// is no query, UPDATE or DELETE.
std::optional<Estimate> estimate_rows(std::string_view sql, std::span<const PlanLine> plan);

}  // namespace kintsugi::plan
