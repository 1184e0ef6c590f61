#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/routine_host.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "mysql/quote.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "vschema/snapshot.h"

// ALTER TABLE that adds an AUTO_INCREMENT column to a sharded table, whose servers would each number their
// own rows from 1. The column comes without it, so that rows have no ids; then gates give new rows ids of a
// sequence; then the rows that were there get theirs, of the same; and then the column becomes what it is to
// be, with the statement's other actions.

namespace kintsugi::gate {
namespace {

constexpr std::uint64_t kRowsAtOnce =
    10'000;  // of one transaction: replicas follow, and others write between
constexpr std::string_view kNumber = "_kintsugi_number";

class Numbering {
 public:
  Numbering(Session& session, sql::AlterTable& alter, sql::Arena& arena)
      : session_(session), host_(session, false), alter_(alter), arena_(arena) {
    const std::string_view schema = alter.table->schema;
    keyspace_ = schema.empty() ? session.state().target.keyspace : std::string(schema);
    print_ = sql::print_options(session.lexer_mode());
    for (sql::AlterAction* action : alter.actions) {
      for (sql::ColumnDef* column : action->columns) {
        if (!column->auto_increment || column_ != nullptr) continue;
        column_ = column;
        action_ = action;
      }
    }
  }

  Task<Result<void>> run() {
    Result<std::uint64_t> done = co_await perform(sql::print(*without_ids(), print_));
    if (!done) co_return failure(done.error());
    Result<void> given = co_await give_ids();
    if (given) done = co_await perform(sql::print(*with_ids(), print_));
    if (given && done) co_return given;
    const Error why = given ? done.error() : given.error();
    Result<void> undone = co_await undo();
    if (undone) co_return failure(why);
    co_return failure(why.with_context(fmt::format("column '{}' is left in {} without its ids ({})",
                                                   column_->name, table_name(), undone.error().message())));
  }

 private:
  Task<Result<std::uint64_t>> perform(std::string sql) {
    const Result<routine::Done> done = co_await host_.run(std::move(sql));
    if (!done) co_return failure(done.error());
    co_return done->affected_rows;
  }

  std::string table_name() const {
    return mysql::quoted_identifier(keyspace_) + '.' + mysql::quoted_identifier(alter_.table->name);
  }

  /// ADD of the column alone, which rows have no value of.
  const sql::AlterTable* without_ids() {
    auto* alter = sql::clone(&alter_, arena_);
    alter->actions = {};
    auto* column = sql::clone(column_, arena_);
    column->auto_increment = false;
    column->key = {};
    column->unique_too = false;
    column->checks = {};
    column->reference = nullptr;
    column->nullable = sql::Tristate::kYes;
    auto* action = sql::make_node<sql::AlterAction>(arena_);
    action->action = sql::AlterKind::kAddColumns;
    action->columns.push_back(arena_, column);
    action->first = action_->first;
    action->after = action_->after;
    alter->actions.push_back(arena_, action);
    return alter;
  }

  /// The statement, with MODIFY in the place of ADD.
  const sql::AlterTable* with_ids() {
    auto* alter = sql::clone(&alter_, arena_);
    alter->actions = {};
    auto* modified = sql::make_node<sql::AlterAction>(arena_);
    modified->action = sql::AlterKind::kModifyColumn;
    modified->column = column_;
    alter->actions.push_back(arena_, modified);
    for (sql::AlterAction* said : alter_.actions) {
      auto* action = sql::clone(said, arena_);
      if (said == action_) {
        action->first = false;
        action->after = {};
        action->columns = {};
        for (sql::ColumnDef* column : said->columns) {
          if (column != column_) action->columns.push_back(arena_, column);
        }
        if (action->columns.empty() && action->keys.empty() && action->checks.empty()) continue;
      }
      alter->actions.push_back(arena_, action);
    }
    return alter;
  }

  plan::VSchemaEdit ids(std::string column) const {
    plan::VSchemaEdit edit;
    edit.kind = plan::VSchemaEdit::Kind::kSetIds;
    edit.keyspace = keyspace_;
    edit.table = alter_.table->name;
    edit.auto_increment_column = std::move(column);
    return edit;
  }

  Task<Result<void>> give_ids() {
    const plan::VSchemaEdit edits[] = {ids(std::string(column_->name))};
    Result<void> done = co_await session_.worker().vschema_editor().apply(edits, session_.cancel());
    if (!done) co_return done;
    const auto routing = session_.worker().backends().routing();
    const vschema::Keyspace* keyspace = routing->find_keyspace(keyspace_);
    const vschema::Table* table =
        keyspace == nullptr ? nullptr : keyspace->find_table(std::string(alter_.table->name));
    if (table == nullptr || !table->auto_increment)
      co_return failure(kRoutingUnknown, table_name() + " has gone meanwhile");
    plan::SequenceRef sequence;
    sequence.keyspace = table->auto_increment->keyspace.empty() ? keyspace_ : table->auto_increment->keyspace;
    sequence.name = table->auto_increment->sequence;
    sequence.table = !table->auto_increment->in_topology;
    sequence.filled_keyspace = keyspace_;
    sequence.filled_table = alter_.table->name;
    sequence.filled_column = column_->name;
    for (const vschema::Shard& shard : keyspace->shards()) {
      done = co_await number(shard, sequence);
      if (!done) break;
    }
    co_return done;
  }

  /// The rows of one shard, in the order of its primary key.
  Task<Result<void>> number(const vschema::Shard& shard, const plan::SequenceRef& sequence) {
    const Target before = session_.state().target;
    session_.state().target = Target{.keyspace = keyspace_, .shard = shard.name};
    Result<std::uint64_t> left = co_await unnumbered();
    while (left && *left > 0) {
      const std::uint64_t rows = std::min(*left, kRowsAtOnce);
      const Result<std::uint64_t> first = co_await session_.worker().sequences().reserve(sequence, rows);
      left = first ? co_await number(*first, rows) : failure(first.error());
      if (left) left = co_await unnumbered();
    }
    session_.state().target = before;
    co_return left ? Result<void>() : failure(left.error());
  }

  Task<Result<std::uint64_t>> number(std::uint64_t first, std::uint64_t rows) {
    const std::string column = mysql::quoted_identifier(column_->name);
    Result<std::uint64_t> done = co_await perform(fmt::format("set @{} = {}", kNumber, first - 1));
    if (done)
      done = co_await perform(fmt::format("update {} set {} = (@{} := @{} + 1) where {} is null limit {}",
                                          table_name(), column, kNumber, kNumber, column, rows));
    if (!done) co_return done;
    const Result<void> kept = co_await session_.shards().commit();  // where autocommit is off, too
    if (!kept) co_return failure(kept.error());
    co_return co_await perform(fmt::format("set @{} = null", kNumber));
  }

  Task<Result<std::uint64_t>> unnumbered() {
    routine::Done done;
    Result<std::unique_ptr<routine::Rows>> rows =
        co_await host_.query(fmt::format("select count(*) from {} where {} is null", table_name(),
                                         mysql::quoted_identifier(column_->name)),
                             done);
    if (!rows) co_return failure(rows.error());
    std::vector<mysql::Cell> cells;
    const Result<bool> found = (*rows)->next(cells);
    if (!found) co_return failure(found.error());
    const std::string count(cells.empty() ? "" : cells.front().value_or(""));
    co_return std::strtoull(count.c_str(), nullptr, 10);
  }

  /// Whatever ended it, the table is as it was.
  Task<Result<void>> undo() {
    const bool cancelled = session_.cancel()->requested();
    session_.renew_cancel();
    const plan::VSchemaEdit edits[] = {ids("")};
    Result<void> undone = co_await session_.worker().vschema_editor().apply(edits, nullptr);
    Result<std::uint64_t> dropped;
    if (undone)
      dropped = co_await perform("alter table " + table_name() + " drop column " +
                                 mysql::quoted_identifier(column_->name));
    if (undone && !dropped) undone = failure(dropped.error());
    if (cancelled) session_.cancel()->request();
    co_return undone;
  }

  Session& session_;
  RoutineHost host_;
  sql::AlterTable& alter_;
  sql::Arena& arena_;
  std::string keyspace_;
  sql::PrintOptions print_;
  sql::ColumnDef* column_ = nullptr;
  sql::AlterAction* action_ = nullptr;  ///< that adds it
};

}  // namespace

Task<Result<void>> statement_number_rows(Session& session, const sql::Statement&,
                                         const ClientStatement& sent) {
  const std::string text = text_with_parameters(session, sent);
  sql::Arena arena;
  Result<sql::Statement*> parsed = sql::parse(text, arena, session.lexer_mode());
  if (!parsed) co_return failure(std::move(parsed.error()));
  Result<void> committed = co_await session.shards().commit();
  if (!committed) co_return committed;
  Numbering numbering(session, static_cast<sql::AlterTable&>(**parsed), arena);
  const Result<void> done = co_await numbering.run();
  if (!done) co_return done;
  mysql::OkPacket ok;
  ok.info = "Records: 0  Duplicates: 0  Warnings: 0";  // as of a server, which copies no rows for it
  session.respond().ok(std::move(ok));
  co_return Result<void>();
}

}  // namespace kintsugi::gate
