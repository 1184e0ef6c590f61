#pragma once

#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

/// Appends what the conditions (all of which hold) say of where the source's rows are.
void find_constraints(Draft& draft, Block* block, const Source& source,
                      const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out);

/// Sets Block::not_exact. After the block's rows, and those of all blocks inside, have been placed.
void find_inexact(Draft& draft, Block& block);

/// Whether it may be cut into parts that the shards do and a rest: its rows lie together, and nothing in it
/// asks for all rows at once (windows, ROLLUP, …), has an effect or locks. After the placement.
bool is_divisible(const Draft& draft, const sql::Select& select);

/// Aggregates whose parts can be put together, by how.
enum class Merge { kNone, kSum, kCount, kAverage, kSame };
Merge merge_of(const sql::FunctionCall& call);

/// Whether its type depends on how many digits an average has, which is more where it is put together.
bool is_typed_by_digits(const sql::Expr& expr);

/// Of a query whose rows lie together, the parts that the shards do, and the rest over what they answer.
/// False: it is not such a query; nothing has been made.
bool gather_parts(Draft& draft, Gather& gather);

/// A function that makes one value of the rows of a group.
bool is_aggregate(const sql::FunctionCall& call);

}  // namespace kintsugi::plan::pass
