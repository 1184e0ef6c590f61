#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "topo/names.h"
#include "vschema/vindex.h"
#include "vschema/vschema.h"

namespace kintsugi::vschema {

using topo::TabletType;

/// Where one server is.
struct Tablet {
  std::string alias;  ///< "zone1-101"
  std::string keyspace;
  std::string shard;
  TabletType type = TabletType::unknown;
  std::string host;
  std::uint16_t http_port = 0;
  std::uint16_t mysql_port = 0;
  std::string mysql_socket;  ///< usable on the same host only

  bool operator==(const Tablet&) const = default;
};

struct Shard {
  std::string keyspace;
  std::string name;
  KeyRange range;
  std::uint32_t epoch = 0;        ///< one more with each change of primary
  std::optional<Tablet> primary;  ///< of whatever cell; none: nobody was elected yet
  std::vector<Tablet> tablets;    ///< of the gate's cell, whatever their type, ordered by alias

  /// "customer/-80"
  std::string text() const { return keyspace + '/' + name; }
};

/// One vindex of a table and the columns it is over.
struct TableVindex {
  const Vindex* vindex;
  std::string name;
  std::vector<std::string> columns;
  bool owned = false;  ///< a look-up, whose table the writes of this table keep in step
  std::string lookup_keyspace, lookup_table;  ///< of a look-up
};

struct AutoIncrement {
  std::string column;
  bool in_topology = true;  ///< else a sequence table
  std::string keyspace;     ///< of the sequence
  std::string sequence;
};

/// A foreign key, as its parent sees it.
struct ReferringKey {
  std::string child;
  ForeignKeySpec key;
};

struct Table {
  enum class Kind { sharded, unsharded, reference, sequence };

  std::string keyspace;
  std::string name;
  Kind kind = Kind::unsharded;
  std::vector<TableVindex> vindexes;  ///< of a sharded table: the first says where rows are
  std::optional<KeyspaceId> pinned;   ///< all rows are on this id's shard; vindexes is empty
  std::optional<AutoIncrement> auto_increment;
  std::vector<ColumnSpec> columns;    ///< what the vschema says; usually nothing
  bool columns_are_complete = false;  ///< `columns` has all there are
  std::string source;                 ///< of a reference table
  std::vector<ForeignKeySpec> foreign_keys;
  std::vector<ReferringKey> referred_by;  ///< foreign keys whose parent it is, its own included
  std::vector<TriggerSpec> triggers;      ///< that gates run
  std::string problem;                    ///< why it cannot be routed; empty: it can
};
/// The table's vindex that is its global key of this name; null: it has none.
const TableVindex* find_global_key(const Table& table, std::string_view key);

/// A reference table that has a source: the tables that have the same rows.
struct ReferenceGroup {
  struct Member {
    std::string keyspace;
    std::string table;
  };
  Member source;               ///< in a keyspace of one shard
  std::vector<Member> copies;  ///< at most one in a keyspace, by whose names they are ordered
};

/// By text, without making a std::string to look one up.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// A keyspace in a snapshot. Look-ups do not allocate.
class Keyspace {
 public:
  const std::string& name() const { return name_; }
  bool sharded() const { return sharded_; }
  bool require_explicit_routing() const { return require_explicit_routing_; }
  const std::string& foreign_key_mode() const { return foreign_key_mode_; }
  Permission scatter() const { return scatter_; }
  Permission gather() const { return gather_; }
  const LoadLimits& limits() const { return limits_; }
  /// Why nothing in it can be routed; empty: it can.
  const std::string& problem() const { return problem_; }

  /// The shards that serve a type of tablet, ordered by key range. While a Reshard moves one type's traffic
  /// after another they differ by type.
  std::span<const Shard> shards(TabletType type = TabletType::primary) const { return partition(type); }
  /// The shard that holds the id; null where shards leave a gap. Of an unsharded keyspace, its only shard.
  const Shard* shard_of(const KeyspaceId& id, TabletType type = TabletType::primary) const;
  /// The shards that hold any id of the range; they lie next to one another.
  std::span<const Shard> shards_of(const KeyRange& range, TabletType type = TabletType::primary) const;
  const Shard* find_shard(std::string_view name, TabletType type = TabletType::primary) const;

  /// What the vschema says of a table; null: nothing. In an unsharded keyspace a table needs no entry; in a
  /// sharded one, one without an entry can be reached by shard only. The name's case counts.
  const Table* find_table(std::string_view name) const;
  const TextMap<Table>& tables() const { return tables_; }
  const Vindex* find_vindex(std::string_view name) const;
  const TextMap<std::unique_ptr<Vindex>>& vindexes() const { return vindexes_; }
  /// Stored functions that the vschema has an entry of, by name in lower case.
  const std::map<std::string, FunctionSpec>& functions() const { return functions_; }
  /// Whether gates run the function, itself or for one that it calls. The name's case does not count.
  bool runs_in_gate(std::string_view function) const;

 private:
  friend class SnapshotBuilder;
  const std::vector<Shard>& partition(TabletType type) const;

  std::string name_;
  bool sharded_ = false;
  bool require_explicit_routing_ = false;
  std::string foreign_key_mode_;
  Permission scatter_ = Permission::allow;
  Permission gather_ = Permission::allow;
  LoadLimits limits_;
  std::string problem_;
  std::array<std::vector<Shard>, 4> partitions_;  ///< by TabletType; an empty one is as that of primary
  TextMap<Table> tables_;
  TextMap<std::unique_ptr<Vindex>> vindexes_;
  std::map<std::string, FunctionSpec> functions_;
};

struct RoutingRule {
  std::string from;             ///< "table", "keyspace.table", each also with "@replica" or "@rdonly"
  std::vector<std::string> to;  ///< "keyspace.table"; more or fewer than one: the table is refused

  bool operator==(const RoutingRule&) const = default;
};

/// What a snapshot is made of.
struct SnapshotSource {
  struct Keyspace {
    VSchema vschema;
    std::string problem;  ///< why the vschema could not be read; it is then empty
    std::map<TabletType, std::vector<Shard>>
        partitions;  ///< `tablets` of the shards are filled by the snapshot
  };
  std::map<std::string, Keyspace> keyspaces;
  std::vector<RoutingRule> routing_rules;
  std::vector<Tablet> tablets;  ///< of the cell
  std::uint64_t version = 0;
};

/// A table by the name that a statement uses.
struct FoundTable {
  const Keyspace* keyspace = nullptr;
  const Table* table = nullptr;  ///< null: the vschema says nothing of it (see Keyspace::find_table)
  std::string_view
      name;  ///< on the servers: a routing rule may rename. Borrows from the snapshot or the caller.
};

/// All that a gate knows of where rows are: keyspaces, shards, tablets, tables. Immutable, made whole and
/// swapped whole; pointers into it hold as long as it does. Any thread.
class Snapshot {
 public:
  /// Never fails: what is wrong with one keyspace is told by its problem(), and the others go on.
  static std::shared_ptr<const Snapshot> make(SnapshotSource source);

  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  /// Higher in each snapshot that a process makes.
  std::uint64_t version() const { return version_; }

  /// By name, whose case counts; null: there is none.
  const Keyspace* find_keyspace(std::string_view name) const;
  /// kUnknownKeyspace, with a name that is near.
  Result<const Keyspace*> keyspace(std::string_view name) const;
  /// Ordered by name.
  std::span<const std::unique_ptr<Keyspace>> keyspaces() const { return keyspaces_; }
  const Shard* find_shard(std::string_view keyspace, std::string_view shard,
                          TabletType type = TabletType::primary) const;

  /// The table that `keyspace.table` means for reads of this type. With an empty keyspace (none was written
  /// and none chosen) the table of that name in any keyspace that allows it: kAmbiguousTable if there are
  /// several, kUnknownTable if there is none. kUnknownKeyspace; kBadVSchema for a keyspace or table with a
  /// problem. Routing rules come first.
  Result<FoundTable> find_table(std::string_view keyspace, std::string_view table,
                                TabletType type = TabletType::primary) const;
  /// Of a source or a copy, by its name on the servers; null: it is neither.
  const ReferenceGroup* reference_group(std::string_view keyspace, std::string_view table) const;

 private:
  friend class SnapshotBuilder;
  struct Target {
    std::string keyspace;
    std::string table;
    std::string refused;  ///< why there is no target
  };
  Snapshot();
  const Target* find_rule(std::string_view keyspace, std::string_view table, TabletType type) const;
  Result<FoundTable> find_anywhere(std::string_view table) const;
  Result<FoundTable> find_in(std::string_view keyspace, std::string_view table) const;

  std::uint64_t version_ = 0;
  std::vector<std::unique_ptr<Keyspace>> keyspaces_;
  TextMap<Keyspace*> by_name_;
  TextMap<std::vector<const Table*>> anywhere_;  ///< tables that need no keyspace's name
  TextMap<Target> rules_;
  TextMap<std::shared_ptr<ReferenceGroup>> groups_;  ///< by "keyspace.table" of each member
};

}  // namespace kintsugi::vschema
