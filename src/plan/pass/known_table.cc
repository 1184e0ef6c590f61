#include "plan/pass/known_table.h"

namespace kintsugi::plan::pass {

Result<const Table*> known_table(Draft& draft, const std::string& name) {
  const Table* table = draft.context.schema->find(draft.keyspace, name);
  if (table != nullptr) return table;
  if (draft.context.schema->known_missing(draft.keyspace, name))
    return failure(kUnknownTable, "table '" + draft.keyspace + "." + name + "' doesn't exist");
  draft.missing.push_back({draft.keyspace, name});
  return nullptr;
}

}  // namespace kintsugi::plan::pass
