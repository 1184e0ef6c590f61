#pragma once

#include "base/task.h"
#include "plan/explain.h"

namespace kintsugi::gate {

class Session;

/// Asks each shard, one after the other, how many rows it expects of each query, UPDATE and DELETE that the
/// tree says it is sent (by its own EXPLAIN), and puts that there. What a shard does not know, or refuses to
/// explain, is left out; if one cannot be reached a note says so, and no more are asked. `explained` is the
/// plan that the tree is of.
Task<void> add_estimates(Session& session, const plan::Plan& explained, plan::ExplainedNode& root);

}  // namespace kintsugi::gate
