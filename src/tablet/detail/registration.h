#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/event.h"
#include "tablet/tablet_options.h"
#include "topo/lease.h"
#include "topo/store.h"

namespace kintsugi::topo::v1 {
class Tablet;
}

namespace kintsugi::tablet {

/// This tablet's record in the topology, and the claim that its agent lives. Borrows the store. On its loop.
class Registration {
 public:
  struct Request {
    TabletPlace place;
    std::string owner;
    std::string socket;
    std::uint16_t http_port = 0;
    Duration lease = std::chrono::seconds(10);
  };
  Registration(topo::Store& store, Request request, runtime::Event& changed);

  /// Registers, and again whenever the lease was lost; until `cancel`. Ends the lease then.
  Task<void> run(runtime::Cancel& cancel);

  /// It was registered at least once since this object was made: the alias is ours.
  bool claimed() const { return claimed_; }
  /// Until when its lease holds for certain; the past if it has none.
  Time lease_valid_until() const { return lease_ == nullptr ? Time{} : lease_->valid_until(); }
  /// Of the Shard record when the lease was taken: nobody who has not seen it yet may count on the lease.
  std::uint32_t epoch_at_claim() const { return epoch_at_claim_; }
  /// Why it is not registered now; nothing if it is.
  const std::optional<Error>& error() const { return error_; }

  /// Writes what the server is now into the record: since when, if it is primary.
  Task<Result<void>> publish_type(topo::TabletType type);
  /// Writes that this server may have acknowledged commits that nobody else has, or that it cannot have.
  Task<Result<void>> publish_acknowledging(bool acknowledges);
  Task<Result<void>> publish_version(std::string server_version);

 private:
  Task<Result<void>> claim(topo::LeaseId lease);
  Task<Result<void>> edit(std::function<bool(topo::v1::Tablet&)> change);

  topo::Store& store_;
  Request request_;
  runtime::Event& changed_;
  bool claimed_ = false;
  const topo::LeaseKeeper* lease_ = nullptr;  // while it is registered
  std::uint32_t epoch_at_claim_ = 0;
  std::optional<Error> error_;
};

}  // namespace kintsugi::tablet
