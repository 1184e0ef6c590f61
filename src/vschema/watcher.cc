#include "vschema/watcher.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "base/log.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/task_group.h"
#include "topo/records.h"

namespace kintsugi::vschema {
namespace {

const Logger kLog("vschema");

using topo::KeyParts;
using topo::RecordKind;

Tablet to_tablet(const std::string& alias, const topo::v1::TabletAddress& address) {
  Tablet tablet;
  tablet.alias = alias;
  tablet.host = address.host();
  tablet.http_port = static_cast<std::uint16_t>(address.http_port());
  tablet.mysql_port = static_cast<std::uint16_t>(address.mysql_port());
  tablet.mysql_socket = address.mysql_socket();
  return tablet;
}

Tablet to_tablet(const topo::v1::Tablet& record) {
  Tablet tablet = to_tablet(record.alias(), record.address());
  tablet.keyspace = record.keyspace();
  tablet.shard = record.shard();
  tablet.type = static_cast<TabletType>(record.type());
  return tablet;
}

Result<Shard> to_shard(const std::string& keyspace, const topo::v1::ShardReference& reference) {
  Result<KeyRange> range = KeyRange::from_hex(reference.key_range().start(), reference.key_range().end());
  if (!range) return failure(range.error());
  Shard shard{
      .keyspace = keyspace, .name = reference.name(), .range = *std::move(range), .epoch = reference.epoch()};
  if (!reference.primary_alias().empty() && reference.has_primary_address()) {
    shard.primary = to_tablet(reference.primary_alias(), reference.primary_address());
    shard.primary->keyspace = keyspace;
    shard.primary->shard = shard.name;
    shard.primary->type = TabletType::primary;
  }
  return shard;
}

bool is_known(TabletType type) { return type >= TabletType::primary && type <= TabletType::rdonly; }

}  // namespace

class Watcher::State : public topo::WatchObserver {
 public:
  State(topo::Store& store, std::string cell, Callback on_snapshot)
      : store_(store), cell_(std::move(cell)), callback_(std::move(on_snapshot)) {}

  void start() { tasks_.spawn(store_.watch(topo::paths::local(cell_) + '/', *this, &tasks_.cancel())); }
  Task<void> stop() {
    tasks_.cancel().request();
    co_await tasks_.join();
  }

  void on_snapshot(std::vector<topo::Node> nodes, topo::Revision) override {
    // What is gone goes; what is still there and has become unreadable stays as it was read last.
    std::set<std::string> keys;
    for (const topo::Node& node : nodes) keys.insert(node.key);
    if (!keys.contains(topo::paths::srv_vschema(cell_))) {
      vschemas_.Clear();
      vschema_revision_ = 0;
    }
    std::erase_if(keyspaces_, [&](const auto& each) {
      return !keys.contains(topo::paths::srv_keyspace(cell_, each.first));
    });
    std::erase_if(tablets_, [&](const auto& each) {
      return !keys.contains(fmt::format("{}/{}/Tablet", topo::paths::tablets(cell_), each.first));
    });
    for (const topo::Node& node : nodes) put(node);
    announce();
  }

  void on_changes(std::vector<topo::WatchEvent> events, topo::Revision) override {
    const bool was_lost = !lost_.empty();
    bool changed = false;
    for (const topo::WatchEvent& event : events)
      changed = (event.removed ? remove(event.node.key) : put(event.node)) || changed;
    if (changed) return announce();
    lost_.clear();
    if (was_lost) kLog.info("routing.back", {{"cell", cell_}});
  }

  void on_lost(const Error& error) override { lost_ = error.text(); }

  std::shared_ptr<const Snapshot> current_;
  std::string lost_;
  topo::Revision vschema_revision_ = 0;

 private:
  template <class T>
  bool read(const topo::Node& node, T& into) {
    T record;
    const Result<void> parsed = topo::from_text(node.key, node.value, record);
    if (!parsed) {
      kLog.warning("record.unreadable", {{"key", node.key}, {"error", parsed.error()}});
      return false;
    }
    into = std::move(record);
    return true;
  }

  bool put(const topo::Node& node) {
    const KeyParts parts = topo::parse_key(node.key);
    switch (parts.kind) {
      case RecordKind::srv_vschema:
        vschema_revision_ = node.revision;
        return read(node, vschemas_);
      case RecordKind::srv_keyspace:
        return read(node, keyspaces_[parts.keyspace]);
      case RecordKind::tablet:
        return read(node, tablets_[parts.name]);
      default:
        return false;
    }
  }

  bool remove(const std::string& key) {
    const KeyParts parts = topo::parse_key(key);
    switch (parts.kind) {
      case RecordKind::srv_vschema:
        vschemas_.Clear();
        return true;
      case RecordKind::srv_keyspace:
        return keyspaces_.erase(parts.keyspace) > 0;
      case RecordKind::tablet:
        return tablets_.erase(parts.name) > 0;
      default:
        return false;
    }
  }

  void announce() {
    lost_.clear();
    current_ = Snapshot::make(source());
    for (const auto& keyspace : current_->keyspaces()) {
      if (!keyspace->problem().empty()) {
        kLog.warning("keyspace.unroutable", {{"keyspace", keyspace->name()}, {"why", keyspace->problem()}});
      }
    }
    if (callback_) callback_(current_);
  }

  SnapshotSource source() {
    SnapshotSource source;
    source.version = ++version_;
    for (const auto& [name, record] : vschemas_.keyspaces()) {
      SnapshotSource::Keyspace& keyspace = source.keyspaces[name];
      Result<VSchema> vschema = parse_vschema(topo::to_text(record));
      if (vschema) {
        keyspace.vschema = *std::move(vschema);
      } else {
        keyspace.problem = vschema.error().message();
      }
    }
    for (const auto& [name, record] : keyspaces_) add_shards(name, record, source.keyspaces[name]);
    for (const topo::v1::RoutingRules::Rule& rule : vschemas_.routing_rules().rules()) {
      source.routing_rules.push_back({rule.from_table(), {rule.to_tables().begin(), rule.to_tables().end()}});
    }
    for (const auto& [alias, record] : tablets_) source.tablets.push_back(to_tablet(record));
    return source;
  }

  static void add_shards(const std::string& name, const topo::v1::SrvKeyspace& record,
                         SnapshotSource::Keyspace& keyspace) {
    for (const topo::v1::SrvKeyspace::Partition& partition : record.partitions()) {
      const auto type = static_cast<TabletType>(partition.served_type());
      if (!is_known(type)) continue;
      for (const topo::v1::ShardReference& reference : partition.shards()) {
        Result<Shard> shard = to_shard(name, reference);
        if (shard) {
          keyspace.partitions[type].push_back(*std::move(shard));
        } else if (keyspace.problem.empty()) {
          keyspace.problem = shard.error().message();
        }
      }
    }
  }

  topo::Store& store_;
  std::string cell_;
  Callback callback_;
  topo::v1::SrvVSchema vschemas_;
  std::map<std::string, topo::v1::SrvKeyspace> keyspaces_;
  std::map<std::string, topo::v1::Tablet> tablets_;  // by alias
  std::uint64_t version_ = 0;
  runtime::TaskGroup tasks_;
};

Watcher::Watcher(topo::Store& store, std::string cell, Callback on_snapshot)
    : state_(std::make_unique<State>(store, std::move(cell), std::move(on_snapshot))) {}
Watcher::~Watcher() = default;
void Watcher::start() { state_->start(); }
Task<void> Watcher::stop() { return state_->stop(); }
std::shared_ptr<const Snapshot> Watcher::current() const { return state_->current_; }
topo::Revision Watcher::vschema_revision() const { return state_->vschema_revision_; }
const std::string& Watcher::lost() const { return state_->lost_; }

}  // namespace kintsugi::vschema
