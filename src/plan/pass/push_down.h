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

/// The operands of an OR; none: it is none.
std::vector<const sql::Expr*> alternatives(const sql::Expr& condition);

/// `column = other.other_column`, which every row of the source fulfils that the query can need. Of columns
/// whose values can be copied as constants without changing what they are equal to.
struct Tie {
  const Source* other = nullptr;  ///< of the same block, one around it, or one nested in a condition of it
  const Column* column = nullptr;
  const Column* other_column = nullptr;
  bool operator==(const Tie&) const = default;
};
std::vector<Tie> ties_of(const Source& source);

/// Whether the shard of a row of the source answers a query in a condition on it as one server would, so that
/// the condition can be tested before rows are copied.
bool is_local_query(Draft& draft, const Source& source, const sql::Query& query);

bool holds_query(const sql::Expr& condition);

/// EXISTS (…): the source's row has one of `other` with it on its shard that it is joined with, and that
/// fulfils the other's own conditions. Null: that is not so of every row which the query can need, or it
/// would say nothing. In the plan's arena.
sql::Expr* has_partner(Draft& draft, const Source& source, const Source& other);

/// Names, in lower case, of columns by which a copy is joined, so that it is given an index of each: those
/// that the statement compares with other columns of their kind. (Of another kind they are converted, and how
/// often a server warns of that depends on its indexes.) `tables` are all of the statement's.
std::set<std::string> joined_columns(const sql::Statement& statement, std::span<const TableEntry> tables);

/// Whether a column can be an index's whatever its text's bytes are.
bool is_indexable(const Column& column);

}  // namespace kintsugi::plan::pass
