#pragma once

#include <map>
#include <string>
#include <vector>

namespace kintsugi::topo {

/// Records by key, below the cluster's root.
using Records = std::map<std::string, std::string>;

struct DerivedRecords {
  /// What local/<cell>/{SrvVSchema, keyspaces/…} must be, for every cell: no more and no less.
  Records records;
  /// What could not be derived, as sentences; the rest of the cell's records is there all the same.
  std::vector<std::string> problems;
};

/// What gates read, made of what is decided: SrvVSchema, SrvKeyspace and ShardReplication of each cell that
/// has a CellInfo or a tablet. Pure. A keyspace whose serving shards do not cover all ids has a problem and
/// no SrvKeyspace, so that no gate takes a part for the whole.
DerivedRecords derive_serving(const Records& records);

/// True for a key that derive_serving() says all about.
bool is_derived(const std::string& key);

}  // namespace kintsugi::topo
