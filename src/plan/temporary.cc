#include "plan/temporary.h"

#include <algorithm>

#include "base/lower_case.h"
#include "plan/declared_schema.h"

namespace kintsugi::plan {

namespace {

/// Of text whose column and table name none: a server writes down what is not its own default.
constexpr std::string_view kDefaultCollation = "utf8mb4_general_ci";

bool is(const TemporaryTable& table, std::string_view keyspace, std::string_view name) {
  return table.keyspace == keyspace && table.name == name;
}

/// Whether the name is written in a text as it is: others may hide behind quotes that are doubled.
bool is_plain(std::string_view name) { return name.find_first_of("`\"'\\") == name.npos; }

}  // namespace

const TemporaryTable* TemporaryTables::find(std::string_view keyspace, std::string_view name) const {
  const auto found =
      std::ranges::find_if(tables_, [&](const Entry& entry) { return is(*entry, keyspace, name); });
  return found == tables_.end() ? nullptr : found->get();
}

bool TemporaryTables::may_be_named_in(std::string_view text) const {
  return std::ranges::any_of(tables_, [text](const Entry& entry) {
    return !is_plain(entry->name) || text.find(entry->name) != text.npos;
  });
}

bool TemporaryTables::any_on(std::string_view keyspace, std::string_view shard) const {
  return std::ranges::any_of(tables_, [&](const Entry& entry) {
    return entry->lost.empty() && entry->keyspace == keyspace && entry->shard == shard;
  });
}

std::shared_ptr<const TemporaryTables> TemporaryTables::with(TemporaryTable table) const {
  auto changed = std::make_shared<TemporaryTables>(*without(table.keyspace, table.name));
  changed->tables_.push_back(std::make_shared<const TemporaryTable>(std::move(table)));
  return changed;
}

std::shared_ptr<const TemporaryTables> TemporaryTables::without(std::string_view keyspace,
                                                                std::string_view name) const {
  auto changed = std::make_shared<TemporaryTables>(*this);
  std::erase_if(changed->tables_, [&](const Entry& entry) { return is(*entry, keyspace, name); });
  return changed;
}

std::shared_ptr<const TemporaryTables> TemporaryTables::lost(std::string_view keyspace,
                                                             std::string_view shard,
                                                             const std::string& why) const {
  auto changed = std::make_shared<TemporaryTables>(*this);
  for (Entry& entry : changed->tables_) {
    if (entry->keyspace != keyspace || entry->shard != shard || !entry->lost.empty()) continue;
    TemporaryTable gone = *entry;
    gone.table = nullptr;
    gone.lost = why;
    entry = std::make_shared<const TemporaryTable>(std::move(gone));
  }
  return changed;
}

Result<TemporaryTable> read_temporary_table(const sql::CreateTable& create, std::string_view keyspace,
                                            std::string_view shard, std::string_view start) {
  Result<Schema::Entry> columns = declared_table(create, keyspace, kDefaultCollation);
  if (!columns) return failure(std::move(columns.error()));
  TemporaryTable table;
  table.keyspace = keyspace;
  table.shard = shard;
  table.name = create.table->name;
  table.table = std::move(*columns);
  table.routing.keyspace = keyspace;
  table.routing.name = table.name;
  table.routing.kind = vschema::Table::Kind::sharded;
  table.routing.pinned = topo::KeyspaceId(start);
  return table;
}

}  // namespace kintsugi::plan
