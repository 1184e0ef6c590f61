#include "plan/pass/draft.h"

// CREATE FUNCTION in a sharded keyspace. Queries call it on any server, so what it reads must be the same on
// each.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

bool changes_data(const sql::Node& node) {
  switch (node.kind) {
    case NodeKind::kInsert:
    case NodeKind::kUpdate:
    case NodeKind::kDelete:
    case NodeKind::kCall:
    case NodeKind::kSequenceValue:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<void> check_stored_function(const Draft& draft, const sql::CreateRoutine& create) {
  if (!create.function || create.body == nullptr) return {};
  std::string wrong;
  sql::walk(*create.body, [&](const sql::Node& node) {
    if (changes_data(node)) wrong = "writes rows or calls a procedure";
    if (const auto* name = sql::as<sql::TableName>(&node); name != nullptr && wrong.empty()) {
      const bool here = name->schema.empty() || name->schema == draft.keyspace;
      const vschema::Table* table = here ? draft.found->find_table(name->name) : nullptr;
      if (table == nullptr || table->kind != vschema::Table::Kind::reference)
        wrong = "reads table '" + std::string(name->name) + "', which is not the same on every shard";
    }
    return wrong.empty();
  });
  if (wrong.empty()) return {};
  return failure(kUnsupportedYet,
                 "a stored function that " + wrong +
                     ": a procedure with an OUT parameter may do that, and a query may join the table");
}

}  // namespace kintsugi::plan::pass
