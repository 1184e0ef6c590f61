#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {

/// What a tablet said of itself last.
struct TabletHealth {
  topo::TabletType type = topo::TabletType::unknown;  ///< what its server is now
  bool serving = false;
  bool reachable = true;  ///< by its agent
  bool read_only = false;
  std::optional<std::uint32_t> lag_ms;  ///< unset: unknown
  std::uint32_t epoch = 0;
  std::string schema_version;
  std::string error;
  Time heard_at;
};

/// The last word of every tablet that is watched, by alias. Immutable snapshots; any thread.
using HealthMap = std::map<std::string, std::shared_ptr<const TabletHealth>, std::less<>>;

/// When a tablet may be used.
struct TabletPolicy {
  Duration lag_max = std::chrono::seconds(30);     ///< of replicas
  Duration silence_max = std::chrono::seconds(5);  ///< a tablet that says nothing for longer is not used
  /// What is read from a replica is no older: its lag when it was heard last, and the time since. 0: any age.
  Duration staleness_max{};
};

/// What is known of a server whose answers are waited for.
enum class Sight {
  well,         ///< or it is not watched, or nothing has been heard of it yet
  unreachable,  ///< its agent says that it does not answer
  silent,       ///< its tablet has said nothing for longer than `policy.silence_max`
};
Sight sight_of(const vschema::Tablet& tablet, const HealthMap& health, const TabletPolicy& policy, Time now);

/// The tablet for a statement, in `shard`. A primary is the one that the routing names, if it says itself
/// that it is one and can be written. Of replicas (`type` replica or rdonly) those that serve and do not lag;
/// among them the one that is `preferred`; else, of those that lag least or hardly more, `turn` decides, so
/// that callers spread. A tablet without an HTTP port is not watched and is
/// taken to be good. Pure. Fails with kNoPrimary, kNoReplica or kNoSuchReplica, and says what is wrong with
/// each tablet.
Result<const vschema::Tablet*> choose_tablet(const vschema::Shard& shard, topo::TabletType type,
                                             const HealthMap& health, const TabletPolicy& policy, Time now,
                                             std::uint64_t turn, std::string_view preferred = {});

}  // namespace kintsugi::gate
