#include "health/watch.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "rpc/client.h"
#include "runtime/cancel.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"

namespace kintsugi::health {
namespace {

const Logger kLog{"health"};

}  // namespace

struct Watch::Listener {
  std::string alias;
  runtime::Address address;
  runtime::Cancel cancel;
  bool heard = false;         // and has not fallen silent since
  bool silence_told = false;  // in the log, since it was heard last
  bool spoke = false;         // on this stream
  std::string stranger;       // the alias of another tablet that answered on this stream
};

Watch::~Watch() = default;

void Watch::follow(const std::map<std::string, runtime::Address>& tablets) {
  for (auto each = listeners_.begin(); each != listeners_.end();) {
    const auto found = tablets.find(each->first);
    if (found != tablets.end() && found->second == each->second->address) {
      ++each;
      continue;
    }
    const std::shared_ptr<Listener> listener = std::move(each->second);
    each = listeners_.erase(each);
    listener->cancel.request();
    if (listener->heard) observer_.on_forgotten(listener->alias);
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

Task<void> Watch::listen(std::shared_ptr<Listener> listener) {
  runtime::HttpClient http(listener->address);
  rpc::Client client(http);
  Duration pause = options_.retry_min;
  while (!listener->cancel.requested()) {
    listener->spoke = false;
    listener->stranger.clear();
    const tablet::v1::StreamHealthRequest request;
    std::function<bool(tablet::v1::Health)> on_item = [this, listener](tablet::v1::Health health) {
      return take(*listener, std::move(health));
    };
    const Result<void> ended = co_await client.stream<tablet::v1::Health>(
        "kintsugi.tablet.v1.Tablet/StreamHealth", request, std::move(on_item), options_.silence_max,
        &listener->cancel);
    if (listener->cancel.requested()) break;
    std::string why = ended ? "it ended the stream" : ended.error().text();
    if (!listener->stranger.empty()) why = fmt::format("tablet {} answers there", listener->stranger);
    note_silence(*listener, why);
    if (listener->spoke) pause = options_.retry_min;
    co_await runtime::sleep_for(pause, &listener->cancel);
    pause = std::min(pause * 2, options_.retry_max);
  }
}

// False: enough of this stream.
bool Watch::take(Listener& listener, tablet::v1::Health health) {
  if (listener.cancel.requested()) return false;
  if (health.alias() != listener.alias) {
    listener.stranger = health.alias();
    return false;
  }
  listener.heard = listener.spoke = true;
  listener.silence_told = false;
  observer_.on_health(listener.alias, std::move(health));
  return true;
}

void Watch::note_silence(Listener& listener, const std::string& why) {
  if (!std::exchange(listener.silence_told, true)) {
    kLog.warning("tablet.silent",
                 {{"alias", listener.alias}, {"address", listener.address.text()}, {"reason", why}});
  }
  if (std::exchange(listener.heard, false)) observer_.on_silence(listener.alias);
}

Task<void> Watch::stop() {
  for (const auto& [alias, listener] : listeners_) listener->cancel.request();
  listeners_.clear();
  co_await tasks_.join();
}

}  // namespace kintsugi::health
