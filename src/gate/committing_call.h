#pragma once

#include "base/error.h"
#include "base/task.h"
#include "gate/shard_connections.h"

namespace kintsugi::gate {

class Session;

/// Whether a CALL that a server could run by itself is to be run here, statement by statement: in a
/// transaction that came to another shard first, this shard's part is an XA branch, in which a procedure that
/// commits, as it may on one server, fails with 1399. Run here, it commits all of the transaction. What
/// cannot be read is the server's. `shard` is where the CALL goes.
Task<bool> is_committing_call(Session& session, const ClientStatement& call, const vschema::Shard& shard);

}  // namespace kintsugi::gate
