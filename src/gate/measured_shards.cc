#include "gate/measured_shards.h"

#include "mysql/packet.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

/// Counts what passes.
class CountingSink final : public exec::RowSink {
 public:
  CountingSink(exec::RowSink& sink, plan::Measured& measured) : sink_(sink), measured_(measured) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    Result<void> taken = co_await sink_.columns(std::move(columns));
    co_return taken;
  }
  Task<Result<void>> rows(exec::RowBatch batch) override {
    measured_.rows += mysql::count_packets({batch.frames.data(), batch.frames.size()});
    measured_.bytes += batch.frames.size();
    Result<void> taken = co_await sink_.rows(batch);
    co_return taken;
  }
  Task<Result<void>> done(mysql::OkPacket ok) override {
    measured_.affected = ok.affected_rows;
    Result<void> taken = co_await sink_.done(std::move(ok));
    co_return taken;
  }

 private:
  exec::RowSink& sink_;
  plan::Measured& measured_;
};

bool take(plan::ExplainedNode& node, const MeasuredShards::Run& run) {
  for (plan::ExplainedText& text : node.texts) {
    if (text.sql != run.sql) continue;
    for (plan::ExplainedShard& shard : text.shards) {
      if (shard.name != run.shard || shard.measured) continue;
      shard.measured = run.measured;
      return true;
    }
    // "any server" has become one.
    if (text.shards.empty()) {
      text.shards.push_back({run.shard, run.measured});
      return true;
    }
  }
  for (plan::ExplainedNode& input : node.inputs) {
    if (take(input, run)) return true;
  }
  return false;
}

void drop_unused(plan::ExplainedNode& node) {
  std::erase_if(node.texts, [](plan::ExplainedText& text) {
    std::erase_if(text.shards, [](const plan::ExplainedShard& shard) { return !shard.measured; });
    return text.shards.empty();
  });
  for (plan::ExplainedNode& input : node.inputs) drop_unused(input);
}

}  // namespace

Task<Result<void>> MeasuredShards::run(const exec::ShardRequest& request, exec::RowSink& sink,
                                       runtime::Cancel* cancel) {
  using Part = exec::ShardRequest::Part;
  if (request.part == Part::kCopyIn || request.part == Part::kShape) {
    Result<void> done = co_await shards_.run(request, sink, cancel);
    co_return done;
  }
  const Time begun = Clock::now();
  plan::Measured measured;
  CountingSink counting(sink, measured);
  Result<void> done = co_await shards_.run(request, counting, cancel);
  measured.took = Clock::now() - begun;
  const std::string shard = request.scratch            ? std::string(plan::kOverCopies)
                            : request.shard == nullptr ? "any server"
                                                       : request.shard->name;
  runs_.push_back({request.own_text ? own_text_ : std::string(request.text), shard, measured});
  co_return done;
}

Task<Result<void>> MeasuredShards::begin_unit(std::span<const vschema::Shard* const> shards) {
  Result<void> done = co_await shards_.begin_unit(shards);
  co_return done;
}

Task<Result<void>> MeasuredShards::end_unit(bool keep) {
  Result<void> done = co_await shards_.end_unit(keep);
  co_return done;
}

Task<void> MeasuredShards::end_scratch() { co_await shards_.end_scratch(); }

void add_measured(plan::ExplainedNode& root, const std::vector<MeasuredShards::Run>& runs) {
  std::vector<const MeasuredShards::Run*> unknown;
  for (const MeasuredShards::Run& run : runs) {
    if (!take(root, run)) unknown.push_back(&run);
  }
  drop_unused(root);
  for (const MeasuredShards::Run* run : unknown)
    root.texts.push_back({run->sql, {{run->shard, run->measured}}});
}

}  // namespace kintsugi::gate
