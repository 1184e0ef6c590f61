#pragma once

#include <optional>
#include <string>

#include "recovery/recovery.h"

/// Whether a tablet's data has to be made anew as a copy of another's, and of which. Pure; any thread.
namespace kintsugi::recovery {

struct Reclone {
  topo::TabletAlias tablet;
  topo::TabletAlias from;
  std::string reason;  ///< a sentence
};

/// What is to be begun without anybody asking; one in a shard at a time. Rules:
/// - Nothing while the primary does not take writes or is being changed, or a person wants to decide.
/// - Only a server that was left behind, or on whose data no server runs, or whose extra transactions are all
/// its own: they were acknowledged
///   by nobody, or written by hand, and are saved. Where it has transactions of others that its primary
///   lacks, it may be the primary whose data is wrong: that is for a person to say.
std::optional<Reclone> choose_reclone(const Shard& shard);

/// Whose data is copied: a replica that has caught up, in the tablet's cell if there is one; else the
/// primary. Nothing: nobody who could give it.
std::optional<topo::TabletAlias> choose_donor(const Shard& shard, const topo::TabletAlias& tablet);

/// Why a person who asks for it cannot have it; empty: it can be done. `discard`: they know that the tablet
/// is well, or that it has what the primary lacks of others.
std::string objection_to_reclone(const Shard& shard, const topo::TabletAlias& tablet,
                                 const topo::TabletAlias& from, bool discard);

}  // namespace kintsugi::recovery
