#pragma once

#include <string>

#include "base/error.h"
#include "base/task.h"
#include "gate/shard_connections.h"
#include "gate/shared_reads.h"
#include "plan/plan.h"

namespace kintsugi::gate {

class Session;

/// Whether a read that goes to one shard may have another session's answer (shared_reads.h), and share its
/// own: where the gate's option says so, of primaries, outside of transactions, and where nothing of it is
/// the session's.
bool may_share(Session& session, const plan::Plan& plan, const vschema::Shard& shard);

/// What makes two reads the same: the shard, the text with its values, and the settings.
std::string sharing_key(Session& session, const ClientStatement& statement, const vschema::Shard& shard);

/// Sends an answer to the client, but for its end.
Task<Result<void>> tell_shared(Session& session, const SharedReads::Answer& answer);

}  // namespace kintsugi::gate
