#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "topo/names.h"

namespace kintsugi::topo {

/// A transaction over several shards. One of them decides: the commit of its own part, together with a row
/// `id` in its table `_kintsugi.decision`, is the commit of all. The parts on the others are XA branches,
/// whose name says where the decision is, so that whoever finds one that was left prepared can ask. The name
/// also says where it comes from, for people, and for the agent that must end a hung gate's hold on it.
struct GlobalTransaction {
  std::string id;  ///< 24 hexadecimal digits, see new_id()
  ShardName decider;
  /// The gate that runs it, and its client's connection there: "gate-1#45". Empty: not known.
  std::string gate;
  /// The numbers of the gate's connections to the branch's server and to the decider's. 0: not known.
  std::uint32_t connection = 0, decider_connection = 0;

  /// The branch's name as XA statements take it: "X'…',X'…',19284". The first part is the id and the shard,
  /// the second "keyspace@connection@decider_connection@gate": each at most 64 bytes, so that the gate, and
  /// the connections, are left out where there is no room for them.
  std::string xid() const;
  /// Of the columns of XA RECOVER: the parts' lengths, and both parts in one. kInvalidArgument: it is none of
  /// ours.
  static Result<GlobalTransaction> parse(std::int64_t format, std::size_t first_length,
                                         std::size_t second_length, std::string_view data);
  /// Statements about its row, for the server of the shard that decides. The first is a double key (1062)
  /// where it is decided, and affects no row where it is below the floor. The second leaves what is decided,
  /// and writes nothing below the floor. The third, after the second, gives 'commit', 'abort', or no row: it
  /// is below the floor, and was not committed, or is over.
  std::string commit_sql() const;
  std::string abort_sql() const;
  std::string outcome_sql() const;
  auto operator<=>(const GlobalTransaction&) const = default;

  /// Ids sort by when their transactions began, by their gates' clocks: the seconds since 1970 in eight
  /// digits, and then `random`, eight bytes of it.
  static std::string new_id(std::chrono::system_clock::time_point began, std::string_view random);
  /// The smallest id of that moment.
  static std::string first_id(std::chrono::system_clock::time_point began);
  /// Of an id that is well-formed.
  static std::chrono::system_clock::time_point began(std::string_view id);
  static bool is_id(std::string_view text);

  static constexpr std::int64_t kFormat = 19284;
};

/// Where decisions are, on every primary.
///
/// A gate that was told the outcome everywhere removes its row. What gates that died have left, the agent of
/// the shard that decides removes (tablet/detail/decisions.h), which must change nobody's answer:
///
/// - 'abort' is written by who asks and finds nothing, so that a gate which is late (it may have been stopped
///   for a week) cannot decide otherwise. Without the row it could. So there is a floor, one row that only
///   rises: a gate writes 'commit' in a statement that also reads the floor, locks it, and finds it not above
///   the id. Once a raised floor is committed, 'commit' can no longer come for an id below it: whoever had
///   read the old floor holds its lock until his transaction ends, and raising it waits for that. Then an
///   'abort' below the floor says nothing that the floor does not, and can go. No clock is trusted for this,
///   only for what is not urgent: when to raise it.
/// - 'commit' is needed for as long as any branch is prepared. All were, before it was written, and none is
///   prepared again. So once the primary of each shard has been asked, after the row was there, and does not
///   have it, nobody will ask. (A primary that has it no longer has committed it, which is acknowledged, so
///   that whoever follows it has that too.) Only rows below the floor are removed so: above it, no row means
///   that it was never committed, which a gate may tell its client. Below it, a gate that asks late is told
///   that it is not known any more, and a branch that is found prepared is rolled back.
inline constexpr std::string_view kDecisionTable =
    "CREATE TABLE IF NOT EXISTS _kintsugi.decision (id CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT "
    "NULL "
    "PRIMARY KEY, outcome ENUM('commit', 'abort') NOT NULL, decided_at TIMESTAMP(3) NOT NULL DEFAULT "
    "CURRENT_TIMESTAMP(3)) ENGINE = InnoDB COMMENT = 'Transactions over several shards of which this shard "
    "decides'";
inline constexpr std::string_view kFloorTable =
    "CREATE TABLE IF NOT EXISTS _kintsugi.decision_floor (only_row TINYINT NOT NULL PRIMARY KEY, floor "
    "CHAR(24) "
    "CHARACTER SET ascii COLLATE ascii_bin NOT NULL) ENGINE = InnoDB COMMENT = 'What is below it and not in "
    "decision is not committed'";
inline constexpr std::string_view kFloorRow =
    "INSERT IGNORE INTO _kintsugi.decision_floor (only_row, floor) VALUES (1, REPEAT('0', 24))";

}  // namespace kintsugi::topo
