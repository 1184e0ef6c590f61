#include "control/cluster_state.h"

#include "base/log.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

std::map<std::string, runtime::Address> agents_of(const ClusterView& view) {
  std::map<std::string, runtime::Address> agents;
  for (const TabletView* tablet : view.tablets()) {
    const auto& at = tablet->record.address();
    if (at.http_port() == 0) continue;
    agents[tablet->record.alias()] =
        runtime::Address::tcp(at.host(), static_cast<std::uint16_t>(at.http_port()));
  }
  return agents;
}

bool is_about_serving(const std::string& key) { return topo::is_source(key) || topo::is_derived(key); }

}  // namespace

void ClusterState::start() { tasks_.spawn(store_.watch("", *this, &tasks_.cancel())); }

Task<void> ClusterState::stop() {
  tasks_.cancel().request();
  co_await watch_.stop();
  co_await tasks_.join();
}

const BuiltView& ClusterState::current() {
  if (!outdated_) return view_;
  view_ = build_view(records_, health_);
  in_view_.clear();
  for (KeyspaceView& keyspace : view_.view.keyspaces) {
    for (ShardView& shard : keyspace.shards) {
      for (TabletView& tablet : shard.tablets) in_view_[tablet.record.alias()] = &tablet;
    }
  }
  for (TabletView& tablet : view_.view.homeless) in_view_[tablet.record.alias()] = &tablet;
  outdated_ = false;
  return view_;
}

void ClusterState::on_snapshot(std::vector<topo::Node> nodes, topo::Revision) {
  records_.clear();
  for (topo::Node& node : nodes) records_[std::move(node.key)] = std::move(node.value);
  loaded_ = true;
  ++serving_version_;
  use_records(/*view_changed=*/true);
}

void ClusterState::on_changes(std::vector<topo::WatchEvent> events, topo::Revision) {
  bool serving_changed = false;
  bool view_changed = false;
  for (topo::WatchEvent& event : events) {
    serving_changed = serving_changed || is_about_serving(event.node.key);
    view_changed = view_changed || is_in_view(event.node.key);
    if (event.removed) {
      records_.erase(event.node.key);
    } else {
      records_[std::move(event.node.key)] = std::move(event.node.value);
    }
  }
  if (serving_changed) ++serving_version_;
  use_records(view_changed);
}

void ClusterState::use_records(bool view_changed) {
  if (!lost_.empty()) kLog.info("topology.back");
  lost_.clear();
  changed_.set();
  if (!view_changed) return;
  outdated_ = true;
  watch_.follow(agents_of(current().view));
}

void ClusterState::on_lost(const Error& error) {
  lost_ = error.text();
  kLog.warning("topology.lost", {{"reason", error.text()}});
  changed_.set();
}

void ClusterState::on_health(const std::string& alias, tablet::v1::Health health) {
  if (TabletView* tablet = find_in_view(alias)) {
    tablet->heard = true;
    tablet->health = health;
  }
  health_[alias] = std::move(health);
  changed_.set();
}

void ClusterState::on_silence(const std::string& alias) {
  if (TabletView* tablet = find_in_view(alias)) {
    tablet->heard = false;
    tablet->health.Clear();
  }
  health_.erase(alias);
  changed_.set();
}

// Null in a view that is to be built anew in any case.
TabletView* ClusterState::find_in_view(const std::string& alias) {
  if (outdated_) return nullptr;
  const auto found = in_view_.find(alias);
  return found == in_view_.end() ? nullptr : found->second;
}

}  // namespace kintsugi::control
