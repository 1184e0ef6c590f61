#include <algorithm>

#include <fmt/format.h>

#include "exec/errors.h"
#include "gate/command/command.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"
#include "gate/warnings.h"
#include "mysql/bulk_request.h"
#include "mysql/capabilities.h"
#include "sql/parser.h"

// COM_STMT_BULK_EXECUTE, MariaDB's way to execute a statement with many rows of values. INSERT … VALUES
// becomes one INSERT of them all, done whole or not at all as on a server; other statements run once for each
// row.

namespace kintsugi::gate {
namespace {

using Kind = mysql::BulkValue::Kind;

/// What is executed for each row: a part of a statement's text, with `?` in it.
struct Template {
  std::string_view before, text, after;
  std::vector<std::size_t> places;  ///< of `?` in `text`, in their order
};

/// A text with values.
struct Filled {
  std::string text;
  std::vector<mysql::Parameter> parameters;
};

Task<bool> refuse(Session& session, Error error) {
  session.note_error(error);
  note_failure(session.state(), error);
  session.respond().error(error);
  co_return true;
}

std::vector<std::size_t> parameter_places(const sql::Statement& statement) {
  std::vector<std::size_t> places;
  sql::walk(statement, [&places](const sql::Node& node) {
    if (node.kind == sql::NodeKind::kParameter) places.push_back(node.offset);
    return true;
  });
  std::ranges::sort(places);
  return places;
}

/// The one row of an INSERT that has all of its parameters; null: it is another statement.
const sql::Row* row_of(const sql::Statement& statement, const std::vector<std::size_t>& places) {
  const auto* insert = sql::as<sql::Insert>(&statement);
  if (insert == nullptr || insert->set_form || insert->source == nullptr) return nullptr;
  const auto* values = sql::as<sql::Values>(insert->source);
  if (values == nullptr || values->rows.size() != 1) return nullptr;
  const sql::Row& row = **values->rows.begin();
  const bool within = std::ranges::all_of(
      places, [&row](std::size_t place) { return place >= row.offset && place < row.offset + row.length; });
  return within ? &row : nullptr;
}

Template template_of(std::string_view sql, const sql::Row* row, std::vector<std::size_t> places) {
  const std::size_t begin = row == nullptr ? 0 : row->offset;
  const std::size_t size = row == nullptr ? sql.size() : row->length;
  for (std::size_t& place : places) place -= begin;
  return {sql.substr(0, begin), sql.substr(begin, size), sql.substr(begin + size), std::move(places)};
}

/// Appends the template with the values of one row. NULL is a parameter, DEFAULT a word.
void append_row(Filled& filled, const Template& each, const std::vector<mysql::ParameterType>& types,
                std::span<const mysql::BulkValue> values) {
  std::size_t copied = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].kind == Kind::value || values[i].kind == Kind::null) {
      filled.parameters.push_back({types[i], values[i].value});
      continue;
    }
    filled.text += each.text.substr(copied, each.places[i] - copied);
    filled.text += "DEFAULT";
    copied = each.places[i] + 1;
  }
  filled.text += each.text.substr(copied);
}

std::span<const mysql::ParameterType> types_of(const PreparedStatement& prepared) {
  return std::span(prepared.types).first(prepared.parameters);
}

ClientStatement statement_of(const Filled& filled) {
  ClientStatement statement;
  statement.text = filled.text;
  statement.binary = true;
  statement.parameters = filled.parameters;
  return statement;
}

/// As a text with literals: a server prepares no more than 65,535 parameters, and would keep a statement for
/// each number of rows.
Result<std::string> insert_of_all(Session& session, const PreparedStatement& prepared, const Template& each,
                                  mysql::BulkRequest& request) {
  const std::uint64_t most = session.worker().options().write_bytes_max;
  std::string text(each.before);
  std::vector<mysql::BulkValue> values;
  for (std::size_t row = 0; row < request.rows; ++row) {
    if (row > 0) text += ", ";
    mysql::take_bulk_row(request, types_of(prepared), values);
    Filled filled;
    append_row(filled, each, prepared.types, values);
    text += text_with_parameters(session, statement_of(filled));
    if (text.size() > most) {
      return failure(exec::kWriteTooLarge,
                     fmt::format("{} rows of values are more than write_bytes_max = {}", request.rows, most));
    }
  }
  text += each.after;
  return text;
}

Task<bool> insert_all(Session& session, const PreparedStatement& prepared, const Template& each,
                      mysql::BulkRequest& request, bool returning) {
  const Result<std::string> text = insert_of_all(session, prepared, each, request);
  if (!text) co_return co_await refuse(session, text.error());
  ClientStatement statement;
  statement.text = *text;
  statement.binary = returning;
  const bool goes_on = co_await run_statement(session, statement);
  co_return goes_on;
}

/// As a server does it: each by itself, until one fails; what was done before stays.
Task<bool> run_each(Session& session, const PreparedStatement& prepared, const Template& each,
                    mysql::BulkRequest& request) {
  mysql::OkPacket sum;
  std::vector<mysql::BulkValue> values;
  for (std::size_t row = 0; row < request.rows; ++row) {
    mysql::take_bulk_row(request, types_of(prepared), values);
    Filled filled;
    append_row(filled, each, prepared.types, values);
    InnerStatement inner;
    inner.rows_allowed = false;
    const ClientStatement statement = statement_of(filled);
    const bool goes_on = co_await run_inner(session, statement, inner);
    if (inner.error) {
      session.note_error(*inner.error);
      session.respond().error(*inner.error);
    }
    if (!goes_on || inner.error) co_return goes_on;
    sum.affected_rows += inner.ok.affected_rows;
    sum.warnings = static_cast<std::uint16_t>(std::min(sum.warnings + inner.ok.warnings, 65535));
    sum.last_insert_id = inner.ok.last_insert_id;
  }
  session.state().row_count = static_cast<std::int64_t>(sum.affected_rows);
  session.respond().ok(std::move(sum));
  co_return true;
}

bool may_be_bulk(sql::NodeKind kind) {
  return kind == sql::NodeKind::kInsert || kind == sql::NodeKind::kUpdate || kind == sql::NodeKind::kDelete;
}

}  // namespace

Task<bool> command_stmt_bulk_execute(Session& session, std::string_view payload) {
  if ((session.identity().capabilities & mysql::capability::kMariadbBulk) == 0)
    co_return co_await refuse(session, Error(kUnknownCommand, "bulk execution was not agreed on at login"));
  const Result<std::uint32_t> id = mysql::parse_id(payload);
  if (!id) co_return co_await refuse(session, Error(kMalformedExecute, id.error().message()));
  const Result<PreparedStatement*> found = session.prepared().find(*id);
  if (!found) co_return co_await refuse(session, found.error());
  PreparedStatement& prepared = **found;
  Result<mysql::BulkRequest> request =
      mysql::parse_bulk_execute(payload, prepared.parameters, prepared.types);
  if (!request) co_return co_await refuse(session, Error(kMalformedExecute, request.error().message()));
  sql::Arena arena;
  const Result<sql::Statement*> parsed = sql::parse(prepared.sql, arena, session.lexer_mode());
  if (!parsed) co_return co_await refuse(session, parsed.error());
  const sql::Statement& statement = **parsed;
  std::vector<std::size_t> places = parameter_places(statement);
  if (!may_be_bulk(statement.kind) || places.size() != prepared.parameters) {
    co_return co_await refuse(
        session, Error(kNotInBulk, fmt::format("{} cannot be executed in bulk", kind_name(statement.kind))));
  }
  const bool leaves = request->leaves_columns && statement.kind != sql::NodeKind::kInsert;
  if (leaves || (request->flags & mysql::bulk_flag::kUnitResults) != 0) {
    co_return co_await refuse(session,
                              Error(kNotInBulk, "bulk execution that leaves columns out, or asks for ids"));
  }
  const sql::Row* row = row_of(statement, places);
  const Template each = template_of(prepared.sql, row, std::move(places));
  const bool returning = row != nullptr && !static_cast<const sql::Insert&>(statement).returning.empty();
  const bool goes_on = co_await (row != nullptr ? insert_all(session, prepared, each, *request, returning)
                                                : run_each(session, prepared, each, *request));
  co_return goes_on;
}

}  // namespace kintsugi::gate
