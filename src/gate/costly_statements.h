#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "plan/explain.h"
#include "sql/fingerprint.h"

namespace kintsugi::gate {

/// All runs of the statements of one shape that took one of the costly ways.
struct CostlyStatement {
  std::string text;  ///< literals as ?, its first bytes
  plan::Tier tier = plan::Tier::kNone;
  std::string user, target, workload;  ///< of the last run
  std::string reason;                  ///< why it is no route to one shard
  std::uint64_t runs = 0;
  std::uint64_t failures = 0;
  Duration total{};
  Duration longest{};
  WallTime last{};
};

/// The statements of one loop that went to several shards or gathered, by their shape: what the status page
/// answers "what costs most?" with. Bounded: the shape that ran the longest ago goes first. On one loop.
class CostlyStatements {
 public:
  static constexpr std::size_t kShapesMax = 200;
  static constexpr std::size_t kTextBytesMax = 200;

  /// Adds `run`, whose counts are those of this run, to those of its shape.
  void add(const sql::StatementKey& shape, CostlyStatement run);
  /// The one that ran last first.
  std::vector<CostlyStatement> all() const;

 private:
  struct Entry {
    sql::StatementKey shape;
    CostlyStatement sum;
  };
  std::list<Entry> entries_;
};

/// The statement with each literal as ?, its first bytes.
std::string shape_text(std::string_view sql, const sql::Fingerprint& fingerprint);

/// Of several loops: the same texts as one, the order that of the last runs.
std::vector<CostlyStatement> merged(std::vector<CostlyStatement> all);

}  // namespace kintsugi::gate
