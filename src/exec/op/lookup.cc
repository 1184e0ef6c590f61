#include "plan/lookup.h"

#include "exec/executor.h"
#include "exec/op/concatenation.h"
#include "exec/op/lookup_writer.h"
#include "exec/op/operators.h"
#include "exec/op/row_joiner.h"
#include "mysql/row.h"

// Look-ups that are asked before a statement is routed.

namespace kintsugi::exec {

namespace {

/// Takes the ids of an answer of one column.
class IdSink final : public RowSink {
 public:
  explicit IdSink(std::vector<topo::KeyspaceId>& ids) : ids_(ids) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition>) override { co_return Result<void>(); }
  Task<Result<void>> rows(RowBatch batch) override {
    std::string_view frames(batch.frames.data(), batch.frames.size());
    while (const std::optional<std::string_view> row = joiner_.next(frames)) {
      Result<void> parsed = mysql::parse_text_row(*row, 1, cells_);
      if (!parsed) co_return parsed;
      if (cells_[0]) ids_.emplace_back(*cells_[0]);
    }
    co_return Result<void>();
  }
  Task<Result<void>> done(mysql::OkPacket) override { co_return Result<void>(); }

 private:
  std::vector<topo::KeyspaceId>& ids_;
  std::vector<mysql::Cell> cells_;
  RowJoiner joiner_;
};

Task<Result<void>> ask(ExecContext& context, const plan::LookupRead& read, plan::LookupAnswer& answer) {
  Result<plan::ShardList> shards = resolve(context.plan, read.destination, context.bindings);
  if (!shards) co_return failure(std::move(shards.error()));
  const std::string text = bind_text(read.text, context.bindings, context.session);
  ShardRequest request;
  request.keyspace = read.destination.keyspace;
  request.type = read.destination.type;
  request.own_text = false;
  request.part = ShardRequest::Part::kCopyOut;
  request.text = text;
  std::vector<ShardRequest> requests = to_each(*shards, request);
  IdSink sink(answer.ids);
  Concatenation concatenation(context, std::move(requests), sink, Concatenation::Answers::kAll);
  Result<std::vector<mysql::OkPacket>> done = co_await concatenation.run();
  if (!done) co_return failure(std::move(done.error()));
  co_return Result<void>();
}

}  // namespace

Task<Result<std::vector<topo::KeyspaceId>>> ask_ids(ExecContext& context, std::string_view keyspace,
                                                    const vschema::Shard* shard, std::string_view text) {
  ShardRequest request;
  request.shard = shard;
  request.keyspace = keyspace;
  request.own_text = false;
  request.part = ShardRequest::Part::kCopyOut;
  request.text = text;
  std::vector<topo::KeyspaceId> ids;
  IdSink sink(ids);
  Result<void> done = co_await context.shards.run(request, sink, context.cancel);
  if (!done) co_return failure(std::move(done.error()));
  co_return ids;
}

Task<Result<void>> look_up(ExecContext& context) {
  const auto& lookups = context.plan.lookups;
  if (lookups.empty() || (context.bindings.lookups != nullptr && !context.bindings.lookups->empty() &&
                          context.bindings.lookups->front().read == lookups.front().get())) {
    co_return Result<void>();
  }
  context.lookups.reserve(lookups.size());
  for (const auto& lookup : lookups) {
    context.lookups.push_back({lookup.get(), {}});
    Result<void> done = co_await ask(context, *lookup, context.lookups.back());
    if (!done) co_return done;
  }
  context.bindings.lookups = &context.lookups;
  co_return Result<void>();
}

}  // namespace kintsugi::exec
