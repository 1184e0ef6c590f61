#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "topo/key_range.h"
#include "topo/names.h"

/// A cluster spec as values, with defaults filled in and every reference to a file resolved. The meaning of
/// each member is the help of the field of the same name in fields.cc (printed in docs/cluster-spec.md).
namespace kintsugi::spec {

struct Cell {
  std::string name;
  std::string description;
  bool operator==(const Cell&) const = default;
};

/// A document that is given as a file or written in place.
struct Document {
  std::string file;  ///< absolute path; empty if it was given in place or not at all
  std::string text;  ///< the content, JSON in both cases; empty if it was not given
  bool given() const { return !text.empty(); }
  bool operator==(const Document&) const = default;
};

using Settings = std::map<std::string, std::string>;

struct Etcd {
  std::vector<std::string> endpoints;  ///< not empty: an etcd that is there already; none is started
  std::string binary;
  std::uint16_t client_port = 0;  ///< 0: a free one
  std::uint16_t peer_port = 0;
  bool operator==(const Etcd&) const = default;
};

struct Control {
  int replicas = 1;
  std::uint16_t http_port = 0;  ///< of the first; the i-th after it has http_port + i, or a free one if 0
  Settings options;
  bool operator==(const Control&) const = default;
};

struct Gate {
  std::string cell;
  int replicas = 1;
  std::uint16_t mysql_port = 0;  ///< of the first, as in Control
  std::uint16_t http_port = 0;
  Settings options;
  bool operator==(const Gate&) const = default;
};

enum class Flavour { mariadb, mysql };
std::string_view name(Flavour flavour);

struct Mysqld {
  Flavour flavour = Flavour::mariadb;
  std::string binary;
  std::uint64_t buffer_pool_bytes = 0;
  Settings settings;
  bool operator==(const Mysqld&) const = default;
};

/// Tablets of each shard of a keyspace that are alike.
struct TabletPool {
  std::string cell;
  topo::TabletType type = topo::TabletType::replica;
  int count = 0;
  std::vector<std::uint32_t> uids;  ///< empty: numbered by assign_aliases()
  bool operator==(const TabletPool&) const = default;
};

/// As kintsugi.topo.v1.Durability; `automatic` is decided by the number of tablets that may become primary.
enum class Durability { automatic, none, semi_sync, cross_cell };
std::string_view name(Durability durability);

struct Keyspace {
  std::string name;
  std::vector<topo::KeyRange> shards;  ///< sorted; they cover every keyspace id once
  Durability durability = Durability::automatic;
  std::vector<TabletPool> tablets;
  Document vschema;
  Mysqld mysqld;  ///< the cluster's, with this keyspace's own on top
  bool operator==(const Keyspace&) const = default;
};

struct Logging {
  std::string level;
  std::string format;
  Settings levels;  ///< component → level
  bool operator==(const Logging&) const = default;
};

struct Cluster {
  std::string name;
  std::string listen_host;
  std::vector<Cell> cells;
  Etcd etcd;
  Control control;
  std::vector<Gate> gates;
  Document users;
  Mysqld mysqld;  ///< of keyspaces that say nothing else
  std::vector<Keyspace> keyspaces;
  Logging logging;
  bool operator==(const Cluster&) const = default;

  const Keyspace* keyspace(std::string_view keyspace_name) const;
};

}  // namespace kintsugi::spec
