#include "gate/cluster_topology.h"

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/vschema_change.h"
#include "gate/vschema_record.h"
#include "kintsugi/app/v1/process.pb.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "rpc/json.h"
#include "topo/errors.h"
#include "topo/store.h"
#include "topo/topo_server.h"
#include "vschema/vschema.h"

namespace kintsugi::gate {
namespace {

constexpr Duration kRoutedWithin = std::chrono::seconds(10);
constexpr const char* kProcesses = "global/processes/";

Task<Result<void>> create(topo::Store& store, const std::string name, std::vector<std::string> shards,
                          bool sharded) {
  topo::TopoServer topology(store);
  Result<void> made = co_await topology.create_keyspace(name, {}, std::move(shards));
  if (!made && made.error().is(topo::kNodeExists)) {
    co_return failure(kDatabaseExists, fmt::format("keyspace '{}' exists already", name));
  }
  if (!made || !sharded) co_return made;
  topo::Store::Edit edit = [](const std::optional<std::string>&) {
    vschema::VSchema vschema;
    vschema.sharded = true;
    return Result<std::optional<std::string>>(vschema::to_json(vschema, true));
  };
  made = co_await topology.edit_vschema(name, std::move(edit));
  co_return made;
}

Task<Result<void>> drop(topo::Store& store, const std::string name) {
  topo::TopoServer topology(store);
  Result<void> dropped = co_await topology.delete_keyspace(name, false);
  if (dropped) co_return dropped;
  if (dropped.error().is(topo::kNoNode)) {
    co_return failure(kNoSuchDatabase, fmt::format("there is no keyspace '{}'", name));
  }
  if (dropped.error().is(topo::kNotEmpty)) {
    co_return failure(topo::kNotEmpty,
                      fmt::format("{}, whose data a statement does not delete: take the keyspace out of the "
                                  "cluster spec and apply that",
                                  dropped.error().message()));
  }
  co_return dropped;
}

Task<Result<void>> edit(topo::Store& store, const std::string keyspace, ClusterTopology::Change change) {
  VSchemaRewrite rewrite = [&](vschema::VSchema& vschema) -> Result<void> {
    const vschema::VSchema before = vschema;
    if (Result<void> changed = change(vschema); !changed) return changed;
    return check_change(keyspace, before, vschema);
  };
  Result<void> done = co_await rewrite_vschema(store, keyspace, std::move(rewrite));
  co_return done;
}

Task<Result<std::vector<ClusterProcess>>> list(topo::Store& store) {
  const Result<std::vector<topo::Node>> nodes = co_await store.list(kProcesses);
  if (!nodes) co_return failure(nodes.error());
  std::vector<ClusterProcess> processes;
  for (const topo::Node& node : *nodes) {
    app::v1::Process record;
    if (!rpc::from_json(node.value, record)) continue;  // of another version
    processes.push_back({record.role(), record.name(), record.cell(), record.http_address(),
                         record.mysql_address(), record.version()});
  }
  co_return processes;
}

}  // namespace

Result<void> ClusterTopology::reachable() const {
  if (store_ != nullptr) return {};
  return failure(kRoutingUnknown, "this gate has no topology to change");
}

template <class T>
Task<T> ClusterTopology::at_home(std::function<Task<T>()> work) {
  const bool away = &home_ != &worker_.loop();
  if (away) co_await runtime::switch_to(home_);
  T done = co_await work();
  if (away) co_await runtime::switch_to(worker_.loop());
  co_return done;
}

Task<Result<void>> ClusterTopology::create_keyspace(std::string name, std::vector<std::string> shards,
                                                    bool sharded) {
  if (Result<void> there = reachable(); !there) co_return there;
  std::function<Task<Result<void>>()> work = [&] { return create(*store_, name, shards, sharded); };
  Result<void> done = co_await at_home(std::move(work));
  co_return done;
}

Task<Result<void>> ClusterTopology::drop_keyspace(std::string name) {
  if (Result<void> there = reachable(); !there) co_return there;
  std::function<Task<Result<void>>()> work = [&] { return drop(*store_, name); };
  Result<void> done = co_await at_home(std::move(work));
  co_return done;
}

Task<Result<void>> ClusterTopology::edit_vschema(std::string keyspace, Change change) {
  if (Result<void> there = reachable(); !there) co_return there;
  std::function<Task<Result<void>>()> work = [&] { return edit(*store_, keyspace, change); };
  Result<void> done = co_await at_home(std::move(work));
  co_return done;
}

Task<bool> ClusterTopology::wait_routed(std::function<bool(const vschema::Snapshot&)> is_so) {
  const Time give_up = Clock::now() + kRoutedWithin;
  for (;;) {
    const auto routing = worker_.backends().routing();
    if (routing && is_so(*routing)) co_return true;
    if (Clock::now() >= give_up) co_return false;
    co_await worker_.backends().wait_for_news(give_up, nullptr);
  }
}

Task<Result<std::vector<ClusterProcess>>> ClusterTopology::processes() {
  if (Result<void> there = reachable(); !there) co_return failure(there.error());
  std::function<Task<Result<std::vector<ClusterProcess>>>()> work = [&] { return list(*store_); };
  Result<std::vector<ClusterProcess>> done = co_await at_home(std::move(work));
  co_return done;
}

Task<Result<void>> ClusterTopology::with_store(std::function<Task<Result<void>>(topo::Store&)> given) {
  if (Result<void> there = reachable(); !there) co_return there;
  std::function<Task<Result<void>>()> work = [&] { return given(*store_); };
  Result<void> done = co_await at_home(std::move(work));
  co_return done;
}

}  // namespace kintsugi::gate
