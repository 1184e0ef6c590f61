#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gate/target.h"
#include "plan/plan.h"
#include "sql/fingerprint.h"

namespace kintsugi::gate {

/// Plans of one loop by the statement's shape and the session's target; the least recently used go first.
/// A plan made against another routing or schema than the current ones is not given, and dropped when met.
class PlanCache {
 public:
  explicit PlanCache(std::size_t entries_max) : entries_max_(entries_max) {}

  /// Null: not there, stale, or its pinned literals differ.
  std::shared_ptr<const plan::Plan> find(std::string_view sql, const sql::Fingerprint& fingerprint,
                                         const Target& target, const vschema::Snapshot* routing,
                                         const plan::Schema* schema);
  void add(std::string_view sql, const sql::Fingerprint& fingerprint, sql::Parameterization parameterization,
           const Target& target, std::shared_ptr<const plan::Plan> plan);
  void clear();

  std::size_t size() const { return order_.size(); }
  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }

 private:
  struct Entry {
    std::uint64_t key = 0;  ///< of the map; `shape` and `target` decide
    sql::StatementKey shape;
    Target target;
    std::string sql;
    sql::Fingerprint fingerprint;
    sql::Parameterization parameterization;
    std::shared_ptr<const plan::Plan> plan;
  };
  using Order = std::list<Entry>;  // the front was used last

  std::size_t entries_max_;
  Order order_;
  std::unordered_multimap<std::uint64_t, Order::iterator> map_;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;

  static std::uint64_t map_key(const sql::StatementKey& shape, const Target& target);
  void erase(Order::iterator entry);
};

}  // namespace kintsugi::gate
