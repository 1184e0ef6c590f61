#include "gate/health_watcher.h"

#include <map>
#include <utility>

namespace kintsugi::gate {
namespace {

TabletHealth to_health(const tablet::v1::Health& message) {
  TabletHealth health;
  health.type = static_cast<topo::TabletType>(message.type());
  health.serving = message.serving();
  health.reachable = message.reachable();
  health.read_only = message.read_only();
  if (message.has_replication() && message.replication().has_lag_ms())
    health.lag_ms = message.replication().lag_ms();
  health.epoch = message.epoch();
  health.schema_version = message.schema_version();
  health.error = message.error();
  health.heard_at = Clock::now();
  return health;
}

}  // namespace

void HealthWatcher::watch(const std::vector<vschema::Tablet>& tablets) {
  std::map<std::string, runtime::Address> agents;
  for (const vschema::Tablet& tablet : tablets) {
    if (tablet.http_port != 0) agents[tablet.alias] = runtime::Address::tcp(tablet.host, tablet.http_port);
  }
  watch_.follow(agents);
}

void HealthWatcher::on_health(const std::string& alias, tablet::v1::Health health) {
  health_[alias] = std::make_shared<const TabletHealth>(to_health(health));
  on_change_(std::make_shared<const HealthMap>(health_));
}

void HealthWatcher::on_forgotten(const std::string& alias) {
  health_.erase(alias);
  on_change_(std::make_shared<const HealthMap>(health_));
}

}  // namespace kintsugi::gate
