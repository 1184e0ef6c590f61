#pragma once

#include "app/common_options.h"
#include "base/error.h"
#include "topo/etcd_store.h"

namespace kintsugi::app {

/// How the topology is reached, by the options. kBadOption for those that do not go together or name files
/// that cannot be used.
Result<topo::EtcdStore::Options> topology_options(const CommonOptions& options);

}  // namespace kintsugi::app
