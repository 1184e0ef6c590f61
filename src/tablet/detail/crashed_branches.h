#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/detail/binlog_replay.h"

namespace kintsugi::tablet {

/// A row of SHOW BINLOG EVENTS.
struct BinlogEvent {
  std::string_view file;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string_view type;
  std::string_view info;
};

/// What a binlog says last of XA branches, by their names ("X'…',X'…',19284"), of its events in their order.
/// Pure.
class BranchWords {
 public:
  enum class Word { prepared, committed, rolled_back };
  struct Last {
    Word word;
    BinlogPlace place;  ///< of one that is prepared: the transaction
  };

  void read(const BinlogEvent& event);
  const std::map<std::string, Last>& last() const { return last_; }
  /// Of an older file: what is known already is later.
  void add_older(const BranchWords& older);

 private:
  std::map<std::string, Last> last_;
  std::uint64_t transaction_begin_ = 0;
};

/// Brings a server's prepared XA branches in line with its binlog. MariaDB writes the end of a branch into
/// the binlog before the engine does it, and PREPARE too, and does not make up for it when it is killed in
/// between: then it has transactions in its GTIDs that are not in its tables. For a server that ended while
/// it was open, before it receives from another or is opened again.
///
/// Branches that the binlog has ended are ended; those that it has never seen are rolled back, since nobody
/// else knows them; those that it has as prepared and the engine has not are run again: nobody can have
/// written their rows since, for the server was killed with their locks. All of it without a word in the
/// binlog. Returns the names of those on which they still disagree: what could not be run again, or what the
/// engine has where the part of the binlog that could know it was purged.
Task<Result<std::vector<std::string>>> mend_crashed_branches(ReplayingServer server, Time deadline);

}  // namespace kintsugi::tablet
