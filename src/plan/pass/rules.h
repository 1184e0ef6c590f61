#pragma once

#include "plan/merge.h"
#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

/// Appends what the conditions (all of which hold) say of where the source's rows are.
void find_constraints(Draft& draft, Block* block, const Source& source,
                      const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out);

/// The values that the column may have where all conditions hold, by the one that leaves the fewest; none:
/// any.
std::optional<std::vector<Operand>> values_of(Draft& draft, Block* block, const Source& source,
                                              std::string_view column,
                                              const std::vector<const sql::Expr*>& conditions);

/// Appends what a look-up vindex of the source will find of the conditions, if one can; see lookup.cc.
void find_lookup(Draft& draft, Block* block, const Source& source,
                 const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out);
/// Notes the look-ups that the plan's routing waits for.
void collect_lookups(Plan& plan);

/// Sets Block::not_exact. After the block's rows, and those of all blocks inside, have been placed.
void find_inexact(Draft& draft, Block& block);

/// Whether it may be cut into parts that the shards do and a rest: its rows lie together, and nothing in it
/// asks for all rows at once (windows, ROLLUP, …), has an effect or locks. After the placement.
bool is_divisible(const Draft& draft, const sql::Select& select);

/// Whether it is a CREATE TABLE … AS query whose rows are spread over shards: the session makes the table,
/// and fills it by an INSERT.
bool makes_sharded_of_query(const Draft& draft);

/// Whether a join of its FROM makes one column of two: NATURAL, USING.
bool merges_columns(const Block& block);

bool holds_aggregate(const sql::Node& node);

/// Aggregates whose parts can be put together, by how.
enum class Merge { kNone, kSum, kCount, kAverage, kSame };
Merge merge_of(const sql::FunctionCall& call);

/// Whether MySQL may warn of the shards' groups what is not so: see sorted_groups.cc.
bool warns_of_nulls(const Draft& draft, const sql::Select& select);
/// If so, makes it find the groups of the query, whose text this is, by sorting.
void sort_groups(Text& text, const sql::Select& select, Draft& draft);

/// Whether its type depends on how many digits an average has, which is more where it is put together.
bool is_typed_by_digits(const sql::Expr& expr);

/// Whether the draft's statement is a query that its route refuses for several shards, and that can run over
/// copies.
bool may_gather(const Draft& draft);
/// For such a query, without tables yet.
std::unique_ptr<Gather> new_gather(const Draft& draft);

/// For a query that gathers and names tables of information_schema: copies of what several servers know of
/// them.
void add_information(Draft& draft, Gather& gather, TableNames& names);

/// How the gate can compare values as servers do: by what shards send.
enum class Compared {
  kAsTheyAre,  ///< the value itself: numbers, dates, times, bytes
  kDoubles,    ///< of FLOAT, whose text has too few digits: the same as a double
  kNumbers,    ///< of ENUM and SET: the number
  kInstants,   ///< of TIMESTAMP, which may be written alike twice a year: seconds
  kWeights,    ///< of texts: WEIGHT_STRING
};
struct Comparison {
  Compared by = Compared::kAsTheyAre;
  std::string padding;  ///< of kWeights: see MergeKey
  /// Servers may sort by its first part only (max_sort_length), and rows that are alike in that by what
  /// follows in ORDER BY.
  bool in_part = false;
  bool bits = false;  ///< a BIT column, of which MariaDB makes a BIGINT where DISTINCT has sorted it
};
/// Nothing where that is not certain.
std::optional<Comparison> comparison_of(const sql::Expr& expr, Block* block);
/// Whether it may be evaluated more often than the statement says, without anybody seeing it: no effect, no
/// warning, the same value each time.
bool is_quiet(const sql::Expr& expr, Block* block);
/// Whether constants in it may warn: once a statement, so that several shards warn more often than one
/// server.
bool warns_once(const sql::Expr& expr, Block* block);
/// How an aggregate is put together of what shards have of it, the same as one server would make of all rows;
/// nothing where that is not certain.
std::optional<MergeFold::How> fold_of(const sql::FunctionCall& call, Block* block);
/// What texts of the collation go on with behind their end when they are compared, as a weight; "" where the
/// shorter one is less. Nothing where the weights do not tell how texts compare.
std::optional<std::string_view> padding_of(std::string_view collation);

/// A function that makes one value of the rows of a group.
bool is_aggregate(const sql::FunctionCall& call);

}  // namespace kintsugi::plan::pass
