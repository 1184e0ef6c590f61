#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
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
/// no SrvKeyspace, so that no gate takes a part for the whole. What would be made of a record that cannot be
/// read has a problem too, and stays as `records` has it, so that a slip of somebody's pen stops no queries.
DerivedRecords derive_serving(const Records& records);

/// True for a key that derive_serving() says all about.
bool is_derived(std::string_view key);
/// True for a key whose record derive_serving() makes the others of.
bool is_source(std::string_view key);

/// What is to be written (or removed: none) so that the derived ones among `records` are as they must be.
std::map<std::string, std::optional<std::string>> differences(const Records& records,
                                                              const DerivedRecords& derived);

}  // namespace kintsugi::topo
