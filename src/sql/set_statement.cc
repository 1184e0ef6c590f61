#include "sql/set_statement.h"

namespace kintsugi::sql {

bool is_set_statement(const Statement& statement) {
  const auto* set = as<Set>(&statement);
  return set != nullptr && set->statement != nullptr;
}

SetStatementText take_apart(const Set& set, std::string_view sql) {
  SetStatementText text;
  const std::size_t begin = set.offset, body = set.statement->offset;
  text.head = sql.substr(begin, body - begin);
  text.statement = sql.substr(0, begin);
  text.statement += sql.substr(body);
  for (const SetItem* item : set.items) {
    walk(*item, [&text](const Node& node) {
      if (node.kind == NodeKind::kParameter) ++text.parameters;
      return true;
    });
  }
  return text;
}

}  // namespace kintsugi::sql
