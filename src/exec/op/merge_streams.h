#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "exec/op/concatenation.h"
#include "exec/op/group_folder.h"
#include "exec/op/merge_keys.h"
#include "plan/merge.h"
#include "runtime/event.h"
#include "runtime/task_group.h"

namespace kintsugi::exec {

/// Asks several shards at once, each of which sends its rows sorted, and brings them to one sink in the order
/// of all. Of each shard one batch is held, as it came; a shard whose batch is not used up waits, and so does
/// its server. What is over for the sink waits here up to kOutBytes.
///
/// All shards are asked at once, however many: none can be left for later, since its rows may be the first.
/// Once as many rows as are wanted have gone out, what else the shards send (each at most as many) is
/// dropped. The first failure cancels the rest.
class Merging {
 public:
  /// `context`, `merge`, `requests` and `sink` are borrowed for the length of run().
  Merging(ExecContext& context, const plan::MergeStreams& merge, std::vector<ShardRequest> requests,
          RowSink& sink);
  ~Merging();

  /// Runs all requests, and leaves what ends the answer to the caller: the OK packets, in the order of the
  /// requests.
  Task<Result<std::vector<mysql::OkPacket>>> run();

 private:
  class Lane;
  static constexpr std::size_t kOutBytes = 32 * 1024;

  Task<void> run_lane(std::size_t index);
  Task<void> merge();
  Task<Result<void>> merge_rows();
  Task<Result<void>> take_columns(std::vector<mysql::ColumnDefinition> columns);
  Task<Result<void>> flush();
  /// The lane has come to a row.
  void add(Lane& lane);
  bool is_ready() const;
  bool is_over() const;
  bool all_sent() const { return left_ == 0; }
  void let_all_go();
  Result<void> emit(const Lane& lane);
  /// Of groups: the lane's row goes to the others of its group.
  Result<void> fold(const Lane& lane);
  void end_group();
  /// Of DISTINCT: whether the lane's row is one that has gone out already.
  bool is_known(const Lane& lane);
  bool comes_first(const Lane& a, const Lane& b) const;
  void sift_down();
  void fail(Error error);

  ExecContext& context_;
  const plan::MergeStreams& merge_;
  std::vector<ShardRequest> requests_;
  RowSink& sink_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  /// Those with a row, as a heap by what comes first.
  std::vector<Lane*> heap_;
  SharedColumns columns_;
  std::optional<MergeKeyReader> keys_;
  bool columns_sent_ = false;
  std::string out_;                    ///< frames for the sink
  std::string scratch_;                ///< of one row
  std::optional<GroupFolder> folder_;  ///< of groups: the one that rows come of now
  std::string last_row_;   ///< of DISTINCT: the last one that counted, of groups: the first, to which
  MergeKeys last_keys_;    ///< these point
  bool has_last_ = false;  ///< of groups: one is under way
  std::uint64_t skip_ = 0;
  std::uint64_t left_ = 0;
  /// Lanes that have come to a row, to their end, or that have failed since the merge looked last.
  runtime::Event changed_;
  runtime::TaskGroup workers_;
  std::optional<Error> error_;
};

}  // namespace kintsugi::exec
