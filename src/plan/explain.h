#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "plan/plan.h"

/// Plans as people and programs read them: EXPLAIN and ANALYZE FORMAT=KINTSUGI, `kintsugi explain`.
/// docs/queries.md describes both forms.
namespace kintsugi::plan {

/// A bound that holds while the statement runs, and what has set it: "gate option", "directive".
struct Bound {
  std::string name;
  std::uint64_t value = 0;
  std::string set_by;
};

/// What one shard did for one text.
struct Measured {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< of row packets
  Duration took{};
  std::uint64_t affected = 0;
};

/// What a shard expects of one text before it has run it (estimate.h).
struct Estimate {
  std::uint64_t rows = 0;
  bool at_most = false;  ///< groups, and rows that are alike, are counted before they become one
};

/// Where a gathered query's last text runs, in the place of a shard's name.
inline constexpr std::string_view kOverCopies = "over the copies";

struct ExplainedShard {
  std::string name;  ///< without its keyspace
  std::optional<Measured> measured;
  std::optional<Estimate> estimate{};
};

/// One text, and those that are sent it.
struct ExplainedText {
  std::string sql;
  std::vector<ExplainedShard> shards;
  std::string keyspace{};  ///< of the shards, where the plan knows which these are
  topo::TabletType type = topo::TabletType::primary;
};

/// Of all the shards; nothing where one of them has none.
std::optional<Estimate> estimate_of(const ExplainedText& text);

/// Values that choose shards, and how.
struct ExplainedKey {
  std::string vindex;   ///< its name in the vschema
  std::string type;     ///< "hash"
  std::string columns;  ///< "customer_id"
  struct Value {
    std::string value;        ///< as SQL; of a range its bounds
    std::string keyspace_id;  ///< hex, of a range both ends; empty: `place` says why
    std::string shard;        ///< of the id
    std::string place;        ///< "all shards", "no row", "no shard", "when it runs"
  };
  std::vector<Value> values;
};

/// A node of the plan.
struct ExplainedNode {
  /// route (to one shard), scatter (to several), merge (of several into one order), gather (over copies on
  /// one server), copy (of a table) and part (the shards' own part of the query) below it, insert, or the
  /// name of the plan's node.
  std::string tier;
  bool writes = false;
  std::string target;  ///< "1 of 2 shards of customer"
  std::string pass;    ///< of the planner (planner.h) that decided it
  std::string reason;  ///< why no fewer shards, or no route: in words
  std::vector<ExplainedKey> keys;
  std::vector<Bound> bounds;
  std::vector<std::string> notes;
  std::vector<ExplainedText> texts;
  std::vector<ExplainedNode> inputs;
};

struct ExplainRequest {
  const Plan& plan;
  std::string_view text;  ///< the client's, which routes may send as it came
  /// Values that are missing are shown as what they stand for, and shards that depend on them as unknown.
  Bindings bindings{};
  std::vector<Bound> bounds{};       ///< of queries that gather
  std::vector<std::string> notes{};  ///< of the whole
  /// What the session's values are, as SQL; without it their names are shown in braces.
  std::function<std::string(SessionValue value, std::string_view name)> session{};
};

/// Any thread; no I/O.
ExplainedNode explain(const ExplainRequest& request);

/// A tree with one fact a line, each line ended by a newline.
std::string to_text(const ExplainedNode& root);
/// The same as one JSON object on one line.
std::string to_json(const ExplainedNode& root);

/// Why the plan is not a route to one shard, in words; empty where it may be.
std::string why_several(const Plan& plan);

/// The way that an execution takes.
enum class Tier : std::uint8_t {
  kNone,     ///< it has not come to a plan
  kSession,  ///< the gate's own affair
  kRoute,    ///< one shard
  kScatter,  ///< one text to several shards
  kMerge,    ///< one text to several shards, whose rows are put into one order
  kGather,   ///< over copies on one server
  kWrite,    ///< rows that the gate places
  kDdl,
};
std::string_view tier_name(Tier tier);
/// kNone where the values lead nowhere: executing it fails.
Tier tier_of(const Plan& plan, const Bindings& bindings);

}  // namespace kintsugi::plan
