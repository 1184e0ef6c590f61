#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "exec/executor.h"
#include "runtime/event.h"
#include "runtime/task_group.h"

namespace kintsugi::exec {

/// The columns of the answers that several shards give to one request: those of the first, which the others'
/// must be like, so that all rows mean the same.
class SharedColumns {
 public:
  /// Whether these are the first. Fails with kShardsDisagree.
  Result<bool> take(const std::vector<mysql::ColumnDefinition>& columns);

 private:
  std::optional<std::vector<mysql::ColumnDefinition>> first_;
};

/// Asks several shards at once and brings their rows to one sink, those of the first request first: the order
/// does not depend on who answers sooner. Of a shard whose turn has not come, a bounded number of bytes is
/// held; then it waits, and so does its server. The first failure cancels the rest. But where the requests
/// write rows of one statement (ShardRequest::rows), the error is that of the first row that was refused, as
/// on one server: shards that write rows before that one are waited for.
class Concatenation {
 public:
  /// Whose answers count.
  enum class Answers {
    kAll,
    kFirst,  ///< every shard writes the same rows: the first one before the others, whose answers are dropped
  };

  /// `context`, `requests` and `sink` are borrowed for the length of run().
  Concatenation(ExecContext& context, std::vector<ShardRequest> requests, RowSink& sink, Answers answers);
  ~Concatenation();

  /// Runs all requests. What ends the answer, sink.done(), is left to the caller: the OK packets, in the
  /// order of the requests.
  Task<Result<std::vector<mysql::OkPacket>>> run();

 private:
  class Lane;

  Task<void> work();
  Task<void> run_lane(std::size_t index);
  void fail(Error error);
  void refuse(std::size_t row, Error error);
  bool may_be_refused(std::size_t index) const;
  void stop_if_told();
  Task<Result<void>> send_columns(std::vector<mysql::ColumnDefinition> columns);
  Task<Result<void>> advance(std::size_t index);

  ExecContext& context_;
  std::vector<ShardRequest> requests_;
  RowSink& sink_;
  Answers answers_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::size_t next_ = 0;  ///< the request that the next free worker takes
  std::size_t turn_ = 0;  ///< whose rows go to the sink now
  SharedColumns columns_;
  runtime::Event columns_sent_;
  runtime::TaskGroup workers_;
  std::optional<Error> error_;
  bool in_row_order_;                       ///< of several errors, the first row's is told
  std::optional<std::size_t> refused_row_;  ///< the client's row that error_ is about
};

}  // namespace kintsugi::exec
