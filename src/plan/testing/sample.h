#pragma once

#include <memory>
#include <string>

#include "plan/planner.h"
#include "sql/arena.h"

namespace kintsugi::plan::testing {

/// Keyspaces for tests of those who plan and run plans:
///  commerce  unsharded: product, customer_seq (a sequence table), and whatever else is named
///  customer  -80 and 80-: customer and corder by hash of customer_id (with sequences, as in Vitess'
///  examples), address
///            the same with two more columns, country (reference), tag (xxhash of a varchar with a binary
///            collation), note (xxhash of a varchar with an ordinary one), account (unicode_loose_xxhash of
///            the same), token (xxhash of a binary(4)), metric (numeric of a bigint unsigned), ledger (all
///            rows pinned to -80)
///  lone      sharded, of the one shard "-": item by hash of id
std::shared_ptr<const vschema::Snapshot> sample_routing();
std::shared_ptr<const Schema> sample_schema();

/// Of a session in customer: tmp (id, v) and address, which hides the sharded one, both on -80; and gone,
/// which is lost.
std::shared_ptr<const TemporaryTables> sample_temporary();

/// With `keyspace` chosen.
PlanContext sample_context(std::string keyspace = "customer");

/// Parses and plans; constants stay in the plan. Aborts if the text cannot be parsed.
Result<Planned> plan_text(std::string_view sql, const PlanContext& context);

}  // namespace kintsugi::plan::testing
