#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "gate/called_rows.h"
#include "gate/cursor.h"
#include "gate/function_host.h"
#include "gate/function_values.h"
#include "gate/limits.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_account.h"
#include "gate/statement_runner.h"

// A statement that calls stored functions which gates run (plan::Session::calls_functions): they run first,
// once or for each of its rows, and then the statement with their values. All of it is done, or nothing.

namespace kintsugi::gate {
namespace {

/// What one statement is: undone as a whole, in the client's transaction or without one.
class Whole {
 public:
  explicit Whole(Session& session) : shards_(session.shards()), savepoint_(next_name()) {
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
  /// Of one that is within another: a savepoint takes the name from an earlier one.
  static std::string next_name() {
    thread_local std::uint64_t count = 0;
    return fmt::format("_kintsugi_functions_{}", ++count);
  }
  static Task<Result<void>> nothing() { co_return Result<void>(); }

  ShardConnections& shards_;
  std::string savepoint_;
  Kind kind_;
};

Task<Result<void>> tell_rows(Session& session, Cursor& rows, std::uint16_t warnings) {
  session.respond().columns(rows.columns());
  Cursor::Fetched fetched;
  Result<void> told =
      co_await rows.fetch(session.respond().link(), std::numeric_limits<std::uint32_t>::max(), fetched);
  if (!told) co_return told;
  mysql::OkPacket end;
  end.warnings = warnings;
  session.respond().end_of_rows(std::move(end));
  co_return Result<void>();
}

struct Ran {
  std::unique_ptr<Cursor> rows;  ///< those for the client
  mysql::OkPacket ok;
};

bool has_rows(const sql::Statement& statement) {
  const auto* insert = sql::as<sql::Insert>(&statement);
  const auto* remove = sql::as<sql::Delete>(&statement);
  return sql::is_query(statement.kind) || (insert != nullptr && !insert->returning.empty()) ||
         (remove != nullptr && !remove->returning.empty());
}

/// A statement with the values of its functions, or over the table that has them.
class Run {
 public:
  Run(Session& session, const plan::Plan& plan, const ClientStatement& sent)
      : session_(session),
        sent_(sent),
        rows_(static_cast<const plan::Session&>(*plan.root).rows.get()),
        host_(session) {
    if (rows_ == nullptr || rows_->rest == nullptr) return;
    const std::vector<plan::Bound> bounds = gather_bounds(plan.directives, session.worker().options());
    table_.emplace(session, *rows_, exec::ExecContext::Usage{bounds[0].value, bounds[1].value}, host_);
  }

  Task<Result<Ran>> statement(bool gives_rows) {
    Result<std::string> text = co_await prepare();
    if (!text) co_return failure(std::move(text.error()));
    Ran ran;
    InnerStatement inner;
    inner.of_routine = session_.inner() != nullptr && session_.inner()->of_routine;
    if (const InnerStatement* outer = session_.inner(); outer != nullptr && outer->rows != nullptr) {
      inner.rows = outer->rows;
      inner.rows_in_utf8 = outer->rows_in_utf8;
    } else if (gives_rows) {
      ran.rows = std::make_unique<Cursor>(session_.worker().shared().spill);
      inner.rows = ran.rows.get();
      inner.rows_in_utf8 = false;
    }
    ClientStatement statement;
    statement.text = *text;
    statement.binary = sent_.binary;
    const bool goes_on = co_await run_inner(session_, statement, inner);
    if (!goes_on) session_.close_after_command();
    if (inner.error) co_return failure(std::move(*inner.error));
    ran.ok = std::move(inner.ok);
    if (inner.of_routine) ran.ok.affected_rows += host_.affected_rows();
    co_return ran;
  }

  Task<void> clean_up() {
    if (!table_) co_return;
    note_gathered(session_, table_->used());
    co_await table_->drop();
  }

 private:
  Task<Result<std::string>> prepare() {
    if (table_) {
      Result<void> made = co_await table_->make();
      if (!made) co_return failure(std::move(made.error()));
      co_return table_->rest();
    }
    Result<std::string> text = with_item_names(session_, sent_.text);
    if (!text) co_return text;
    const ClientStatement named = ClientStatement{.text = *text, .parameters = sent_.parameters};
    text = text_with_parameters(session_, named);
    if (rows_ == nullptr) text = co_await with_function_values(session_, host_, std::move(*text));
    co_return text;
  }

  Session& session_;
  const ClientStatement& sent_;
  const plan::CalledRows* rows_;
  FunctionHost host_;
  std::optional<CalledTable> table_;
};

}  // namespace

Task<Result<void>> statement_with_functions(Session& session, const plan::Plan& plan,
                                            const ClientStatement& sent) {
  Whole whole(session);
  Result<void> begun = co_await whole.begin();
  if (!begun) co_return begun;
  Run run(session, plan, sent);
  Result<Ran> ran =
      co_await run.statement(has_rows(*static_cast<const plan::Session&>(*plan.root).statement));
  if (!ran) co_await whole.undo();
  co_await run.clean_up();
  if (!ran) co_return failure(std::move(ran.error()));
  Result<void> kept = co_await whole.keep();
  if (!kept) co_return kept;
  if (ran->rows == nullptr || ran->rows->columns().empty()) {
    session.respond().ok(std::move(ran->ok));
  } else if (sent.cursor != nullptr) {
    session.respond().cursor_opened(ran->rows->columns(), std::move(ran->ok));
    *sent.cursor = std::move(ran->rows);
  } else {
    Result<void> told = co_await tell_rows(session, *ran->rows, ran->ok.warnings);
    if (session.inner() != nullptr) session.respond().ok(std::move(ran->ok));
    co_return told;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::gate
