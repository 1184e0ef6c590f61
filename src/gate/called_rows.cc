#include "gate/called_rows.h"

#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "exec/errors.h"
#include "gate/function_values.h"
#include "gate/routine_cache.h"
#include "gate/session.h"
#include "gate/statement_runner.h"
#include "mysql/quote.h"
#include "routine/value.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

constexpr std::size_t kInsertBytes = 256 * 1024;

/// What is known of one row, as SQL: its arguments, and what calls have given.
using Known = std::map<std::string, std::string, std::less<>>;

/// A call with what is known in it.
Result<std::string> call_text(Session& session, const sql::Expr& call, const Known& known) {
  sql::Arena arena;
  std::optional<Error> failed;
  const auto put = [&](sql::Node& node, const auto& self) -> sql::Node* {
    const auto* mark = sql::as<sql::ColumnRef>(&node);
    const auto found = mark == nullptr ? known.end() : known.find(mark->name);
    if (mark != nullptr && mark->table == plan::kRowOfCalls && found != known.end()) {
      Result<sql::Expr*> value = sql::parse_expression(found->second, arena, session.lexer_mode());
      if (value) return *value;
      failed = value.error();
      return &node;
    }
    sql::rewrite_children(node, [&](sql::Node& child) { return self(child, self); });
    return &node;
  };
  const sql::Node* made = put(*sql::clone(&call, arena), put);
  if (failed) return failure(std::move(*failed));
  return "select " + sql::print(*made, sql::print_options(session.lexer_mode()));
}

}  // namespace

std::string CalledTable::print(const sql::Node& node) const {
  return sql::print(node, sql::print_options(session_.lexer_mode()));
}

std::string CalledTable::rest() const { return print(*rows_.rest); }

Task<Result<void>> CalledTable::perform(std::string sql) {
  InnerStatement inner;
  ClientStatement statement;
  statement.text = sql;
  if (!co_await run_inner(session_, statement, inner)) session_.close_after_command();
  if (inner.error) co_return failure(std::move(*inner.error));
  co_return Result<void>();
}

Task<Result<void>> CalledTable::make() {
  Result<void> done = co_await create();
  if (!done) co_return done;
  made_ = true;
  done = co_await fill();
  co_return done;
}

/// Columns of the rows have the types that a query of them has, without rows.
Task<Result<void>> CalledTable::create() {
  std::string columns;
  if (!rows_.number.empty()) columns = mysql::quoted_identifier(rows_.number) + " bigint";
  for (const plan::CalledRows::Call& call : rows_.calls) {
    const Result<RoutineCache::Entry> program = co_await session_.worker().routines().find_function(
        session_, call.keyspace, std::string(call.function->name));
    if (!program) co_return failure(program.error());
    const sql::DataType& returns = *(*program)->routine()->returns;
    const routine::Type type = routine::type_of(returns);
    if (!columns.empty()) columns += ", ";
    columns += mysql::quoted_identifier(call.column) + " " + (type.sql.empty() ? print(returns) : type.sql);
  }
  std::string sql = "create temporary table " + mysql::quoted_identifier(rows_.table);
  if (!columns.empty()) sql += " (" + columns + ")";
  if (!rows_.columns.empty()) sql += " as " + print(*rows_.shape);
  co_return co_await perform(std::move(sql));
}

Result<void> CalledTable::count(std::size_t bytes) {
  ++used_.rows;
  used_.bytes += bytes;
  if (used_.rows <= most_.rows && used_.bytes <= most_.bytes) return {};
  return failure(exec::kGatherTooLarge,
                 fmt::format("the query calls functions that the gate runs for more than {} rows, or what it "
                             "keeps of these is more than {} bytes",
                             most_.rows, most_.bytes));
}

Task<Result<void>> CalledTable::fill() {
  routine::Done done;
  Result<std::unique_ptr<routine::Rows>> rows = co_await host_.query(print(*rows_.rows), done);
  if (!rows) co_return failure(std::move(rows.error()));
  std::string head = "insert into " + mysql::quoted_identifier(rows_.table) + " (";
  if (!rows_.number.empty()) head += mysql::quoted_identifier(rows_.number) + ", ";
  for (const std::string& column : rows_.columns) head += mysql::quoted_identifier(column) + ", ";
  for (const plan::CalledRows::Call& call : rows_.calls) head += mysql::quoted_identifier(call.column) + ", ";
  head.replace(head.size() - 2, 2, ") values ");

  std::vector<mysql::Cell> cells;
  std::string insert;
  for (std::size_t number = 1;; ++number) {
    const Result<bool> found = (*rows)->next(cells);
    if (!found) co_return failure(found.error());
    if (!*found) break;
    std::string row = rows_.number.empty() ? "" : std::to_string(number) + ", ";
    Known known;
    const auto& columns = (*rows)->columns();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string value = routine::literal(routine::value_of(columns[i], cells[i]), host_.quoting());
      if (i < rows_.columns.size()) {
        row += value + ", ";
      } else {
        known.emplace(columns[i].name, std::move(value));
      }
    }
    for (const plan::CalledRows::Call& call : rows_.calls) {
      Result<std::string> text = call_text(session_, *call.value, known);
      if (text) text = co_await with_function_values(session_, host_, std::move(*text));
      if (!text) co_return failure(std::move(text.error()));
      std::string value = text->substr(std::string_view("select ").size());
      row += value + ", ";
      known.emplace(call.column, std::move(value));
    }
    row.resize(row.size() - 2);
    const Result<void> counted = count(row.size());
    if (!counted) co_return counted;
    insert += (insert.empty() ? head : std::string(", ")) + "(" + row + ")";
    if (insert.size() < kInsertBytes) continue;
    Result<void> written = co_await perform(std::exchange(insert, {}));
    if (!written) co_return written;
  }
  if (insert.empty()) co_return Result<void>();
  co_return co_await perform(std::move(insert));
}

Task<void> CalledTable::drop() {
  if (!made_) co_return;
  SessionState& state = session_.state();
  const SessionState before = state;
  Result<void> dropped =
      co_await perform("drop temporary table if exists " + mysql::quoted_identifier(rows_.table));
  state.failed = before.failed;
  state.last_insert_id = before.last_insert_id;
  state.row_count = before.row_count;
  state.found_rows = before.found_rows;
  state.warning_count = before.warning_count;
  state.error_count = before.error_count;
  state.warnings = before.warnings;
  if (!dropped)
    kLog.warning(
        "called_rows.not_dropped",
        {{"table", rows_.table}, {"error", dropped.error()}, {"do", "nothing: it ends with the session"}});
}

}  // namespace kintsugi::gate
