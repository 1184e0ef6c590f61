#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/routine_host.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "sql/printer.h"
#include "sql/tree.h"
#include "vschema/snapshot.h"

// LOCK TABLES and UNLOCK TABLES. Each shard of a table's keyspace is sent the statement, one shard after the
// other in the same order for every session, so that two of them cannot wait for each other; and the session
// keeps the connections.

namespace kintsugi::gate {
namespace {

using sql::LockedTable;

/// What is locked of one keyspace.
struct Locks {
  const vschema::Keyspace* keyspace = nullptr;
  sql::List<LockedTable*> tables{};
};

class Collector {
 public:
  Collector(const vschema::Snapshot& routing, const Target& target, sql::Arena& arena)
      : routing_(routing), target_(target), arena_(arena) {}

  Result<void> add(const LockedTable& table) {
    const std::string name(table.table->schema.empty() ? target_.keyspace : table.table->schema);
    if (name.empty()) return failure(kNoDatabase, "No database selected");
    if (!target_.shard.empty() && name != target_.keyspace) {
      return failure(kUnsupported, fmt::format("LOCK TABLES of keyspace '{}' while shard '{}/{}' is chosen",
                                               name, target_.keyspace, target_.shard));
    }
    Locks& locks = locks_[name];
    if (locks.keyspace == nullptr) {
      Result<const vschema::Keyspace*> found = routing_.keyspace(name);
      if (!found) return failure(std::move(found.error()));
      locks.keyspace = *found;
    }
    auto* copy = sql::clone(&table, arena_);
    copy->table->schema = arena_.copy(name);
    locks.tables.push_back(arena_, copy);
    if (target_.shard.empty())
      follow_.push_back({locks.keyspace->find_table(table.table->name), writes(table)});
    return {};
  }

  /// What statements about these tables need beside them: look-ups, and tables that foreign keys tie to them
  /// which the gate keeps.
  Result<void> add_belongings() {
    std::vector<std::pair<const vschema::Table*, bool>> all = std::move(follow_);
    follow_.clear();
    for (const auto& [table, writing] : all) {
      if (table == nullptr) continue;
      for (const vschema::TableVindex& vindex : table->vindexes) {
        if (vindex.lookup_table.empty()) continue;
        if (Result<void> done = belonging(vindex.lookup_keyspace, vindex.lookup_table, writing); !done)
          return done;
      }
      for (const vschema::ForeignKeySpec& key : table->foreign_keys) {
        if (key.on_servers || !writing) continue;
        if (Result<void> done = belonging(table->keyspace, key.table, false); !done) return done;
      }
      for (const vschema::ReferringKey& referring : table->referred_by) {
        if (referring.key.on_servers || !writing) continue;
        if (Result<void> done = belonging(table->keyspace, referring.child, true); !done) return done;
      }
    }
    return {};
  }

  const std::map<std::string, Locks>& locks() const { return locks_; }

 private:
  static bool writes(const LockedTable& table) { return table.lock.find("write") != std::string_view::npos; }

  Result<void> belonging(const std::string& keyspace, const std::string& table, bool writing) {
    for (LockedTable* known : locks_[keyspace].tables) {
      if (!known->alias.empty() || known->table->name != table) continue;
      if (writing && !writes(*known)) known->lock = "write";
      return {};
    }
    auto* made = sql::make_node<LockedTable>(arena_);
    made->table = sql::make_node<sql::TableName>(arena_);
    made->table->schema = arena_.copy(keyspace);
    made->table->name = arena_.copy(table);
    made->lock = writing ? "write" : "read";
    return add(*made);
  }

  const vschema::Snapshot& routing_;
  const Target& target_;
  sql::Arena& arena_;
  std::map<std::string, Locks> locks_;
  std::vector<std::pair<const vschema::Table*, bool>> follow_;
};

std::string text_of(const sql::LockTables& statement, const Locks& locks, const sql::LexerMode& mode) {
  sql::LockTables own = statement;
  own.tables = locks.tables;
  return sql::print(own, sql::print_options(mode));
}

Task<Result<void>> lock_shards(Session& session, const Locks& locks, std::string text) {
  const Target& target = session.state().target;
  for (const vschema::Shard& shard : locks.keyspace->shards(target.type)) {
    if (!target.shard.empty() && shard.name != target.shard) continue;
    exec::ShardRequest request;
    request.shard = &shard;
    request.keyspace = locks.keyspace->name();
    request.type = target.type;
    request.write = true;
    request.own_text = false;
    request.text = text;
    NoRows sink("LOCK TABLES");
    Result<void> locked = co_await session.shards().run(request, sink, session.cancel());
    if (!locked) co_return failure(locked.error().with_context(shard.text()));
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> statement_lock_tables(Session& session, const sql::Statement& statement,
                                         const ClientStatement& sent) {
  const auto& lock = static_cast<const sql::LockTables&>(statement);
  ShardConnections& shards = session.shards();
  if (shards.transaction().open() || shards.in_transaction()) {
    Result<void> committed = co_await shards.commit();
    if (!committed) co_return committed;
  }
  co_await shards.unlock_tables();
  const auto routing = session.worker().backends().routing();
  sql::Arena arena;
  Collector collector(*routing, session.state().target, arena);
  for (const LockedTable* table : lock.tables) {
    if (Result<void> added = collector.add(*table); !added) co_return added;
  }
  if (Result<void> added = collector.add_belongings(); !added) co_return added;
  shards.begin_statement(&sent, {.commits = true});
  shards.lock_tables();
  Result<void> done;
  for (const auto& [name, locks] : collector.locks()) {
    if (done) done = co_await lock_shards(session, locks, text_of(lock, locks, session.lexer_mode()));
  }
  shards.begin_statement(nullptr, {});
  if (!done) {
    co_await shards.unlock_tables();
    co_return done;
  }
  session.respond().ok();
  co_return Result<void>();
}

Task<Result<void>> statement_unlock_tables(Session& session, const sql::Statement&, const ClientStatement&) {
  ShardConnections& shards = session.shards();
  if (shards.tables_locked()) {
    Result<void> committed = co_await shards.commit();
    co_await shards.unlock_tables();
    if (!committed) co_return committed;
  }
  session.respond().ok();
  co_return Result<void>();
}

}  // namespace kintsugi::gate
