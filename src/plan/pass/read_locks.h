#pragma once

#include "sql/arena.h"
#include "sql/tree/node.h"

namespace kintsugi::plan::pass {

/// What a write reads first is read with the locks that one server takes in a write, so that it is still so
/// when it is written: each SELECT from tables that does not say so itself gets LOCK IN SHARE MODE. A query's
/// clause is about its own tables only, so those nested in it have their own. Recursive common tables, of
/// which some servers refuse it, have none.
void lock_reads(sql::Node& node, sql::Arena& arena);

}  // namespace kintsugi::plan::pass
