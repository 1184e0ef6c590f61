#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"

namespace kintsugi::tablet {

/// An answer, small enough to be held: what an agent asks.
struct QueryRows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;

  /// Of one row, by the column's name; nothing where it is NULL, or where there is no such row or column.
  std::optional<std::string> value(std::size_t row, std::string_view column) const;
  std::string text(std::size_t row, std::string_view column) const {
    return value(row, column).value_or(std::string());
  }
  bool empty() const { return rows.empty(); }
};

/// One session with a server. One statement at a time.
class SqlClient {
 public:
  virtual ~SqlClient() = default;
  /// A server's error is kServerError with its number; any other failure means that the session is gone.
  /// After the deadline the session is gone as well, and the server may still be at the statement.
  virtual Task<Result<QueryRows>> query(std::string sql, Time deadline) = 0;
  /// Makes the query under way fail; the session is gone then.
  virtual void abort() = 0;
};

}  // namespace kintsugi::tablet
