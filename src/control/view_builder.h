#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "control/view.h"
#include "topo/derive.h"

namespace kintsugi::control {

/// Health by alias, of the tablets that say theirs at the moment.
using HealthByAlias = std::map<std::string, tablet::v1::Health, std::less<>>;

struct BuiltView {
  ClusterView view;
  std::vector<std::string> unreadable;  ///< of each record that cannot be read, a sentence
};

/// The picture that records make: keys (below the cluster's root) and values, in any order. A record that
/// cannot be read is left out. Pure.
BuiltView build_view(const topo::Records& records, const HealthByAlias& health);
/// What a person should look at, as sentences: what `cluster status` lists. `built` is made of all the
/// records. Pure.
std::vector<std::string> all_problems(const topo::Records& records, const BuiltView& built);
/// How many shards lack what recovery::lack_of_redundancy() tells of. Pure.
std::size_t not_redundant(const BuiltView& built);
/// True for a key that build_view() looks at.
bool is_in_view(std::string_view key);

}  // namespace kintsugi::control
