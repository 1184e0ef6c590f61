#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "gate/gate_options.h"
#include "gate/replica_reads.h"
#include "gate/settings.h"
#include "gate/target.h"
#include "mysql/capabilities.h"
#include "plan/temporary.h"

namespace kintsugi::gate {

/// One line of SHOW WARNINGS.
struct Warning {
  std::string level;  ///< "Note", "Warning", "Error"
  std::uint32_t code = 0;
  std::string message;
};

/// Who the client is; fixed when it has connected or changed the user.
struct ClientIdentity {
  std::uint32_t connection_id = 0;
  std::string user;
  std::string peer;  ///< address without port, "localhost" for a unix socket
  std::string caller;
  std::string account_host = "%";  ///< of the entry that let it in: CURRENT_USER() is user@account_host
  std::vector<std::string> groups;
  vschema::Permission scatter = vschema::Permission::allow;  ///< of the entry, as `gather`
  vschema::Permission gather = vschema::Permission::allow;
  bool files = false;          ///< of the entry
  vschema::LoadLimits limits;  ///< of the entry and of the gate's options, the strictest
  mysql::Capabilities capabilities = 0;
};

/// A statement of SQL's PREPARE that the gate keeps.
struct SqlPrepared {
  std::string text;
  std::size_t parameters = 0;
};

/// What a session remembers between statements. Plain data: who may change what is the commands' affair.
struct SessionState {
  std::uint32_t connection_id = 0;  ///< of the client
  Target target;
  /// Shared with the connections that have them; replaced as a whole.
  std::shared_ptr<const Settings> settings = std::make_shared<const Settings>();
  bool autocommit = true;
  bool multi_statements = false;
  TransactionMode transaction_mode = TransactionMode::atomic;
  bool read_your_writes = false;  ///< reads from replicas wait for the session's own writes
  Duration max_replica_lag{};     ///< what is read from replicas is no older; 0: as the gate's options say
  ReplicaReads replica_reads;
  /// Values of is_connection_variable() that the session has set.
  std::vector<Settings::Entry> connection_variables;

  bool failed = false;  ///< the last statement; its diagnostics may be those of one before it

  // Of the last statement, as its client may ask with functions and SHOW.
  std::uint64_t last_insert_id = 0;
  std::int64_t row_count = -1;
  std::uint64_t found_rows = 0;
  std::uint64_t warning_count = 0;  ///< may be more than `warnings` has
  std::uint64_t error_count = 0;
  std::vector<Warning> warnings;
  /// Of the statement before the one that runs: what @@warning_count and @@error_count are to it.
  std::uint64_t warning_count_before = 0;
  std::uint64_t error_count_before = 0;

  /// Of SET TRANSACTION without scope: what the next transaction starts with, "ISOLATION LEVEL SERIALIZABLE".
  std::string next_transaction;
  /// Null: it has had none.
  std::shared_ptr<const plan::TemporaryTables> temporary;
  /// By name, in lower case.
  std::map<std::string, SqlPrepared, std::less<>> sql_prepared;
};

/// What SHOW PROCESSLIST tells of a session.
struct Activity {
  const char* command = "Sleep";
  std::string statement;  ///< its first bytes
  Time since{};
};

}  // namespace kintsugi::gate
