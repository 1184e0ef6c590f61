#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"

/// What several shards answer alike, and the gate puts together.
namespace kintsugi::plan {

/// What rows that several shards send are ordered by, most important first.
struct MergeKey {
  /// The column that holds it in the shards' answers: its position, if it is not `hidden`; then its position
  /// among the hidden ones.
  std::size_t column = 0;
  bool hidden = false;
  bool descending = false;
  std::string name;  ///< of the column: positions hold for the columns that the planner knew
  /// Of a text's weights: what a shorter one goes on with where it is compared with a longer one. Empty: it
  /// is the lesser one.
  std::string padding;
};

/// A column of the answer whose value is put together of those that shards have for one group.
struct MergeFold {
  enum class How : std::uint8_t {
    kCount,     ///< whole numbers, added up
    kSum,       ///< decimals, added up
    kAverage,   ///< the sum and the count of all shards divided: the hidden column `aside` and the one after
                ///< it
    kLeast,     ///< the one whose `by` comes first
    kGreatest,  ///< …or last
    kBitAnd,
    kBitOr,
    kBitXor,
  };
  How how = How::kCount;
  std::size_t column = 0;
  std::size_t aside = 0;
  MergeKey by;
};

/// A condition on the groups that are made: the value of a fold (a count, a sum) compared with a number. That
/// of no value does not hold.
struct MergeFilter {
  std::size_t fold = 0;
  bool less = false, equal = false, greater = false;  ///< whether the value may be
  std::string number;                                 ///< than this: a decimal
};

/// A query that each shard answers as it is, but for the order of all rows together, and how many of them are
/// wanted: rows come sorted, are merged, and cut off. Its input is the Route that serves executions whose
/// values lead to one shard.
struct MergeStreams : Node {
  MergeStreams() : Node(NodeKind::kMerge) {}

  std::string reason;  ///< why no route does
  Destination destination;
  bool own_text = true;  ///< the client's own text goes out unchanged; else `text`
  Text text;
  std::vector<MergeKey> keys;  ///< none: any order
  bool distinct = false;       ///< of rows that are alike in all keys, the first counts
  bool groups = false;         ///< rows that are alike in all keys become one, which has their `folds`
  std::vector<MergeFold> folds;
  std::vector<MergeFilter> having;  ///< of groups: all hold
  /// Columns at the end that are asked for to compare rows by: the client does not see them.
  std::size_t hidden = 0;
  std::optional<Operand> limit;  ///< of all shards together; each is sent as many, and those that are skipped
  std::optional<Operand> offset;
};

}  // namespace kintsugi::plan
