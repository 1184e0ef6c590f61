#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/query_report.h"
#include "gate/session.h"
#include "gate/statement/shown_table.h"
#include "gate/statement/statement.h"

// SHOW KINTSUGI QUERIES and FLUSH KINTSUGI QUERIES: what statements cost, by their shape.

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

Task<Result<void>> statement_flush(Session& session, const sql::Statement& statement,
                                   const ClientStatement&) {
  const auto& flush = static_cast<const sql::Flush&>(statement);
  if (flush.what.count != 1 || flush.what[0] != "kintsugi queries") {
    co_return failure(kUnsupported,
                      "FLUSH: a gate does FLUSH KINTSUGI QUERIES; what is the servers' is flushed "
                      "on each of them");
  }
  co_await reset_queries(session.worker().shared());
  session.respond().ok();
  co_return Result<void>();
}

}  // namespace kintsugi::gate
