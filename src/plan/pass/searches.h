#pragma once

#include <map>
#include <string>
#include <string_view>

#include "plan/pass/draft.h"

// Full-text searches of queries that run over copies. What MATCH … AGAINST says of a row depends on its
// table's full-text index, which copies do not have: the row's shard says it when it is copied, as one more
// column.
namespace kintsugi::plan::pass {

/// Where a copy has what a search said of its row.
struct SearchColumn {
  const Source* source = nullptr;  ///< whose copy
  std::string name;
};

/// Whether there is a MATCH in it, which parts of a query that shards answer could not hand on.
bool holds_search(const sql::Node& node);

/// The one table that the search is about; null: its columns are not those of one, or it is another search
/// for each row.
const Source* searched_table(const sql::Match& match, Block* block);

/// The searches of all of the draft's blocks that are about one table each, for what every row can be asked.
SearchColumns find_searches(const Draft& draft);

/// Puts the columns in the place of the searches. `copy` is one of `original`.
class SearchReplacer {
 public:
  SearchReplacer(const sql::Node& original, const sql::Node& copy, const SearchColumns& columns);

  /// Null: the node of the copy is none that is replaced.
  sql::Expr* replacement(const sql::Node& node, sql::Arena& arena) const;

 private:
  std::map<const sql::Node*, const SearchColumn*> by_node_;
};

}  // namespace kintsugi::plan::pass
