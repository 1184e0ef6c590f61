#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/server_connection.h"
#include "topo/global_transaction.h"
#include "topo/store.h"

namespace kintsugi::runtime {
class Cancel;
}

namespace kintsugi::tablet {

class Decisions;

/// Ends what transactions over several shards have left prepared on this server, where the gate that ran them
/// is gone or hangs: asks the shard that decides (Decisions, at its agent), and does what it says. If that
/// shard cannot be asked, it goes by what a person has written (topo::paths::resolution). Only while this
/// server is its shard's primary and open. On one loop; borrows the store and the decisions.
class Resolver {
 public:
  struct Parts {
    topo::Store& store;
    topo::ShardName shard;
    Login login;                  ///< the agent's
    Login gate;                   ///< the gates': who has it may end their connections
    std::function<bool()> leads;  ///< whether this server is the open primary
    Duration patience;            ///< one that is younger may well be under way
    Decisions& decisions;         ///< of this shard
  };
  explicit Resolver(Parts parts) : parts_(std::move(parts)), session_(parts_.login) {}

  Task<void> run(runtime::Cancel& cancel);

  struct Prepared {
    topo::GlobalTransaction transaction;
    Time since;           ///< that it was seen first
    std::string problem;  ///< why it could not be ended; empty: not tried yet
  };
  using ById = std::map<std::string, Prepared>;
  /// As it is now. kNotPrimary, and what the server fails with.
  Task<Result<ById>> look_now();
  /// Does now what run() does when its patience ends. True: it was committed. kNotPrimary, kNotPrepared, and
  /// why it cannot be ended.
  Task<Result<bool>> end_now(std::string id);

  /// As of the last look.
  const ById& prepared() const { return prepared_; }
  std::uint64_t committed() const { return committed_; }
  std::uint64_t rolled_back() const { return rolled_back_; }

 private:
  Task<Result<ById>> read(ServerSession& session);
  Task<void> look();
  Task<Result<bool>> end(ServerSession& session, topo::GlobalTransaction transaction);
  Task<Result<bool>> ask(topo::GlobalTransaction transaction);
  Task<Result<bool>> ask_agent(topo::GlobalTransaction transaction);
  Task<Result<bool>> resolution(std::string id);

  Parts parts_;
  ServerSession session_;
  ById prepared_;
  std::uint64_t committed_ = 0, rolled_back_ = 0;
};

}  // namespace kintsugi::tablet
