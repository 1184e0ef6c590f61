#include <algorithm>

#include "plan/directives.h"
#include "plan/pass/draft.h"
#include "sql/parser.h"

// How a table is sharded, where a plain comment says it: `/*kintsugi SHARD BY hash(id) */`.

namespace kintsugi::plan::pass {

Result<const sql::CreateTable*> with_shard_clause(Draft& draft, const sql::CreateTable& create) {
  const auto* const found = std::ranges::find_if(create.directives, is_shard_clause);
  if (found == create.directives.end()) return &create;
  if (create.shard_by != nullptr) {
    return failure(kUnsupportedYet, "SHARD BY or REFERENCE twice, in the statement and in a comment of it");
  }
  const std::string model = "create table t (a int) " + std::string(*found);
  Result<sql::Statement*> parsed = sql::parse(draft.keep(model), draft.plan->arena);
  const auto* clause = parsed ? sql::as<sql::CreateTable>(*parsed) : nullptr;
  if (clause == nullptr || clause->shard_by == nullptr) {
    return failure(kUnsupportedYet, "the comment /*kintsugi " + std::string(*found) +
                                        " */, which is neither SHARD BY vindex(column) nor REFERENCE");
  }
  // Shallow: the draft knows its tables by the addresses of their names.
  auto* whole = sql::make_node<sql::CreateTable>(draft.plan->arena);
  *whole = create;
  whole->shard_by = clause->shard_by;
  return whole;
}

}  // namespace kintsugi::plan::pass
