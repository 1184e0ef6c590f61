#include "spec/cluster.h"

#include <algorithm>

namespace kintsugi::spec {

std::string_view name(Flavour flavour) { return flavour == Flavour::mysql ? "mysql" : "mariadb"; }

std::string_view name(Durability durability) {
  constexpr std::string_view kNames[] = {"auto", "none", "semi_sync", "cross_cell"};
  return kNames[static_cast<std::size_t>(durability)];
}

const Keyspace* Cluster::keyspace(std::string_view keyspace_name) const {
  const auto found = std::ranges::find(keyspaces, keyspace_name, &Keyspace::name);
  return found == keyspaces.end() ? nullptr : &*found;
}

}  // namespace kintsugi::spec
