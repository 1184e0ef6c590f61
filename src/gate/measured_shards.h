#pragma once

#include <string>
#include <vector>

#include "exec/executor.h"
#include "plan/explain.h"

namespace kintsugi::gate {

/// The shards of a session with a watch at each request: what ANALYZE FORMAT=KINTSUGI tells. What fills
/// copies is not told apart from what reads their rows. On the session's loop; lives for one statement.
class MeasuredShards final : public exec::Shards {
 public:
  /// `own_text` is what requests for the client's own text send.
  MeasuredShards(exec::Shards& shards, std::string own_text)
      : shards_(shards), own_text_(std::move(own_text)) {}

  Task<Result<void>> run(const exec::ShardRequest& request, exec::RowSink& sink,
                         runtime::Cancel* cancel) override;
  Task<Result<void>> begin_unit(std::span<const vschema::Shard* const> shards) override;
  Task<Result<void>> end_unit(bool keep) override;
  Task<void> end_scratch() override;

  struct Run {
    std::string sql;
    std::string shard;
    plan::Measured measured;
  };
  const std::vector<Run>& runs() const { return runs_; }

 private:
  exec::Shards& shards_;
  std::string own_text_;
  std::vector<Run> runs_;
};

/// Puts each run where the tree says its text; texts that nobody was sent go, and those that the tree does
/// not know (with ids that were given meanwhile) are added to its root.
void add_measured(plan::ExplainedNode& root, const std::vector<MeasuredShards::Run>& runs);

}  // namespace kintsugi::gate
