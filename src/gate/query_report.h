#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "admin/metrics.h"
#include "admin/status.h"
#include "base/task.h"
#include "gate/query_shapes.h"
#include "gate/worker.h"

namespace kintsugi::gate {

/// What the statements of all loops cost, by their shape; what cost most in all comes first. From a loop of
/// the gate's, to which it comes back.
Task<std::vector<QueryShape>> all_queries(GateShared& shared);

/// Everything begins at zero, on all loops.
Task<void> reset_queries(GateShared& shared);

/// What SHOW KINTSUGI QUERIES and /debug/queries tell of a shape, in this order.
struct QueryColumn {
  const char* title;
  bool number;
  std::string (*text)(const QueryShape& shape);
};
const std::vector<QueryColumn>& query_columns();

/// The same, one JSON object a shape, as an array.
std::string queries_json(const std::vector<QueryShape>& shapes);

/// Adds /debug/queries, and the metrics of those that cost most.
void add_query_page(admin::StatusPage& page, GateShared& shared);
void add_query_metrics(admin::Metrics& metrics, GateShared& shared);

}  // namespace kintsugi::gate
