#include "gate/registration.h"

#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "admin/build_info.h"
#include "base/log.h"
#include "gate/errors.h"
#include "kintsugi/topo/v1/gate.pb.h"
#include "runtime/cancel.h"
#include "runtime/timer.h"
#include "topo/lease.h"
#include "topo/records.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

/// A gate that was killed is waited for as long.
constexpr Duration kLease = 10s;
constexpr Duration kTryAgain = 1s;

/// The gates of one cell that do not go by its vschemas yet.
Task<Result<std::vector<std::string>>> behind_in(topo::Store& store, std::string cell) {
  std::vector<std::string> behind;
  const Result<topo::Node> serving = co_await store.get(topo::paths::srv_vschema(cell));
  if (!serving && serving.error().is(topo::kNoNode)) co_return behind;
  if (!serving) co_return failure(serving.error());
  const Result<std::vector<topo::Node>> gates = co_await store.list(topo::paths::gates(cell) + '/');
  if (!gates) co_return failure(gates.error());
  for (const topo::Node& node : *gates) {
    topo::v1::Gate gate;
    const Result<void> read = topo::from_text(node.key, node.value, gate);
    if (!read) co_return failure(read.error());
    if (gate.vschema_revision() < serving->revision)
      behind.push_back(fmt::format("{} of {} ({}:{})", gate.name(), cell, gate.host(), gate.mysql_port()));
  }
  co_return behind;
}

}  // namespace

Registration::Registration(topo::Store& store, Request request, Revision revision)
    : store_(store), request_(std::move(request)), revision_(std::move(revision)) {}

Task<void> Registration::run(runtime::Cancel& cancel) {
  while (!cancel.requested()) {
    topo::LeaseKeeper lease(store_, kLease);
    const Result<void> leased = co_await lease.start(&cancel);
    if (leased) {
      co_await keep(lease, cancel);
      co_await lease.stop();
    } else {
      tell(leased.error().text());
    }
    if (!cancel.requested()) co_await runtime::sleep_for(kTryAgain, &cancel);
  }
}

/// For the life of one lease. What could not be written is tried again under it: that others wait for too
/// long does no harm.
Task<void> Registration::keep(topo::LeaseKeeper& lease, runtime::Cancel& cancel) {
  topo::v1::Gate record;
  record.set_name(request_.name);
  record.set_host(request_.host);
  record.set_mysql_port(request_.mysql_port);
  record.set_version(std::string(admin::build_info().version));
  const std::string key = topo::paths::gate(request_.cell, fmt::format("{}-{:x}", request_.name, lease.id()));
  bool written = false;
  while (lease.is_valid() && !cancel.requested()) {
    changed_.reset();
    const topo::Revision now = revision_();
    if (!written || record.vschema_revision() != now) {
      record.set_vschema_revision(now);
      const Result<topo::Revision> put = co_await store_.put(key, topo::to_text(record), lease.id());
      written = put.has_value();
      tell(written ? "" : put.error().text());
      if (written) registered_.set();
    }
    if (written) {
      co_await changed_.wait(Clock::now() + kTryAgain, &cancel);
    } else {
      co_await runtime::sleep_for(kTryAgain, &cancel);
    }
  }
}

/// Each trouble once.
void Registration::tell(std::string trouble) {
  if (std::exchange(told_, trouble) == trouble || trouble.empty()) return;
  kLog.warning("gate.not_registered", {{"error", trouble}});
}

Task<Result<std::vector<std::string>>> gates_behind(topo::Store& store) {
  const Result<std::vector<std::string>> cells = co_await store.children(std::string(topo::paths::kCells));
  if (!cells) co_return failure(cells.error());
  std::vector<std::string> behind;
  for (const std::string& cell : *cells) {
    Result<std::vector<std::string>> of_cell = co_await behind_in(store, cell);
    if (!of_cell) co_return of_cell;
    behind.insert(behind.end(), of_cell->begin(), of_cell->end());
  }
  co_return behind;
}

}  // namespace kintsugi::gate
