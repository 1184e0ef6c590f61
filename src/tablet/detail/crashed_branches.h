#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/accounts.h"
#include "tablet/sql_client.h"

namespace kintsugi::tablet {

/// What a binlog says last of XA branches, by their names ("X'…',X'…',19284"), of what SHOW BINLOG EVENTS
/// shows of its events in their order. Pure.
class BranchWords {
 public:
  enum class Word { prepared, committed, rolled_back };

  void read(std::string_view event_type, std::string_view info);
  const std::map<std::string, Word>& last() const { return last_; }
  /// Of an older file: what is known already is later.
  void add_older(const BranchWords& older);

 private:
  std::map<std::string, Word> last_;
};

/// Brings a server's prepared XA branches in line with its binlog. MariaDB writes the end of a branch into
/// the binlog before the engine does it, and PREPARE too, and does not make up for it when it is killed in
/// between: then it has transactions in its GTIDs that are not in its tables. For a server that ended while
/// it was open, before it receives from another or is opened again. `root` is a session of its own, which may
/// leave the binlog out.
///
/// Branches that the binlog has ended are ended; those that it has never seen are rolled back, since nobody
/// else knows them. Returns the names of those on which they still disagree: the binlog has them as prepared
/// and the engine has not, or the engine has them and the part of the binlog that could know them was purged.
Task<Result<std::vector<std::string>>> mend_crashed_branches(SqlClient& root, Time deadline);
/// With a session of root's over the unix socket.
Task<Result<std::vector<std::string>>> mend_crashed_branches(AccountsRequest server, Time deadline);

}  // namespace kintsugi::tablet
