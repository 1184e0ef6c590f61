#pragma once

#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "gate/event/definitions.h"
#include "gate/event/records.h"
#include "mysql/response.h"

namespace kintsugi::gate {

class Session;
struct SessionState;

/// Runs an event's body as its user, in its keyspace, under the sql_mode, character set and time zone that it
/// was made with; what it answers with rows is dropped, and a transaction that it leaves open undone. Fails
/// as its statements do; kNoEventUser. `session` is one of the gate's own (Worker::serve_own()).
Task<Result<void>> run_event(Session& session, EventRecord event, EventDefinition definition);

/// As its user: drops it, or disables it if it is to be preserved.
Task<Result<void>> end_event(Session& session, EventRecord event, bool preserve);
/// As its user: servers that were replicas when it was made say of it that it is not theirs to run.
Task<Result<void>> own_event(Session& session, EventRecord event);

/// Servers that have been told to run no events warn whoever makes one.
void forget_event_warnings(SessionState& state, mysql::OkPacket& ok);

/// After a statement that defines events has run on the servers: the topology is told. Nothing for other
/// statements.
Task<Result<void>> note_event_statement(Session& session, std::string_view text);

}  // namespace kintsugi::gate
