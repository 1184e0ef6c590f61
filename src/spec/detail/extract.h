#pragma once

#include <string>
#include <vector>

#include "spec/detail/structure.h"
#include "spec/parse.h"

namespace kintsugi::spec::detail {

/// The structs of a tree that check_structure() has been over, with defaults. Files that it names are read
/// here; what is wrong with them, and ranges that are none, go to `findings`.
Cluster extract(const Node& root, const std::string& directory, const ReadFile& read_file,
                std::vector<Finding>& findings);

/// What the table of fields cannot say: names, duplicates, cells that are not there, ports that collide, …
/// What `checks` say of the parts is among it. Positions are left empty.
std::vector<Finding> check_rules(const Cluster& cluster, const PartChecks& checks);

}  // namespace kintsugi::spec::detail
