#pragma once

#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "tablet/accounts.h"
#include "tablet/data_dir.h"
#include "tablet/server_connection.h"

namespace kintsugi::rpc {
class Sink;
}

namespace kintsugi::tablet {

/// HMAC-SHA-256, in hex, with which an agent shows that it may have a copy of another's data: both know the
/// password of the replication account, which is not sent.
std::string copy_proof(const std::string& password, const std::string& word, const std::string& donor,
                       const std::string& to);

/// Gives this server's data to agents of its shard (the methods OfferCopy and CopyData). One at a time, since
/// each reads all of the disk. On one loop; borrows what it is given.
class DataSource {
 public:
  struct Parts {
    const Flavour& flavour;
    const TabletFiles& files;
    std::string os_user;
    std::string alias;
    std::string password;  ///< of the replication account
    Login login;           ///< of the agent
  };
  explicit DataSource(Parts parts) : parts_(std::move(parts)) {}

  Task<Result<v1::OfferCopyResponse>> offer(std::string server_version);
  /// kCopyRefused: another is under way, or the word or the proof is not right. kCopyFailed: with what the
  /// program said.
  Task<Result<void>> copy(v1::CopyDataRequest request, rpc::Sink& sink);
  /// A copy is under way.
  bool busy() const { return busy_; }

 private:
  Result<void> check(const v1::CopyDataRequest& request);
  Task<Result<std::string>> executed();
  Task<Result<std::string>> executed_in_copy();
  Task<Result<void>> stream(rpc::Sink& sink);

  Parts parts_;
  std::string word_;
  Time word_ends_{};
  bool busy_ = false;
};

}  // namespace kintsugi::tablet
