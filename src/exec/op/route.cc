#include "exec/op/checksum_sink.h"
#include "exec/op/concatenation.h"
#include "exec/op/constraint_sink.h"
#include "exec/op/merge.h"
#include "exec/op/operators.h"
#include "plan/errors.h"

namespace kintsugi::exec {

namespace {

mysql::OkPacket merge_all(std::span<const mysql::OkPacket> parts, void*) { return merge_ok(parts); }
mysql::OkPacket take_first(std::span<const mysql::OkPacket> parts, void*) { return parts.front(); }

/// The one statement about tables' upkeep that changes nothing.
bool is_checksum(const plan::Plan& plan) {
  return plan.statement == sql::NodeKind::kTableMaintenance && !plan.commits_implicitly;
}

}  // namespace

Task<Result<void>> run_several(ExecContext& context, std::vector<ShardRequest> requests, bool copies,
                               RowSink& sink,
                               mysql::OkPacket (*finish)(std::span<const mysql::OkPacket> parts, void* state),
                               void* state) {
  for (std::size_t i = 1; i < requests.size(); ++i) requests[i].unseen = copies;
  const bool unit = requests.front().write;
  if (unit) {
    std::vector<const vschema::Shard*> shards;
    for (const ShardRequest& request : requests) shards.push_back(request.shard);
    Result<void> begun = co_await context.shards.begin_unit(shards);
    if (!begun) co_return begun;
  }
  Concatenation concatenation(context, std::move(requests), sink,
                              copies ? Concatenation::Answers::kFirst : Concatenation::Answers::kAll);
  Result<std::vector<mysql::OkPacket>> oks = co_await concatenation.run();
  Result<void> done = oks ? Result<void>() : failure(oks.error());
  if (unit) done = co_await end_unit(context, std::move(done));
  if (!done) co_return done;
  mysql::OkPacket ok = finish(*oks, state);
  co_return co_await sink.done(std::move(ok));
}

std::vector<ShardRequest> to_each(const plan::ShardList& shards, const ShardRequest& request) {
  std::vector<ShardRequest> requests(shards.size(), request);
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i].shard = shards[i];
  return requests;
}

Task<Result<void>> end_unit(ExecContext& context, Result<void> done) {
  Result<void> ended = co_await context.shards.end_unit(done.has_value());
  if (!ended) co_return ended;
  co_return done;
}

Result<const plan::Route*> serving_route(const ExecContext& context, const plan::Node& node) {
  if (node.inputs.empty()) return nullptr;
  const auto* route = static_cast<const plan::Route*>(node.inputs.front().get());
  Result<plan::ShardList> shards = resolve(context.plan, route->destination, context.bindings);
  if (shards) return route;
  if (shards.error().is(plan::kUnsupportedYet)) return nullptr;
  return failure(std::move(shards.error()));
}

Task<Result<void>> run_route(ExecContext& context, const plan::Node& node, RowSink& sink) {
  const auto& route = static_cast<const plan::Route&>(node);
  Result<plan::ShardList> shards = resolve(context.plan, route.destination, context.bindings);
  if (!shards) co_return failure(shards.error());
  std::string text;
  if (!route.own_text) text = bind_text(route.text, context.bindings, context.session);
  ShardRequest request;
  request.keyspace = route.destination.keyspace;
  request.type = route.destination.type;
  request.own_text = route.own_text;
  request.text = text;
  request.part = context.part;
  request.write = route.write;
  request.stays = plan::makes_temporary(context.plan);
  if (shards->size() < 2) {
    if (!shards->empty()) request.shard = shards->front();
    if (!route.constraints.empty()) {
      request.part = ShardRequest::Part::kShape;
      ConstraintSink with(route.constraints, context.binary_rows, sink);
      co_return co_await context.shards.run(request, with, context.cancel);
    }
    co_return co_await context.shards.run(request, sink, context.cancel);
  }
  if (is_checksum(context.plan)) {
    request.part = ShardRequest::Part::kShape;
    ChecksumSink sum(context.binary_rows, sink);
    co_return co_await run_several(context, to_each(*shards, request), false, sum, merge_all, nullptr);
  }
  if (route.copies) request.timestamp_us = context.now_us;
  std::vector<ShardRequest> requests = to_each(*shards, request);
  co_return co_await run_several(context, std::move(requests), route.copies, sink,
                                 route.copies ? take_first : merge_all, nullptr);
}

}  // namespace kintsugi::exec
