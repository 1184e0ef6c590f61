#pragma once

#include "admin/metrics.h"
#include "kintsugi/topo/v1/topo.pb.h"

namespace kintsugi::control {

/// "planned", "unplanned", "forced" or "reclone".
std::string kind_of(const topo::v1::Recovery& journal);

/// Counts recoveries as their journals end. Borrows the registry. Any thread.
class RecoveryMetrics {
 public:
  explicit RecoveryMetrics(admin::Metrics& metrics);
  /// Of a journal that has ended just now.
  void note(const topo::v1::Recovery& journal);

 private:
  admin::Family<admin::Counter>& ended_;
  admin::Family<admin::Histogram>& took_;
};

}  // namespace kintsugi::control
