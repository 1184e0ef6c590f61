#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plan/schema.h"
#include "sql/tree.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan {

/// A temporary table of a session. It is on one server, on a connection that the session keeps: to the
/// planner, a table that is pinned to that server's shard.
struct TemporaryTable {
  std::string keyspace;
  std::string shard;
  std::string name;
  Schema::Entry table;       ///< its columns; null of one that is lost
  vschema::Table routing{};  ///< pinned
  std::string lost;          ///< not empty: it is gone, and why
};

/// The temporary tables of one session. Immutable, as Schema is.
class TemporaryTables {
 public:
  using Entry = std::shared_ptr<const TemporaryTable>;

  /// Null: no table of the session has that name, and so what has it is for all sessions.
  const TemporaryTable* find(std::string_view keyspace, std::string_view name) const;
  /// Whether a statement of this text may name one: if not, it means the same to every session.
  bool may_be_named_in(std::string_view text) const;
  /// Whether there are any on the shard's server.
  bool any_on(std::string_view keyspace, std::string_view shard) const;
  bool empty() const { return tables_.empty(); }

  /// With the table added or replaced.
  std::shared_ptr<const TemporaryTables> with(TemporaryTable table) const;
  std::shared_ptr<const TemporaryTables> without(std::string_view keyspace, std::string_view name) const;
  /// With those on the shard's server gone, for that reason.
  std::shared_ptr<const TemporaryTables> lost(std::string_view keyspace, std::string_view shard,
                                              const std::string& why) const;

 private:
  std::vector<Entry> tables_;
};

/// Makes one of what SHOW CREATE TABLE says of it; `start` is where the range of its shard begins.
/// kInvalidArgument: the text is none of a table.
Result<TemporaryTable> read_temporary_table(const sql::CreateTable& create, std::string_view keyspace,
                                            std::string_view shard, std::string_view start);

}  // namespace kintsugi::plan
