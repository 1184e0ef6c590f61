#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/query_report.h"
#include "gate/session.h"
#include "gate/statement/shown_table.h"
#include "gate/statement/statement.h"

// SHOW KINTSUGI QUERIES: what statements cost, by their shape.

namespace kintsugi::gate {

Task<Result<void>> show_queries(Session& session, const sql::Show& show) {
  const std::vector<QueryShape> shapes = co_await all_queries(session.worker().shared());
  std::vector<Responder::Title> titles;
  std::size_t text = 0;
  for (const QueryColumn& column : query_columns()) {
    if (std::string_view(column.title) == "Text") text = titles.size();
    titles.emplace_back(column.title, column.number);
  }
  std::vector<Responder::Row> rows;
  for (const QueryShape& shape : shapes) {
    Responder::Row& row = rows.emplace_back();
    for (const QueryColumn& column : query_columns()) row.push_back(column.text(shape));
  }
  Result<void> done = show_table(session, show, titles, std::move(rows), text);
  co_return done;
}

}  // namespace kintsugi::gate
