#include "control/cluster_state.h"

#include "base/log.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

std::map<std::string, runtime::Address> addresses_of(const ClusterView& view) {
  std::map<std::string, runtime::Address> addresses;
  for (const KeyspaceView& keyspace : view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      for (const TabletView& tablet : shard.tablets) {
        const auto& at = tablet.record.address();
        if (at.http_port() == 0) continue;
        addresses[tablet.record.alias()] =
            runtime::Address::tcp(at.host(), static_cast<std::uint16_t>(at.http_port()));
      }
    }
  }
  return addresses;
}

}  // namespace

ClusterState::ClusterState(topo::Store& store) : store_(store), health_([this] { note_change(); }) {}
ClusterState::~ClusterState() = default;

void ClusterState::start() { tasks_.spawn(store_.watch("", *this, &tasks_.cancel())); }

Task<void> ClusterState::stop() {
  tasks_.cancel().request();
  co_await health_.stop();
  co_await tasks_.join();
}

const BuiltView& ClusterState::current() {
  if (outdated_) {
    view_ = build_view(records_, health_.health());
    outdated_ = false;
  }
  return view_;
}

void ClusterState::note_change() {
  outdated_ = true;
  changed_.set();
}

void ClusterState::on_snapshot(std::vector<topo::Node> nodes, topo::Revision) {
  records_.clear();
  for (topo::Node& node : nodes) records_[std::move(node.key)] = std::move(node.value);
  on_changes({}, 0);
  loaded_ = true;
}

void ClusterState::on_changes(std::vector<topo::WatchEvent> events, topo::Revision) {
  if (!lost_.empty()) kLog.info("topology.back");
  lost_.clear();
  for (topo::WatchEvent& event : events) {
    if (event.removed) {
      records_.erase(event.node.key);
    } else {
      records_[std::move(event.node.key)] = std::move(event.node.value);
    }
  }
  note_change();
  health_.follow(addresses_of(current().view));
}

void ClusterState::on_lost(const Error& error) {
  lost_ = error.text();
  kLog.warning("topology.lost", {{"reason", error.text()}});
  changed_.set();
}

Task<Result<ClusterView>> ClusterState::fresh() {
  Result<std::vector<topo::Node>> nodes = co_await store_.list("");
  if (!nodes) co_return failure(std::move(nodes.error()));
  std::map<std::string, std::string> records;
  for (topo::Node& node : *nodes) records[std::move(node.key)] = std::move(node.value);
  co_return build_view(records, health_.health()).view;
}

}  // namespace kintsugi::control
