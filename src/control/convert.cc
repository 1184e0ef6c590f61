#include "control/convert.h"

namespace kintsugi::control {

void fill(const TabletView& view, v1::TabletInfo& info) {
  *info.mutable_record() = view.record;
  info.set_alive(view.alive);
}

void fill(const ShardView& view, v1::ShardInfo& info) {
  info.set_keyspace(view.keyspace);
  info.set_name(view.name);
  *info.mutable_record() = view.record;
  for (const TabletView& tablet : view.tablets) fill(tablet, *info.add_tablets());
  for (std::string& problem : problems_of(view)) info.add_problems(std::move(problem));
}

void fill(const KeyspaceView& view, v1::KeyspaceInfo& info) {
  info.set_name(view.name);
  *info.mutable_record() = view.record;
  info.set_sharded(view.vschema.sharded());
  for (const ShardView& shard : view.shards) fill(shard, *info.add_shards());
}

}  // namespace kintsugi::control
