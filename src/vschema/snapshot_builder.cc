#include <algorithm>

#include <fmt/format.h>

#include "vschema/detail/reference.h"
#include "vschema/snapshot.h"

namespace kintsugi::vschema {

/// Makes a snapshot of what the topology says, keyspace by keyspace. A wrong table or keyspace gets a problem
/// and leaves the others alone.
class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(SnapshotSource source) : source_(std::move(source)), snapshot_(new Snapshot) {
    for (const auto& [name, keyspace] : source_.keyspaces) vschemas_[name] = keyspace.vschema;
    snapshot_->version_ = source_.version;
  }

  std::shared_ptr<const Snapshot> build() {
    for (auto& [name, keyspace] : source_.keyspaces) add_keyspace(name, keyspace);
    place_tablets();
    for (const auto& keyspace : snapshot_->keyspaces_) {
      if (keyspace->require_explicit_routing_) continue;
      for (const auto& [name, table] : keyspace->tables_) snapshot_->anywhere_[name].push_back(&table);
    }
    group_references();
    for (const RoutingRule& rule : source_.routing_rules) add_rule(rule);
    return std::move(snapshot_);
  }

 private:
  void add_keyspace(const std::string& name, SnapshotSource::Keyspace& source) {
    auto keyspace = std::make_unique<Keyspace>();
    keyspace->name_ = name;
    keyspace->sharded_ = source.vschema.sharded;
    keyspace->require_explicit_routing_ = source.vschema.require_explicit_routing;
    keyspace->foreign_key_mode_ = source.vschema.foreign_key_mode;
    keyspace->scatter_ = source.vschema.scatter;
    keyspace->gather_ = source.vschema.gather;
    keyspace->limits_ = source.vschema.limits;
    keyspace->functions_ = source.vschema.functions;
    keyspace->problem_ = source.problem;
    for (auto& [type, shards] : source.partitions) add_partition(*keyspace, type, std::move(shards));
    if (keyspace->problem_.empty() && keyspace->shards().empty())
      keyspace->problem_ = "it has no shard that serves";
    // Those that no table uses yet may be named by SHARD BY; what is wrong with one is told by its tables.
    for (const auto& [vindex, spec] : source.vschema.vindexes) (void)make(*keyspace, source.vschema, vindex);
    for (const auto& [table, spec] : source.vschema.tables) add_table(*keyspace, source.vschema, table, spec);
    snapshot_->by_name_[name] = keyspace.get();
    snapshot_->keyspaces_.push_back(std::move(keyspace));
  }

  static void add_partition(Keyspace& keyspace, TabletType type, std::vector<Shard> shards) {
    std::sort(shards.begin(), shards.end(), [](const Shard& a, const Shard& b) { return a.range < b.range; });
    std::vector<KeyRange> ranges;
    for (const Shard& shard : shards) ranges.push_back(shard.range);
    const auto whole = topo::check_partition(std::move(ranges));
    if (!whole && !shards.empty() && keyspace.problem_.empty()) keyspace.problem_ = whole.error().message();
    if (!keyspace.sharded_ && shards.size() > 1 && keyspace.problem_.empty()) {
      keyspace.problem_ =
          fmt::format("its vschema says that it is not sharded, but it has {} shards", shards.size());
    }
    keyspace.partitions_[static_cast<std::size_t>(type)] = std::move(shards);
  }

  void add_table(Keyspace& keyspace, const VSchema& vschema, const std::string& name, const TableSpec& spec) {
    Table table;
    table.keyspace = keyspace.name_;
    table.name = name;
    table.columns = spec.columns;
    table.columns_are_complete = spec.column_list_authoritative;
    table.source = spec.source;
    table.foreign_keys = spec.foreign_keys;
    table.triggers = spec.triggers;
    for (const auto& [child, of_child] : vschema.tables) {
      for (const ForeignKeySpec& key : of_child.foreign_keys) {
        if (key.table == name) table.referred_by.push_back({child, key});
      }
    }
    switch (spec.type) {
      case TableType::reference:
        table.kind = Table::Kind::reference;
        break;
      case TableType::sequence:
        table.kind = Table::Kind::sequence;
        break;
      case TableType::ordinary:
        table.kind = vschema.sharded ? Table::Kind::sharded : Table::Kind::unsharded;
    }
    if (vschema.sharded) place(keyspace, vschema, spec, table);
    if (spec.auto_increment) {
      SequenceReference sequence =
          resolve_sequence(vschemas_, keyspace.name_, name, spec.auto_increment->sequence);
      if (table.problem.empty()) table.problem = sequence.problem;
      table.auto_increment = AutoIncrement{spec.auto_increment->column, sequence.in_topology,
                                           std::move(sequence.keyspace), std::move(sequence.name)};
    }
    keyspace.tables_.emplace(name, std::move(table));
  }

  void place(Keyspace& keyspace, const VSchema& vschema, const TableSpec& spec, Table& table) {
    if (!spec.pinned.empty()) {
      auto id = KeyspaceId::from_hex(spec.pinned);
      if (!id) table.problem = id.error().message();
      if (id) table.pinned = *std::move(id);
      return;
    }
    if (spec.type == TableType::reference) return;
    for (const ColumnVindexSpec& column_vindex : spec.column_vindexes) {
      Result<const Vindex*> vindex = make(keyspace, vschema, column_vindex.vindex);
      if (!vindex) {
        table.problem = vindex.error().message();
        return;
      }
      const std::size_t wanted = (*vindex)->columns();
      if (column_vindex.columns.size() != wanted) {
        table.problem = fmt::format("vindex '{}' takes {} columns, not {}", column_vindex.vindex, wanted,
                                    column_vindex.columns.size());
        return;
      }
      TableVindex of_table{*vindex, column_vindex.vindex, column_vindex.columns};
      if (const Lookup* lookup = (*vindex)->lookup()) {
        LookupReference found = resolve_lookup(vschemas_, keyspace.name_, *lookup);
        if (table.vindexes.empty()) found.problem = "a look-up vindex cannot say where its rows are";
        if (!found.problem.empty()) table.problem = found.problem;
        of_table.owned = vschema.vindexes.at(column_vindex.vindex).owner == table.name;
        of_table.lookup_keyspace = std::move(found.keyspace);
        of_table.lookup_table = std::move(found.table);
      }
      table.vindexes.push_back(std::move(of_table));
    }
    if (table.vindexes.empty()) table.problem = "its vschema does not say how it is sharded";
  }

  static Result<const Vindex*> make(Keyspace& keyspace, const VSchema& vschema, const std::string& name) {
    if (const Vindex* made = keyspace.find_vindex(name)) return made;
    const auto spec = vschema.vindexes.find(name);
    if (spec == vschema.vindexes.end()) {
      return failure(kNotFound, fmt::format("there is no vindex '{}' in its keyspace", name));
    }
    Result<std::unique_ptr<Vindex>> vindex = make_vindex(spec->second.type, spec->second.params);
    if (!vindex) return failure(vindex.error().with_context(fmt::format("vindex '{}'", name)));
    return keyspace.vindexes_.emplace(name, *std::move(vindex)).first->second.get();
  }

  /// A copy whose source is not there, or is sharded, gets a problem: what is written to it could not reach
  /// all that have its rows.
  void group_references() {
    for (const auto& keyspace : snapshot_->keyspaces_) {
      for (auto& [name, table] : keyspace->tables_) {
        if (table.source.empty()) continue;
        const std::size_t dot = table.source.find('.');
        const Keyspace* of = snapshot_->find_keyspace(table.source.substr(0, dot));
        if (of == nullptr || of->sharded()) {
          table.problem = fmt::format("its source '{}' is not in an unsharded keyspace", table.source);
          continue;
        }
        auto& group = snapshot_->groups_[table.source];
        if (!group) {
          group = std::make_shared<ReferenceGroup>();
          group->source = {of->name(), table.source.substr(dot + 1)};
        }
        if (!group->copies.empty() && group->copies.back().keyspace == keyspace->name()) {
          table.problem =
              fmt::format("table '{}' of its keyspace has the same source", group->copies.back().table);
          continue;
        }
        group->copies.push_back({keyspace->name(), name});
        snapshot_->groups_[keyspace->name() + '.' + name] = group;
      }
    }
  }

  void place_tablets() {
    std::sort(source_.tablets.begin(), source_.tablets.end(),
              [](const Tablet& a, const Tablet& b) { return a.alias < b.alias; });
    for (const Tablet& tablet : source_.tablets) {
      const auto keyspace = snapshot_->by_name_.find(tablet.keyspace);
      if (keyspace == snapshot_->by_name_.end()) continue;
      for (std::vector<Shard>& partition : keyspace->second->partitions_) {
        for (Shard& shard : partition) {
          if (shard.name == tablet.shard) shard.tablets.push_back(tablet);
        }
      }
    }
  }

  void add_rule(const RoutingRule& rule) {
    Snapshot::Target target;
    const std::size_t dot = rule.to.size() == 1 ? rule.to[0].find('.') : std::string::npos;
    if (rule.to.empty()) {
      target.refused = fmt::format("table '{}' is switched off by a routing rule", rule.from);
    } else if (rule.to.size() > 1) {
      target.refused = fmt::format("the routing rule of table '{}' names several targets", rule.from);
    } else if (dot == std::string::npos) {
      target.refused = fmt::format("the target '{}' of the routing rule of '{}' is not keyspace.table",
                                   rule.to[0], rule.from);
    } else {
      target.keyspace = rule.to[0].substr(0, dot);
      target.table = rule.to[0].substr(dot + 1);
    }
    snapshot_->rules_[rule.from] = std::move(target);
  }

  SnapshotSource source_;
  VSchemas vschemas_;
  std::shared_ptr<Snapshot> snapshot_;
};

std::shared_ptr<const Snapshot> Snapshot::make(SnapshotSource source) {
  return SnapshotBuilder(std::move(source)).build();
}

}  // namespace kintsugi::vschema
