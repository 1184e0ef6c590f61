#include "app/presence.h"

#include <fmt/format.h>

#include "base/log.h"
#include "kintsugi/app/v1/process.pb.h"
#include "rpc/json.h"
#include "runtime/timer.h"
#include "topo/lease.h"

namespace kintsugi::app {

namespace {

const Logger kLog{"app"};

constexpr const char* kFolder = "global/processes/";
constexpr Duration kLease = 10s;
constexpr Duration kRetry = 2s;
/// A page does not wait for a topology that is away.
constexpr Duration kLookMax = 1s;

std::string record_of(const Self& self) {
  v1::Process record;
  record.set_role(self.role);
  record.set_name(self.name);
  record.set_cell(self.cell);
  record.set_http_address(self.http_address);
  record.set_mysql_address(self.mysql_address);
  record.set_version(self.version);
  return rpc::to_json(record);
}

}  // namespace

void Presence::start(Self self) { tasks_.spawn(keep(std::move(self))); }

Task<void> Presence::stop() {
  tasks_.cancel().request();
  co_await tasks_.join();
}

Task<void> Presence::keep(Self self) {
  while (!tasks_.cancel().requested()) {
    co_await hold(self);
    co_await runtime::sleep_for(kRetry, &tasks_.cancel());
  }
}

/// For the life of one lease.
Task<void> Presence::hold(const Self& self) {
  topo::LeaseKeeper lease(store_, kLease);
  const Result<void> begun = co_await lease.start();
  if (!begun) {
    kLog.debug("presence.not_told", {{"error", begun.error()}});
    co_return;
  }
  key_ = fmt::format("{}{}/{}/{:x}", kFolder, self.role, self.name, lease.id());
  const Result<topo::Revision> told = co_await store_.put(key_, record_of(self), lease.id());
  if (told) co_await lease.lost().wait(Time::max(), &tasks_.cancel());
  co_await lease.stop();
}

Task<admin::StatusSection> Presence::others() {
  admin::StatusSection section;
  const Result<std::vector<topo::Node>> listed =
      co_await store_.list(kFolder, /*keys_only=*/false, {.timeout = kLookMax});
  if (listed) {
    seen_.clear();
    for (const topo::Node& node : *listed) {
      if (node.key != key_) seen_[node.key] = node.value;
    }
  } else {
    section.note = "The topology cannot be reached: these are the processes that were there before.";
  }
  section.columns = {"Process", "Role", "Cell", "MySQL", "Version"};
  for (const auto& [key, text] : seen_) {
    v1::Process process;
    if (!rpc::from_json(text, process, rpc::UnknownFields::ignore)) continue;
    const std::string page = fmt::format("http://{}/debug/status", process.http_address());
    section.rows.push_back({admin::StatusValue(process.name(), admin::Tone::plain, page), process.role(),
                            process.cell(), process.mysql_address(), process.version()});
  }
  co_return section;
}

}  // namespace kintsugi::app
