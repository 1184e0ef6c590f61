#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  bool semi_sync = false;                    ///< semi_sync_wanted()
  bool acknowledges = false;                 ///< may_acknowledge()
  topo::TabletType recorded = topo::TabletType::unknown;  ///< this tablet's record says

  // Of the server.
  ServerState server;
  bool databases_exist = false;
  Errant errant = Errant::not_compared;
  std::string errant_gtids;
  bool source_purged = false;         ///< the receiver's error means that it can never catch up
  bool may_retry_replication = true;  ///< long enough ago that stopped threads were last started
};

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
  create_databases,
  publish_type,  ///< writes ReconcileDecision::type into the tablet's record
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
  std::string problem;                                ///< what a person should know; empty: nothing
};

/// Rules:
/// - Nobody writes before they are known to be the primary, and a server that is not stops writers before
///   anything else happens to it.
/// - Semi-sync is on before the first writer comes in, and never switched off while commits may wait for an
///   acknowledgement (that would tell them that all is well): so after read_only was seen to be on.
/// - A replica is attached only after its transactions were found to be all known to its source.
/// - A primary keeps no source, and lets go of it only after everything received was applied.
ReconcileDecision reconcile(const ReconcileInput& input);

}  // namespace kintsugi::tablet
