#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/accounts.h"
#include "tablet/data_dir.h"

namespace kintsugi::tablet {

/// A transaction in a binlog: where its first event begins, and where its last one ends.
struct BinlogPlace {
  std::string file;  ///< its name, in the data directory
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool operator==(const BinlogPlace&) const = default;
};

/// A MariaDB that runs transactions out of its own binlog again.
struct ReplayingServer {
  AccountsRequest login;
  const TabletFiles& files;
  std::string program;  ///< the server's: its other programs stand beside it, or are in PATH
};

/// Runs the transaction once more, without writing it to the binlog again, by `mariadb-binlog` and `mariadb`.
/// kReplayFailed with what these said; what they were to run is left in TabletFiles::replayed then.
Task<Result<void>> replay_binlog(ReplayingServer server, BinlogPlace place, Time deadline);

}  // namespace kintsugi::tablet
