#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/errors.h"
#include "cli/format.h"
#include "cli/line_editor.h"
#include "cli/result_text.h"
#include "cli/statement_reader.h"
#include "mysql/types.h"
#include "runtime/errors.h"
#include "wire/client_connection.h"

namespace kintsugi::cli {
namespace {

enum class Format { framed, tabbed, json };

/// A connection and how its answers are shown.
struct SqlClient {
  Context& context;
  std::unique_ptr<wire::ClientConnection> connection;
  Format format;
  bool chatty;  ///< a person reads: counts and times are worth a line
};

bool is_numeric(mysql::FieldType type) {
  using enum mysql::FieldType;
  switch (type) {
    case decimal:
    case newdecimal:
    case tiny:
    case short_:
    case int24:
    case long_:
    case longlong:
    case float_:
    case double_:
    case year:
      return true;
    default:
      return false;
  }
}

ResultTable table_of(const wire::ResultSet& result) {
  ResultTable table;
  for (const auto& column : result.columns) {
    table.columns.push_back(column.name);
    table.numeric.push_back(is_numeric(column.type));
  }
  table.rows = result.rows;
  return table;
}

std::string shown(const SqlClient& client, const wire::ResultSet& result, bool vertical_wanted,
                  Duration took) {
  const double seconds = std::chrono::duration<double>(took).count();
  if (result.columns.empty()) {
    if (client.format == Format::json) {
      return fmt::format("{{\"affectedRows\":{},\"lastInsertId\":{},\"warnings\":{}}}\n",
                         result.ok.affected_rows, result.ok.last_insert_id, result.ok.warnings);
    }
    if (!client.chatty) return "";
    return fmt::format("ok, {} affected ({:.3f} s){}\n\n", counted(result.ok.affected_rows, "row"), seconds,
                       result.ok.warnings > 0 ? ", " + counted(result.ok.warnings, "warning") : "");
  }
  const ResultTable table = table_of(result);
  std::string text = vertical_wanted                   ? vertical(table)
                     : client.format == Format::json   ? as_json(table) + "\n"
                     : client.format == Format::framed ? framed(table)
                                                       : tabbed(table);
  if (client.chatty) text += fmt::format("{} ({:.3f} s)\n\n", counted(table.rows.size(), "row"), seconds);
  return text;
}

Task<Result<void>> run_statement(SqlClient& client, StatementReader::Statement statement) {
  const Time begin = Clock::now();
  const Result<std::vector<wire::ResultSet>> results = co_await client.connection->query_all(statement.text);
  if (!results) {
    const Error& error = results.error();
    co_return failure(kStatementFailed,
                      fmt::format("error {} ({}): {}", error.mysql_errno(), error.sqlstate(), error.text()));
  }
  for (const wire::ResultSet& result : *results) {
    client.context.print(shown(client, result, statement.vertical, Clock::now() - begin));
  }
  co_return Result<void>();
}

/// Up to the first error, which is told with its line if there are several.
Task<Result<void>> run_text(SqlClient& client, std::string text) {
  StatementReader reader;
  reader.feed(text);
  const bool has_lines = text.find('\n') < text.find_last_not_of(" \t\r\n");
  for (;;) {
    std::optional<StatementReader::Statement> statement = reader.next();
    if (!statement) statement = reader.rest();
    if (!statement) co_return Result<void>();
    const int line = statement->line;
    const Result<void> done = co_await run_statement(client, std::move(*statement));
    if (!done) {
      co_return failure(has_lines ? done.error().with_context(fmt::format("line {}", line)) : done.error());
    }
  }
}

bool means_leave(const std::string& text) { return text == "quit" || text == "exit" || text == "\\q"; }

/// A person at a terminal: an error is shown and the session goes on.
Task<Result<void>> converse(SqlClient& client) {
  LineEditor editor("kintsugi_sql");
  StatementReader reader;
  client.context.print(fmt::format("Connected to {}. Statements end with ; or \\G, quit leaves.\n",
                                   client.connection->server_version()));
  while (const auto line = editor.read(reader.is_pending() ? "    -> " : "sql> ")) {
    if (!reader.is_pending() && means_leave(*line)) break;
    reader.feed(*line + "\n");
    while (auto statement = reader.next()) {
      editor.remember(statement->text + ";");
      const Result<void> done = co_await run_statement(client, std::move(*statement));
      if (!done) client.context.remark(done.error().message());
      if (!client.connection->is_usable()) co_return done;
    }
  }
  co_return Result<void>();
}

std::string password_from(const Parsed& parsed) {
  if (parsed.has("password")) return parsed.get("password");
  const char* variable = std::getenv("KINTSUGI_PASSWORD");
  if (variable != nullptr) return variable;
  if (isatty(STDIN_FILENO) == 0) return "";
  const char* typed = ::getpass("Password: ");
  return typed == nullptr ? "" : typed;
}

Task<Result<void>> sql(Context& context, const Parsed& parsed) {
  const char* variable = std::getenv("KINTSUGI_GATE");
  const std::string gate = parsed.has("gate")    ? parsed.get("gate")
                           : variable != nullptr ? variable
                                                 : "127.0.0.1:15306";
  const Result<runtime::Address> address = runtime::Address::parse(gate);
  if (!address) co_return failure(address.error().with_context("--gate"));
  wire::ConnectParams params;
  params.address = *address;
  params.user = parsed.has("user") ? parsed.get("user") : "root";
  params.password = password_from(parsed);
  params.database = parsed.get("database");
  params.deadline = Clock::now() + 10s;
  Result<std::unique_ptr<wire::ClientConnection>> connection =
      co_await wire::ClientConnection::connect(std::move(params));
  if (!connection) {
    const bool nobody = connection.error().is(runtime::kConnectFailed);
    co_return nobody ? failure(kNoGate, connection.error().message())
                     : failure(std::move(connection.error()));
  }
  const bool person = isatty(STDIN_FILENO) != 0 && !parsed.has("execute");
  const Format format = context.json()                  ? Format::json
                        : person || parsed.has("table") ? Format::framed
                                                        : Format::tabbed;
  SqlClient client{context, std::move(*connection), format, person};
  Result<void> done;
  if (parsed.has("execute")) {
    done = co_await run_text(client, parsed.get("execute"));
  } else if (person) {
    done = co_await converse(client);
  } else {
    done = co_await run_text(client, std::string(std::istreambuf_iterator<char>(std::cin), {}));
  }
  if (client.connection->is_usable()) co_await client.connection->quit();
  co_return done;
}

}  // namespace

std::vector<Command> sql_commands() {
  return {
      {"sql",
       "a small SQL client, for people and for scripts",
       "At a terminal it edits lines and keeps a history; otherwise it runs standard input and prints fields "
       "with tabs "
       "between them, and ends with 1 at the first error. The password comes from --password, from "
       "KINTSUGI_PASSWORD, "
       "or is asked for.",
       {},
       {{"gate", "host:port",
         "where a gate, or any MySQL server, listens (default: KINTSUGI_GATE, else 127.0.0.1:15306)"},
        {"user", "name", "who to connect as (default root)"},
        {"password", "text", "seen by others in the list of processes: KINTSUGI_PASSWORD is not"},
        {"database", "name", "keyspace or target to start in: customer, customer/-80, customer@replica"},
        {"execute", "statements", "run these and leave"},
        {"table", "", "frames around answers, also in scripts"}},
       {{"sql --user user --database customer", "A session at the terminal."},
        {"sql --user user --execute 'show databases'", "One statement."},
        {"sql --user user --database customer --json --execute 'select * from corder'", "As JSON."},
        {"sql --user user < schema.sql", "A file of statements."}},
       sql},
  };
}

}  // namespace kintsugi::cli
