#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/server_connection.h"
#include "topo/names.h"
#include "topo/store.h"

namespace kintsugi::runtime {
class Cancel;
}

namespace kintsugi::tablet {

namespace v1 {
class GetDecisionsResponse;
}

/// What this shard has decided of transactions over several shards (`_kintsugi.decision`): answers those who
/// ask, and forgets what nobody can need any more. Why that is safe is said at topo::kDecisionTable. Only
/// while this server is its shard's primary and open; else all fail with kNotPrimary. On one loop; borrows
/// the store.
class Decisions {
 public:
  struct Parts {
    topo::Store& store;
    topo::ShardName shard;
    Login login;                  ///< the agent's
    Login gate;                   ///< the gates': who has it may end their connections
    std::function<bool()> leads;  ///< whether this server is the open primary
    Duration kept;                ///< rows younger than this are not forgotten
    Duration patience;            ///< a gate that leaves a decision half made for longer loses its connection
  };
  explicit Decisions(Parts parts) : parts_(std::move(parts)), session_(parts_.login) {}

  /// Forgets, every few seconds.
  Task<void> run(runtime::Cancel& cancel);

  /// Whether the transaction is committed. What was not decided yet is aborted now. `connection`: of its gate
  /// to this server, as the branch's name says; it is ended if it stands still in the middle of deciding.
  Task<Result<bool>> decide(std::string id, std::uint32_t connection);
  /// What is decided of these; changes nothing. The ids are well-formed.
  Task<Result<v1::GetDecisionsResponse>> of(std::vector<std::string> ids);

 private:
  Task<Result<void>> forget(runtime::Cancel& cancel);
  Task<Result<void>> forget_commits(std::string floor, runtime::Cancel& cancel);
  Task<Result<std::set<std::string>>> prepared_anywhere(runtime::Cancel& cancel);
  Result<void> check_leads() const;

  Parts parts_;
  ServerSession session_;  // of run()
};

/// Ends a gate's connection that holds up a transaction's end, if it is at no statement and was at none for
/// `patience`: its gate hangs. Logs in as the gates do. True: there was one.
Task<bool> end_idle_gate(Login gate, std::uint32_t connection, Duration patience);

}  // namespace kintsugi::tablet
