#pragma once

#include "exec/executor.h"

// The operators, one for each kind of plan node; listed in executor.cc.

namespace kintsugi::exec {

Task<Result<void>> run_route(ExecContext& context, const plan::Node& node, RowSink& sink);
Task<Result<void>> run_insert(ExecContext& context, const plan::Node& node, RowSink& sink);
Task<Result<void>> run_ddl(ExecContext& context, const plan::Node& node, RowSink& sink);
Task<Result<void>> run_gather(ExecContext& context, const plan::Node& node, RowSink& sink);
Task<Result<void>> run_merge(ExecContext& context, const plan::Node& node, RowSink& sink);
Task<Result<void>> run_keyed_write(ExecContext& context, const plan::Node& node, RowSink& sink);
Task<Result<void>> run_load(ExecContext& context, const plan::Node& node, RowSink& sink);

/// What CREATE TABLE and ALTER TABLE … REFERENCE FROM do last: the source's rows, on these shards, in a unit
/// of their own.
Task<Result<void>> fill_reference(ExecContext& context, const plan::Ddl& ddl, const plan::ShardList& shards);

/// What ALTER TABLE … ADD GLOBAL UNIQUE does once its keys are kept: entries of the rows that are there, in
/// units of a part of them each.
Task<Result<void>> fill_global_keys(ExecContext& context, const plan::Ddl& ddl,
                                    const plan::ShardList& shards);

/// The node's input, if it is a Route that serves this execution: its values lead to one shard.
Result<const plan::Route*> serving_route(const ExecContext& context, const plan::Node& node);

/// The request, once for each shard.
std::vector<ShardRequest> to_each(const plan::ShardList& shards, const ShardRequest& request);

/// Ends the unit that was begun: it is kept if what was done in it is no failure. That it could not be ended
/// is told rather than that failure: then the transaction around it is lost, and who goes on as if it were
/// open writes for good.
Task<Result<void>> end_unit(ExecContext& context, Result<void> done);

/// Runs the requests, of which there are several: as one unit if they write. `finish` makes one OK packet of
/// theirs; the sink is told once the unit is kept.
Task<Result<void>> run_several(ExecContext& context, std::vector<ShardRequest> requests, bool copies,
                               RowSink& sink,
                               mysql::OkPacket (*finish)(std::span<const mysql::OkPacket> parts, void* state),
                               void* state);

}  // namespace kintsugi::exec
