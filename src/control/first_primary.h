#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace kintsugi::control {

/// What is known of one tablet of a shard that has no primary yet.
struct Candidate {
  std::string alias;
  bool may_be_primary = false;  ///< its type is not rdonly
  bool alive = false;           ///< its agent holds its lease
  bool answers = false;         ///< its agent told the state of its server
  bool server_up = false;
  /// True when the server has never executed a transaction that others would have to have.
  bool empty = false;
  /// The GTIDs that it has executed, as its flavour writes them.
  std::string position;
};

/// A shard that was created and that nobody has been elected for.
struct UnledShard {
  std::string name;  ///< "customer/-80"
  /// How many tablets the spec or the operator promised; 0: unknown.
  std::size_t expected_tablets = 0;
  /// Since when at least one tablet is alive; Time::max(): none is.
  Time waiting_since = Time::max();
  std::vector<Candidate> candidates;
};

struct FirstPrimary {
  std::string alias;        ///< elect this one; empty: not now
  std::string waiting;      ///< why not now, as a sentence
  bool needs_help = false;  ///< it will not come right by waiting
};

/// Who becomes the first primary of a shard. Pure.
///
/// Only a shard whose servers are all empty, or of which exactly one holds data, is given a primary without a
/// person: with data on several servers nothing here says which of them was acknowledged. While all are
/// empty, the lowest alias that may be primary wins. All expected tablets are waited for, and for
/// kElectionGrace at most, so that a server which comes up a second later with data on it is not overlooked.
FirstPrimary decide_first_primary(const UnledShard& shard, Time now);

inline constexpr Duration kElectionGrace = std::chrono::seconds(10);
/// Where nobody promised a number of tablets: how long one that is there waits for others to appear.
inline constexpr Duration kElectionSettle = std::chrono::seconds(1);

}  // namespace kintsugi::control
