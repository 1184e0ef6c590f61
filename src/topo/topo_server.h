#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "topo/names.h"
#include "topo/store.h"

namespace kintsugi::topo {

namespace v1 {
class CellInfo;
class Keyspace;
class PrimaryChange;
class Recovery;
class Shard;
class Tablet;
}  // namespace v1

/// What is done to the records, each a whole: safe while others write, and done again without harm where that
/// makes sense. On the store's loop; borrows the store, which must outlive it. Every call can fail as the
/// store can, too.
///
/// What gates read is derived of the global records and those of tablets: the vschemas by edit_vschema(), so
/// that gates follow whether or not a control leads; all of it by rebuild_serving(), which control's leader
/// calls when the two do not agree.
class TopoServer {
 public:
  explicit TopoServer(Store& store) : store_(store) {}
  Store& store() { return store_; }

  /// Writes the cell's record, new or not. kBadName.
  Task<Result<void>> put_cell(std::string cell, v1::CellInfo record);
  Task<Result<std::vector<std::string>>> cells();

  /// With serving shards of these names, or with none. kBadName, kBadKeyRange; kBadPartition: the shards
  /// leave a gap or overlap; kNodeExists. `created_at` is filled if it is empty.
  Task<Result<void>> create_keyspace(std::string keyspace, v1::Keyspace record,
                                     std::vector<std::string> shards = {});
  Task<Result<std::vector<std::string>>> keyspaces();
  /// With its shards, vschema, sequences and events. kNoNode; kNotEmpty if it has tablets, unless
  /// `recursive`: then their records go too.
  Task<Result<void>> delete_keyspace(std::string keyspace, bool recursive);

  /// Changes the text of a keyspace's vschema by a function of it (see Store::edit), then what gates read of
  /// it in every cell. kNoNode: no such keyspace; kBadRecord: the new text is no vschema's; what `edit` fails
  /// with. If it fails after the vschema was written, control's leader does the rest.
  Task<Result<void>> edit_vschema(std::string keyspace, Store::Edit edit);

  /// A shard without a primary. kBadKeyRange; kNoNode: no such keyspace; kNodeExists; kBadPartition: it
  /// overlaps a shard that serves (only if it is `serving` itself).
  Task<Result<void>> create_shard(ShardName shard, bool serving = true);
  Task<Result<std::vector<std::string>>> shards(std::string keyspace);
  /// kNoNode; kNotEmpty if it has tablets, unless `recursive`.
  Task<Result<void>> delete_shard(ShardName shard, bool recursive);

  /// Writes a tablet's record, and the key that says its owner is alive, bound to the lease. Called by the
  /// tablet's agent at each start. kAliasTaken: another agent that is alive holds the alias, or the record is
  /// of another shard; kNoNode: its shard does not exist; kBadName, kLeaseLost. `pid`: for the message that
  /// the other one gets.
  Task<Result<void>> register_tablet(v1::Tablet tablet, LeaseId lease, std::uint32_t pid);
  /// kNoNode; kAliasTaken while its agent is alive.
  Task<Result<void>> delete_tablet(TabletAlias alias);
  /// Of one cell, or of all (empty).
  Task<Result<std::vector<v1::Tablet>>> tablets(std::string cell = "");
  /// Whether the tablet's agent holds its lease.
  Task<Result<bool>> is_tablet_alive(TabletAlias alias);

  /// Makes a tablet the shard's primary, under an epoch that is one higher; nothing happens if it is so
  /// already. `expected_epoch`: the epoch that was decided upon. kStaleEpoch: somebody has changed the shard
  /// since; kNoNode: no such shard or tablet; kInvalidArgument: the tablet is of another shard, or rdonly.
  /// Returns the shard's record.
  Task<Result<v1::Shard>> set_shard_primary(ShardName shard, TabletAlias primary,
                                            std::uint32_t expected_epoch, WallTime now);

  // Changes of a shard's primary (topo_recovery.cc). Each names the epoch that was decided upon: kStaleEpoch
  // if somebody has changed the shard since; kNoNode: no such shard. They return the shard's record.

  /// Begins one, in the place of one that is under way, under an epoch that is one higher, and its journal:
  /// `journal.epoch` is set to the new one. The ids of both are made here. kInvalidArgument: the shard has no
  /// primary.
  Task<Result<v1::Shard>> begin_primary_change(ShardName shard, v1::PrimaryChange change,
                                               v1::Recovery journal, std::uint32_t expected_epoch,
                                               WallTime now);
  /// Ends it under another epoch: with this one as the primary, or, if there is none, with the one before. A
  /// shard without a change gets a new epoch, too: so its primary knows that it may go on.
  Task<Result<v1::Shard>> end_primary_change(ShardName shard, std::optional<TabletAlias> primary,
                                             std::uint32_t expected_epoch, WallTime now);
  /// Begins the journal of a tablet whose data is made anew: `reclone` and `from` are the caller's, the id is
  /// made here. Gives the id. kNodeExists: one began in this moment.
  Task<Result<std::string>> begin_reclone(ShardName shard, v1::Recovery journal, std::uint32_t epoch,
                                          WallTime now);
  /// Adds to a journal by a function of it (false: leave it). kNoNode.
  Task<Result<void>> edit_recovery(ShardName shard, std::string id,
                                   std::function<bool(v1::Recovery& journal)> edit);
  /// The journals of a shard, or of all (no name), the latest first.
  Task<Result<std::vector<v1::Recovery>>> recoveries(std::optional<ShardName> shard = {});
  /// Removes all but so many of a shard's latest.
  Task<Result<void>> prune_recoveries(ShardName shard, std::size_t keep);

  /// Takes `count` ids from a sequence, which begins with the first call: the first of them. None is below
  /// `at_least` (1 or more). kInvalidArgument: the ids are used up.
  Task<Result<std::uint64_t>> take_ids(std::string keyspace, std::string sequence, std::uint64_t count,
                                       std::uint64_t at_least = 1);

  /// What rebuild_serving() did.
  struct Rebuilt {
    int written = 0;
    int removed = 0;
    std::vector<std::string> problems;  ///< what cannot be derived, as sentences
  };
  /// Makes what gates read agree with what is decided. Writes only what differs, a cell's records together.
  Task<Result<Rebuilt>> rebuild_serving();

 private:
  Task<Result<void>> erase_all(std::vector<Node> nodes);
  Task<Result<std::vector<Node>>> tablet_nodes_of(std::string keyspace, std::string shard);
  Task<Result<void>> check_overlap(ShardName shard);
  Task<Result<void>> write_vschema(std::string keyspace, Store::Edit edit);
  Task<Result<void>> publish_vschema(std::string keyspace, std::string cell);

  Store& store_;
};

}  // namespace kintsugi::topo
