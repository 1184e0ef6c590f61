#pragma once

#include <functional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "vschema/vschema.h"

namespace kintsugi::topo {
class Store;
}

namespace kintsugi::gate {

using VSchemaRewrite = std::function<Result<void>(vschema::VSchema&)>;

/// Rewrites a keyspace's vschema in the topology, by compare-and-set: `rewrite` may be called again, on what
/// another has written meanwhile. Nothing is written if it fails or changes nothing. On the store's loop.
Task<Result<void>> rewrite_vschema(topo::Store& store, std::string keyspace, VSchemaRewrite rewrite);

}  // namespace kintsugi::gate
