#include "gate/temporary.h"

#include <fmt/format.h>

#include "base/log.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "mysql/quote.h"
#include "plan/temporary.h"
#include "sql/parser.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

Task<Result<std::string>> show_create(Session& session, const vschema::Shard& shard, std::string name) {
  exec::ShardRequest request;
  request.shard = &shard;
  request.keyspace = shard.keyspace;
  std::string shown;
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    std::string sql = fmt::format("SHOW CREATE TABLE {}.{}", mysql::quoted_identifier(shard.keyspace),
                                  mysql::quoted_identifier(name));
    Result<wire::ResultSet> result = co_await backend.query(std::move(sql));
    if (!result) co_return failure(std::move(result.error()));
    if (!result->rows.empty() && result->rows.front().size() > 1)
      shown = result->rows.front()[1].value_or("");
    co_return Result<void>();
  };
  Result<void> done = co_await session.shards().with_backend(request, use, nullptr);
  if (!done) co_return failure(std::move(done.error()));
  co_return shown;
}

/// Nothing: what has the name is no temporary table.
Result<std::optional<plan::TemporaryTable>> read_definition(Session& session, const vschema::Shard& shard,
                                                            std::string_view shown) {
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(shown, arena, session.lexer_mode());
  if (!statement) return failure(std::move(statement.error()));
  const auto* create = sql::as<sql::CreateTable>(*statement);
  if (create == nullptr || !create->temporary) return std::nullopt;
  Result<plan::TemporaryTable> table =
      plan::read_temporary_table(*create, shard.keyspace, shard.name, shard.range.start);
  if (!table) return failure(std::move(table.error()));
  return std::optional(std::move(*table));
}

plan::TemporaryTable unreadable(const vschema::Shard& shard, const std::string& name, const Error& error) {
  kLog.error("temporary.unreadable", {{"table", name}, {"error", error}});
  plan::TemporaryTable table;
  table.keyspace = shard.keyspace;
  table.shard = shard.name;
  table.name = name;
  table.lost = "its definition cannot be read: " + error.message();
  return table;
}

Task<void> look_at(Session& session, const vschema::Shard& shard, const std::string& name) {
  Result<std::string> shown = co_await show_create(session, shard, name);
  auto& tables = session.state().temporary;
  if (!tables) tables = std::make_shared<const plan::TemporaryTables>();
  if (!shown) {
    if (shown.error().is(kServerError)) tables = tables->without(shard.keyspace, name);  // there is none
    co_return;
  }
  Result<std::optional<plan::TemporaryTable>> table = read_definition(session, shard, *shown);
  if (!table) {
    tables = tables->with(unreadable(shard, name, table.error()));
  } else if (*table) {
    tables = tables->with(std::move(**table));
  } else {
    tables = tables->without(shard.keyspace, name);
  }
}

}  // namespace

Task<void> look_at_temporary(Session& session, const plan::TemporaryUse& use) {
  const std::shared_ptr<const vschema::Snapshot> routing = session.worker().backends().routing();
  const vschema::Keyspace* keyspace = routing ? routing->find_keyspace(use.keyspace) : nullptr;
  const vschema::Shard* shard = keyspace == nullptr ? nullptr : keyspace->find_shard(use.shard);
  if (shard == nullptr) co_return;
  for (const std::string& name : use.changed) co_await look_at(session, *shard, name);
}

Task<Result<std::string>> show_create_temporary(Session& session, std::string keyspace,
                                                std::string_view name) {
  const auto& tables = session.state().temporary;
  const plan::TemporaryTable* table = tables ? tables->find(keyspace, name) : nullptr;
  if (table == nullptr || !table->lost.empty()) {
    co_return failure(kInternal, fmt::format("there is no temporary table {}.{}{}", keyspace, name,
                                             table == nullptr ? "" : ": " + table->lost));
  }
  const std::shared_ptr<const vschema::Snapshot> routing = session.worker().backends().routing();
  const vschema::Keyspace* found = routing ? routing->find_keyspace(keyspace) : nullptr;
  const vschema::Shard* shard = found == nullptr ? nullptr : found->find_shard(table->shard);
  if (shard == nullptr) co_return failure(kRoutingUnknown, "the routing is not known");
  co_return co_await show_create(session, *shard, table->name);
}

}  // namespace kintsugi::gate
