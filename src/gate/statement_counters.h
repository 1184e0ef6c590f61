#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "gate/gate_metrics.h"
#include "mysql/command.h"
#include "plan/explain.h"

namespace kintsugi::gate {

/// Counts commands and statements of one loop: finds the metric of each set of labels once, since metrics are
/// looked up under a lock that all loops share. Bounded. On one loop.
class StatementCounters {
 public:
  explicit StatementCounters(GateMetrics& metrics) : metrics_(metrics) {}

  void count(mysql::Command command);
  /// `kind` is a constant of the program.
  void count(std::string_view kind, std::string_view keyspace, plan::Tier tier, Duration took);

 private:
  struct Known {
    const char* kind;
    plan::Tier tier;
    std::string keyspace;
    admin::Counter* statements;
    admin::Histogram* latency;
  };
  static constexpr std::size_t kKnownMax = 64;

  GateMetrics& metrics_;
  std::array<admin::Counter*, 256> commands_{};
  std::vector<Known> known_;  // those that are counted often come to the front
};

}  // namespace kintsugi::gate
