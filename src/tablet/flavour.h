#pragma once

#include <cstdint>
#include <iosfwd>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tablet/my_cnf.h"
#include "tablet/server_state.h"
#include "tablet/sql_client.h"

namespace kintsugi::tablet {

/// Rights on one object, as GRANT has them.
struct Grant {
  std::set<std::string> privileges;  ///< upper case, "SELECT"; none: USAGE
  std::string object;                ///< "*.*", "`customer`.*"
  bool with_grant_option = false;
  bool operator==(const Grant&) const = default;
};

/// An account that every server of the cluster has.
struct AccountSpec {
  std::string user;
  std::string host;
  std::string credential;  ///< the file in the credentials directory that holds its password
  std::string purpose;     ///< for people
  std::vector<Grant> grants;
  std::string text() const { return user + '@' + host; }
  std::string quoted() const { return "'" + user + "'@'" + host + "'"; }
};

/// Names of accounts, with the file that holds the password.
inline constexpr const char* kGateUser = "kintsugi_gate";
inline constexpr const char* kReplicationUser = "kintsugi_repl";
inline constexpr const char* kAgentUser = "kintsugi_agent";
inline constexpr const char* kMonitorUser = "kintsugi_monitor";

/// Where a replica receives from.
struct ReplicationSource {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const ReplicationSource&) const = default;
};

struct InitialiseRequest {
  std::string program;  ///< the server's
  std::string data_dir;
  std::string
      tmp_dir;  ///< its own: a server that starts empties the folder of other servers' temporary tables
  std::string init_file;  ///< holds initialise_statements()
  std::string os_user;    ///< who may log in as the server's root over the unix socket
  bool run_as_root = false;
  std::span<const UserSetting> user_settings;  ///< for those that must hold from the first moment
};

/// Where a running server's data is copied from.
struct CopyRequest {
  std::string my_cnf;
  std::string socket;
  std::string data_dir;
  std::string tmp_dir;  ///< there, and empty
  std::string os_user;
};

struct ObservationQueries {
  std::string variables;    ///< one row
  std::string status;       ///< rows of name and value
  std::string replication;  ///< no row: not a replica
};

/// Everything in which MariaDB and MySQL differ for an agent. No I/O, no state; any thread. One file each in
/// flavours/, one line each in find_flavour's table; what they share but for the words is in common_flavour.
class Flavour {
 public:
  virtual ~Flavour() = default;

  virtual std::string_view name() const = 0;
  /// Programs to look for in PATH, the best first.
  virtual std::vector<std::string> programs() const = 0;
  /// kUnsupportedServer: too old, or another flavour's.
  virtual Result<void> check_version(std::string_view version) const = 0;

  /// The command that fills an empty data directory, and what it runs at its end.
  virtual std::vector<std::string> initialise_command(const InitialiseRequest& request) const = 0;
  virtual std::vector<std::string> initialise_statements(const std::string& os_user) const = 0;
  virtual std::vector<Setting> settings(const ServerParameters& parameters) const = 0;
  virtual std::vector<RefusedSetting> refused_settings() const = 0;

  /// Who logs in over the unix socket with all rights, being that user of the system.
  virtual std::string root_user(const std::string& os_user) const = 0;
  /// Statements that leave root to the unix socket alone and nobody without a name; run as root, all
  /// repeatable.
  virtual std::vector<std::string> secure_root(const std::string& os_user) const = 0;
  /// Around changes of this server's own accounts: they work where all are read-only, and stay out of the
  /// binlog.
  virtual std::vector<std::string> begin_local_changes() const = 0;
  virtual std::vector<std::string> end_local_changes() const = 0;
  /// What ALL PRIVILEGES on a database means.
  virtual std::set<std::string> database_privileges() const = 0;
  virtual std::vector<AccountSpec> accounts(const std::string& keyspace) const = 0;
  /// What stands in CREATE USER and ALTER USER after the account's name. `password` consists of characters
  /// that need no escape.
  virtual std::string identified_by(const std::string& password) const = 0;

  virtual ObservationQueries observation_queries() const = 0;
  virtual Result<ServerState> parse_observation(const QueryRows& variables, const QueryRows& status,
                                                const QueryRows& replication) const = 0;
  /// A statement anyone may run, with what a server has executed as its only value.
  virtual std::string gtid_query() const = 0;
  /// What a replica has that its source cannot have sent; empty: nothing.
  virtual Result<std::string> errant(std::string_view replica, std::string_view source) const = 0;
  virtual Result<std::uint64_t> transactions(std::string_view gtids) const = 0;

  virtual std::vector<std::string> make_read_only() const = 0;
  virtual std::vector<std::string> make_writable() const = 0;
  virtual std::vector<std::string> semi_sync_source(bool on) const = 0;
  virtual std::vector<std::string> semi_sync_replica(bool on) const = 0;
  virtual std::vector<std::string> stop_receiving() const = 0;
  virtual std::vector<std::string> start_replication() const = 0;
  /// Only what applies: nothing new is received.
  virtual std::vector<std::string> start_applying() const = 0;
  virtual std::vector<std::string> stop_replication() const = 0;
  virtual std::vector<std::string> forget_source() const = 0;
  /// Points a stopped replica to a source, by GTID, and starts it. `executed`: what it has, where its
  /// position does not say that because it wrote some as a primary; else empty. `password` as in
  /// identified_by.
  virtual std::vector<std::string> attach(const ReplicationSource& source, const std::string& password,
                                          const std::string& executed) const = 0;

  /// Options with which a former primary cuts off the commits at its binlog's end that no replica has
  /// acknowledged. Never for one that stays primary.
  virtual std::vector<std::string> former_primary_options() const = 0;
  /// A query for the number of transactions of clients that are open, as its only value.
  virtual std::string open_transactions_query() const = 0;
  /// A query for the sessions of clients that write, or may: id, and whether a statement runs there ("1").
  virtual std::string writers_query() const = 0;

  /// Whether a polite shutdown answers OK to commits that no replica has acknowledged: then a primary with
  /// such commits must be killed instead.
  virtual bool shutdown_acknowledges() const = 0;
  /// What makes a polite shutdown quicker, where it can be done.
  virtual std::vector<std::string> before_shutdown() const = 0;
  /// Whether all transactions in errant() are of this server itself, and none of another.
  virtual bool own_only(std::string_view errant, const ServerState& server) const = 0;

  // Copies of a server's data.

  /// Programs that write transactions which `replica` has and `source` has not as text that a client can run
  /// again; each is to be given the binlogs besides, the oldest first.
  virtual Result<std::vector<std::vector<std::string>>> save_commands(std::string_view replica,
                                                                      std::string_view source) const = 0;
  /// The program that prints a binlog, and what that says its server had executed when it ended: kCopyFailed
  /// if it does not say.
  virtual std::vector<std::string> print_binlog_command() const = 0;
  virtual Result<std::string> executed_in(std::istream& printed) const = 0;
  /// The message of such a program means that it needs an older binlog as well.
  virtual bool wants_older_binlog(std::string_view said) const = 0;
  /// The program that writes a running server's data to its standard output, run as the server's user; empty:
  /// the other's server fetches it (fetch_statements).
  virtual std::vector<std::string> copy_command(const CopyRequest& request) const = 0;
  /// The program that makes a folder of what the one above has written, from its standard input.
  virtual std::vector<std::string> unpack_command(const std::string& folder) const = 0;
  /// The program that makes the folder a data directory; empty: it is one.
  virtual std::vector<std::string> prepare_command(const std::string& folder) const = 0;
  /// Run as root on the server that is to be made anew: the other's data comes into `folder`, which is not
  /// there yet. `password` of kReplicationUser, as in identified_by.
  virtual std::vector<std::string> fetch_statements(const ReplicationSource& from,
                                                    const std::string& password,
                                                    const std::string& folder) const = 0;
  /// How many bytes fetch_statements has brought, as the query's only value; empty: it cannot be asked.
  virtual std::string fetched_query() const = 0;
  /// The file that copy_command() leaves in `tmp_dir` and that says where the copy stands in the binlog;
  /// empty: its server will know.
  virtual std::string position_file() const = 0;
  /// By that file's content: what its source is asked then. kCopyFailed: it says nothing of a place.
  virtual Result<std::vector<std::string>> position_queries(std::string_view info) const = 0;
  /// What the copy has executed, by the answers to these and what its source had executed a moment later.
  virtual Result<std::string> copied_gtids(std::span<const QueryRows> answers,
                                           std::string_view source_later) const = 0;
  /// Run as root on the server with the new data, before it replicates; may be run again.
  virtual std::vector<std::string> adopt_copy(const std::string& gtids) const = 0;

  /// The replica's message means that the source no longer has the binlog it needs.
  virtual bool source_purged(int io_errno, std::string_view io_error) const = 0;
};

/// "mariadb" or "mysql"; kInvalidArgument for another word. Lives as long as the process.
Result<const Flavour*> find_flavour(std::string_view name);
std::vector<std::string_view> flavour_names();

}  // namespace kintsugi::tablet
