#pragma once

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
  /// Why it is not registered now; nothing if it is.
  const std::optional<Error>& error() const { return error_; }

  /// Writes what the server is now into the record: since when, if it is primary.
  Task<Result<void>> publish_type(topo::TabletType type);
  Task<Result<void>> publish_version(std::string server_version);

 private:
  Task<Result<void>> claim(topo::LeaseId lease);

  topo::Store& store_;
  Request request_;
  runtime::Event& changed_;
  bool claimed_ = false;
  std::optional<Error> error_;
};

}  // namespace kintsugi::tablet
