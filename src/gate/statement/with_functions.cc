#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "gate/cursor.h"
#include "gate/function_host.h"
#include "gate/function_values.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"

// A statement that calls stored functions which gates run (plan::Session::calls_functions): they run first,
// and then the statement with their values. All of it is done, or nothing.

namespace kintsugi::gate {
namespace {

/// What one statement is: undone as a whole, in the client's transaction or without one.
class Whole {
 public:
  explicit Whole(Session& session)
      : shards_(session.shards()),
        savepoint_(fmt::format("_kintsugi_functions_{}", session.function_depth())) {
    const bool open = shards_.transaction().open() || !session.state().autocommit;
    kind_ = open ? Kind::savepoint : shards_.reserved() ? Kind::nothing : Kind::transaction;
  }

  Task<Result<void>> begin() {
    if (kind_ == Kind::transaction) return shards_.begin("");
    return kind_ == Kind::savepoint ? shards_.savepoint(savepoint_) : nothing();
  }
  Task<Result<void>> keep() {
    if (kind_ == Kind::transaction) return shards_.commit();
    return kind_ == Kind::savepoint ? shards_.release_savepoint(savepoint_) : nothing();
  }
  /// What is lost with its transaction is undone already.
  Task<void> undo() {
    Result<void> done;
    if (kind_ == Kind::transaction) done = co_await shards_.rollback();
    if (kind_ == Kind::savepoint) done = co_await shards_.rollback_to(savepoint_);
    if (kind_ == Kind::savepoint && done) done = co_await shards_.release_savepoint(savepoint_);
  }

 private:
  enum class Kind { nothing, savepoint, transaction };
  static Task<Result<void>> nothing() { co_return Result<void>(); }

  ShardConnections& shards_;
  std::string savepoint_;
  Kind kind_;
};

/// The rows that the statement gave, which are few: a query has no tables, and an INSERT its rows as text.
Result<void> tell_rows(Session& session, Cursor& rows, std::uint16_t warnings) {
  session.respond().columns(rows.columns());
  for (;;) {
    Result<std::optional<std::string>> row = rows.take_row();
    if (!row) return failure(std::move(row.error()));
    if (!*row) break;
    session.respond().packet(**row);
  }
  mysql::OkPacket end;
  end.warnings = warnings;
  session.respond().end_of_rows(std::move(end));
  return {};
}

struct Ran {
  std::unique_ptr<Cursor> rows;  ///< those for the client
  mysql::OkPacket ok;
};

bool has_rows(const sql::Statement& statement) {
  const auto* insert = sql::as<sql::Insert>(&statement);
  return sql::is_query(statement.kind) || (insert != nullptr && !insert->returning.empty());
}

Task<Result<Ran>> run(Session& session, const ClientStatement& sent, bool rows) {
  FunctionHost host(session);
  Result<std::string> text = with_item_names(session, sent.text);
  if (!text) co_return failure(std::move(text.error()));
  ClientStatement named = ClientStatement{.text = *text, .parameters = sent.parameters};
  text = co_await with_function_values(session, host, text_with_parameters(session, named));
  if (!text) co_return failure(std::move(text.error()));
  Ran ran;
  InnerStatement inner;
  if (const InnerStatement* outer = session.inner(); outer != nullptr && outer->rows != nullptr) {
    inner.rows = outer->rows;
    inner.rows_in_utf8 = outer->rows_in_utf8;
  } else if (rows) {
    ran.rows = std::make_unique<Cursor>(session.worker().shared().spill);
    inner.rows = ran.rows.get();
    inner.rows_in_utf8 = false;
  }
  ClientStatement statement;
  statement.text = *text;
  statement.binary = sent.binary;
  const bool goes_on = co_await run_inner(session, statement, inner);
  if (!goes_on) session.close_after_command();
  if (inner.error) co_return failure(std::move(*inner.error));
  ran.ok = std::move(inner.ok);
  // A CALL that the statement is a part of counts all that was done.
  if (session.inner() != nullptr) ran.ok.affected_rows += host.affected_rows();
  co_return ran;
}

}  // namespace

Task<Result<void>> statement_with_functions(Session& session, const sql::Statement& statement,
                                            const ClientStatement& sent) {
  Whole whole(session);
  Result<void> begun = co_await whole.begin();
  if (!begun) co_return begun;
  Result<Ran> ran = co_await run(session, sent, has_rows(statement));
  if (!ran) {
    co_await whole.undo();
    co_return failure(std::move(ran.error()));
  }
  Result<void> kept = co_await whole.keep();
  if (!kept) co_return kept;
  if (ran->rows == nullptr || ran->rows->columns().empty()) {
    session.respond().ok(std::move(ran->ok));
  } else if (sent.cursor != nullptr) {
    session.respond().cursor_opened(ran->rows->columns(), std::move(ran->ok));
    *sent.cursor = std::move(ran->rows);
  } else {
    Result<void> told = tell_rows(session, *ran->rows, ran->ok.warnings);
    if (session.inner() != nullptr) session.respond().ok(std::move(ran->ok));
    co_return told;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::gate
