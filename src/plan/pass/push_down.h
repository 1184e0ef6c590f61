#pragma once

#include <set>
#include <string>
#include <vector>

#include "plan/pass/draft.h"

// What of a query can be done before rows of a table are copied.
namespace kintsugi::plan::pass {

/// The conditions which every row of a source fulfils that the query can need: of its block's WHERE, and of
/// the ONs of joins that leave out the rows that do not.
std::vector<const sql::Expr*> conditions_of(const Source& source);

/// What they say of this source alone, so that it can be tested before rows are copied; in the plan's arena.
/// The query keeps the conditions too.
std::vector<const sql::Expr*> conditions_before_copy(Draft& draft, const Source& source);

/// `column = other.other_column`, of integers, which every row of the source fulfils that the query can need.
struct Tie {
  const Source* other = nullptr;  ///< of the same block or one around it
  const Column* column = nullptr;
  const Column* other_column = nullptr;
  bool operator==(const Tie&) const = default;
};
std::vector<Tie> ties_of(const Source& source);

/// Names, in lower case, of columns by which a copy is joined, so that it is given an index of each: those
/// that the statement compares with other columns of their kind. (Of another kind they are converted, and how
/// often a server warns of that depends on its indexes.) `tables` are all of the statement's.
std::set<std::string> joined_columns(const sql::Statement& statement, std::span<const TableEntry> tables);

/// Whether a column can be an index's whatever its text's bytes are.
bool is_indexable(const Column& column);

}  // namespace kintsugi::plan::pass
