#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "admin/metrics.h"
#include "base/time.h"
#include "plan/explain.h"
#include "sql/fingerprint.h"

namespace kintsugi::gate {

/// One run of a statement that has ended.
struct QueryRun {
  std::string_view keyspace;  ///< that was chosen
  plan::Tier tier = plan::Tier::kNone;
  std::string_view user, workload;
  bool failed = false;
  Duration took{};
  Duration waited{};  ///< of `took`: before its turn came at the gate, and for connections to servers
  std::uint64_t rows = 0, bytes = 0;
  std::uint64_t shards = 0;  ///< that it reached
  Time ended{};
};

/// What is added up of the runs of one shape.
struct QueryTotals {
  /// Of durations in nanoseconds, admin::HistogramSnapshot's buckets from 8 µs to 18 min; what is shorter or
  /// longer counts as the first and the last.
  static constexpr std::size_t kFirstBucket = 88, kBuckets = 216;

  std::uint64_t calls = 0, errors = 0, rows = 0, bytes = 0, shards = 0;
  Duration total{}, longest{}, waited{};
  std::array<std::uint64_t, kBuckets> latency{};

  void add(const QueryRun& run);
  void add(const QueryTotals& other);
  admin::HistogramSnapshot histogram() const;
};

/// All runs of the statements of one shape in one keyspace that took one of the ways.
struct QueryShape {
  std::uint64_t id = 0;  ///< sql::shape_id()
  std::string text;      ///< sql::shape_text(), its first bytes
  std::string keyspace;
  plan::Tier tier = plan::Tier::kNone;
  std::string user, workload;  ///< of the last run
  std::string reason;          ///< why it is no route to one shard
  WallTime last{};
  QueryTotals totals;
};

/// What one loop's statements cost, by their shape. Bounded: where a shape is new and there are as many as
/// may be, one of those goes that have run least lately of the ones that were seen once, or else of those
/// that have not run for the longest time; its sums go to those of "(other)", so that all together stay true.
/// So shapes that come once, however many, do not drive out those that come again. On one loop.
class QueryShapes {
 public:
  static constexpr std::size_t kTextBytesMax = 1024;

  /// Zero: nothing is counted.
  explicit QueryShapes(std::size_t shapes_max) : shapes_max_(shapes_max) {}

  struct Entry {
    std::uint64_t id = 0;
    std::string text, keyspace;
    plan::Tier tier = plan::Tier::kNone;
    std::string user, workload, reason;
    Time last{};
    QueryTotals totals;
    /// Where the gate's metrics count it, once they have been asked.

   private:
    friend class QueryShapes;
    std::vector<std::uint64_t> aliases;
    bool again = false;  // in the list of those that came more than once
    std::list<Entry>::iterator place;
  };

  /// Counts a run. `text` says its shape; it is called only if no text of that key was seen lately. Null:
  /// nothing is counted. Valid until the next call.
  Entry* add(const sql::StatementKey& key, const QueryRun& run, const std::function<std::string()>& text);

  /// In no order; "(other)" is the one of id 0, there if anything was counted so.
  std::vector<QueryShape> all() const;
  /// Everything begins at zero.
  void reset();

 private:
  using Entries = std::list<Entry>;
  Entry& find(std::uint64_t alias, const QueryRun& run, const std::function<std::string()>& text);
  void used(Entry& entry);
  void make_room();
  void forget_aliases();

  std::size_t shapes_max_;
  Entries once_, again_;                                // the front ran last
  std::unordered_map<std::uint64_t, Entry*> by_alias_;  // of a text's key, the keyspace and the tier
  std::unordered_map<std::uint64_t, Entry*> by_shape_;  // of the shape's id, the keyspace and the tier
  QueryTotals other_;
};

/// Of several loops: the same shapes as one; what cost most in all comes first.
std::vector<QueryShape> merged(std::vector<QueryShape> all);

/// The id as it is written: 16 digits, "(other)" for 0.
std::string shape_name(std::uint64_t id);

}  // namespace kintsugi::gate
