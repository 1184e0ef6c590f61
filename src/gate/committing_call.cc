#include "gate/committing_call.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/lower_case.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "routine/program.h"

namespace kintsugi::gate {
namespace {

using sql::NodeKind;
using Name = std::pair<std::string, std::string>;  // keyspace, procedure

bool sets_autocommit(const sql::Set& set) {
  for (const sql::SetItem* item : set.items) {
    if (lower_case(item->name) == "autocommit") return true;
  }
  return false;
}

/// Ends a transaction, or may, where it is not known what it is.
bool may_commit(const sql::Node& node) {
  switch (node.kind) {
    case NodeKind::kCommit:
    case NodeKind::kBegin:
    case NodeKind::kLockTables:
    case NodeKind::kExecute:
    case NodeKind::kSet:
    case NodeKind::kTableMaintenance:
    case NodeKind::kAlterTable:
    case NodeKind::kRenameTables:
    case NodeKind::kTruncateTable:
    case NodeKind::kCreateIndex:
    case NodeKind::kDropIndex:
    case NodeKind::kDropObject:
    case NodeKind::kCreateView:
    case NodeKind::kCreateSequence:
    case NodeKind::kCreateTrigger:
    case NodeKind::kCreateRoutine:
    case NodeKind::kAlterRoutine:
    case NodeKind::kCreateEvent:
      return node.kind != NodeKind::kSet || sets_autocommit(static_cast<const sql::Set&>(node));
    case NodeKind::kRollback:
      return static_cast<const sql::Rollback&>(node).to_savepoint.empty();
    case NodeKind::kCreateTable:
      return !static_cast<const sql::CreateTable&>(node).temporary;
    case NodeKind::kDropTables:
      return !static_cast<const sql::DropTables&>(node).temporary;
    default:
      return false;
  }
}

struct Found {
  bool may_commit = false;
  std::vector<Name> calls;
};

Found look_into(const sql::Statement& body, const std::string& keyspace) {
  Found found;
  sql::walk(body, [&](const sql::Node& node) {
    found.may_commit |= may_commit(node);
    if (const auto* call = sql::as<sql::Call>(&node)) {
      const sql::TableName& name = *call->routine;
      found.calls.emplace_back(name.schema.empty() ? keyspace : std::string(name.schema), name.name);
    }
    return true;
  });
  return found;
}

}  // namespace

Task<bool> is_committing_call(Session& session, const ClientStatement& call, const vschema::Shard& shard) {
  if (!session.shards().is_branch(shard)) co_return false;
  const Result<std::shared_ptr<routine::Program>> program =
      routine::Program::compile(text_with_parameters(session, call), session.lexer_mode());
  if (!program) co_return false;
  std::vector<Name> open = look_into((*program)->body(), shard.keyspace).calls;
  std::set<Name> known(open.begin(), open.end());
  while (!open.empty()) {
    Name name = std::move(open.back());
    open.pop_back();
    const Result<RoutineCache::Entry> routine =
        co_await session.worker().routines().find(session, name.first, name.second);
    if (!routine) continue;
    const Found found = look_into((*routine)->body(), name.first);
    if (found.may_commit) co_return true;
    for (const Name& called : found.calls) {
      if (known.insert(called).second) open.push_back(called);
    }
  }
  co_return false;
}

}  // namespace kintsugi::gate
