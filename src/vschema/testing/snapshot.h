#pragma once

#include <memory>
#include <string>
#include <vector>

#include "vschema/snapshot.h"

namespace kintsugi::vschema::testing {

struct KeyspaceSample {
  std::string name;
  std::string vschema_json;         ///< must be valid
  std::vector<std::string> shards;  ///< "-80", "80-"
};

/// A snapshot for tests of those who route. Each shard has a primary and a replica on 127.0.0.1: zone1-100
/// with MySQL port 20100 and zone1-101 with 20101 for the first shard, zone1-200 and so on for the next ones.
std::shared_ptr<const Snapshot> make_snapshot(const std::vector<KeyspaceSample>& keyspaces);

/// `commerce` (unsharded: product, customer_seq, order_seq) and `customer` (-80 and 80-: customer and corder
/// by hash of customer_id), as in Vitess' examples.
std::shared_ptr<const Snapshot> commerce_snapshot();

}  // namespace kintsugi::vschema::testing
