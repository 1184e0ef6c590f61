#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gate/admission.h"
#include "gate/shard_connections.h"
#include "plan/plan.h"
#include "sql/lexer.h"

namespace kintsugi::gate {

/// Writers of one row wait for one another in the gate, where they cost nothing, and not on its server, where
/// each would hold a connection and a thread while it waits for the row's lock. A row is known by the table
/// and by the condition of the statement, with its values: texts with other conditions for the same row are
/// not known to be about it, and are let through. Any thread; a call waits on its own loop.
class HotRows {
 public:
  HotRows(LoadAccount::Policy policy, admin::Histogram& waits) : policy_(policy), waits_(waits) {}

  /// As LoadAccount::enter(), for the row of this key; kHotRow if the turn does not come. Whoever was let in
  /// must leave().
  Task<Result<void>> enter(std::string key, std::uint32_t writers_max, bool at_once, runtime::Cancel* cancel);
  void leave(const std::string& key);
  /// Rows that are written now.
  std::size_t size() const;

 private:
  struct Row {
    std::shared_ptr<LoadAccount> account;
    std::size_t users = 0;  // that run or wait
  };
  void forget(const std::string& key);

  const LoadAccount::Policy policy_;
  admin::Histogram& waits_;
  mutable std::mutex mutex_;  // guards what follows
  /// As many as there are statements under way and RowTurns::kRowsMax of each open transaction, at most.
  std::unordered_map<std::string, Row> rows_;
};

/// The turns that a session has at rows, from the statement that writes one (or reads it FOR UPDATE) to the
/// end of its transaction, when the row's lock goes too. Only the first statement of a transaction waits: a
/// session that has locks, or turns, waits in no queue of the gate, so that none waits for one that waits for
/// it. On the session's loop.
class RowTurns {
 public:
  /// A transaction that writes more rows is no short one that others could wait for: for the rest of its rows
  /// it has no turns, and meets others at the server.
  static constexpr std::size_t kRowsMax = 64;

  explicit RowTurns(HotRows& rows) : rows_(rows) {}
  RowTurns(const RowTurns&) = delete;
  RowTurns& operator=(const RowTurns&) = delete;
  ~RowTurns() { leave(); }

  /// As HotRows::enter(), unless it has the turn already.
  Task<Result<void>> enter(std::string key, std::uint32_t writers_max, bool at_once, runtime::Cancel* cancel);
  /// All of them.
  void leave();
  bool empty() const { return keys_.empty(); }

 private:
  HotRows& rows_;
  std::vector<std::string> keys_;
};

/// Which row an UPDATE, a DELETE or a SELECT … FOR UPDATE that goes to one shard locks; nothing: it is
/// another statement, or does not say.
std::optional<std::string> row_key(const plan::Plan& plan, const ClientStatement& statement,
                                   const sql::LexerMode& mode);

}  // namespace kintsugi::gate
