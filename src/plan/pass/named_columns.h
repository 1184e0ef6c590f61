#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sql/tree.h"

namespace kintsugi::plan::pass {

/// What the statement says of columns.
struct Named {
  std::set<std::string> columns;  ///< lower case, wherever they may belong
  /// Lower case, by the table that stands in front of them.
  std::set<std::pair<std::string, std::string>> qualified;
  std::set<std::string_view> stars;
  bool all = false;
  bool defaults = false;  ///< DEFAULT(column) is asked for

  void add(const sql::ColumnRef& column);
  bool has(std::string_view alias, std::string_view column) const;
};

Named find_named(const sql::Statement& statement);

}  // namespace kintsugi::plan::pass
