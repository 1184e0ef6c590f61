#include "gate/pool_report.h"

#include <memory>

namespace kintsugi::gate {
namespace {

using admin::MetricSpec;
using admin::MetricUnit;
using Sample = admin::Metrics::Sample;
using Pools = std::map<std::string, Backends::PoolState>;

constexpr MetricSpec kConnections{
    "kintsugi_gate_pool_connections",
    "Connections to a tablet's server: idle, in_use, and how many there may be now "
    "(bound, which is small while a server comes back).",
    MetricUnit::count,
    {"tablet", "state"}};
constexpr MetricSpec kWaiting{"kintsugi_gate_pool_waiting",
                              "Statements that wait for a connection to a tablet's server to become free.",
                              MetricUnit::count,
                              {"tablet"}};

}  // namespace

Task<Pools> all_pools(GateShared& shared) {
  Pools all;
  co_await on_each_loop(shared, [&all](Worker& worker) {
    for (const Backends::PoolState& state : worker.backends().pools()) {
      Backends::PoolState& sum = all[state.alias];
      sum.idle += state.idle;
      sum.in_use += state.in_use;
      sum.waiting += state.waiting;
      sum.bound += state.bound;
      sum.connects += state.connects;
    }
  });
  co_return all;
}

void add_pool_metrics(admin::Metrics& metrics, GateShared& shared) {
  const auto pools = std::make_shared<Pools>();
  metrics.before_reading([pools, &shared]() -> Task<void> { *pools = co_await all_pools(shared); });
  metrics.observe_all(kConnections, [pools] {
    std::vector<Sample> samples;
    for (const auto& [alias, state] : *pools) {
      samples.push_back({{alias, "idle"}, static_cast<double>(state.idle)});
      samples.push_back({{alias, "in_use"}, static_cast<double>(state.in_use)});
      samples.push_back({{alias, "bound"}, static_cast<double>(state.bound)});
    }
    return samples;
  });
  metrics.observe_all(kWaiting, [pools] {
    std::vector<Sample> samples;
    for (const auto& [alias, state] : *pools)
      samples.push_back({{alias}, static_cast<double>(state.waiting)});
    return samples;
  });
}

}  // namespace kintsugi::gate
