#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "topo/names.h"

namespace kintsugi::topo {

/// A transaction over several shards. One of them decides: the commit of its own part, together with a row
/// `id` in its table `_kintsugi.decision`, is the commit of all. The parts on the others are XA branches,
/// whose name says where the decision is, so that whoever finds one that was left prepared can ask.
struct GlobalTransaction {
  std::string id;  ///< 24 hexadecimal digits, random
  ShardName decider;

  /// The branch's name as XA statements take it: "X'…',X'…',19284". The first part is the id and the shard,
  /// the second the keyspace: each at most 64 bytes.
  std::string xid() const;
  /// Of the columns of XA RECOVER: the parts' lengths, and both parts in one. kInvalidArgument: it is none of
  /// ours.
  static Result<GlobalTransaction> parse(std::int64_t format, std::size_t first_length,
                                         std::size_t second_length, std::string_view data);
  /// Statements about its row, for the server of the shard that decides. The first fails with 1062 where the
  /// second has been there; the second leaves what is decided; the third gives 'commit', 'abort' or no row.
  std::string commit_sql() const;
  std::string abort_sql() const;
  std::string outcome_sql() const;
  auto operator<=>(const GlobalTransaction&) const = default;

  static constexpr std::int64_t kFormat = 19284;
};

/// Where decisions are, on every primary. 'abort' is written by who asks and finds nothing: then it cannot be
/// decided later.
inline constexpr std::string_view kDecisionTable =
    "CREATE TABLE IF NOT EXISTS _kintsugi.decision (id CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT "
    "NULL "
    "PRIMARY KEY, outcome ENUM('commit', 'abort') NOT NULL, decided_at TIMESTAMP(3) NOT NULL DEFAULT "
    "CURRENT_TIMESTAMP(3)) ENGINE = InnoDB COMMENT = 'Transactions over several shards of which this shard "
    "decides'";

}  // namespace kintsugi::topo
