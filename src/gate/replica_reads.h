#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace kintsugi::gate {

/// What a session's reads from replicas must not fall behind. Pure.
///
/// A session stays with one server for each shard, which never goes back by itself. Another one may be behind
/// that one, or behind the session's own writes: then it must first have all that the primary has now, which
/// is more than any server of the shard has shown.
class ReplicaReads {
 public:
  struct Shard {
    std::string server;       ///< that was read last, a replica or the primary; empty: none
    bool wrote = false;       ///< on the primary, since a server was known to have it
    Time primary_until = {};  ///< until then replicas are not waited for again

    /// Whether a read of `alias` may show less than the session has seen; or, if it wants to read its own
    /// writes, less than it has written.
    bool may_be_behind(std::string_view alias, bool own_writes) const {
      return (own_writes && wrote) || (!server.empty() && server != alias);
    }
    /// The next read is of `alias`. `caught_up`: it has all that it must have.
    void reads(std::string_view alias, bool caught_up) {
      server = alias;
      if (caught_up) wrote = false;
    }
  };

  /// Stays where it is.
  Shard& of(std::string_view keyspace, std::string_view shard) {
    return shards_[{std::string(keyspace), std::string(shard)}];
  }

 private:
  std::map<std::pair<std::string, std::string>, Shard> shards_;
};

}  // namespace kintsugi::gate
