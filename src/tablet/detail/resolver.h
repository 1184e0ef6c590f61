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

/// Ends what transactions over several shards have left prepared on this server, where the gate that ran them
/// is gone: asks the shard that decides, and does what it says. And, on the shard that decides, answers. Both
/// only while this server is its shard's primary and open. On one loop; borrows the store.
class Resolver {
 public:
  /// One that is younger may well be under way.
  static constexpr Duration kPatience = std::chrono::seconds(5);

  struct Parts {
    topo::Store& store;
    topo::ShardName shard;
    Login login;                  ///< the agent's
    std::function<bool()> leads;  ///< whether this server is the open primary
  };
  explicit Resolver(Parts parts) : parts_(std::move(parts)), session_(parts_.login) {}

  Task<void> run(runtime::Cancel& cancel);

  /// Whether the transaction, of which this shard decides, is committed. What was not decided yet is aborted
  /// now. kNotPrimary, and what the server fails with.
  Task<Result<bool>> decide(std::string id);

  struct Prepared {
    topo::GlobalTransaction transaction;
    Time since;           ///< that it was seen first
    std::string problem;  ///< why it could not be ended; empty: not tried yet
  };
  /// As of the last look.
  const std::map<std::string, Prepared>& prepared() const { return prepared_; }
  std::uint64_t committed() const { return committed_; }
  std::uint64_t rolled_back() const { return rolled_back_; }

 private:
  Task<void> look();
  Task<Result<void>> end(topo::GlobalTransaction transaction);
  Task<Result<bool>> ask(topo::GlobalTransaction transaction);

  Parts parts_;
  ServerSession session_;
  std::map<std::string, Prepared> prepared_;  // by id
  std::uint64_t committed_ = 0, rolled_back_ = 0;
};

}  // namespace kintsugi::tablet
