#pragma once

#include <string>
#include <vector>

#include "control/view_builder.h"

namespace kintsugi::admin {
class StatusPage;
}

namespace kintsugi::control {

class ClusterState;
class Leader;
class Leadership;

/// Adds what control knows to its status page. Everything is borrowed.
void add_pages(admin::StatusPage& page, ClusterState& state, const Leadership& leadership,
               const Leader& leader);

/// What `cluster status` lists, as sentences.
std::vector<std::string> all_problems(const BuiltView& built);

}  // namespace kintsugi::control
