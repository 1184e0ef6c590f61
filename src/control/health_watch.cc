#include "control/health_watch.h"

#include <algorithm>

#include "base/log.h"
#include "rpc/client.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

/// A tablet speaks at least once a second.
constexpr auto kSilenceMax = std::chrono::seconds(5);
constexpr auto kRetryMin = std::chrono::milliseconds(200);
constexpr auto kRetryMax = std::chrono::seconds(5);

}  // namespace

struct HealthWatch::Listener {
  std::string alias;
  runtime::Address address;
  runtime::Cancel cancel;
};

HealthWatch::HealthWatch(std::function<void()> on_change) : on_change_(std::move(on_change)) {}
HealthWatch::~HealthWatch() = default;

void HealthWatch::follow(const std::map<std::string, runtime::Address>& tablets) {
  for (auto each = listeners_.begin(); each != listeners_.end();) {
    const auto found = tablets.find(each->first);
    if (found != tablets.end() && found->second == each->second->address) {
      ++each;
      continue;
    }
    each->second->cancel.request();
    health_.erase(each->first);
    each = listeners_.erase(each);
  }
  for (const auto& [alias, address] : tablets) {
    if (listeners_.contains(alias)) continue;
    auto listener = std::make_shared<Listener>();
    listener->alias = alias;
    listener->address = address;
    listeners_[alias] = listener;
    tasks_.spawn(listen(std::move(listener)));
  }
}

Task<void> HealthWatch::listen(std::shared_ptr<Listener> listener) {
  Duration pause = kRetryMin;
  while (!listener->cancel.requested()) {
    runtime::HttpClient http(listener->address);
    rpc::Client rpc(http);
    const tablet::v1::StreamHealthRequest request;
    auto on_health = [this, &listener, &pause](tablet::v1::Health health) {
      if (listener->cancel.requested()) return false;
      pause = kRetryMin;
      health_[listener->alias] = std::move(health);
      on_change_();
      return true;
    };
    const Result<void> ended = co_await rpc.stream<tablet::v1::Health>(
        "kintsugi.tablet.v1.Tablet/StreamHealth", request, on_health, kSilenceMax, &listener->cancel);
    if (listener->cancel.requested()) break;
    if (health_.erase(listener->alias) > 0) {
      kLog.warning("tablet.silent", {{"alias", listener->alias},
                                     {"address", listener->address.text()},
                                     {"reason", ended ? "it ended the stream" : ended.error().text()}});
      on_change_();
    }
    co_await runtime::sleep_for(pause, &listener->cancel);
    pause = std::min<Duration>(pause * 2, kRetryMax);
  }
}

Task<void> HealthWatch::stop() {
  for (const auto& [alias, listener] : listeners_) listener->cancel.request();
  listeners_.clear();
  co_await tasks_.join();
}

}  // namespace kintsugi::control
