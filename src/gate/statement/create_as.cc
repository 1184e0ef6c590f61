#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"
#include "gate/temporary.h"
#include "mysql/quote.h"
#include "sql/parser.h"
#include "sql/printer.h"

// CREATE TABLE … AS query in a sharded keyspace. What columns the query makes, a server tells by a temporary
// table without rows; the table is made like it on all shards, and INSERT … SELECT fills it.

namespace kintsugi::gate {
namespace {

constexpr std::string_view kModel = "_kintsugi_model";
constexpr std::uint32_t kTableExists = 1050;

class Creation {
 public:
  Creation(Session& session, sql::CreateTable& written, sql::Arena& arena)
      : session_(session), written_(written), arena_(arena) {
    const Target& target = session.state().target;
    keyspace_ = written.table->schema.empty() ? std::string_view(target.keyspace) : written.table->schema;
    print_ = sql::print_options(session.lexer_mode());
  }

  /// `ok` is what the client is told.
  Task<Result<void>> run(mysql::OkPacket& ok) {
    Result<sql::CreateTable*> table = co_await model(true);
    if (!table) co_return failure(std::move(table.error()));
    // Columns that are only declared come before the query's; which those are shows without declarations.
    Result<sql::CreateTable*> selected = table;
    if (!written_.columns.empty()) selected = co_await model(false);
    if (!selected) co_return failure(std::move(selected.error()));
    std::string insert = insert_text((*selected)->columns);

    std::string create = sql::print(*as_declared(**table), print_);
    Result<void> made = co_await perform(std::move(create), ok);
    if (!made) co_return made;
    if (written_.if_not_exists && was_there()) co_return Result<void>();
    Result<void> filled = co_await perform(std::move(insert), ok);
    if (filled) co_return filled;
    Result<void> dropped = co_await drop();
    if (dropped) co_return filled;
    co_return failure(filled.error().with_context(
        fmt::format("{} is left without its rows ({})", table_name(), dropped.error().message())));
  }

 private:
  Task<Result<void>> perform(std::string sql, mysql::OkPacket& ok) {
    InnerStatement inner;
    ClientStatement statement;
    statement.text = sql;
    if (!co_await run_inner(session_, statement, inner)) session_.close_after_command();
    ok = std::move(inner.ok);
    if (inner.error) co_return failure(std::move(*inner.error));
    co_return Result<void>();
  }

  Task<Result<void>> perform(std::string sql) {
    mysql::OkPacket ok;
    co_return co_await perform(std::move(sql), ok);
  }

  /// The table that the query makes, with the columns and keys that are declared or without them, as a server
  /// tells it.
  Task<Result<sql::CreateTable*>> model(bool declared) {
    std::string create = sql::print(*empty_model(declared), print_);
    Result<std::string> shown = is_within() ? co_await model_of_shard(std::move(create))
                                            : co_await model_of_session(std::move(create));
    if (!shown) co_return failure(of_table(shown.error()));
    Result<sql::Statement*> parsed = sql::parse(arena_.copy(*shown), arena_, session_.lexer_mode());
    if (!parsed) co_return failure(std::move(parsed.error()));
    co_return static_cast<sql::CreateTable*>(*parsed);
  }

  /// What a server says of the model is said of the table.
  Error of_table(const Error& error) const {
    std::string message = error.message();
    const std::size_t at = message.find(kModel);
    if (!error.is(kServerError) || at == message.npos) return error;
    message.replace(at, kModel.size(), written_.table->name);
    return Error::from_server(error.mysql_errno(), error.sqlstate(), std::move(message));
  }

  /// Whether every shard of the keyspace has all tables that the query names. Then a model that is made there
  /// has the defaults of their columns.
  bool is_within() const {
    if (session_.state().temporary && !session_.state().temporary->empty()) return false;
    bool within = true;
    sql::walk(*written_.query, [&](const sql::Node& node) {
      const auto* name = sql::as<sql::TableName>(&node);
      if (name == nullptr) return within;
      const std::string_view schema =
          name->schema.empty() ? std::string_view(session_.state().target.keyspace) : name->schema;
      within = within && schema == keyspace_;
      return within;
    });
    return within;
  }

  Task<Result<std::string>> model_of_shard(std::string create) {
    exec::ShardRequest request;
    request.keyspace = keyspace_;
    std::string shown;
    const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
      Result<wire::ResultSet> made = co_await backend.query(std::move(create));
      if (!made) co_return failure(std::move(made.error()));
      Result<wire::ResultSet> told = co_await backend.query("show create table " + model_name());
      Result<wire::ResultSet> dropped = co_await backend.query("drop temporary table " + model_name());
      if (!dropped) backend.break_connection();  // nobody else is to meet it
      if (!told) co_return failure(std::move(told.error()));
      if (!told->rows.empty() && told->rows.front().size() > 1) shown = told->rows.front()[1].value_or("");
      co_return Result<void>();
    };
    Result<void> done = co_await session_.shards().with_backend(request, use, session_.cancel());
    if (!done) co_return failure(std::move(done.error()));
    co_return shown;
  }

  Task<Result<std::string>> model_of_session(std::string create) {
    Result<void> made = co_await perform(std::move(create));
    if (!made) co_return failure(std::move(made.error()));
    Result<std::string> shown = co_await show_create_temporary(session_, std::string(keyspace_), kModel);
    Result<void> dropped = co_await perform("drop temporary table " + model_name());
    if (!dropped) co_return failure(std::move(dropped.error()));
    co_return shown;
  }

  std::string model_name() const {
    return mysql::quoted_identifier(keyspace_) + '.' + mysql::quoted_identifier(kModel);
  }

  sql::CreateTable* empty_model(bool declared) {
    auto* model = sql::make_node<sql::CreateTable>(arena_);
    model->temporary = true;
    model->table = sql::make_node<sql::TableName>(arena_);
    model->table->schema = keyspace_;
    model->table->name = kModel;
    model->options = written_.options;
    model->query = without_rows();
    if (!declared) return model;
    model->columns = written_.columns;
    model->checks = written_.checks;
    for (sql::KeyDef* key : written_.keys) {
      if (key->reference == nullptr) model->keys.push_back(arena_, key);
    }
    return model;
  }

  sql::Query* without_rows() {
    sql::Query* query = sql::clone(written_.query, arena_);
    auto* none = sql::make_node<sql::Literal>(arena_);
    none->literal = sql::LiteralKind::kInteger;
    none->text = "0";
    query->limit = sql::make_node<sql::Limit>(arena_);
    query->limit->count = none;
    return query;
  }

  /// With what a temporary table cannot have.
  sql::CreateTable* as_declared(sql::CreateTable& table) {
    table.temporary = false;
    table.table = written_.table;
    table.or_replace = written_.or_replace;
    table.if_not_exists = written_.if_not_exists;
    table.shard_by = written_.shard_by;
    table.partition_by = written_.partition_by;
    table.directives = written_.directives;
    for (sql::KeyDef* key : written_.keys) {
      if (key->reference != nullptr) table.keys.push_back(arena_, key);
    }
    return &table;
  }

  std::string table_name() const {
    return mysql::quoted_identifier(keyspace_) + '.' + mysql::quoted_identifier(written_.table->name);
  }

  std::string insert_text(const sql::List<sql::ColumnDef*>& columns) const {
    std::string text = written_.duplicates == sql::OnDuplicate::kReplace  ? "replace into "
                       : written_.duplicates == sql::OnDuplicate::kIgnore ? "insert ignore into "
                                                                          : "insert into ";
    text += table_name();
    const char* before = " (";
    for (const sql::ColumnDef* column : columns) {
      text += before + mysql::quoted_identifier(column->name);
      before = ", ";
    }
    return text + ") " + sql::print(*written_.query, print_);
  }

  bool was_there() const {
    return std::ranges::any_of(session_.state().warnings,
                               [](const Warning& warning) { return warning.code == kTableExists; });
  }

  /// Whatever ended the statement: of a table that could not be filled nothing is left.
  Task<Result<void>> drop() {
    const bool cancelled = session_.cancel()->requested();
    session_.renew_cancel();
    Result<void> dropped = co_await perform("drop table " + table_name());
    if (cancelled) session_.cancel()->request();
    co_return dropped;
  }

  Session& session_;
  sql::CreateTable& written_;
  sql::Arena& arena_;
  std::string_view keyspace_;
  sql::PrintOptions print_;
};

}  // namespace

Task<Result<void>> statement_create_as(Session& session, const sql::Statement&, const ClientStatement& sent) {
  const std::string text = text_with_parameters(session, sent);
  sql::Arena arena;
  Result<sql::Statement*> parsed = sql::parse(text, arena, session.lexer_mode());
  if (!parsed) co_return failure(std::move(parsed.error()));
  auto& create = static_cast<sql::CreateTable&>(**parsed);
  if (create.shard_by != nullptr && create.shard_by->source != nullptr)
    co_return failure(kUnsupported, "REFERENCE FROM, whose rows are its source's, with AS and a query");
  Result<void> committed = co_await session.shards().commit();
  if (!committed) co_return committed;
  Creation creation(session, create, arena);
  mysql::OkPacket ok;
  Result<void> done = co_await creation.run(ok);
  if (done) done = co_await session.shards().commit();  // where autocommit is off, too
  if (!done) co_return done;
  session.respond().ok(std::move(ok));
  co_return done;
}

}  // namespace kintsugi::gate
