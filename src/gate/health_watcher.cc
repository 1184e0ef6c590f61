#include "gate/health_watcher.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "rpc/client.h"
#include "runtime/cancel.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

using namespace std::chrono_literals;
constexpr Duration kSilenceMax = 5s;  // a tablet says something each second
constexpr Duration kRetryMin = 100ms;
constexpr Duration kRetryMax = 2s;

TabletHealth to_health(const tablet::v1::Health& message) {
  TabletHealth health;
  health.type = static_cast<topo::TabletType>(message.type());
  health.serving = message.serving();
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

struct HealthWatcher::Watch {
  vschema::Tablet tablet;
  runtime::Cancel cancel;
};

HealthWatcher::HealthWatcher(OnChange on_change) : on_change_(std::move(on_change)) {}
HealthWatcher::~HealthWatcher() = default;

void HealthWatcher::watch(const std::vector<vschema::Tablet>& tablets) {
  std::map<std::string, const vschema::Tablet*> wanted;
  for (const vschema::Tablet& tablet : tablets) {
    if (tablet.http_port != 0) wanted.emplace(tablet.alias, &tablet);
  }
  for (auto it = watches_.begin(); it != watches_.end();) {
    const auto found = wanted.find(it->first);
    const vschema::Tablet& known = it->second->tablet;
    const bool same = found != wanted.end() && found->second->host == known.host &&
                      found->second->http_port == known.http_port;
    if (same) {
      wanted.erase(found);
      ++it;
      continue;
    }
    it->second->cancel.request();
    forget(it->first);
    it = watches_.erase(it);
  }
  for (const auto& [alias, tablet] : wanted) {
    auto watch = std::make_shared<Watch>();
    watch->tablet = *tablet;
    watches_.emplace(alias, watch);
    tasks_.spawn(run(watch));
  }
}

Task<void> HealthWatcher::run(std::shared_ptr<Watch> watch) {
  runtime::HttpClient http(runtime::Address::tcp(watch->tablet.host, watch->tablet.http_port));
  rpc::Client client(http);
  Duration retry = kRetryMin;
  bool told = false;
  while (!watch->cancel.requested()) {
    bool any = false;
    std::function<bool(tablet::v1::Health)> on_item = [&](tablet::v1::Health message) {
      if (watch->cancel.requested()) return false;
      any = true;
      // Another tablet has this address now: what it says is not about the one we ask for.
      if (message.alias() != watch->tablet.alias) return false;
      heard(watch->tablet.alias, to_health(message));
      return true;
    };
    const tablet::v1::StreamHealthRequest request;
    const Result<void> ended = co_await client.stream<tablet::v1::Health>(
        "kintsugi.tablet.v1.Tablet/StreamHealth", request, std::move(on_item), kSilenceMax, &watch->cancel);
    if (watch->cancel.requested()) break;
    if (any) told = false, retry = kRetryMin;
    if (!ended && !std::exchange(told, true)) {
      kLog.warning("tablet.silent", {{"alias", watch->tablet.alias}, {"error", ended.error()}});
    }
    co_await runtime::sleep_for(retry, &watch->cancel);
    retry = std::min(retry * 2, kRetryMax);
  }
}

void HealthWatcher::heard(const std::string& alias, TabletHealth health) {
  health_[alias] = std::make_shared<const TabletHealth>(std::move(health));
  on_change_(std::make_shared<const HealthMap>(health_));
}

void HealthWatcher::forget(const std::string& alias) {
  if (health_.erase(alias) != 0) on_change_(std::make_shared<const HealthMap>(health_));
}

Task<void> HealthWatcher::stop() {
  for (const auto& [alias, watch] : watches_) watch->cancel.request();
  watches_.clear();
  co_await tasks_.join();
}

}  // namespace kintsugi::gate
