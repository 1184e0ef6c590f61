#pragma once

#include <functional>
#include <memory>

#include "admin/status.h"
#include "gate/worker.h"

namespace kintsugi::gate {

/// The gate's parts of /debug/status: what it serves, its servers, its sessions, its rates. `routing` is
/// asked on the admin loop; all else goes to the loops and comes back.
void add_status_sections(admin::StatusPage& page, GateShared& shared,
                         std::function<std::shared_ptr<const vschema::Snapshot>()> routing);

}  // namespace kintsugi::gate
