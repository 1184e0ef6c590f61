#pragma once

#include <string>

#include "local/protocol.h"
#include "spec/cluster.h"

/// What a person at a terminal is shown.
namespace kintsugi::local {

/// One line on standard output.
void print_progress(const ProgressEvent& event);

/// `kintsugi local status`, as a table.
std::string status_text(const ClusterStatus& status);

/// The end of `kintsugi local up`.
std::string how_to_connect(const ClusterStatus& status, const spec::Cluster& cluster, const Layout& layout);

}  // namespace kintsugi::local
