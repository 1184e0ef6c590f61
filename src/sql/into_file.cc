#include "sql/into_file.h"

namespace kintsugi::sql {

bool writes_file(const Into& into) { return into.outfile != nullptr || into.dumpfile != nullptr; }

const Into* into_file(const Statement& statement) {
  if (!is_query(statement.kind)) return nullptr;
  const auto& query = static_cast<const Query&>(statement);
  if (query.into != nullptr && writes_file(*query.into)) return query.into;
  const auto* nested = as<NestedQuery>(&statement);
  return nested == nullptr ? nullptr : into_file(*nested->inner);
}

std::string without_into(std::string_view sql, const Into& into) {
  std::string text(sql);
  text.replace(into.offset, into.length, into.length, ' ');
  return text;
}

}  // namespace kintsugi::sql
