#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sql/tree.h"

namespace kintsugi::plan {

/// Of a statement that calls stored functions which gates run, for rows that it finds (pass/called_rows.cc):
/// the rows are read, the functions called for each, and what both gave is put into a temporary table, over
/// which the rest of the statement runs. So it is of a write whose RETURNING asks for more than the row has
/// (pass/returned_rows.cc). The trees are in the plan's arena.
struct CalledRows {
  /// Of `table`: what the keyspace's function gave.
  struct Call {
    std::string column;
    std::string keyspace;
    const sql::FunctionCall* function = nullptr;
    const sql::Expr* value = nullptr;  ///< the call; ColumnRefs of kRowOfCalls stand for what is known
  };
  std::string table;                     ///< the temporary one
  std::string number;                    ///< its column of the rows' numbers, from 1; empty: it has none
  std::vector<std::string> columns;      ///< its other columns: the first items of `rows`
  const sql::Select* shape = nullptr;    ///< a query of `columns` alone, whose types they have
  const sql::Statement* rows = nullptr;  ///< a query, or a write with RETURNING
  std::vector<Call> calls;               ///< in the order in which they are made
  const sql::Statement* rest =
      nullptr;  ///< null: the statement is planned again, with its parameters' values
};

/// What columns of CalledRows::rows, and of calls that are made before, are qualified with.
inline constexpr std::string_view kRowOfCalls = "_kintsugi_row";

}  // namespace kintsugi::plan
