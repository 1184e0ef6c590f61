#pragma once

#include <string>

#include "base/time.h"
#include "gate/statement_account.h"

namespace kintsugi::gate {

class Session;

/// A statement as the query log has it: one JSON object, without the end of the line. `shape_text` and
/// `shape` are those of its text. Where literals are not to be shown, nothing of the client's values is in
/// it: neither in the text nor in a server's message, which would quote them.
std::string query_line(Session& session, const EndedStatement& ended, WallTime at, Duration took,
                       std::uint64_t shape, std::string_view shape_text);

/// What a comment of the text says of the trace that it is part of (sqlcommenter's traceparent='…'); empty if
/// there is none.
std::string_view trace_of(std::string_view text);

}  // namespace kintsugi::gate
