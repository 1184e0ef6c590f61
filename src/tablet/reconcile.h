#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "tablet/flavour.h"
#include "tablet/server_state.h"
#include "topo/names.h"

/// What an agent does about its server: a pure function of what is and what the topology asks for.
namespace kintsugi::tablet {

enum class Durability { unset, none, semi_sync, cross_cell };

/// Another tablet of the shard, or this one.
struct ShardTablet {
  topo::TabletAlias alias;
  topo::TabletType type = topo::TabletType::replica;  ///< of its record
  bool may_become_primary = true;                     ///< it is no rdonly
};

/// Whether commits of the shard's primary wait for an acknowledgement. `unset`: if there is somebody to give
/// it.
bool semi_sync_wanted(Durability durability, const topo::TabletAlias& primary,
                      const std::vector<ShardTablet>& tablets);

/// Whether a replica's word counts: what only tablets that never become primary have could be lost.
bool may_acknowledge(Durability durability, const topo::TabletAlias& self, bool may_become_primary,
                     const topo::TabletAlias& primary);

/// A change of the shard's primary that is under way: ReconcileInput::primary is the one that goes.
enum class Change { none, planned, unplanned };

/// Whether the server's data must be made anew before it can be a replica: v1::Health::Copy of a server that
/// answers.
enum class CopyNeed { none, left_behind, own, foreign };

/// What a comparison of this server's transactions with its source's has shown.
enum class Errant { not_compared, none, some };

struct ReconcileInput {
  topo::TabletAlias self;
  topo::TabletType configured =
      topo::TabletType::replica;  ///< replica or rdonly: what it is when not primary

  // From the topology, as last read.
  bool shard_known = false;                  ///< false: nothing was read since the agent started
  std::optional<topo::TabletAlias> primary;  ///< nothing: none elected
  std::optional<ReplicationSource> source;   ///< where the primary's server is, if its record is there
  Change change = Change::none;
  bool semi_sync = false;                                 ///< semi_sync_wanted()
  bool acknowledges = false;                              ///< may_acknowledge()
  topo::TabletType recorded = topo::TabletType::unknown;  ///< this tablet's record says
  bool recorded_acknowledges = false;                     ///< …that it may have acknowledged commits

  // Of the agent.
  /// As the primary it may serve: its lease holds, or a replica has given its word (role_grants.h).
  bool may_lead = true;
  bool half_closed = false;  ///< it is read-only, and what it let in before may not be over yet
  bool shut = false;         ///< it ended unasked while it was primary, and nobody has decided yet
  bool has_granted = false;  ///< a primary counts on this replica
  /// It hands over: for how long gates have known that; nothing: they do not yet.
  std::optional<Duration> draining_for;

  /// As the primary: for how long commits have waited for a replica while a copy of its data was made.
  std::optional<Duration> copy_waits_for;

  // Of the server.
  ServerState server;
  bool databases_exist = false;
  /// Asked for only while it hands over, when gates know.
  std::optional<std::uint32_t> open_transactions;
  Errant errant = Errant::not_compared;
  std::string errant_gtids;
  bool errant_own = false;  ///< none of them is another server's
  std::string reclone;      ///< how far its data is made anew from another's, as a sentence; empty: it is not
  bool source_purged = false;         ///< the receiver's error means that it can never catch up
  bool may_retry_replication = true;  ///< long enough ago that stopped threads were last started
};

/// How long a primary that hands over waits for transactions to end. What is open then fails at its COMMIT.
inline constexpr Duration kDrainMax = std::chrono::seconds(1);

/// A replica that lost its connection is back by then, as a rule.
inline constexpr Duration kCopyWaitsMax = std::chrono::seconds(10);

enum class ActionKind {
  make_read_only,
  make_writable,
  semi_sync_source_on,
  semi_sync_source_off,
  semi_sync_replica_on,
  semi_sync_replica_off,
  stop_receiving,
  stop_replication,
  forget_source,
  compare_with_source,  ///< fills ReconcileInput::errant
  attach,
  start_replication,
  start_applying,
  kill_server,  ///< what closes a server whose commits wait for an acknowledgement that will not come
  create_databases,
  publish_type,  ///< writes ReconcileDecision::type into the tablet's record
  publish_acknowledging,
};
std::string_view name(ActionKind kind);

struct Action {
  ActionKind kind;
  std::string why;
  bool operator==(const Action&) const = default;
};

struct ReconcileDecision {
  /// In this order; after the first that fails, the server is looked at again.
  std::vector<Action> actions;
  topo::TabletType type = topo::TabletType::replica;  ///< what the server is now
  bool serving = false;                               ///< it may be sent queries of its type
  bool fenced = false;    ///< it has come to rest for the change: v1::Health::fenced_epoch
  bool draining = false;  ///< it waits for transactions to end before it is closed
  /// A primary whose first commit is made once a replica is there to acknowledge it.
  bool holds_back = false;
  CopyNeed copy = CopyNeed::none;
  std::string problem;  ///< what a person should know; empty: nothing
};

/// Commits that wait for a replica, with the one that a new primary holds back.
inline std::uint32_t waiting_commits(const ServerState& server, const ReconcileDecision& decision) {
  return server.semi_sync.waiting + (decision.holds_back ? 1 : 0);
}

/// Rules:
/// - Nobody writes before they are known to be the primary, and a server that is not stops writers before
///   anything else happens to it.
/// - Semi-sync is on before the first writer comes in, and never switched off while commits may wait for an
///   acknowledgement (that would tell them that all is well): so after read_only was seen to be on.
/// - A replica is attached only after its transactions were found to be all known to its source.
/// - A new primary commits nothing before a replica is there to acknowledge it: a commit that waits holds
///   locks that a copy of the server's data waits for, and that copy may be the only replica to come. Where
///   clients' commits wait so, the server is killed.
/// - Before a server acknowledges its first commit, its record says that it may have.
/// - In an unplanned change every server that could be primary stops receiving, and applies what it has: once
///   it has come to rest it starts nothing again that could throw away what was received.
/// - A primary that may not lead closes, whatever that takes: a server whose commits wait cannot be made
///   read-only, and must never be told to give up waiting, so it is killed.
/// - While its data is made anew, a replica neither receives nor applies.
/// - A primary keeps no source, and lets go of it only after everything received was applied.
ReconcileDecision reconcile(const ReconcileInput& input);

}  // namespace kintsugi::tablet
