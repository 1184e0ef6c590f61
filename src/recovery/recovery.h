#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "topo/names.h"

/// What to do about the primary of a shard. Pure; any thread.
namespace kintsugi::recovery {

/// Whether a server's data must be made anew before it can be a replica: v1::Health::Copy.
enum class CopyNeed {
  none,
  left_behind,  ///< it has nothing of its own
  own,          ///< it has transactions of its own that the primary has not
  foreign,      ///< it has others' transactions that the primary has not
  unusable,     ///< no server runs on it
};

/// One tablet of the shard as control sees it. What stands below `heard` is its agent's last word, and means
/// something only if it is heard.
struct Server {
  topo::TabletAlias alias;
  bool may_be_primary = true;         ///< it is no rdonly
  bool may_have_acknowledged = true;  ///< its record says so
  bool agent_alive = false;           ///< holds its lease
  bool heard = false;
  bool answers = false;  ///< mysqld does
  bool crashed = false;  ///< v1::Health::crashed
  bool read_only = true;
  std::uint32_t fenced_epoch = 0;   ///< v1::Health::fenced_epoch
  bool caught_up = false;           ///< v1::Health::caught_up
  bool receives = false;            ///< it has a connection to its source
  std::uint32_t acknowledging = 0;  ///< replicas connected to it that acknowledge
  std::uint32_t waiting_commits = 0;
  Duration waits_for{};  ///< that commits have, while nothing more was written
  std::string position;  ///< GTIDs executed
  CopyNeed copy = CopyNeed::none;
  bool recloning = false;  ///< its data is being made anew
};

struct Change {
  bool planned = false;
  bool forced = false;   ///< a person accepts that commits may be lost that only servers have which are away
  topo::TabletAlias to;  ///< of a planned one, and of a forced one
  Duration age{};        ///< since it began
};

/// Whose word a commit waits for.
enum class Durability { none, semi_sync, cross_cell };

struct Shard {
  std::string name;  ///< "customer/-80"
  std::uint32_t epoch = 0;
  topo::TabletAlias primary;
  std::optional<Change> change;
  std::optional<Durability> durability;  ///< unset: semi_sync where another may become primary
  std::vector<Server> servers;
  bool held = false;  ///< a person wants to decide

  /// Null: it has no such server.
  const Server* find(const topo::TabletAlias& alias) const;
  /// Its primary is heard, answers, and takes writes, and nobody is changing that.
  bool is_led() const;
};

enum class Symptom {
  none,
  crashed,   ///< its server ended, says its agent
  hung,      ///< its server does not answer its agent
  lost,      ///< nothing is heard from it, and no replica receives from it
  unheard,   ///< its agent is not heard, but replicas receive from its server
  cut_off,   ///< its commits wait, and it has no replica that acknowledges
  deserted,  ///< its commits wait for replicas that have given up receiving from it
  unheeded,  ///< its commits wait, though a replica has had them for seconds
  no_lease,  ///< its agent has no lease: it takes no writes
  no_record,
};
/// "its server has ended", …
std::string_view text(Symptom symptom);

/// What a control remembers of a shard from one decision to the next. It may be lost: then patience begins
/// anew.
struct Memory {
  Symptom symptom = Symptom::none;
  Time since{};  ///< that this symptom is seen
};

enum class Step {
  nothing,
  wait,     ///< something is wrong, and `reason` says what it waits for
  begin,    ///< an unplanned change
  promote,  ///< `alias` becomes the primary, which ends the change
  resume,   ///< the primary stays, under a new epoch, which ends the change
};

struct Decision {
  Step step = Step::nothing;
  topo::TabletAlias alias;
  std::string reason;       ///< a sentence
  bool needs_help = false;  ///< waiting alone will not end it
  Memory memory;
};

/// The decision, to be asked for at each change of what is seen and once a second. Rules:
/// - Patience is by symptom: none where the agent itself says that its server ended, seconds where only
///   silence is seen.
/// - An unplanned change begins only where it can end: under semi_sync and cross_cell every server that may
///   have acknowledged commits must be heard, answer, and have caught up since its start. What cannot begin
///   waits, or if the primary's server is only kept shut for a decision, resumes.
/// - The new primary is chosen when all of these receive nothing any more (so nothing can be acknowledged by
///   the old one), and the old one has stopped by its own word or by the end of its lease. It is one that has
///   all that any of them has.
/// - A forced change ends with the one asked for when it and the others that are there receive nothing any
/// more,
///   and the old one has stopped; who is away is not waited for.
/// - A planned change ends with the one asked for when it has all that the old one has; after kHandOverMax
///   the old one resumes.
Decision decide(const Shard& shard, const Memory& memory, Time now);

/// Why `to` cannot be asked to take over now; empty: it can. For a planned change.
std::string objection_to_hand_over(const Shard& shard, const topo::TabletAlias& to);

/// Why `to` cannot be made primary though commits may be lost by it; empty: it can. For a forced change: the
/// primary is away, and so is a server that may have what nobody else has.
std::string objection_to_force(const Shard& shard, const topo::TabletAlias& to);

/// The best one to hand over to when nobody is named: of those without an objection the one in the primary's
/// cell, then the lowest alias.
std::optional<topo::TabletAlias> choose_successor(const Shard& shard);

/// Why the record of a tablet whose agent is gone cannot be taken away; empty: it can. Shards wait for such a
/// tablet if it may have commits that nobody else has. `accept_loss`: a person knows that they are lost.
std::string objection_to_forget(const Shard& shard, const topo::TabletAlias& tablet, bool accept_loss);

/// Why nobody could take over if the primary failed now, though there are servers for that; empty: somebody
/// could. For alerts.
std::string lack_of_redundancy(const Shard& shard);

/// How each server looks, for the journal: "zone1-101 primary: its server has ended; zone1-102: …".
std::string describe(const Shard& shard);

inline constexpr Duration kHandOverMax = std::chrono::seconds(10);
/// How long a change waits for a server that has fallen silent since it began, if the old primary could go
/// on.
inline constexpr Duration kFenceMax = std::chrono::seconds(10);

}  // namespace kintsugi::recovery
